"""Which functions of a scan are written, and what their roles are theirs alone for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from scopedown.core.finding import Finding
from scopedown.project.model import Function, Project, Role
from scopedown.scan import ProjectScan

_FUNCTIONS_SERVICES: Final = {"lambda.amazonaws.com", "edgelambda.amazonaws.com", "scheduler.amazonaws.com"}
"""Services that assume a function's role on the function's behalf: its schedules, which the framework gives it too."""


def searched(scan: ProjectScan) -> tuple[list[Function], list[Finding]]:
    """The functions whose code was searched, and what is told of the others."""
    functions = [function.function for function in scan.functions if function.is_searched]
    findings = [
        Finding(
            "write-not-analysed",
            f"{function.function.key} was not changed: {function.not_analysed[0]}",
            function.function.place,
            "",
        )
        for function in scan.functions
        if function.function not in functions and function.not_analysed
    ]
    return functions, findings


def by_role(project: Project, keys: set[str]) -> dict[str, list[Function]]:
    """The functions of these names by the role that they assume."""
    found: dict[str, list[Function]] = {}
    for function in project.functions:
        if function.key in keys:
            found.setdefault(function.role, []).append(function)
    return found


def left_alone(project: Project, role: Role, functions: Sequence[Function]) -> Finding | None:
    """Why a role of the project is not written for these functions; None where it is."""
    others = [function.key for function in project.functions if function.role == role.id and function not in functions]
    if others:
        return Finding(
            "write-shared-role", f"{role.id} was not changed: {', '.join(others)} also assume it", role.place,
            "give those functions their own roles",
        )  # fmt: skip
    services = sorted({service for service in _services(role.trust) if service not in _FUNCTIONS_SERVICES})
    if services:
        return Finding(
            "write-shared-role", f"{role.id} was not changed: {', '.join(services)} may also assume it", role.place,
            "give the functions their own role",
        )  # fmt: skip
    return None


def _services(trust: Mapping[str, Any]) -> Iterator[str]:
    statements = trust.get("Statement")
    for statement in statements if isinstance(statements, list) else [statements]:
        principal = statement.get("Principal") if isinstance(statement, Mapping) else None
        if principal is None:
            continue
        if not isinstance(principal, Mapping):
            yield "others"
            continue
        for kind, named in principal.items():
            for name in named if isinstance(named, list) else [named]:
                yield name if kind == "Service" and isinstance(name, str) else "others"
