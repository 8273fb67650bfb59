"""What every language of ``bench/conformance`` gives: tests, and the programs that are made of them."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

HERE = Path(__file__).parent
TRIES = 6
"""Places of a test that are tried, in the order of the seed, until the call happens in one."""

NOT_HERE = frozenset(
    {
        "does not compile alone", "does not compile with this compiler", "does not return OK with this compiler",
        "fails or is skipped here by itself", "is for another machine",
    }
)  # fmt: skip
"""Causes by which a test does not run here even as it is, without a call in it."""
NO_FORM = frozenset(
    {"no place for the form", "no place for the form that is reached", "expects a failure", "expects a fatal error"}
)
"""Causes by which a test has no place for a call of the form. Any other cause is a limit of this harness."""

Test = TypeVar("Test")


@dataclass(frozen=True)
class Made:
    """What became of one test."""

    name: str
    text: str = ""
    """The program; empty where there is none."""
    dropped: str = ""
    """Why there is none."""


class Language(Protocol):
    """One language's suite of tests."""

    name: str
    forms: Sequence[str]
    suffix: str
    runtime: str

    def made(self, suite: Path, form: str, limit: int | None, seed: int) -> Iterator[Made]:
        """The programs of at most ``limit`` tests, with the call in a place that ``form`` names."""

    def happens(self, texts: dict[str, str]) -> set[str]:
        """The names of the programs whose call happens when they are run."""

    def small(self, text: str) -> str:
        """The program of a text of ``minimal``: the body of a handler, in which ``CALL`` is the call."""

    def written(self, folder: Path, texts: Sequence[str]) -> None:
        """Writes a project with one function ``f0``, ``f1``, … for each program."""


def drawn(tests: Sequence[Test], limit: int | None, seed: int) -> Sequence[Test]:
    """At most ``limit`` of the tests, by the seed."""
    return tests if limit is None or limit >= len(tests) else random.Random(seed).sample(tests, limit)


def drawn_by_file(
    tests: Sequence[Test], limit: int | None, seed: int, file: Callable[[Test], Hashable]
) -> Sequence[Test]:
    """At most ``limit`` of the tests, by the seed: of every file one before of any file a second."""
    if limit is None or limit >= len(tests):
        return tests
    mixed = random.Random(seed).sample(tests, len(tests))
    seen: Counter[Hashable] = Counter()
    order = []
    for test in mixed:
        order.append(seen[file(test)])
        seen[file(test)] += 1
    return [mixed[at] for at in sorted(range(len(mixed)), key=order.__getitem__)[:limit]]


def serverless_project(folder: Path, texts: Sequence[str], runtime: str, suffix: str) -> None:
    """A serverless.yml beside one file for each program."""
    lines = ["service: conformance", "provider:", "  name: aws", f"  runtime: {runtime}", "functions:"]
    for number, text in enumerate(texts):
        (folder / f"f{number}{suffix}").write_text(text, "utf-8")
        lines += [f"  f{number}:", f"    handler: f{number}.handler"]
    (folder / "serverless.yml").write_text("\n".join(lines) + "\n", "utf-8")


_FILE = "// file: "


def with_files(text: str, further: dict[str, str]) -> str:
    """The text of a program and of its further files, by name."""
    return text + "".join(f"\n{_FILE}{name}\n{part}" for name, part in further.items())


def files(text: str, main: str) -> dict[str, str]:
    """The files of a text that ``with_files`` made; the first is called ``main``."""
    parts = re.split(rf"(?m)^{_FILE}(.+)\n", text)
    return {main: parts[0]} | dict(zip(parts[1::2], parts[2::2], strict=True))
