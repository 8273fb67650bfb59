"""A policy as it is written: values with their places, whatever mistakes are in them.

:mod:`scopedown.iam.parse` stops at the first mistake of a document; here a document with mistakes is read whole.
A text that only a deployment completes (``!Sub``, ``${self:custom.x}``) has a character of Unicode's private use in the
place of each part that is open, the same for the same part: see :func:`is_known`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.documents.nodes import place_of, value_place
from scopedown.iam.document import value_text
from scopedown.iam.language import Tokens, is_token
from scopedown.iam.source import Node, Source
from scopedown.project.intrinsics import Scope, is_intrinsic, to_text

Scalar = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that a check finds: a sentence without a full stop, its place, and what tells it from the others of the
    same check and document whatever the lines are."""

    message: str
    place: Place
    about: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """A key of an object, where it is written, and its value."""

    key: str
    place: Place
    value: Value

    def found(self, message: str, about: str | None = None) -> Found:
        """What a check finds at the key; it is about the key by default."""
        return Found(message, self.place, self.key if about is None else about)


@dataclass(frozen=True, slots=True)
class Value:
    """A JSON value and where it begins. ``members`` are those of an object, ``items`` those of a list; None else."""

    place: Place
    scalar: Scalar = None
    members: tuple[Member, ...] | None = None
    items: tuple[Value, ...] | None = None

    @property
    def text(self) -> str | None:
        """The text that it is; None where it is none."""
        return self.scalar if isinstance(self.scalar, str) else None

    @property
    def listed(self) -> tuple[Value, ...]:
        """The items of a list, or the value itself."""
        return (self,) if self.items is None else self.items

    @property
    def shown(self) -> str:
        """A scalar as a message shows it."""
        return value_text(self.scalar)

    def found(self, message: str, about: str | None = None) -> Found:
        """What a check finds at the value; it is about the scalar by default."""
        return Found(message, self.place, self.shown if about is None else about)

    def get(self, key: str) -> Value | None:
        """The first member of that name, exactly as it is spelt."""
        return next((member.value for member in self.members or () if member.key == key), None)

    def plain(self) -> object:
        """What ``json.loads`` gives for it; of two equal keys the last."""
        if self.members is not None:
            return {member.key: member.value.plain() for member in self.members}
        return self.scalar if self.items is None else [item.plain() for item in self.items]


def is_known(text: str) -> bool:
    """Whether every character of a text is known before the deployment."""
    return text.isascii() or not any(map(is_token, text))


def of_json(node: Node, source: Source) -> Value:
    """The value of a JSON text that was read with places.

    >>> from scopedown.iam.source import read
    >>> source = Source('{"Effect": "Allow"}', "p.json")
    >>> of_json(read(source), source).get("Effect").place.column
    12
    """
    place = source.place(node.start) or Place(source.name)
    if node.pairs is not None:
        members = (
            Member(key, source.place(at) or place, of_json(value, source)) for key, at, value in node.pairs
        )  # fmt: skip
        return Value(place, members=tuple(members))
    if isinstance(node.value, list):
        return Value(place, items=tuple(of_json(item, source) for item in node.value))
    scalar = node.value
    assert scalar is None or isinstance(scalar, str | int | float | bool)
    return Value(place, scalar)


@dataclass(frozen=True, slots=True)
class Trees:
    """How trees of :mod:`scopedown.documents` become values. ``cut`` parts a text at what its file's tool fills in."""

    tokens: Tokens
    cut: Callable[[str], Text] = lambda text: Text.of(text)

    def value(self, tree: object, place: Place) -> Value:
        """The value of a tree; ``place`` is where it is, if the tree does not know."""
        place = place_of(tree) or place
        if isinstance(tree, Text) or is_intrinsic(tree):  # type: ignore[arg-type]
            return Value(place, self._open(to_text(tree, Scope())))  # type: ignore[arg-type]
        if isinstance(tree, Mapping):
            return Value(place, members=tuple(self._members(tree, place)))
        if isinstance(tree, list | tuple):
            items = (
                self.value(item, value_place(tree, at) or place)
                for at, whole in enumerate(tree)
                for item in branches(whole)
            )
            return Value(place, items=tuple(items))
        if isinstance(tree, str):
            return Value(place, self._open(self.cut(tree)))
        return Value(place, tree if tree is None or isinstance(tree, int | float | bool) else str(tree))

    def _members(self, tree: Mapping[object, object], place: Place) -> Iterator[Member]:
        for key, value in tree.items():
            at = place_of(tree, str(key)) or place
            name = self._open(self.cut(key)) if isinstance(key, str) else str(key)
            yield Member(name, at, self.value(value, value_place(tree, str(key)) or at))

    def _open(self, text: Text) -> str:
        """A text, with a character for each part that only the deployment knows."""
        return self.tokens.text(text, unknown_is_any=False)


def branches(tree: object) -> tuple[object, ...]:
    """Both values of an ``Fn::If`` that stands for an item of a list; ``AWS::NoValue`` is no item."""
    if isinstance(tree, Mapping) and len(tree) == 1:
        chosen = tree.get("Fn::If")
        if isinstance(chosen, list | tuple) and len(chosen) == 3:
            return (*branches(chosen[1]), *branches(chosen[2]))
        if tree.get("Ref") == "AWS::NoValue":
            return ()
    return (tree,)
