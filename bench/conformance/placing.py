"""Puts a call into the places of a compiled program: all at once, less those that the compiler refuses.

Nothing that is put in has an end of a line, so that a line of the compiler's errors is a line of the test.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

Edit = tuple[int, int, str]
"""The bytes from a start to an end, and what is put in their place."""
ROUNDS = 8
"""How often a program is compiled, each time without the places that failed."""
PLACES = 40
"""Places of a test that are tried, drawn by the seed."""


class Node(Protocol):
    """What is used of a node of tree-sitter."""

    type: str
    start_byte: int
    end_byte: int


@dataclass(frozen=True)
class Place:
    """A place for a call: ``before`` and ``after`` are put around the bytes from ``start`` to ``end``.

    ``%s`` in ``before`` or ``after`` is the call. ``instead`` takes the place of the bytes themselves.
    """

    start: int
    end: int
    before: str
    after: str = ""
    instead: str | None = None


@dataclass(frozen=True)
class Ran:
    """What became of a program: the lines, from 1, that the compiler refused, or the calls that happened."""

    refused: frozenset[int] | None
    happened: frozenset[int] = field(default=frozenset())


def walked(root: Any, without: Container[str] = ()) -> Iterator[Any]:
    """A node of tree-sitter and what is in it, in the order of the text, but for nodes of some types."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.type not in without:
            yield node
            waiting += reversed(node.named_children)


def replaced(text: bytes, edits: Iterable[Edit]) -> str:
    """The text with what the edits put into it."""
    for start, end, words in sorted(edits, reverse=True):
        text = text[:start] + words.encode() + text[end:]
    return text.decode()


def edited(source: bytes, places: Iterable[tuple[Place, str]]) -> bytes:
    """The source with a call in each of the places."""
    pieces: list[tuple[int, int, int, bytes, int]] = []
    for place, call in places:
        size = place.end - place.start
        before = place.before.replace("%s", call).encode()
        after = place.after.replace("%s", call).encode()
        if place.instead is not None:
            pieces.append((place.start, 1, 0, place.instead.replace("%s", call).encode(), size))
            continue
        pieces.append((place.start, 1, -size, before, 0))
        if after:
            pieces.append((place.end, 0, size, after, 0))
    out, at = [], 0
    for start, _, _, text, skipped in sorted(pieces, key=lambda piece: piece[:3]):
        if start < at:
            continue
        out += [source[at:start], text]
        at = start + skipped
    return b"".join([*out, source[at:]])


def reached(
    source: bytes,
    places: Sequence[Place],
    seed: str,
    mark: Callable[[int], str],
    run: Callable[[bytes], Ran],
) -> tuple[Place | None, str]:
    """A place whose call happens, drawn by the seed, or the reason why there is none."""
    if not places:
        return None, "no place for the form"
    drawn = random.Random(seed)
    left = list(places) if len(places) <= PLACES else drawn.sample(list(places), PLACES)
    for _ in range(ROUNDS):
        ran = run(edited(source, [(place, mark(number)) for number, place in enumerate(left)]))
        if ran.refused is None:
            happened = [place for number, place in enumerate(left) if number in ran.happened]
            return (drawn.choice(happened), "") if happened else (None, "the call does not happen")
        kept = [place for place in left if not _lines(source, place) & ran.refused]
        left = kept if len(kept) < len(left) else drawn.sample(left, len(left) // 2)
        if not left:
            break
    return None, "the compiler refuses the call" if run(source).refused is None else "does not compile alone"


def _lines(source: bytes, place: Place) -> set[int]:
    ends = (place.start, place.end)
    return {source.count(b"\n", 0, one) + 1 for one in ends}
