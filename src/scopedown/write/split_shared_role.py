"""Gives each function of a template that shares a role with others a role of its own.

The new role is the shared one, word for word and without its name (two roles cannot have one); what of it the function
does not need goes with the comparison of policies that follows (:mod:`~.policies`). The shared role goes where nothing
names it any more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from scopedown.core.finding import Finding
from scopedown.emit.splice.edits import SpliceError
from scopedown.project.model import Function, Project, Role
from scopedown.project.roles import ATTACHED
from scopedown.write.subjects import left_alone
from scopedown.write.texts import Steps, Texts, located


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
    is_all: bool


def separate(project: Project, keys: set[str], texts: Texts) -> Separated:
    """Change the files so that the functions of these names have roles of their own; what cannot be, is told."""
    done = Separated()
    moves: list[_Move] = []  # all of them before a change moves lines
    for role, functions in _shared(project):
        asked = [function for function in functions if function.key in keys]
        if not asked or left_alone(project, role, functions):  # which is told when policies are compared
            continue
        try:
            moves.append(_move(project, role, functions, asked, texts))
        except SpliceError as error:
            done.findings.append(_stays(role, functions, error))
    taken = set(project.deployed)
    for move in moves:
        trial = texts.copy()
        moved = _named(move, taken)
        try:
            _carry_out(move, moved, trial)
        except SpliceError as error:
            done.findings.append(_stays(move.role, [one for one, _ in move.functions], error))
            continue
        texts.take(trial)
        taken.update(moved.values())
        done.moved.update(moved)
        if move.is_all and _removed(move, texts):
            done.gone.add(move.role.id)
        elif move.is_all:
            done.findings.append(Finding(
                "write-shared-role", f"{move.role.id} was not removed, because something else in the template "
                "refers to it", move.role.place, "remove the role together with what refers to it, or narrow it",
            ))  # fmt: skip
    return done


def _stays(role: Role, functions: list[Function], error: SpliceError) -> Finding:
    names = ", ".join(function.key for function in functions)
    return Finding(
        "write-shared-role", f"{role.id} is still shared by {names}: {error.message}", role.place, error.remedy
    )  # fmt: skip


def _shared(project: Project) -> Iterator[tuple[Role, list[Function]]]:
    for role in project.roles.values():
        functions = [function for function in project.functions if function.role == role.id]
        if role.id in project.resources and len(functions) > 1:
            yield role, functions


def _move(
    project: Project, role: Role, functions: list[Function], asked: list[Function], texts: Texts
) -> _Move:  # fmt: skip
    """What is to be written for a role. Raises SpliceError where a copy of it would not be what it is."""
    by_hand = "give each function its own role by hand"
    stack, name = _split(role.id)
    if any(_split(one.logical_id)[0] != stack for one in functions):
        raise SpliceError("they are in different stacks", role.place, by_hand)
    for resource in project.resources.values():
        attached = (resource.properties.get("Roles"), resource.properties.get("RoleName"))
        if resource.type in ATTACHED and name in str(attached):
            raise SpliceError(f"{resource.logical_id} attaches a policy to it", resource.place, by_hand)
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
    return _Move(role, tuple(places), file, path, {**copy, "Properties": properties}, len(asked) == len(functions))


def _named(move: _Move, taken: set[str]) -> dict[str, str]:
    """Logical ids of the new roles, which no other resource has."""
    found: dict[str, str] = {}
    for function, _ in move.functions:
        id = f"{function.logical_id}Role"
        while id in taken or id in found.values():
            id += "X"
        found[function.logical_id] = id
    return found


def _carry_out(move: _Move, moved: dict[str, str], texts: Texts) -> None:
    for function, steps in move.functions:
        name = _split(moved[function.logical_id])[1]
        texts.set(move.file, (*steps, "Properties", "Role"), {"Fn::GetAtt": [name, "Arn"]})
        texts.set(move.file, (*move.path[:-1], name), move.copy)
    texts.of(move.file)  # raises where that cannot be read


def _removed(move: _Move, texts: Texts) -> bool:
    """Take a role out that nothing names any more; whether nothing did."""
    trial = texts.copy()
    name = re.escape(_split(move.role.id)[1])
    try:
        trial.remove(move.file, move.path)
        if re.search(rf"\b{name}\b", trial.of(move.file).text):
            return False
    except SpliceError:
        return False
    texts.take(trial)
    return True


def _split(id: str) -> tuple[str, str]:
    """A logical id's stack and its name there."""
    stack, _, name = id.rpartition("/")
    return stack, name
