"""Gives each function of a template that shares a role with others a role of its own.

The new role is the shared one, word for word and without its name (two roles cannot have one), but for the statements
that nothing keeps: hundreds of functions would else be given what all of them need together. What the function needs
comes with the comparison of policies that follows (:mod:`~.policies`). The shared role goes where nothing names it any
more.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from scopedown.core.finding import Finding
from scopedown.emit.splice.edits import SpliceError
from scopedown.project.model import DeclaredResource, DeclaredStatement, Function, Project, Role
from scopedown.project.roles import ATTACHED
from scopedown.write.policies import spot_of
from scopedown.write.subjects import by_role, left_alone
from scopedown.write.texts import Changes, Steps, Texts, located


@dataclass
class Separated:
    """What became of roles that functions share."""

    moved: dict[str, str] = field(default_factory=dict)
    """The new role of each function that has one, by the functions' logical ids."""
    gone: set[str] = field(default_factory=set)
    """The roles that nothing names any more."""
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Move:
    """Functions that leave a role, where they and it are written, and the copy of it that each is given."""

    role: Role
    functions: tuple[tuple[Function, Steps], ...]
    file: str
    path: Steps
    copy: dict[str, Any]
    statements: tuple[tuple[DeclaredStatement, Steps], ...]
    """Those that are items of a list, with their paths in the copy."""
    is_all: bool

    def copy_for(self, function: Function, stays: Stays) -> Any:
        """The copy without the statements that do not stay for a function."""
        return _without(self.copy, {path for statement, path in self.statements if not stays(function, statement)})


def _without(tree: Any, gone: Collection[Steps], path: Steps = ()) -> Any:
    if isinstance(tree, dict):
        return {key: _without(one, gone, (*path, key)) for key, one in tree.items()}
    if isinstance(tree, list):
        return [_without(one, gone, (*path, at)) for at, one in enumerate(tree) if (*path, at) not in gone]
    return tree


Stays = Callable[[Function, DeclaredStatement], bool]
"""Whether something keeps a statement of a role for a function: it cannot be judged, or may be needed."""


def separate(project: Project, keys: set[str], texts: Texts, stays: Stays) -> Separated:
    """Change the files so that the functions of these names have roles of their own; what cannot be, is told."""
    done = Separated()
    moves: list[_Move] = []  # all of them before a change moves lines
    attached, assumed = _Attached.of(project), by_role(project.functions, keys)
    for id, role in project.roles.items():
        if id not in assumed or id not in project.resources:
            continue
        functions = [*assumed[id].functions, *assumed[id].others]
        if len(functions) < 2 or left_alone(role, ()):  # which is told when policies are compared
            continue
        try:
            moves.append(_move(role, functions, assumed[id].functions, attached, texts))
        except SpliceError as error:
            done.findings.append(_stays(role, functions, error))
    ids = _named(moves, set(project.deployed))
    if not _carry_out(moves, ids, texts, stays):  # one by one, to tell which of them cannot be made
        moves = [move for move in moves if _carry_out([move], ids, texts, stays, done)]
    for move in moves:
        done.moved.update({function.logical_id: ids[function.logical_id] for function, _ in move.functions})
    _remove([move for move in moves if move.is_all], texts, done)
    return done


def _carry_out(
    moves: list[_Move], ids: dict[str, str], texts: Texts, stays: Stays, done: Separated | None = None
) -> bool:  # fmt: skip
    """Make moves together; whether they could be made. Where they could not, ``done`` tells it."""
    trial = texts.copy()
    try:
        for move in moves:
            for function, steps in move.functions:
                name = _split(ids[function.logical_id])[1]
                trial.set(move.file, (*steps, "Properties", "Role"), {"Fn::GetAtt": [name, "Arn"]})
                trial.set(move.file, (*move.path[:-1], name), move.copy_for(function, stays))
        for file in {move.file for move in moves}:
            trial.of(file)  # raises where that cannot be read
    except SpliceError as error:
        if done is not None:
            done.findings.append(_stays(moves[0].role, [one for one, _ in moves[0].functions], error))
        return False
    texts.take(trial)
    return True


