"""From the table ``used`` to IAM's actions and resources, by the catalog that the scanner asks as well.

An event's hint becomes the arguments of a call (:class:`~scopedown.calls.model.SdkCall`), and
:func:`~scopedown.permissions.require.require` says what that call needs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import lru_cache
from itertools import groupby
from typing import Any

from scopedown.calls.model import Argument, SdkCall
from scopedown.catalog.model import Catalog, Operation, ResourceType
from scopedown.core.place import Place
from scopedown.core.text import Literal, Pseudo, Text
from scopedown.observe.events import PRESENT, Events, Meaning
from scopedown.observe.model import Did, Used, parted
from scopedown.observe.names import fits
from scopedown.permissions.parameter_formats import PSEUDO
from scopedown.permissions.require import require


class Evidence(IntEnum):
    """How sure it is that an action was used on a resource, the surest first."""

    CHECKED = 0
    """The guard checked exactly this."""
    DENIAL = 1
    """AWS's message for a denial names the action."""
    RESOURCE = 2
    """The record lists the resource."""
    PARAMETER = 3
    """A parameter of the request names it."""
    EVENT = 4
    """Only the action is known; the resource is ``*``."""
    IMPLIED = 5
    """The record has no event for it: another action of the same request needs it, such as iam:PassRole; or the
    record does not say which of several the request needed, such as TransactWriteItems."""


@dataclass(frozen=True, slots=True)
class Observed:
    """One action that a principal used on a resource, or was denied.

    ``resource`` is an ARN, with ``*`` for what the log does not say; ``event`` is ``s3.PutObject``, empty where the log
    names the action alone. ``count`` counts the uses that were allowed, ``denied`` those that were not.
    """

    principal: str
    session: str
    account: str
    region: str
    action: str
    resource: str
    evidence: Evidence
    event: str
    via: str
    category: str
    first: str
    last: str
    count: int
    denied: int
    denied_by: str = ""
    one_of: tuple[str, ...] = ()
    """Where the log does not say on which of several resources it was: all of these, of which ``resource`` is one."""


@dataclass(frozen=True, slots=True)
class Unmapped:
    """An event that the catalog has no action for: ``source`` and ``event`` as CloudTrail has them."""

    source: str
    event: str
    count: int


def observed(used: Used, catalog: Catalog) -> tuple[list[Observed], list[Unmapped]]:
    """What the rows of a table mean, in the table's order; and the events that mean nothing that is known."""
    events, needs = Events(catalog), _Needs(catalog)
    found: list[Observed] = []
    unmapped: dict[tuple[str, str], int] = {}

    def but_for_its_resource(did: Did) -> Did:
        return did._replace(resource="")

    for _, group in groupby(sorted(sorted(used.rows), key=but_for_its_resource), key=but_for_its_resource):
        dids = list(group)
        meaning = events.meaning(dids[0].source, dids[0].event)
        if meaning is None and not dids[0].denied_action:
            key = (dids[0].source, dids[0].event)
            unmapped[key] = unmapped.get(key, 0) + max(used.rows[did].count for did in dids)
            continue
        found += _of_rows(dids, used, meaning, needs)
    return found, [Unmapped(*key, count) for key, count in sorted(unmapped.items())]


def _of_rows(dids: list[Did], used: Used, meaning: Meaning | None, needs: _Needs) -> Iterator[Observed]:
    """What rows mean that differ in their resource alone: a record that lists several resources has a row of each."""

    def one(did: Did, action: str, resource: str, evidence: Evidence, denied: int) -> Observed:
        times, event = used.rows[did], f"{did.source}.{did.event}"
        return Observed(
            did.principal, did.session, did.account, did.region, action, resource, evidence, event, did.via,
            did.category, times.first, times.last, times.count - times.denied, denied, did.denied_by if denied else "",
        )  # fmt: skip

    if dids[0].denied_action:
        for did in dids:
            action, denied = needs.spelled(did.denied_action), used.rows[did].denied
            yield replace(one(did, action, did.resource or "*", Evidence.DENIAL, denied), count=0)
        return
    if meaning is None:
        return
    hints = parted(dids[0].hint)
    meaning = meaning.of(hints)
    needed = needs.of(dids[0], meaning, hints)
    asked = needed or {action: [] for action in meaning.actions}
    for place, action in enumerate(asked):
        # A denial whose message names no action: the first one was most likely denied, and nothing is said of the rest.
        implied = place > 0 or not needed
        rows = [did for did in dids if not implied or used.rows[did].count > used.rows[did].denied]
        on = _on(rows, action, asked, meaning, hints, needs) if rows else _On({})
        for resource, (evidence, some) in on.resources.items():
            did = max(some, key=lambda row: used.rows[row].count)
            denied = 0 if implied else used.rows[did].denied
            found = one(did, action, resource, Evidence.IMPLIED if implied else evidence, denied)
            yield replace(found, one_of=on.one_of)


