"""The translator's copies of an API's OpenAPI document, made in proportion to what an event changes.

For every event the translator copies the document of the event's API twice (``SwaggerEditor`` and ``OpenApiEditor`` of
aws-sam-translator 1.115: ``__init__`` and the property that returns the document), changes the one path of the event,
and forgets the document that it copied: for hundreds of events most of its time. Here the new document has the parts
of the old one's paths of which a copy would be no other: nothing was added to them, and their keys come in the same
order. The order is that of Python 2's dictionaries, which a copy may change, and the logical id of an API's deployment
is a hash over it.

Such a document is not apart from the old one where an event is refused after it has changed a path that it shares
with others: a template of which something is refused is translated again, with whole copies (:mod:`.engine`).
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

from samtranslator.open_api import open_api
from samtranslator.swagger import swagger
from samtranslator.utils.py27hash_fix import Py27Dict

_PATHS: Final = "paths"


class Copies:
    """The parts of path items that need no copy, in one translation."""

    def __init__(self) -> None:
        self._settled: dict[int, tuple[Any, Any]] = {}
        """Parts by their identity, each with its shape; they are kept so that no other object takes their identity."""

    def of(self, document: Any) -> Any:
        """A document that can be changed without a change of the given one, as far as that is used again."""
        if type(document) is not Py27Dict or type(document.get(_PATHS)) is not Py27Dict:
            return copy.deepcopy(document)
        paths = document[_PATHS]
        memo: dict[int, Any] = {}
        made = _emptied(paths, memo)
        for path, item in dict.items(paths):
            dict.__setitem__(made, path, self._copied(item, memo)[0])
        memo[id(paths)] = made
        return copy.deepcopy(document, memo)

    def _copied(self, node: Any, memo: dict[int, Any]) -> tuple[Any, bool]:
        """A copy of a part, or the part itself; and whether one more copy would be the same."""
        if type(node) is not Py27Dict or id(node) in memo:
            made = copy.deepcopy(node, memo)
            return made, _is_alike(node, made)
        known, shape = self._settled.get(id(node), (None, None))
        if known is node and shape == _shape(node):
            return node, True
        made = memo[id(node)] = _emptied(node, memo)
        is_settled = _has_same_slots(node, made)
        for key, value in dict.items(node):
            one, is_same = self._copied(value, memo)
            dict.__setitem__(made, key, one)
            is_settled &= is_same
        if is_settled:
            self._settled[id(made)] = made, _shape(made)
        return made, is_settled


def _emptied(node: Any, memo: dict[int, Any]) -> Any:
    """A copy of a dictionary with the order of its keys, and none of its values yet."""
    made = Py27Dict.__new__(Py27Dict)
    for name, value in vars(node).items():
        setattr(made, name, copy.deepcopy(value, memo))
    return made


def _shape(node: Any) -> Any:
    """How many keys and items are in a tree, level by level: another shape where something was added to it."""
    below = dict.values(node) if isinstance(node, dict) else node
    return len(node), *[_shape(one) for one in below if isinstance(one, dict | list)]


def _is_alike(before: Any, after: Any) -> bool:
    """Whether a copy of a tree has its keys in the same slots as the tree, so that one more copy would be the same."""
    if isinstance(before, list):
        return all(map(_is_alike, before, after))
    if type(before) is not Py27Dict:
        return not isinstance(before, dict)
    return _has_same_slots(before, after) and all(map(_is_alike, dict.values(before), dict.values(after)))


def _has_same_slots(before: Any, after: Any) -> bool:
    one, other = before.keylist, after.keylist
    return bool(one.keyorder == other.keyorder and (one.mask, one.fill) == (other.mask, other.fill))


_copies: ContextVar[Copies | None] = ContextVar("copies", default=None)


@contextmanager
def short_copies() -> Iterator[None]:
    """While one template is translated: copies by :class:`Copies`."""
    token = _copies.set(Copies())
    try:
        yield
    finally:
        _copies.reset(token)


def _copied(document: Any) -> Any:
    copies = _copies.get()
    return copy.deepcopy(document) if copies is None else copies.of(document)


open_api._deepcopy = swagger._deepcopy = _copied
