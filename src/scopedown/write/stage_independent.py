"""ARNs that hold for every stage: a name with the stage in it is written with ``${sls:stage}``, as the project had it.

A project is read for one stage, and its variables are then text. It is read a second time for a stage that no project
has (:data:`STAGE`); an ARN that differs from the first reading's by that word alone is written with the variable.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scopedown.calls.model import CallReport
from scopedown.core.text import Text
from scopedown.permissions.model import Origin
from scopedown.project.intrinsics import Scope, to_text
from scopedown.project.stand_ins import STAGE, spelled_out
from scopedown.scan import ProjectScan


def without_stage(scan: ProjectScan) -> Mapping[str, CallReport]:
    """Reports without a call, for the functions whose code needs nothing that holds the stage: a scan for
    :data:`STAGE` need not search their code again, and shows what their settings need."""
    return {
        one.function.key: CallReport()
        for one in scan.functions
        if not any(
            scan.project.stage in str(resource.arn)
            for permission in one.permissions
            if permission.origin is not Origin.CONFIG
            for resource in permission.resources
        )
    }


def forms(scan: ProjectScan, elsewhere: ProjectScan | None) -> dict[str, Text]:
    """The ARNs of a scan and of its roles that hold the stage, each as a scan for :data:`STAGE` has it; there the code
    of the functions of :func:`without_stage` need not be searched."""
    if elsewhere is None:
        return {}
    found: dict[str, Text] = {}
    for function in elsewhere.functions:
        for permission in function.permissions:
            for resource in permission.resources:
                literal = str(resource.arn).replace(STAGE, scan.project.stage)
                if literal != str(resource.arn):
                    found[literal] = resource.arn
    for declared in (statement for role in elsewhere.project.roles.values() for statement in role.statements):
        written = declared.statement.get("Resource")
        for one in written if isinstance(written, list | tuple) else [written]:
            arn = to_text(one, Scope())
            literal = str(arn).replace(STAGE, scan.project.stage)
            if literal != str(arn):
                found.setdefault(literal, arn)
    return found


def with_variable(arn: Text, known: Mapping[str, Text]) -> Text:
    """An ARN with the stage's variable in it, where it holds the stage."""
    return known.get(str(arn), arn)


def spelled(tree: Any) -> Any:
    """A statement with the stage's variable spelled out."""
    if isinstance(tree, str):
        return spelled_out(tree)
    if isinstance(tree, Mapping):
        return {key: spelled(item) for key, item in tree.items()}
    if isinstance(tree, list):
        return [spelled(item) for item in tree]
    return tree
