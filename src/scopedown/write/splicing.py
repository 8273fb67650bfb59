"""Brings the list of a role's own statements to what it must be, item by item."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from scopedown.compare.doubt import CERTAIN, Doubt, why_kept
from scopedown.core.finding import Finding
from scopedown.core.place import Place
from scopedown.documents.nodes import items_of
from scopedown.emit.cloudformation import plain
from scopedown.emit.splice.edits import SpliceError
from scopedown.project.intrinsics import Scope
from scopedown.project.model import DeclaredStatement, Project, Role
from scopedown.project.serverless.names import SHARED_ROLE
from scopedown.write.layout import policy_entry
from scopedown.write.model import Kept, Statement
from scopedown.write.stage_independent import spelled
from scopedown.write.statements import Missing, Needed
from scopedown.write.texts import Changes, Spot, Texts, located

_COMMON: Final = "several roles inherit or include the list that contains it"


@dataclass(frozen=True, slots=True)
class Difference:
    """How a role's list differs from what it must be: what is added at the end of ``where``, what goes, what stays
    unjudged."""

    where: Spot
    missing: tuple[Statement, ...]
    gone: tuple[Spot, ...]
    kept: tuple[Kept, ...]


def difference(
    role: Role,
    wanted: Sequence[Needed],
    otherwise: Callable[[], Spot],
    texts: Texts,
    doubt: Doubt = CERTAIN,
    common: Collection[Place | None] = (),
) -> Difference:
    """Compare a role's own statements with ``wanted``; ``otherwise`` tells the list of a role that has none, ``doubt``
    what its functions may need too, ``common`` are the places of statements that several roles have.

    Raises SpliceError for a statement that does not stand where it could be taken out.
    """
    missing, kept, gone, lists = Missing(wanted), [], [], []
    for declared in role.statements:
        if declared.added_by != "project":
            continue
        match = missing.take(declared.statement)
        if match is not None:
            pass
        elif why := _COMMON if declared.place in common else doubt.stays(declared):
            kept.append(Kept(declared.statement, declared.place, why))
            continue
        if declared.place in common:
            continue
        file, path = located(declared.place, None, texts)
        lists.append((file, path[:-1]))
        if match is None:
            gone.append((file, path))
    where = lists[0] if lists else otherwise()
    return Difference(where, tuple(one.written for one in missing), tuple(gone), tuple(kept))


@dataclass(frozen=True, slots=True)
class Copy:
    """A statement of the shared role, as it is to be ``written`` in the role of a function that leaves that."""

    declared: DeclaredStatement
    written: Statement
    kept: str
    """Why it is not judged, whatever the function needs; empty where it is."""

    def why(self, doubt: Doubt) -> str:
        """Why a function takes it along; empty where it does not."""
        why = doubt.stays(self.declared, self.kept)
        if not why and self.declared.added_by != "project":
            why = doubt.why(self.declared.statement.get("Action"))
        return why


def copies(project: Project, texts: Texts) -> tuple[Copy, ...]:
    """The statements that a person wrote for the shared role, word for word, variables and all; and those that the
    framework and its plugins give it by themselves, but for logs, which each role has its own of."""
    found = []
    shared, scope = project.roles.get(SHARED_ROLE), Scope.of(project)
    statements = shared.statements if shared else ()
    for statement in statements:
        if statement.added_by != "project":
            if not any(str(action).startswith("logs:") for action in items_of(statement.statement.get("Action"))):
                given = spelled({key: plain(value) for key, value in statement.statement.items()})
                found.append(Copy(statement, given, why_kept(statement, scope)))
            continue
        try:
            file, path = located(statement.place, None, texts)
            written = texts.of(file).tree(path)
        except SpliceError:
            continue
        if isinstance(written, dict) or _is_reference(written, path, statement, statements):
            found.append(Copy(statement, written, why_kept(statement, scope)))
    return tuple(found)


def _is_reference(
    written: object, path: Sequence[str | int], statement: DeclaredStatement, all_: Iterable[DeclaredStatement]
) -> bool:
    """Whether an item of a list is one variable that brings this statement alone (``${file(mail.yml):Send}``)."""
    if not (isinstance(written, str) and _VARIABLE.fullmatch(written) and path and isinstance(path[-1], int)):
        return False
    return sum(one.place == statement.place for one in all_) == 1


_VARIABLE: Final = re.compile(r"\$\{(?:[^${}]|\$\{[^{}]*\})+\}")


def judged(
    statements: Iterable[DeclaredStatement], texts: Texts, doubt: Doubt = CERTAIN
) -> tuple[list[Spot], list[Finding]]:
    """Where the statements of a person that scopedown judges stand, and what is told of those that cannot be taken
    out (an alias brings them)."""
    spots: list[Spot] = []
    findings = []
    for statement in statements:
        if statement.added_by != "project" or doubt.stays(statement):
            continue
        try:
            file, path = located(statement.place, None, texts)
            texts.of(file).edit_without(path)
        except SpliceError as error:
            findings.append(error.finding("write-by-hand"))
            continue
        spots.append((file, path))
    return spots, findings


def settle(differences: Sequence[Difference], gone: Sequence[Spot], texts: Texts) -> None:
    """Make the differences go: additions first, then removals from the last item on, which move what stands behind
    them; and policies without a statement, which IAM refuses, are taken out. Raises SpliceError."""
    append = tuple(addition(one, texts) for one in differences if one.missing)
    texts.carry_out(Changes(append=append, remove=(*gone, *(spot for one in differences for spot in one.gone))))
    lists = {
        *(one.where for one in differences),
        *((file, path[:-1]) for one in differences for file, path in one.gone),
    }
    emptied: dict[Spot, list[Spot]] = {}
    for file, path in lists:
        text = texts.of(file)
        if path[-2:] == _IN_POLICY and text.kind(path) == "sequence" and not text.keys(path):
            emptied.setdefault((file, path[:-3]), []).append((file, path[:-2]))
    idle: list[Spot] = []
    for (file, policies), those in emptied.items():
        idle += [(file, policies)] if len(texts.of(file).keys(policies)) == len(those) else those
    texts.carry_out(Changes(remove=tuple(idle)))


_IN_POLICY: Final = ("PolicyDocument", "Statement")


def addition(one: Difference, texts: Texts) -> tuple[Spot, list[Any]]:
    """The list that new statements come into, and its new items: where a role has no policy yet, one with them."""
    file, path = one.where
    if path[-2:] == _IN_POLICY and not texts.of(file).has(path[:-2]):
        return (file, path[:-3]), [policy_entry(list(one.missing))]
    return (file, path), list(one.missing)


def tried(one: Difference, texts: Texts) -> None:
    """Raise SpliceError where a difference cannot be made to go."""
    texts.tried(Changes(append=(addition(one, texts),) if one.missing else (), remove=one.gone))
