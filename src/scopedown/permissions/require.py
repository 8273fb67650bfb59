"""From an SDK call to the permissions that it requires, knowing no function and no project.

The operation's actions come from the catalog, with the arguments that make some of them necessary; the resources of
each come from the arguments. What is not known of an argument is not known of the ARN, and says why.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

from scopedown.calls.model import Alternatives, Argument, SdkCall
from scopedown.catalog.model import Action, Catalog, Operation
from scopedown.core.same_objects import SameObjects
from scopedown.core.text import Text
from scopedown.permissions.arn_parts import Conditions
from scopedown.permissions.model import Origin, RequiredPermission, Resource
from scopedown.permissions.parameter_formats import read_form
from scopedown.permissions.paths import applies, is_passed, surely_applies, texts_at
from scopedown.permissions.resources import resources, rows_of


def require(call: SdkCall, catalog: Catalog) -> tuple[RequiredPermission, ...]:
    """One permission an action that ``call`` needs, in the catalog's order; none where no permission guards it."""
    asked = _Asked(call.service, call.operation, call.arguments, catalog)
    return tuple(
        RequiredPermission(name, acted_on, (call,), Origin.CODE, conditions)
        for name, acted_on, conditions in _needed(asked)
    )


class _Asked:
    """A call's operation and arguments as a key: calls with the same arguments, wherever they are, need the same."""

    __slots__ = ("_hash", "_key", "arguments", "catalog", "operation", "service")

    def __init__(self, service: str, operation: str, arguments: Mapping[str, Argument], catalog: Catalog) -> None:
        self.service, self.operation, self.arguments, self.catalog = service, operation, arguments, catalog
        self._key = (service, operation, _as_key(arguments), SameObjects(catalog))
        self._hash = hash(self._key)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Asked) and self._key == other._key


def _as_key(value: Argument) -> object:
    """An argument as a value that has a hash; what differs in its type or its order is another one."""
    if isinstance(value, Text):
        return value
    if isinstance(value, Mapping):
        return tuple((name, _as_key(one)) for name, one in value.items())
    if isinstance(value, tuple):
        return (tuple, *map(_as_key, value))
    if isinstance(value, Alternatives):
        return (Alternatives, *map(_as_key, value.options))
    return type(value), value


@lru_cache(maxsize=16_384)
def _needed(asked: _Asked) -> tuple[tuple[str, tuple[Resource, ...], Conditions], ...]:
    """Each action with its resources and the conditions that go with them. A function's calls are asked about several
    times: as they are written, and with its environment for each of their actions."""
    arguments, catalog = asked.arguments, asked.catalog
    operation = catalog.operation(asked.service, asked.operation)
    if operation is None or not operation.authorised:
        return ()
    needed: dict[str, set[str]] = {}
    for mapping in operation.actions:
        if applies(mapping.when, arguments):
            needed.setdefault(mapping.action, set()).add(mapping.when)
    found: list[tuple[str, tuple[Resource, ...], Conditions]] = []
    for name, conditions in needed.items():
        action = catalog.action(name) or Action(name, "", ())
        roles = frozenset(conditions) if name == "iam:PassRole" and "" not in conditions else None
        found.append((action.name, *resources(arguments, operation, action, catalog, roles)))
    for tagging in _tagging(arguments, operation, [catalog.action(name) for name in needed], catalog):
        acted_on, _ = resources(arguments, operation, tagging, catalog)
        found += [(tagging.name, acted_on, {})] if tagging.name not in needed else []
    return tuple(found)


def surely_needs(call: SdkCall, action: str, catalog: Catalog) -> bool:
    """Whether ``call``, which needs ``action`` as far as its arguments are known, does so whatever the others are."""
    operation = catalog.operation(call.service, call.operation)
    conditions = [mapping.when for mapping in operation.actions if mapping.action == action] if operation else []
    return not conditions or any(surely_applies(when, call.arguments) for when in conditions)


def _tagging(
    arguments: Mapping[str, Argument], operation: Operation, actions: Iterable[Action | None], catalog: Catalog
) -> Iterator[Action]:
    """The service's tagging action, where AWS lists it as a dependent action and the call gives tags
    (https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html).

    It acts on what the operation makes: of the resource types, those that the operation's name says.
    """
    if not any(name.lower() in _TAGS and is_passed(arguments, name) for name in operation.members):
        return
    for action in actions:
        prefix = action.name.partition(":")[0] if action else ""
        for name in action.dependent_actions if action else ():
            known = catalog.action(name)
            if action is None or known is None or not _ADDS_TAGS.fullmatch(name.removeprefix(f"{prefix}:")):
                continue
            types = [type_ for type_ in known.resource_types if type_ in action.resource_types] or known.resource_types
            said = tuple(type_ for type_ in types if re.sub(r"[^a-z]", "", type_.lower()) in operation.name.lower())
            if said:
                yield replace(known, resource_types=said, required_types=said)


_TAGS = frozenset({"taglist", "tags", "tagset", "tagspecifications"})
_ADDS_TAGS = re.compile(r"AddTags(ToResource)?|CreateTags|TagResource")


def named_by(call: SdkCall, action: str, catalog: Catalog) -> dict[str, tuple[Text, ...]]:
    """The parameters from which the resources of one of the call's actions come, with their values."""
    operation, known = catalog.operation(call.service, call.operation), catalog.action(action)
    services = {mapping.action.partition(":")[0] for mapping in operation.actions} if operation else ()
    if operation is None or known is None or action.partition(":")[0] not in services:
        return {}  # an action on a key that a resource is declared with: no parameter names it
    found = {}
    for row in rows_of(operation, known, catalog):
        if row.parameter.startswith("'") or not applies(read_form(row.form).when, call.arguments):
            continue
        if texts := texts_at(call.arguments, row.parameter):
            found[row.parameter] = texts
    return found