_ALTERNATIVES = 100
"""Resources of which an action was on one, at most: of more, as many as DynamoDB's transactions have items, nothing is
concluded (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html)."""


@dataclass(frozen=True, slots=True)
class _On:
    """What an action was on: each resource, how sure that is, and the rows that say so. ``one_of`` are the resources
    of which it was on one at least, where the rows do not say on which; else it was on each."""

    resources: Mapping[str, tuple[Evidence, list[Did]]]
    one_of: tuple[str, ...] = ()


def _on(
    dids: Sequence[Did], action: str, asked: Mapping[str, list[str]], meaning: Meaning, hints: Mapping[str, str],
    needs: _Needs,
) -> _On:  # fmt: skip
    """What an action of a request was on: what the record lists and the parameters name for this action.

    A record lists the resources of all actions of its request together: the object that CopyObject reads, and the one
    that it writes. So what it lists is an action's only if the parameters name it for this action, or if no other
    action of the request can be on it.
    """
    types = needs.types(action)
    named = [*_own(dids[0], types, meaning.operation, hints), *asked[action]]
    others = {arn for other, arns in asked.items() if other != action for arn in arns} - {*named}
    arns = [arn for arn in _arns(hints) if arn not in others]
    found: dict[Evidence, dict[str, list[Did]]] = {}
    for did in dids:
        for resource, evidence in _resources(did, types, [*arns, *named]):
            found.setdefault(evidence, {}).setdefault(resource, []).append(did)
    surest = min(found)
    listed = {resource: (surest, some) for resource, some in found[surest].items()}
    if surest is not Evidence.RESOURCE:
        return _On(listed)
    rivals = [kind for other in asked if other != action for kind in needs.types(other)]
    if not any(_names(kind, resource) is not None for kind in rivals for resource in listed):
        return _On(listed)
    said = dict.fromkeys(arn for arn in named if any(_names(kind, arn) for kind in types))
    if said:
        fitting = [one for one in listed if one in said]
        fitting = fitting or [one for one in listed if any(fits(arn, one) for arn in said)]
        every = [did for _, some in listed.values() for did in some]
        return _On({one: listed[one] for one in fitting} or dict.fromkeys(said, (Evidence.PARAMETER, every)))
    if len(listed) > _ALTERNATIVES:
        return _On({resource: (Evidence.IMPLIED, some) for resource, (_, some) in listed.items()})
    return _On(listed, tuple(listed) if len(listed) > 1 else ())


class _Needs:
    """What requests need: each that is alike is worked out once, however many principals and resources it has."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._known: dict[tuple[str, ...], dict[str, list[str]]] = {}
        self._types: dict[str, list[ResourceType]] = {}

    def spelled(self, action: str) -> str:
        """An action as IAM's reference writes it."""
        known = self._catalog.action(action)
        return known.name if known else action

    def types(self, action: str) -> list[ResourceType]:
        """The types of resources that an action can be on."""
        if action not in self._types:
            known, prefix = self._catalog.action(action), action.partition(":")[0]
            names = known.resource_types if known else ()
            self._types[action] = [kind for name in names if (kind := self._catalog.resource_type(prefix, name))]
        return self._types[action]

    def of(self, did: Did, meaning: Meaning, hints: Mapping[str, str]) -> dict[str, list[str]]:
        """Each action of the operation, as far as the request's parameters say, with its resources."""
        operation = meaning.operation
        name = (operation.service, operation.name) if operation else meaning.actions
        key = (*name, did.hint, _partition(did), did.region, did.account)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._needed(did, meaning, hints)
        return found

    def _needed(self, did: Did, meaning: Meaning, hints: Mapping[str, str]) -> dict[str, list[str]]:
        operation = meaning.operation
        if operation is None:
            return {action: [] for action in meaning.actions}
        arguments: dict[str, Any] = {}
        for path in meaning.unread:
            _put(arguments, path, Text.unknown("the log does not show it"))
        for name, path in meaning.parameters:
            value = hints.get(name.removesuffix(PRESENT), "")
            if value:
                _put(arguments, path, Text.of(value))
        call = SdkCall(operation.service, operation.name, arguments, Place(""), (), "log")
        pseudo = {"AWS::Partition": _partition(did), "AWS::Region": did.region, "AWS::AccountId": did.account}
        found: dict[str, list[str]] = {}
        for permission in require(call, self._catalog):
            found.setdefault(permission.action, []).extend(_shown(one.arn, pseudo) for one in permission.resources)
        return found


