"""What is told of functions that may need more than is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from scopedown.compare.doubt import needs_of
from scopedown.compare.maybe_needed import meet
from scopedown.core.finding import Finding
from scopedown.core.words import some_of
from scopedown.documents.nodes import items_of
from scopedown.scan import ProjectScan

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
