"""Parts of values: the items of a collection, an attribute, an index.

Reference: https://developer.hashicorp.com/terraform/language/expressions/references
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from scopedown.core.digits import is_count
from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.documents.nodes import MapNode
from scopedown.project.terraform.values import Encoded, Missing, Object, is_unknown, missing

MAX_ITEMS: Final = 10_000
"""Items of one list or map that is worked out."""


def pairs(value: Any) -> list[tuple[Any, Any]] | None:
    """The keys (or indices) and items of a collection; None where they are not known."""
    if isinstance(value, Mapping):
        return list(value.items())[:MAX_ITEMS]
    if isinstance(value, list):
        return list(enumerate(value))[:MAX_ITEMS]
    return [] if value is None else None


def attribute(value: Any, name: str, place: Place) -> Any:
    """``value.name``."""
    if isinstance(value, Mapping):
        return value[name] if name in value else missing(f"there is no attribute {name}", place)
    if isinstance(value, list):
        if is_count(name):
            return indexed(value, int(name[:9]), place)
        if len(value) == 1 and isinstance(value[0], MapNode):  # a block that stands once, as one writes it before 0.12
            return attribute(value[0], name, place)
        return missing(f"a list has no attribute {name}", place)
    if is_unknown(value):
        return value
    if isinstance(value, Object) and not isinstance(value, Text | Encoded):
        return value.attribute(name)
    return missing(f"there is no attribute {name}", place)


def indexed(value: Any, key: Any, place: Place) -> Any:
    """``value[key]``."""
    if is_unknown(value):
        return value
    if isinstance(value, list):
        if isinstance(key, str) and is_count(key):
            key = int(key[:9])
        if isinstance(key, int) and not isinstance(key, bool):
            return value[key] if 0 <= key < len(value) else missing(f"the list has no item {key}", place)
        return _one_of(value, place)
    if isinstance(value, Mapping):
        if isinstance(key, str | int) and not isinstance(key, bool):
            return value[str(key)] if str(key) in value else missing(f"there is no key {key}", place)
        return _one_of(list(value.values()), place)
    if isinstance(value, Object) and isinstance(key, str) and not isinstance(value, Text):
        return value.attribute(key)
    if isinstance(value, Object) and key == 0 and not isinstance(value, Text):
        return value  # a resource with a count that is not known
    return missing("the value has no items", place)


def _one_of(items: list[Any], place: Place) -> Any:
    """An item whose key is not known: the only one, or unknown."""
    if len(items) == 1:
        return items[0]
    return Text.unknown("the key is known only after apply", place)


def is_missing(value: Any) -> bool:
    """Whether a value is not there at all."""
    return isinstance(value, Missing)


def items_in(value: Any) -> Iterator[Any]:
    """The items of a list, or the value itself; nothing for null."""
    if isinstance(value, list):
        yield from value
    elif value is not None:
        yield value
