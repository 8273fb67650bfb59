"""Unified diffs: applied to the old text, each gives the new one, for short and for long files."""

from __future__ import annotations

import difflib
import random
import re

import pytest

from scopedown.emit.diff import diff


def text(lines: list[str], ends: bool = True) -> bytes:
    return ("\n".join(lines) + ("\n" if ends and lines else "")).encode()


def applied(old: bytes, lines: list[str]) -> bytes:
    """The old text with a diff's changes, each of which has to fit."""
    before, after, at = old.decode().splitlines(), "", 0
    for number, line in enumerate(lines[2:], 2):
        hunk = re.fullmatch(r"@@ -(\d+)(?:,(\d+))? \+\d+(?:,\d+)? @@", line)
        newline = "" if number + 1 < len(lines) and lines[number + 1].startswith("\\") else "\n"
        if hunk is not None:
            start = int(hunk[1]) - (0 if hunk[2] == "0" else 1)
            after += "".join(f"{one}\n" for one in before[at:start])
            at = start
        elif line[0] in " -":
            assert before[at] == line[1:]
            at += 1
        if line[0] in " +":
            after += line[1:] + newline
    rest = before[at:]
    return (after + "\n".join(rest) + ("\n" if rest and old.endswith(b"\n") else "")).encode()


def changed(lines: list[str], alphabet: list[str], draw: random.Random) -> list[str]:
    found = [*lines]
    for _ in range(draw.randrange(1, 8)):
        at = draw.randrange(len(found) + 1)
        found[at : at + draw.randrange(3)] = draw.choices(alphabet, k=draw.randrange(3))
    return found


@pytest.mark.parametrize("length", [0, 1, 30, 1_500])
@pytest.mark.parametrize("kinds", [2, 40, 3_000])
def test_a_diff_makes_the_new_text_of_the_old_one(length: int, kinds: int) -> None:
    draw = random.Random(f"{length} {kinds}")
    alphabet = [f"line {number}" for number in range(kinds)]
    for _ in range(20 if length < 1_000 else 4):
        old = draw.choices(alphabet, k=length)
        new = changed(old, alphabet, draw)
        before, after = text(old, draw.random() < 0.7), text(new, draw.random() < 0.7)
        lines = [*diff("a.yml", before, after)]
        assert (applied(before, lines) if lines else before) == after


def test_a_short_file_has_the_diff_of_the_standard_library() -> None:
    old, new = [f"line {number % 7}" for number in range(60)], [f"line {number % 7}" for number in range(3, 58)]
    made = difflib.unified_diff(text(old).decode().splitlines(True), text(new).decode().splitlines(True), "a/x", "b/x")
    assert [*diff("x", text(old), text(new))] == [line.rstrip("\n") for line in made]


def test_lines_that_come_once_part_a_long_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def file(size: int, what: str) -> bytes:
        return text([line for number in range(size) for line in (f"work{number}:", f"  {what}", "  same")])

    compared: list[int] = []

    class Counting(difflib.SequenceMatcher):  # type: ignore[type-arg]
        def find_longest_match(self, alo: int, ahi: int, blo: int, bhi: int) -> difflib.Match:  # type: ignore[override]
            compared.append((ahi - alo) * (bhi - blo))
            return super().find_longest_match(alo, ahi, blo, bhi)

    monkeypatch.setattr("scopedown.emit.diff.difflib.SequenceMatcher", Counting)
    work = []
    for size in (500, 2_000):
        compared.clear()
        assert len([*diff("x", file(size, "old"), file(size, "new"))]) == 4 * size + 3
        work.append(sum(compared))
    assert work[1] < 5 * work[0]


def test_a_file_that_stays_has_no_diff() -> None:
    for size in (3, 3_000):
        same = text([f"line {number}" for number in range(size)])
        assert [*diff("x", same, same)] == []
