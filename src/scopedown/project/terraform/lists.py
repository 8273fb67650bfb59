"""Terraform's built-in functions of lists and sets, where an item may be known only after apply.

An unknown item is never dropped: a function gives what holds whatever the item is, an :class:`~.values.Uncounted` list,
or raises ValueError (the caller then gives an unknown value).
Reference: https://developer.hashicorp.com/terraform/language/functions
"""

from __future__ import annotations

from typing import Any

from scopedown.core.place import Place
from scopedown.core.text import Text, Unknown
from scopedown.documents.nodes import ListNode
from scopedown.project.terraform.access import MAX_ITEMS
from scopedown.project.terraform.values import (
    SetNode,
    Uncounted,
    UncountedSet,
    holds_text,
    is_unknown,
    list_of,
    uncounted_list,
)


def concat(arguments: list[Any], place: Place) -> Any:
    """``concat``: a list that is not known is one item that is not known."""
    if sum(len(one) for one in arguments if isinstance(one, list)) > MAX_ITEMS:
        return Text.unknown(f"the lists hold more than {MAX_ITEMS} items", place)
    uncounted = any(isinstance(one, Text | Uncounted) for one in arguments)
    found = Uncounted(None, place) if uncounted else ListNode(None, place)
    for one in arguments:
        if isinstance(one, list):
            found += one
            found.items_at += one.items_at if isinstance(one, ListNode) else [place] * len(one)
        elif one is not None:
            found.append(one)
            found.items_at.append(place)
    return found


def distinct(arguments: list[Any], place: Place) -> Any:
    """``distinct``: an item that is not known stays; whether it is what another is, nobody knows."""
    if not isinstance(arguments[0], list):
        return arguments[0]
    found: list[Any] = []
    seen: set[str] = set()
    uncounted = isinstance(arguments[0], Uncounted)
    for item in arguments[0]:
        if holds_text(item, unknown=True):
            uncounted = uncounted or len(arguments[0]) > 1
            found.append(item)
        elif (key := repr(item)) not in seen:
            seen.add(key)
            found.append(item)
    return _listed(found, uncounted, place)


def as_set(arguments: list[Any], place: Place) -> Any:
    """``toset``."""
    value = distinct(arguments, place)
    if not isinstance(value, list):
        return value
    found = UncountedSet(value, place) if isinstance(value, Uncounted) else SetNode(value, place)
    found.items_at = [place] * len(value)
    return found


def compact(arguments: list[Any], place: Place) -> Any:
    """``compact``: an item of which nothing is known stays; it may be empty."""
    if not isinstance(arguments[0], list):
        return arguments[0]
    found = [item for item in arguments[0] if item not in (None, "")]
    uncounted = isinstance(arguments[0], Uncounted) or any(
        isinstance(item, Text) and all(isinstance(part, Unknown) for part in item.parts) for item in found
    )
    return _listed(found, uncounted, place)


def flatten(arguments: list[Any], place: Place) -> Any:
    """``flatten``: an item that is not known stays; it may be a list."""
    if is_unknown(arguments[0]):
        return arguments[0]
    found: list[Any] = []
    waiting = [arguments[0]]
    uncounted = False
    while waiting:
        item = waiting.pop()
        if isinstance(item, list):
            uncounted = uncounted or isinstance(item, Uncounted)
            waiting += reversed(item)
        else:
            uncounted = uncounted or is_unknown(item)
            found.append(item)
        if len(found) > MAX_ITEMS:
            return Text.unknown(f"the lists hold more than {MAX_ITEMS} items", place)
    return _listed(found, uncounted, place)


def product(arguments: list[Any], place: Place) -> Any:
    """``setproduct``."""
    found: list[list[Any]] = [[]]
    for one in arguments:
        if len(found) * len(one) > MAX_ITEMS:
            return Text.unknown("setproduct gives too many items", place)
        found = [[*row, item] for row in found for item in one]
    uncounted = any(isinstance(one, Uncounted) for one in arguments)
    return _listed([list_of(row, place) for row in found], uncounted, place)


def one(arguments: list[Any], place: Place) -> Any:
    """``one``."""
    items = arguments[0]
    if isinstance(items, Uncounted):
        raise ValueError
    if isinstance(items, list):
        return items[0] if len(items) == 1 else None if not items else Text.unknown("one of several items", place)
    return items


def contains(arguments: list[Any], place: Place) -> Any:
    """``contains``."""
    items = arguments[0]
    if arguments[1] in items:
        return True
    if holds_text(items) or holds_text(arguments[1]):
        raise ValueError
    return False


def index(arguments: list[Any], place: Place) -> Any:
    """``index``: not known behind an item that is not."""
    found = arguments[0].index(arguments[1])
    if holds_text(arguments[0][:found]):
        raise ValueError
    return found


def intersection(arguments: list[Any], place: Place) -> Any:
    """``setintersection``."""
    if all(arguments) and holds_text(arguments):
        raise ValueError
    return list_of([item for item in arguments[0] if all(item in other for other in arguments[1:])], place)


def subtract(arguments: list[Any], place: Place) -> Any:
    """``setsubtract``."""
    if not arguments[1]:
        return arguments[0]
    if arguments[0] and holds_text(arguments):
        raise ValueError
    return list_of([item for item in arguments[0] if item not in arguments[1]], place)


def all_true(arguments: list[Any], place: Place) -> bool:
    """``alltrue``: one item that is false decides."""
    truths = _truths(arguments[0])
    if None in truths and False not in truths:
        raise ValueError
    return False not in truths


def any_true(arguments: list[Any], place: Place) -> bool:
    """``anytrue``: one item that is true decides."""
    truths = _truths(arguments[0])
    if None in truths and True not in truths:
        raise ValueError
    return True in truths


def _truths(items: Any) -> set[bool | None]:
    """What conditions are; None for one that is known only after apply. Null counts as false."""
    if not isinstance(items, list):
        raise TypeError
    known: dict[Any, bool] = {True: True, "true": True, False: False, "false": False, None: False}
    return {known.get(item) if item is None or isinstance(item, bool | str) else None for item in items}


def _listed(items: list[Any], uncounted: bool, place: Place) -> ListNode:
    return uncounted_list(items, place) if uncounted else list_of(items, place)
