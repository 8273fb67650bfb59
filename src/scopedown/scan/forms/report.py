"""A scan as one JSON object, ``scopedown.scan/1``; docs/json.md describes it. The same scan gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, assert_never

from scopedown.calls.model import Hint, SdkCall
from scopedown.catalog.load import catalog
from scopedown.catalog.model import Catalog
from scopedown.core.finding import Finding, ScopedownError
from scopedown.core.place import Place, place_json
from scopedown.core.text import AnyText, Att, EnvVar, ImportValue, Literal, Param, Pseudo, Ref, Text, Unknown
from scopedown.emit.cloudformation import plain, value
from scopedown.permissions.merge import in_order, merge
from scopedown.permissions.model import Certainty, Reason, RequiredPermission
from scopedown.permissions.require import named_by
from scopedown.project.model import Project
from scopedown.scan import FunctionScan, ProjectScan
from scopedown.scan.forms import Scans
from scopedown.scan.forms.coverage import coverage_json
from scopedown.scan.forms.open_resource import why_open

SCHEMA = "scopedown.scan/1"


def render(shown: Scans) -> dict[str, Any]:
    """The object of one project, or that of several."""
    if shown.base is None:
        return report(shown.scans[0])
    return reports(shown.scans, [one.error for one in shown.unread], shown.base.resolve())


def report(scan: ProjectScan, facts: Catalog | None = None) -> dict[str, Any]:
    """One project's scan."""
    facts = facts or catalog()
    project = scan.project
    return {
        "schema": SCHEMA,
        "project": {
            "framework": project.framework,
            **compiler(project),
            "config": project.config,
            "service": project.service,
            "stage": project.stage,
            "region": project.region,
        },
        "functions": [function_json(function, facts) for function in scan.functions],
        "warnings": [finding_json(finding) for finding in scan.findings],
    }


def compiler(project: Project) -> dict[str, Any]:
    """Which framework a Serverless project is compiled as, and why; nothing for other tools' projects."""
    if not project.compiler:
        return {}
    return {"compiler": {"name": project.compiler, "reason": project.compiler_reason}}


def reports(
    scans: Sequence[ProjectScan],
    errors: Iterable[ScopedownError],
    base: Path | None = None,
    facts: Catalog | None = None,
) -> dict[str, Any]:
    """Several projects' scans, each with its path below ``base`` (by default the folder that holds them all)."""
    return several(SCHEMA, [(scan.project, report(scan, facts)) for scan in scans], errors, base)


def several(
    schema: str, found: Sequence[tuple[Project, dict[str, Any]]], errors: Iterable[ScopedownError], base: Path | None
) -> dict[str, Any]:
    """The objects of several projects as one, each with its path below ``base``, and why others are not read."""
    base = base or common_folder([Path(project.root) for project, _ in found])
    shown = [{**one, "project": {**one["project"], "path": path_below(base, project)}} for project, one in found]
    return {
        "schema": schema,
        "projects": shown,
        "errors": [finding_json(error.finding("project-unreadable")) for error in errors],
    }


def function_json(scan: FunctionScan, facts: Catalog) -> dict[str, Any]:
    """One function: what it needs and why, the policy that grants it, and what is not known."""
    function = scan.function
    handler = function.handler
    permissions = merge(scan.permissions)
    return {
        "name": function.key,
        "runtime": function.runtime,
        "language": function.language,
        "handler": {"file": handler.file, "symbol": handler.symbol} if handler and handler.file else None,
        "id": function.logical_id,
        "role": function.role,
        "permissions": permissions_json(permissions, facts),
        "possible": [
            {"operation": f"{call.service}.{call.operation}", **place_json(call.place), "reason": call.reason}
            for call in scan.report.possible
        ],
        "ignored": [
            {
                "operation": call.name,
                **place_json(call.place),
                "reason": call.reason,
                "hint": place_json(call.hint),
            }
            for call in scan.report.ignored
        ],
        "assumed": [
            {"role": value(role.role), "permissions": permissions_json(merge(role.permissions), facts)}
            for role in scan.assumed
        ],
        "coverage": coverage_json(scan.coverage, scan.report.sites),
        "notAnalysed": list(scan.not_analysed),
        "unresolved": unresolved(permissions),
        "policy": plain(scan.policy),
    }


def permissions_json(permissions: Iterable[RequiredPermission], facts: Catalog) -> list[dict[str, Any]]:
    """Permissions by origin (code first), then action."""
    return [
        {
            "action": permission.action,
            "resources": [
                {"value": value(resource.arn), "certainty": resource.certainty.value}
                for resource in permission.resources
            ],
            "conditions": plain(permission.conditions),
            "origin": permission.origin.value,
            "because": [_because(reason, permission.action, facts) for reason in permission.because],
        }
        for permission in in_order(permissions)
    ]


def open_places(permissions: Iterable[RequiredPermission]) -> Iterator[tuple[Place, str]]:
    """(place, why) of every resource that is needed and of whose name nothing is known, as they come."""
    for permission in permissions:
        for resource in permission.resources:
            if resource.certainty is Certainty.UNKNOWN:
                for reason in permission.because:
                    yield reason.place, why_open(permission.action, resource)


def unresolved(permissions: Iterable[RequiredPermission]) -> list[dict[str, Any]]:
    """The open places, each file and line once, in order."""
    found = {(place.file, place.line, why) for place, why in open_places(permissions)}
    return [{"file": file, "line": line, "reason": why} for file, line, why in sorted(found)]


def finding_json(finding: Finding) -> dict[str, Any]:
    """A finding with its place; ``file`` is null where it has none."""
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "message": finding.message,
        **place_json(finding.place),
        "remedy": finding.remedy,
    }


def origin_of(text: Text) -> str:
    """Where a value comes from: ``literal``, ``env:NAME``, or why it is not known (``event``, ``parameter``, …)."""
    found: dict[str, None] = {}
    for part in text.parts:
        match part:
            case Literal():
                found["literal"] = None
            case EnvVar(name, _):
                found[f"env:{name}"] = None
            case Unknown(reason, _):
                found[reason] = None
            case Ref() | Att() | Pseudo() | Param() | ImportValue() | AnyText():
                found["declared"] = None
            case _:
                assert_never(part)
    if len(found) > 1:
        found.pop("literal", None)
    return " + ".join(found) or "literal"


def _because(reason: Reason, action: str, facts: Catalog) -> dict[str, Any]:
    place = place_json(reason.place)
    if isinstance(reason, Hint):
        return {**place, "hint": reason.said}
    if not isinstance(reason, SdkCall):
        return {**place, "setting": reason.setting}
    origins = {
        parameter: " or ".join(dict.fromkeys(origin_of(text) for text in texts))
        for parameter, texts in named_by(reason, action, facts).items()
    }
    return {**place, "operation": reason.name, "path": list(reason.path), "from": origins}


def path_below(base: Path, project: Project) -> str:
    """A project's folder, relative to ``base`` where it is below it."""
    root = Path(project.root)
    return root.relative_to(base).as_posix() if root.is_relative_to(base) else root.as_posix()


def common_folder(roots: Sequence[Path]) -> Path:
    """The folder that holds all of these (the parent of a single one)."""
    if not roots:
        return Path()
    first, *others = roots
    base = first if others else first.parent
    while not all(root.is_relative_to(base) for root in roots):
        base = base.parent
    return base
