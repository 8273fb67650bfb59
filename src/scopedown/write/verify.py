"""Reads what was written: it must be the same project with exactly the intended roles, each of which only narrows.

A role that does not come out so is left as it is, with its functions; the others are written.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import Any, Final

from scopedown.compare.limits import over
from scopedown.core.finding import Finding, ScopedownError
from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.project.model import DeclaredResource, Function, Project
from scopedown.scan import ProjectScan
from scopedown.write.before import Before
from scopedown.write.managed import own_policies
from scopedown.write.model import WritePlan, WrittenRole
from scopedown.write.statements import as_it_is, as_sam_reads, canonical

_NONE: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a plan, the functions that it is about (none: the whole project), and the way out."""

    why: str
    functions: tuple[str, ...] = ()
    role: str = ""
    remedy: str = "write it by hand"


def without_the_wrong(
    scan: ProjectScan, attempt: Callable[[Collection[str]], tuple[WritePlan, tuple[Wrong, ...]]]
) -> WritePlan:
    """The plan without the functions of which something is wrong; without any change where that does not help."""
    held: set[str] = set()
    told: list[Finding] = []
    while True:
        made, wrong = attempt(held)
        if not wrong:
            return replace(made, findings=(*told, *made.findings))
        new = {key for one in wrong for key in one.functions} - held
        if not new or not all(one.functions for one in wrong):
            worst = next((one for one in wrong if not one.functions), wrong[0])
            refused = Finding(
                "write-unverified", f"nothing was written: {worst.why}", Place(scan.project.config), worst.remedy
            )
            return WritePlan((), (), (*told, *made.findings, refused))
        held |= new
        for one in wrong:
            place = next(each.function.place for each in scan.functions if each.function.key == one.functions[0])
            what = one.role or ", ".join(one.functions)
            told.append(Finding(
                "write-held-back", f"{what} was not changed: {one.why}", place, one.remedy
            ))  # fmt: skip


def verified(
    before: Before,
    project: Project,
    read: Callable[[], Project],
    made: WritePlan,
    moved: Mapping[str, str] = _NONE,
    gone: Collection[str] = (),
    changed: Collection[str] = (),
) -> tuple[Wrong, ...]:
    """What is wrong with a plan, of which ``read`` gives the result; ``project`` is what it was made for. ``changed``
    are other resources that the plan is about."""
    if not made.changes:
        return ()
    try:
        after = read()
        now = partial(as_sam_reads, after)
        wrong = tuple(differences(project, after, made.roles, now, moved, gone, changed))
    except ScopedownError as error:
        return (Wrong(str(error)),)
    by_id = {one.id: one for one in made.roles}
    wrong += tuple(
        Wrong(why, by_id[id].functions if id else (), id, way_out)
        for id, why, way_out in over(after, project, tuple(by_id))
    )
    return wrong or tuple(Wrong(why, role.functions, role.id) for role, why in before.wider(after, made.roles))


def differences(
    before: Project,
    after: Project,
    roles: Sequence[WrittenRole],
    read: Callable[[Text], Text] = as_it_is,
    moved: Mapping[str, str] = _NONE,
    gone: Collection[str] = (),
    changed: Collection[str] = (),
) -> Iterator[Wrong]:
    """What is not as intended, by role. ``moved`` are the new roles of functions, by their logical ids; ``gone`` the
    roles that are taken out; ``changed`` the resources beside the roles that are changed on purpose."""
    for role in roles:
        found = after.roles.get(role.id)
        if found is None:
            yield Wrong(f"{role.id} would be missing", role.functions, role.id)
            continue
        own = [statement.statement for statement in found.statements if statement.added_by == "project"]
        wanted = [*role.statements, *(kept.statement for kept in role.kept), *role.added]
        present = {canonical(one, read) for one in own}
        if len(own) != len(wanted) or not all(canonical(one, read) in present for one in wanted):
            yield Wrong(f"{role.id} would not have the intended statements", role.functions, role.id)
    new = {role.id for role in roles} | {*changed}
    new |= {id for id, of in own_policies(before).items() if of in new}
    yield from changed_beside(before, after, new, moved, gone)


def changed_beside(
    before: Project,
    after: Project,
    changed: Collection[str],
    moved: Mapping[str, str] = _NONE,
    gone: Collection[str] = (),
) -> Iterator[Wrong]:
    """What is not as it was of the functions, and of the resources that are not ``changed`` on purpose."""
    by_key = {one.key: one for one in after.functions}
    for function in before.functions:
        again = by_key.get(function.key)
        if (
            again is None
            or _handler(again) != _handler(function)
            or _said(again.environment) != _said(function.environment)
        ):
            yield Wrong(f"the function {function.key} would change", (function.key,))
        elif function.logical_id in moved and again.role != moved[function.logical_id]:
            yield Wrong(f"the function {function.key} would assume {again.role}", (function.key,))
    for id, resource in before.resources.items():
        there = after.resources.get(id)
        if id in gone:
            if there is not None:
                yield Wrong(f"the resource {id} would not be removed")
        elif id not in changed and (there is None or _compared(there, id in moved) != _compared(resource, id in moved)):
            yield Wrong(f"the resource {id} would change")


def _compared(resource: DeclaredResource, is_moved: bool) -> Any:
    return _said({name: one for name, one in resource.properties.items() if not (is_moved and name == "Role")})


def _handler(function: Function) -> object:
    """A function's handler, wherever code that stands in the template has moved to."""
    handler = function.handler
    if handler is None or handler.inline is None:
        return handler
    return replace(handler, inline=None), _said(handler.inline.text)


def _said(tree: Any) -> Any:
    """A tree to be compared: what is not known is the same for the same reason, wherever it stands; a block of text
    that ended a file without a newline has one now."""
    if isinstance(tree, str):
        return tree.rstrip("\n")
    if isinstance(tree, Text):
        return str(tree), tuple(unknown.reason for unknown in tree.unknowns)
    if isinstance(tree, Mapping):
        return {key: _said(item) for key, item in tree.items()}
    if isinstance(tree, list | tuple):
        return [_said(item) for item in tree]
    return tree
