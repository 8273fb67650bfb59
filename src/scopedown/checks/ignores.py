"""Comments in a project's YAML files that leave a problem out: ``# scopedown: ignore RULE reason``.

The comment stands on the problem's line, or in the lines of comments right above it. It names rules by id (``SD204``,
several with commas), and says why: one without a reason leaves nothing out, and is told (rule ``SD501``). Where text is
quoted, the same words are no comment.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from scopedown.core.place import Place
from scopedown.project.model import Project

_HINT = re.compile(r"#\s*scopedown:\s*ignore\b(?P<rest>.*)")
_RULES = re.compile(r"\s+(?P<rules>SD\d+(?:\s*,\s*SD\d+)*)(?P<reason>.*)")
_MAX_BYTES = 5_000_000


@dataclass(frozen=True, slots=True)
class Ignore:
    """One such comment. ``line`` is the line that it is about."""

    place: Place
    line: int
    rules: tuple[str, ...]
    reason: str

    @property
    def lines(self) -> tuple[int, int]:
        """The lines whose problems it leaves out: what it is about, and its own."""
        return self.line, self.place.line


@dataclass(frozen=True)
class Ignores:
    """The comments of a project's files, by file."""

    by_file: Mapping[str, tuple[Ignore, ...]]

    def leaves_out(self, rule: str, place: Place) -> bool:
        """Whether a comment with a reason leaves a rule's problem at a place out."""
        return any(
            place.line in one.lines and rule in one.rules and one.reason for one in self.by_file.get(place.file, ())
        )

    def all(self) -> Iterator[Ignore]:
        """Every comment, by file and line."""
        for _, found in sorted(self.by_file.items()):
            yield from found


def read(project: Project, files: Iterable[str]) -> Ignores:
    """The comments of those of the files that are YAML of the project's own."""
    found = {}
    for name in sorted({project.config, *files}):
        path = Path(project.root) / name
        if path.suffix in (".yml", ".yaml") and path.is_file() and path.stat().st_size <= _MAX_BYTES:
            found[name] = tuple(_of(name, path.read_bytes().decode("utf-8-sig", "replace")))
    return Ignores(found)


def _of(name: str, text: str) -> Iterator[Ignore]:
    if not _HINT.search(text):
        return
    lines = text.splitlines()
    within = _lines_of_scalars(text)
    for number, line in enumerate(lines, 1):
        found = _HINT.search(line)
        if found is None or _is_text(within, number, found.start()):
            continue
        alone = not line[: found.start()].strip()
        about = number
        while alone and about <= len(lines) and (about == number or lines[about - 1].lstrip().startswith("#")):
            about += 1
        listed = _RULES.fullmatch(found["rest"])
        rules = tuple(one.strip() for one in listed["rules"].split(",")) if listed else ()
        reason = listed["reason"].strip() if listed else ""
        yield Ignore(Place(name, number, found.start() + 1), about, rules, reason)


def _lines_of_scalars(text: str) -> list[tuple[int, int, int, int]]:
    """Where scalars with a style (quoted, block) stand: line and column of start and end, from 0."""
    try:
        return [
            (one.start_mark.line, one.start_mark.column, one.end_mark.line, one.end_mark.column)
            for one in yaml.scan(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
            if isinstance(one, yaml.ScalarToken) and one.style
        ]
    except yaml.YAMLError:
        return []


def _is_text(scalars: list[tuple[int, int, int, int]], line: int, column: int) -> bool:
    at = (line - 1, column)
    return any((first, left) < at < (last, right) for first, left, last, right in scalars)