def _stays(role: Role, functions: list[Function], error: SpliceError) -> Finding:
    names = ", ".join(function.key for function in functions)
    return Finding(
        "write-shared-role", f"{role.id} is still shared by {names}: {error.message}", role.place, error.remedy
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Attached:
    """The policies of a project that are resources, each with the words about the roles that it is attached to."""

    policies: tuple[tuple[DeclaredResource, str], ...]
    all_words: str

    @staticmethod
    def of(project: Project) -> _Attached:
        """Those of a project."""
        found = tuple(
            (one, str((one.properties.get("Roles"), one.properties.get("RoleName"))))
            for one in project.resources.values()
            if one.type in ATTACHED
        )
        return _Attached(found, "\n".join(words for _, words in found))

    def to(self, role: str) -> DeclaredResource | None:
        """A policy that names a role."""
        return next((one for one, words in self.policies if role in words), None) if role in self.all_words else None


def _move(
    role: Role, functions: list[Function], asked: list[Function], attached: _Attached, texts: Texts
) -> _Move:  # fmt: skip
    """What is to be written for a role. Raises SpliceError where a copy of it would not be what it is."""
    by_hand = "give each function its own role by hand"
    stack, name = _split(role.id)
    if any(_split(one.logical_id)[0] != stack for one in functions):
        raise SpliceError("they are in different stacks", role.place, by_hand)
    if policy := attached.to(name):
        raise SpliceError(f"{policy.logical_id} attaches a policy to it", policy.place, by_hand)
    file, path = located(role.place, name, texts)
    copy = texts.of(file).tree(path)
    if not isinstance(copy, dict) or not isinstance(properties := copy.get("Properties"), dict):
        raise SpliceError("its properties are not in the template as a plain mapping", role.place, by_hand)
    properties = {key: value for key, value in properties.items() if key != "RoleName"}
    places = []
    for function in asked:
        where, steps = located(function.place, _split(function.logical_id)[1], texts)
        if where != file:
            raise SpliceError(f"{function.key} is in another file", function.place, by_hand)
        places.append((function, steps))
    own = tuple(_own_statements(role, file, path, texts))
    return _Move(role, tuple(places), file, path, {**copy, "Properties": properties}, own, len(asked) == len(functions))


def _own_statements(role: Role, file: str, path: Steps, texts: Texts) -> Iterator[tuple[DeclaredStatement, Steps]]:
    """The statements of a role that are items of a list within it, with their paths from there."""
    for statement in role.statements:
        if statement.added_by == "project" and statement.place is not None and statement.place.file == file:
            at = spot_of(statement.place, texts.of(file))
            if at is not None and at[: len(path)] == path and at[-2] == "Statement" and isinstance(at[-1], int):
                yield statement, at[len(path) :]


def _named(moves: list[_Move], taken: set[str]) -> dict[str, str]:
    """Logical ids of the functions' new roles, which no other resource has, by those of the functions."""
    found: dict[str, str] = {}
    for function, _ in (one for move in moves for one in move.functions):
        id = f"{function.logical_id}Role"
        while id in taken:
            id += "X"
        found[function.logical_id] = id
        taken.add(id)
    return found


def _remove(moves: list[_Move], texts: Texts, done: Separated) -> None:
    """Take out the roles that nothing names any more; what is named by something else is told."""
    words = {file: Counter(_WORD.findall(texts.of(file).text)) for file in {move.file for move in moves}}
    gone = [move for move in moves if _is_idle(move, texts, words[move.file])]
    trial = texts.copy()
    try:
        trial.carry_out(Changes(remove=tuple((move.file, move.path) for move in gone)))
        for file in words:
            trial.of(file)
    except SpliceError:
        gone = []
    else:
        texts.take(trial)
    done.gone.update(move.role.id for move in gone)
    for move in (one for one in moves if one.role.id not in done.gone):
        done.findings.append(Finding(
            "write-shared-role", f"{move.role.id} was not removed, because something else in the template refers to it",
            move.role.place, "remove the role together with what refers to it, or narrow it",
        ))  # fmt: skip


def _is_idle(move: _Move, texts: Texts, words: Counter[str]) -> bool:
    """Whether a file names a role nowhere but in the role itself, whose ``words`` are then taken off."""
    text = texts.of(move.file)
    try:
        edit = text.edit_without(move.path)
    except SpliceError:
        return False
    own = Counter(_WORD.findall(text.text[edit.start : edit.end]))
    name = _split(move.role.id)[1]
    if words[name] != own[name]:
        return False
    words.subtract(own)
    return True


_WORD: Final = re.compile(r"\w+")


def _split(id: str) -> tuple[str, str]:
    """A logical id's stack and its name there."""
    stack, _, name = id.rpartition("/")
    return stack, name
