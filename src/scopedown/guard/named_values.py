"""The texts of a request, wherever they are: in its members, in maps, in JSON or YAML that a member holds as text.

In: a request's parameters with botocore's model of them. Out: each text with the names that lead to it. A name of the
model (a member of a structure) is told apart from a key that the caller chose (of a map, in a JSON text): rules about
names may only hold for the first, or a caller could choose a key that hides a value.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml
from botocore.exceptions import UnknownServiceError
from botocore.model import OperationNotFoundError
from moto.core.model import ListShape, MapShape, Shape, StructureShape
from moto.core.utils import get_service_model

from scopedown.guard.context import ApiCall

_DEEPEST = 40
_LONGEST = 4_000_000
"""Characters of a text that is read as JSON or YAML."""
_STATEMENT = frozenset(
    {"Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"}
)
_YAML = frozenset({"apigateway", "apigatewayv2"})
"""Services that take a definition as YAML
(https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api.html)."""


@dataclass(frozen=True, slots=True)
class Named:
    """A text, and the model's names that lead to it, without positions in lists and keys that the caller chose."""

    text: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Excluded:
    """Members that are not looked into: paths from the request, and names (small letters) anywhere."""

    paths: frozenset[tuple[str, ...]] = frozenset()
    names: frozenset[str] = frozenset()

    def has(self, members: tuple[str, ...]) -> bool:
        """Whether the member at the end of this path is one of them."""
        return members in self.paths or members[-1].lower() in self.names


def texts(call: ApiCall, leaves_out: Excluded) -> Iterator[Named]:
    """Every text of a request, but those of members that ``leaves_out`` names."""
    shape = input_shape(call.service, call.operation)
    yield from _walk(call.parameters, shape, (), leaves_out, call.service in _YAML)


@lru_cache(1024)
def input_shape(service: str, operation: str) -> Shape | None:
    """botocore's model of an operation's parameters; None where it has none."""
    try:
        shape: Shape | None = get_service_model(service).operation_model(operation).input_shape
    except (UnknownServiceError, OperationNotFoundError):
        return None
    return shape


def _walk(
    value: Any, shape: Shape | None, members: tuple[str, ...], leaves_out: Excluded, is_yaml: bool, depth: int = 0
) -> Iterator[Named]:
    if depth > _DEEPEST or not isinstance(shape, StructureShape | ListShape | MapShape):
        yield from _below(value, members, is_yaml)
    elif isinstance(value, list | tuple):
        of_item = shape.member if isinstance(shape, ListShape) else None
        for one in value:
            yield from _walk(one, of_item, members, leaves_out, is_yaml, depth + 1)
    elif isinstance(value, Mapping) and isinstance(shape, StructureShape):
        for name, one in value.items():
            path = (*members, str(name))
            if not leaves_out.has(path):
                yield from _walk(one, shape.members.get(str(name)), path, leaves_out, is_yaml, depth + 1)
    elif isinstance(value, Mapping) and isinstance(shape, MapShape):
        for name, one in value.items():
            yield from _below(str(name), members)
            yield from _walk(one, shape.value, members, leaves_out, is_yaml, depth + 1)
    else:
        yield from _below(value, members, is_yaml)


def _below(value: Any, members: tuple[str, ...], is_yaml: bool = False) -> Iterator[Named]:
    """The texts of a value of which no model tells names: of a text, and of what is written in it."""
    waiting, seen = [value], set[int]()
    while waiting:
        one = waiting.pop()
        if isinstance(one, bytes) and (is_yaml or one.lstrip()[:1] in (b"{", b"[")):
            one = one.decode(errors="replace")  # a definition; other blobs (archives, images) are no text
        if isinstance(one, str):
            written = _written(one, is_yaml)
            if written is None:
                yield Named(one, members)
            else:
                waiting.append(written)
        elif isinstance(one, Mapping | list | tuple) and id(one) not in seen:  # YAML names a part again by an alias
            seen.add(id(one))
            if isinstance(one, Mapping):
                waiting += [str(name) for name in one]
                waiting += [_without_policy(below) if name == "Statement" else below for name, below in one.items()]
            else:
                waiting += one


def _without_policy(statements: Any) -> list[Any]:
    """The statements of a policy are left out: whom they name, nobody passes. What only looks like one stays."""
    given = statements if isinstance(statements, list) else [statements]
    return [one for one in given if not _is_statement(one)]


def _is_statement(one: Any) -> bool:
    return isinstance(one, Mapping) and one.get("Effect") in ("Allow", "Deny") and one.keys() <= _STATEMENT


def _written(text: str, is_yaml: bool) -> Any:
    """What a text says as JSON, or as YAML where the service takes it; None where it is neither."""
    if len(text) > _LONGEST or not (is_yaml or text.lstrip()[:1] in ("{", "[")):
        return None
    try:
        return _container(json.loads(text, object_pairs_hook=_pairs))
    except (ValueError, RecursionError):
        pass
    try:
        return _container(yaml.load(text, Loader=yaml.CSafeLoader)) if is_yaml else None
    except (yaml.YAMLError, ValueError, RecursionError):
        return None


def _pairs(given: list[tuple[str, Any]]) -> Any:
    """A JSON object; one that has a key twice as a list of all that it says, of which nobody knows what counts."""
    found = dict(given)
    return found if len(found) == len(given) else [part for pair in given for part in pair]


def _container(read: Any) -> Any:
    return read if isinstance(read, Mapping | list) else None
