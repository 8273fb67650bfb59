"""A change of a file as a unified diff."""

from __future__ import annotations

import difflib
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

_LONG: Final = 2_000
"""Lines of both files from which on they are compared part by part: the whole takes time with the square of them."""
_Opcode = tuple[str, int, int, int, int]


def diff(name: str, before: bytes, after: bytes) -> Iterator[str]:
    """The lines of a diff, without line ends."""
    old, new = (one.decode("utf-8-sig").splitlines(keepends=True) for one in (before, after))
    hunks = _hunks(old, new)
    if hunks:
        yield from (f"--- a/{name}", f"+++ b/{name}")
    for hunk in hunks:
        (_, old_start, _, new_start, _), (_, _, old_end, _, new_end) = hunk[0], hunk[-1]
        yield f"@@ -{_range(old_start, old_end)} +{_range(new_start, new_end)} @@"
        for tag, old_from, old_to, new_from, new_to in hunk:
            gone, come = old[old_from:old_to], new[new_from:new_to]
            marked = [(" ", gone)] if tag == "equal" else [("-", gone), ("+", come)]
            for mark, lines in marked:
                for line in lines:
                    yield f"{mark}{line}".rstrip("\r\n")
                    if not line.endswith("\n"):
                        yield "\\ No newline at end of file"


def _range(start: int, end: int) -> str:
    """The lines of a hunk, as ``diff -u`` counts them (https://www.gnu.org/software/diffutils/manual/#Detailed-Unified)."""
    length = end - start
    return str(start + 1) if length == 1 else f"{start + 1 if length else start},{length}"


def _hunks(old: Sequence[str], new: Sequence[str]) -> list[list[_Opcode]]:
    """What differs, with three lines around it."""
    if old == new:
        return []
    if len(old) + len(new) < _LONG:
        return [*difflib.SequenceMatcher(None, old, new).get_grouped_opcodes()]
    return [*_Known(_opcodes(old, new)).get_grouped_opcodes()]


class _Known(difflib.SequenceMatcher[str]):
    """A comparison whose result is known."""

    def __init__(self, codes: list[_Opcode]) -> None:
        super().__init__()
        self._codes = codes

    def get_opcodes(self) -> Any:
        return self._codes


def _opcodes(old: Sequence[str], new: Sequence[str]) -> list[_Opcode]:
    """What differs, as :class:`difflib.SequenceMatcher` says it, between each two lines that surely stayed."""
    found: list[_Opcode] = []
    at, there = 0, 0
    for one, other in [*_kept(old, new), (len(old), len(new))]:
        matcher = difflib.SequenceMatcher(None, old[at:one], new[there:other])
        for tag, a, b, c, d in matcher.get_opcodes():
            found.append((tag, at + a, at + b, there + c, there + d))
        found += [("equal", one, one + 1, other, other + 1)] if one < len(old) else []
        at, there = one + 1, other + 1
    joined: list[_Opcode] = []
    for code in found:
        if joined and joined[-1][0] == code[0]:
            joined[-1] = (code[0], joined[-1][1], code[2], joined[-1][3], code[4])
        else:
            joined.append(code)
    return joined


def _kept(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """The lines that are in both files once, by their numbers there: as many as come in the same order in both."""
    places = {line: number for number, line in enumerate(new)}
    counts, new_counts = Counter(old), Counter(new)
    pairs = [
        (number, places[line])
        for number, line in enumerate(old)
        if counts[line] == 1 and new_counts.get(line) == 1
    ]  # fmt: skip
    ends: list[int] = []  # by its length, where in the new file the sequence ends that ends first
    heads: list[int] = []
    before: list[int] = []
    for index, (_, place) in enumerate(pairs):
        length = bisect_left(ends, place)
        before.append(heads[length - 1] if length else -1)
        ends[length : length + 1] = [place]
        heads[length : length + 1] = [index]
    found, index = [], heads[-1] if heads else -1
    while index >= 0:
        found.append(pairs[index])
        index = before[index]
    return found[::-1]
