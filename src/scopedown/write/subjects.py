"""Which functions of a scan are written, and what their roles are theirs alone for.

What is said of functions that may need more than is written is here, too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from scopedown.compare.doubt import needs_of
from scopedown.compare.maybe_needed import meet
from scopedown.core.finding import Finding
from scopedown.core.words import some_of
from scopedown.documents.nodes import items_of
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


_SHOWN: Final = 3
_MOST_SITES: Final = 5
"""Lines that were not seen to run and that are listed one by one."""


def unsure(scan: ProjectScan) -> Iterator[Finding]:
    """The functions that may need more than they are given, and what to do about it. Packages are named once, for all
    functions together."""
    for function in scan.functions:
        told = {str(call.place) for call in function.report.possible}
        whats = [
            what
            for what in dict.fromkeys(what for _, what in needs_of(function, scan.project))
            if not {word.strip(",") for word in what.split()} & set(function.report.not_analysed)
            and not (what.endswith(")") and what[what.rindex("(") + 1 : -1] in told)
        ]
        if whats and function.is_searched:
            more = f", and {len(whats) - _SHOWN} more" if len(whats) > _SHOWN else ""
            yield Finding(
                "write-unsure",
                f"{function.function.key} may need more permissions: {'; '.join(whats[:_SHOWN])}{more}",
                function.function.place,
                'say what the code needs with the comment "# scopedown: needs ACTION on TARGET"',
            )
    yield from _kept(scan)
    modules = sorted(
        {name for function in scan.functions if function.is_searched for name in function.report.not_analysed}
    )
    if modules:
        yield Finding(
            "write-unsure", f"scopedown did not read these modules: {', '.join(modules)}", None,
            'say what they need with the comment "# scopedown: needs ACTION on TARGET"',
        )  # fmt: skip


def _kept(scan: ProjectScan) -> Iterator[Finding]:
    """Actions that a role allows and that stay for a line which was not seen to run, each line once; and those that
    logs show in use."""
    kept: dict[str, tuple[list[str], list[str]]] = {}
    in_use: dict[tuple[str, str], list[str]] = {}
    for function in scan.functions:
        role = scan.project.roles.get(function.function.role or "")
        patterns = [one for each in (role.statements if role is not None else ()) for one in _allowed(each.statement)]
        needed = {permission.action for permission in function.permissions}
        for site in function.report.sites:
            actions = [one for one in site.may_call if one not in needed and any(meet(one, each) for each in patterns)]
            if actions:
                listed, keys = kept.setdefault(site.what, ([], []))
                listed += [one for one in actions if one not in listed]
                keys.append(function.function.key)
        for action, what in function.in_use:
            if any(meet(action, each) for each in patterns):
                in_use.setdefault((action, what), []).append(function.function.key)
    for (action, what), keys in in_use.items():
        yield Finding("write-kept", f"{action} of {some_of(keys, _SHOWN)}: {what}", None)
    for number, (what, (actions, keys)) in enumerate(kept.items()):
        if number >= _MOST_SITES:
            left = f"rights are kept for {len(kept) - number} more lines that scopedown did not see run"
            yield Finding("write-kept", left, None, "scopedown scan --explain lists them")
            return
        yield Finding(
            "write-kept", f"{some_of(actions, _SHOWN)} of {some_of(keys, _SHOWN)}: {what}", None,
            'if it does not run there, end the line with the comment "# scopedown: ignore REASON"',
        )  # fmt: skip


def _allowed(statement: Mapping[str, object]) -> Iterator[str]:
    if statement.get("Effect") == "Allow":
        yield from (one for one in items_of(statement.get("Action")) if isinstance(one, str))
