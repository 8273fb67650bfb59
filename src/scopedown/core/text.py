"""Symbolic text: the one type for text that may not be fully known.

Names, ARNs and environment values are often known only in part: ``table-${stage}``, a ``Ref`` to
a declared table, an environment variable, something that arrives with the event. A
:class:`Text` is a tuple of parts that says exactly what is known and why the rest is not.
Nothing here turns silently into ``*``: that is the emitter's decision, and it reports it.

>>> Text.of("arn:", Pseudo("AWS::Partition"), ":s3:::", Ref("Bucket"), "/", ANY)
Text('arn:${AWS::Partition}:s3:::${Bucket}/*')
>>> Text.of("a", "b").literal
'ab'
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from operator import is_
from typing import assert_never

from scopedown.core.place import Place


@dataclass(frozen=True, slots=True)
class Literal:
    """Characters that are known."""

    value: str


@dataclass(frozen=True, slots=True)
class Ref:
    """What CloudFormation's ``Ref`` returns for a resource declared in the project."""

    id: str


@dataclass(frozen=True, slots=True)
class Att:
    """What ``Fn::GetAtt`` returns for an attribute of a declared resource."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Pseudo:
    """A CloudFormation pseudo parameter, for instance ``AWS::Region``."""

    name: str


@dataclass(frozen=True, slots=True)
class Param:
    """A parameter of the template (``Ref`` to a declared CloudFormation parameter)."""

    name: str


@dataclass(frozen=True, slots=True)
class ImportValue:
    """``Fn::ImportValue``: an output of another stack, by its export name."""

    name: Text


@dataclass(frozen=True, slots=True)
class EnvVar:
    """The value of an environment variable at run time, not yet bound to the project."""

    name: str
    default: Text | None = None


@dataclass(frozen=True, slots=True)
class AnyText:
    """Any text at all, on purpose: the wildcard part of a pattern."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Text that could not be worked out; ``reason`` is what the user reads.

    Two unknowns are equal when their reasons are: the place is where to look, not what it is.
    """

    reason: str
    place: Place | None = None


Part = Literal | Ref | Att | Pseudo | Param | ImportValue | EnvVar | AnyText | Unknown

ANY = AnyText()


@dataclass(frozen=True, slots=True, repr=False)
class Text:
    """A sequence of parts; adjacent literals are merged and empty ones dropped."""

    parts: tuple[Part, ...] = ()

    @staticmethod
    def of(*items: str | Part | Text) -> Text:
        """Join strings, parts and texts into one normal form."""
        if len(items) == 1 and isinstance(only := items[0], Text):
            return only
        parts: list[Part] = []
        for item in items:
            if isinstance(item, str):
                new: Iterable[Part] = (Literal(item),)
            elif isinstance(item, Text):
                new = item.parts
            else:
                new = (item,)
            for part in new:
                if isinstance(part, Literal):
                    if not part.value:
                        continue
                    if parts and isinstance(last := parts[-1], Literal):
                        parts[-1] = Literal(last.value + part.value)
                        continue
                parts.append(part)
        return Text(tuple(parts))

    @staticmethod
    def unknown(reason: str, place: Place | None = None) -> Text:
        """A text of which nothing is known."""
        return Text((Unknown(reason, place),))

    @property
    def literal(self) -> str | None:
        """The whole text where every character is known, else None."""
        if not self.parts:
            return ""
        if len(self.parts) == 1 and isinstance(part := self.parts[0], Literal):
            return part.value
        return None

    @property
    def unknowns(self) -> tuple[Unknown, ...]:
        """The unknown parts, in order."""
        return tuple(part for part in self.parts if isinstance(part, Unknown))

    def has(self, *kinds: type) -> bool:
        """Whether a part is of one of these kinds."""
        return any(isinstance(part, kinds) for part in self.parts)

    def replace(self, change: Callable[[Part], str | Part | Text]) -> Text:
        """The text with every part put through ``change``; itself where that changes none."""
        parts = [change(part) for part in self.parts]
        return self if all(map(is_, parts, self.parts)) else Text.of(*parts)

    def __add__(self, other: str | Part | Text) -> Text:
        return Text.of(self, other)

    def __str__(self) -> str:
        return "".join(_show(part) for part in self.parts)

    def __repr__(self) -> str:
        return f"Text({str(self)!r})"


def _show(part: Part) -> str:
    """A part as people know it from ``Fn::Sub``; an unknown shows as ``*``."""
    match part:
        case Literal(value):
            return value
        case Ref(id):
            return f"${{{id}}}"
        case Att(id, name):
            return f"${{{id}.{name}}}"
        case Pseudo(name) | Param(name):
            return f"${{{name}}}"
        case ImportValue(name=text):
            return f"${{ImportValue {text}}}"
        case EnvVar(name, _):
            return f"${{env:{name}}}"
        case AnyText() | Unknown():
            return "*"
        case _:
            assert_never(part)
