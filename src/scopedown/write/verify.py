"""Reads what was written: it must be the same project with exactly the intended roles."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final

from scopedown.core.text import Text
from scopedown.project.model import DeclaredResource, Function, Project
from scopedown.write.model import WrittenRole
from scopedown.write.statements import as_it_is, same

_NONE: Final[Mapping[str, str]] = MappingProxyType({})


def differences(
    before: Project,
    after: Project,
    roles: Sequence[WrittenRole],
    read: Callable[[Text], Text] = as_it_is,
    moved: Mapping[str, str] = _NONE,
    gone: Collection[str] = (),
) -> Iterator[str]:
    """What is not as intended, in words. ``moved`` are the new roles of functions, by their logical ids; ``gone`` the
    roles that are taken out."""
    for role in roles:
        found = after.roles.get(role.id)
        if found is None:
            yield f"{role.id} is not there"
            continue
        own = [one.statement for one in found.statements if one.added_by == "project"]
        wanted = [*role.statements, *(one.statement for one in role.kept), *role.added]
        if len(own) != len(wanted) or not all(any(same(one, other, read) for other in own) for one in wanted):
            yield f"{role.id} does not hold the statements that it should"
    for function in before.functions:
        again = next((one for one in after.functions if one.key == function.key), None)
        if (
            again is None
            or _handler(again) != _handler(function)
            or _said(again.environment) != _said(function.environment)
        ):
            yield f"the function {function.key} is another one"
        elif function.logical_id in moved and again.role != moved[function.logical_id]:
            yield f"the function {function.key} assumes {again.role}"
    new = {role.id for role in roles}
    for id, resource in before.resources.items():
        there = after.resources.get(id)
        if id in gone:
            if there is not None:
                yield f"the resource {id} is still there"
        elif id not in new and (there is None or _compared(there, id in moved) != _compared(resource, id in moved)):
            yield f"the resource {id} is another one"


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
        return str(tree), tuple(one.reason for one in tree.unknowns)
    if isinstance(tree, Mapping):
        return {key: _said(item) for key, item in tree.items()}
    if isinstance(tree, list | tuple):
        return [_said(item) for item in tree]
    return tree