def _resources(did: Did, types: list[ResourceType], named: list[str]) -> list[tuple[str, Evidence]]:
    """The resources of an action: what the record lists, if the action can be on it, else all that parameters name."""
    if did.resource and any(_names(kind, did.resource) is not None for kind in types):
        # An index of a table, a version of a function: the record lists the whole, a parameter names the part.
        parts = dict.fromkeys(arn for arn in named if arn.startswith((f"{did.resource}/", f"{did.resource}:")))
        return [(arn, Evidence.RESOURCE) for arn in parts or (did.resource,)]
    fitting = [arn for arn in named if arn != "*" and any(_names(kind, arn) is not None for kind in types)]
    said = dict.fromkeys(arn for arn in fitting if any(_names(kind, arn) for kind in types))
    if said:
        return [(arn, Evidence.PARAMETER) for arn in said]
    return [((fitting or ["*"])[0], Evidence.EVENT)]


def _own(did: Did, types: list[ResourceType], operation: Operation | None, hints: Mapping[str, str]) -> Iterator[str]:
    """The user that asks, where IAM takes him for the one that the request does not name: ``GetUser``
    (https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetUser.html)."""
    if ":user/" not in did.principal or operation is None or operation.service != "iam":
        return
    if "userName" not in hints and "UserName" not in operation.required and [one.name for one in types] == ["user"]:
        yield did.principal


def _arns(hints: Mapping[str, str]) -> Iterator[str]:
    """Parameters that are whole ARNs."""
    return (value for value in hints.values() if value.startswith("arn:"))


_OF_A_FOLDER = ("BucketName", "TableName")
"""Variables of ARNs whose values hold no slash: what follows one is another resource's name."""


def _names(kind: ResourceType, arn: str) -> str | None:
    """What an ARN says of the names that a resource type's form asks for; None where it cannot be of that type."""
    found = _expression(kind.arn).fullmatch(arn)
    return None if found is None else "".join(found.groups("")).strip("*:/?")


@lru_cache(maxsize=4096)
def _expression(form: str) -> re.Pattern[str]:
    """For the ARNs of a form; its groups are the names."""
    expression = ""
    for number, piece in enumerate(re.split(r"\$\{([^}]*)\}", form)):
        if number % 2 == 0:
            expression += re.escape(piece)
        elif piece in PSEUDO:
            expression += "[^:]*"
        else:
            expression += "([^/]*)" if piece in _OF_A_FOLDER else "(.*)"
    return re.compile(expression, re.DOTALL)


def _partition(did: Did) -> str:
    fields = did.principal.split(":", 2)
    return fields[1] if len(fields) == 3 and fields[0] == "arn" and fields[1] else "aws"


def _shown(arn: Text, pseudo: Mapping[str, str]) -> str:
    """The ARN as a pattern: a part that no parameter names is ``*``."""

    def part(one: object) -> str:
        if isinstance(one, Literal):
            return one.value
        return (pseudo.get(one.name) or "*") if isinstance(one, Pseudo) else "*"

    return re.sub(r"\*{2,}", "*", "".join(map(part, arn.parts)))


def _put(arguments: dict[str, Any], path: str, value: Argument) -> None:
    """Put a value where a path says: ``Delete.Objects[].Key``, ``RequestItems.*``."""
    steps = path.split(".")
    holder: Any = arguments
    for number, step in enumerate(steps):
        name, is_list = step.removesuffix("[]"), step.endswith("[]")
        if name == "*":
            holder[str(value)] = {}
            return
        if number == len(steps) - 1:
            holder[name] = (value,) if is_list else value
            return
        inner: dict[str, Any] = {}
        present = holder.get(name)
        if isinstance(present, tuple) and present and isinstance(present[0], dict):
            inner = present[0]
        elif isinstance(present, dict):
            inner = present
        else:
            holder[name] = (inner,) if is_list else inner
        holder = inner
