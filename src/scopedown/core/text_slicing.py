"""Cutting symbolic text: at known characters only, so that nothing is lost of what is not known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar, assert_never

from scopedown.core.text import ANY, AnyText, Att, EnvVar, ImportValue, Literal, Param, Part, Pseudo, Ref, Text, Unknown

Item = TypeVar("Item")


def is_arn(text: Text) -> bool:
    """Whether a text is surely an ARN or, of something outside the code, says in its name that it is one."""
    if not text.parts:
        return False
    match first := text.parts[0]:
        case Literal(value):
            return value.startswith("arn:")
        case Att(_, name):
            return name.endswith("Arn")
        case Param(name) | EnvVar(name, _):
            return len(text.parts) == 1 and name.lower().endswith("arn")
        case ImportValue(name=name):
            return len(text.parts) == 1 and (last_literal(name) or "").lower().endswith("arn")
        case Ref() | Pseudo() | AnyText() | Unknown():
            return False
        case _:
            assert_never(first)


def service_in(arn: Text) -> str:
    """The service of an ARN of which other fields may be open (``arn:${AWS::Partition}:sqs:…``); empty where it is not
    known."""
    fields = split(arn, ":", 3)
    return fields[2].literal or "" if len(fields) == 4 and fields[0].literal == "arn" else ""


def split(text: Text, separator: str, limit: int = -1) -> list[Text]:
    """``text`` at each ``separator`` among its known characters, at most ``limit`` times."""
    pieces: list[list[Part | str]] = [[]]
    for part in text.parts:
        if not isinstance(part, Literal):
            pieces[-1].append(part)
            continue
        room = -1 if limit < 0 else limit - (len(pieces) - 1)
        first, *rest = part.value.split(separator, room) if room else [part.value]
        pieces[-1].append(first)
        pieces.extend([piece] for piece in rest)
    return [Text.of(*piece) for piece in pieces]


def strip_prefix(text: Text, prefix: str) -> Text:
    """``text`` without ``prefix`` where it is known to start with it."""
    if text.parts and isinstance(first := text.parts[0], Literal) and first.value.startswith(prefix):
        return Text.of(first.value.removeprefix(prefix), *text.parts[1:])
    return text


def last_literal(text: Text) -> str | None:
    """The known characters that a text ends in, or None."""
    return last.value if text.parts and isinstance(last := text.parts[-1], Literal) else None


def starts(text: Text, prefix: str) -> bool:
    """Whether a text surely starts with ``prefix``."""
    return bool(text.parts) and isinstance(first := text.parts[0], Literal) and first.value.startswith(prefix)


class Prefixes(Generic[Item]):
    """Items by texts that others may begin with, to be found without a look at each of them."""

    def __init__(self) -> None:
        self._items: list[Item] = []
        self._literals: dict[int, dict[str, Prefixes[Item]]] = {}
        """What follows known characters, by their length and by themselves."""
        self._parts: dict[Part, Prefixes[Item]] = {}

    def add(self, prefix: Text, item: Item) -> None:
        """Keep an item under a text."""
        at = self
        for part in prefix.parts:
            if isinstance(part, Literal):
                at = at._literals.setdefault(len(part.value), {}).setdefault(part.value, Prefixes())
            else:
                at = at._parts.setdefault(part, Prefixes())
        at._items.append(item)

    def of(self, text: Text) -> Iterator[tuple[Item, Text]]:
        """The items whose texts this one begins with, each with what follows (as :func:`after`); short ones first."""
        ways: list[tuple[Prefixes[Item], tuple[Part, ...]]] = [(self, text.parts)]
        while ways:
            at, parts = ways.pop(0)
            yield from ((item, Text.of(*parts)) for item in at._items)
            if not parts:
                continue
            first, rest = parts[0], parts[1:]
            if not isinstance(first, Literal):
                if first in at._parts:
                    ways.append((at._parts[first], rest))
                continue
            for length, known in at._literals.items():
                if (found := known.get(first.value[:length])) is not None:
                    left = first.value[length:]
                    ways.append((found, (Literal(left), *rest) if left else rest))


def after(text: Text, prefix: Text) -> Text | None:
    """What follows ``prefix`` in ``text``, or None where the text does not surely begin with it."""
    parts = list(text.parts)
    for want in prefix.parts:
        if not parts:
            return None
        first = parts.pop(0)
        if isinstance(first, Literal) and isinstance(want, Literal) and first.value.startswith(want.value):
            if rest := first.value.removeprefix(want.value):
                parts.insert(0, Literal(rest))
        elif first != want:
            return None
    return Text.of(*parts)


def with_any(pattern: str) -> Text:
    """A pattern as text: any text for each ``*``.

    >>> str(with_any("table/*"))
    'table/*'
    """
    pieces: list[str | Part] = []
    for piece in pattern.split("*"):
        pieces += [piece, ANY]
    return Text.of(*pieces[:-1])
