"""Which functions of a scan are written, and what their roles are theirs alone for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from scopedown.core.finding import Finding
from scopedown.project.model import Function, Role
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
        if not function.is_searched and function.not_analysed
    ]
    return functions, findings


@dataclass(frozen=True, slots=True)
class Assuming:
    """Who assumes a role: the ``functions`` that are asked for (one at least), and the ``others``."""

    functions: list[Function] = field(default_factory=list)
    others: list[Function] = field(default_factory=list)


def by_role(all_functions: Iterable[Function], keys: Collection[str]) -> dict[str, Assuming]:
    """The roles that functions of these names assume, each with all that do."""
    found: dict[str, Assuming] = {}
    for function in all_functions:
        of = found.setdefault(function.role, Assuming())
        (of.functions if function.key in keys else of.others).append(function)
    return {id: of for id, of in found.items() if of.functions}


def left_alone(role: Role, others: Sequence[Function]) -> Finding | None:
    """Why a role of the project is not written; None where it is. ``others`` assume it too."""
    if others:
        return Finding(
            "write-shared-role", f"{role.id} was not changed: {', '.join(one.key for one in others)} also assume it",
            role.place, "give those functions their own roles",
        )  # fmt: skip
    services = sorted({service for service in _services(role.trust) if service not in _FUNCTIONS_SERVICES})
    if services:
        return Finding(
            "write-shared-role", f"{role.id} was not changed: {', '.join(services)} may also assume it", role.place,
            "give the functions their own role",
        )  # fmt: skip
    return None


def is_at_the_edge(role: Role) -> bool:
    """Whether Lambda@Edge may run a role's functions: in every region, with a log group in each
    (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-functions-logs.html)."""
    return "edgelambda.amazonaws.com" in _services(role.trust)


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
