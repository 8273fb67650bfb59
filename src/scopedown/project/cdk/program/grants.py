"""The lines of an app that give a function's role what a synthesized statement allows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from scopedown.project.cdk.program.model import Call, Creation, SourceFile

_ADDING: Final = {
    "addtorolepolicy", "addtoprincipalpolicy", "addtopolicy", "attachinlinepolicy", "addstatements", "addmanagedpolicy",
}  # fmt: skip
"""Methods that add a statement or a policy, without underscores and capitals."""


def grants_to(holders: Iterable[Creation], resource: Creation, files: Iterable[SourceFile]) -> Iterator[Call]:
    """The calls of ``grant…`` on a resource's variable for a function or its role (``holders``).

    Where a resource is passed to another class, its name there is that of its variable or of its id
    (``product_table`` of the table ``ProductTable``).
    """
    named = [one for one in holders if one.variable]
    if not resource.variable:
        return
    names = {_plain(name) for name in (resource.variable.rpartition(".")[2], resource.id or "") if name}
    for file in files:
        for call in file.calls:
            if not call.method.lower().startswith("grant"):
                continue
            for holder in named:
                if not _is(call, holder, file) or holder.variable not in call.arguments:
                    continue
                if holder.place.file == resource.place.file and holder.owner == resource.owner:
                    if call.receiver == resource.variable:
                        yield call
                elif _plain(call.receiver.rpartition(".")[2]) in names and not _has_own(
                    file, holder.owner, call.receiver
                ):
                    yield call  # a construct of another class, which is passed to this one


def policies_named(name: str, holders: Iterable[Creation], files: Iterable[SourceFile]) -> Iterator[Call]:
    """The calls that attach a managed policy to a holder, else the only place of the app that names the policy."""
    files = [*files]
    names = {name, f"service-role/{name}"}
    calls = [
        call for file in files for call in file.calls
        if _plain(call.method) in _ADDING and names & call.literals
        and any(_is_on(call, one) and _is(call, one, file) for one in holders)
    ]  # fmt: skip
    places = [place for file in files for one in names for place in file.strings.get(one, ())]
    if calls:
        yield from calls
    elif len(places) == 1:
        yield Call("", "", (), frozenset(), "", (), places[0], f"the policy {name}")


def statements_with(actions: Iterable[str], holders: Iterable[Creation], files: Iterable[SourceFile]) -> Iterator[Call]:
    """The policy statements in the program that name some of these actions and are made where a holder is: the calls
    that add one to the holder, itself or by its variable, else the only one of its class that no variable holds."""
    wanted = {one.lower() for one in actions}
    holders = [*holders]
    for file in files:
        here = [one for one in holders if one.place.file == file.name]
        own = [
            one for one in file.statements
            if _names(one.literals, wanted) and any(one.owner == holder.owner for holder in here)
        ]  # fmt: skip
        calls = [
            call for call in file.calls
            if _plain(call.method) in _ADDING
            and (_names(call.literals, wanted) or any(_passes(call, one) for one in own))
            and any(_is_on(call, one) and _is(call, one, file) for one in here)
        ]  # fmt: skip
        if calls:
            yield from calls
            continue
        if len(own) == 1 and not own[0].variable:  # what a variable holds may be of others too
            yield own[0]


def _passes(call: Call, statement: Call) -> bool:
    """Whether a call passes the variable of a statement."""
    is_seen = "." in statement.variable or call.blocks[: len(statement.blocks)] == statement.blocks
    return bool(statement.variable) and statement.variable in call.arguments and is_seen


def _is_on(call: Call, holder: Creation) -> bool:
    """Whether a call is of a holder, or of its role (``save.role?.addManagedPolicy(…)``)."""
    return bool(holder.variable) and call.receiver in (holder.variable, f"{holder.variable}.role")


def _is(call: Call, holder: Creation, file: SourceFile) -> bool:
    """Whether a call is where a holder's variable is seen."""
    if holder.place.file != file.name or call.owner != holder.owner:
        return False
    return holder.is_member or call.blocks[: len(holder.blocks)] == holder.blocks


def _has_own(file: SourceFile, owner: str, variable: str) -> bool:
    return any(one.variable == variable and one.owner == owner for one in file.creations)


def _names(literals: Iterable[str], wanted: set[str]) -> bool:
    return any(one.lower() in wanted for one in literals)


def _plain(method: str) -> str:
    return re.sub("_", "", method).lower()
