"""Comments in YAML files that leave a problem out: ``# scopedown: ignore RULE reason``.

The comment stands on the problem's line, or in the lines of comments right above it; of a problem of a statement, on
any of the statement's lines. It names rules as ``--ignore`` takes them (``SD204``, ``wildcard-resource``, ``SD2``;
several with commas), or codes of ``scopedown validate`` (``PASS_ROLE``), and says why: one without a reason leaves
nothing out, and is reported (rule ``SD501``). Where text is quoted, the same words are no comment.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import yaml

from scopedown.checks.registry import named as rules_named
from scopedown.core.place import Place
from scopedown.project.model import Project
from scopedown.validate.registry import checks as checks_of_policies

_HINT = re.compile(r"#\s*scopedown:\s*ignore\b(?P<rest>.*)")
_ID = re.compile(r"(?i)SD\d*")
_MAX_BYTES = 5_000_000


def named(name: str) -> tuple[str, ...]:
    """The rules of ``check`` that a name means, or the code of ``validate`` that it is."""
    return rules_named(name) or tuple(one.code for one in checks_of_policies() if name in (one.code, one.name))


@dataclass(frozen=True, slots=True)
class Ignore:
    """One such comment. ``line`` is the line that it is about."""

    place: Place
    line: int
    rules: tuple[str, ...]
    """As they are named; :func:`named` tells which they are."""
    reason: str

    @property
    def lines(self) -> tuple[int, int]:
        """The lines whose problems it leaves out: what it is about, and its own."""
        return self.line, self.place.line

    @property
    def ids(self) -> tuple[str, ...]:
        """The rules that it names, by id."""
        return tuple(id for name in self.rules for id in named(name))


@dataclass(frozen=True)
class Ignores:
    """The comments of a project's files, by file; and of a file with comments where its statements end."""

    by_file: Mapping[str, tuple[Ignore, ...]]
    ends: Mapping[Place, int] = field(default_factory=dict)
    """The place of a statement → its last line."""

    def leaves_out(self, rule: str, place: Place) -> bool:
        """Whether a comment with a reason leaves a rule's problem at a place out."""
        here = self._by_line.get(place.file, {})
        about = self._lines_about(place)
        return any(
            ignore.reason and rule in ignore.ids
            for line in (about if len(about) < len(here) else here.keys() & about)
            for ignore in here.get(line, ())
        )

    def is_about(self, comment: Ignore, place: Place) -> bool:
        """Whether a comment is about a problem at a place. For a statement it may be on any of its lines, for a part
        of a statement on that statement's first line too."""
        about = self._lines_about(place)
        return comment.place.file == place.file and any(line in about for line in comment.lines)

    def _lines_about(self, place: Place) -> Set[int]:
        """The lines whose comments are about a problem at a place."""
        if (last := self.ends.get(place)) is not None:
            return frozenset(range(place.line, last + 1))
        return frozenset({place.line, *self._starts.get((place.file, place.line), ())})

    @cached_property
    def _by_line(self) -> Mapping[str, Mapping[int, tuple[Ignore, ...]]]:
        """File → line → the comments that are on it or about it."""
        found: dict[str, dict[int, tuple[Ignore, ...]]] = {}
        for file, comments in self.by_file.items():
            lines = found.setdefault(file, {})
            for one in comments:
                for line in {*one.lines}:
                    lines[line] = (*lines.get(line, ()), one)
        return found

    @cached_property
    def _starts(self) -> Mapping[tuple[str, int], Set[int]]:
        """File and line → the first lines of the statements around it."""
        found: dict[tuple[str, int], set[int]] = {}
        for one, last in self.ends.items():
            for line in range(one.line, last + 1):
                found.setdefault((one.file, line), set()).add(one.line)
        return found

    def all(self) -> Iterator[Ignore]:
        """Every comment, by file and line."""
        for _, found in sorted(self.by_file.items()):
            yield from found


def read(project: Project, files: Iterable[str], overlay: Mapping[Path, str] | None = None) -> Ignores:
    """The comments of those of the files that are YAML of the project's own; ``overlay`` are texts in the place of
    files'."""
    return read_files(Path(project.root), {project.config, *files}, overlay)


def read_files(folder: Path, files: Iterable[str], overlay: Mapping[Path, str] | None = None) -> Ignores:
    """The comments of those of the files that are YAML; their names are relative to the folder, or absolute."""
    found: dict[str, tuple[Ignore, ...]] = {}
    ends: dict[Place, int] = {}
    for name in sorted({*files}):
        path = folder / name
        if path.suffix in (".yml", ".yaml") and path.is_file() and path.stat().st_size <= _MAX_BYTES:
            changed = (overlay or {}).get(path)
            text = path.read_bytes().decode("utf-8-sig", "replace") if changed is None else changed
            if comments := tuple(_of(name, text)):
                found[name] = comments
                ends |= _statements(name, text)
    return Ignores(found, ends)


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
        yield Ignore(Place(name, number, found.start() + 1), about, *_named_and_reason(found["rest"]))


def _named_and_reason(rest: str) -> tuple[tuple[str, ...], str]:
    """The rules that stand at the beginning, with commas between them, and the words behind them."""
    names: list[str] = []
    rest = rest.strip()
    more = True
    while more and (found := re.match(r"([\w-]+)([\s,:]*)", rest)) is not None:
        if not named(found[1]) and not _ID.fullmatch(found[1]):
            break
        names.append(found[1])
        rest = rest[found.end() :]
        more = "," in found[2]
    return tuple(names), rest.strip()


def _lines_of_scalars(text: str) -> list[tuple[int, int, int, int]]:
    """Where scalars with a style (quoted, block) stand: line and column of start and end, from 0."""
    try:
        return [
            (token.start_mark.line, token.start_mark.column, token.end_mark.line, token.end_mark.column)
            for token in yaml.scan(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
            if isinstance(token, yaml.ScalarToken) and token.style
        ]
    except yaml.YAMLError:
        return []


def _statements(file: str, text: str) -> dict[Place, int]:
    """The last line of each statement of a file: of what has an Effect."""
    try:
        documents = list(yaml.compose_all(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
    except (yaml.YAMLError, RecursionError):
        return {}
    found: dict[Place, int] = {}
    seen: set[int] = set()
    left = [node for node in documents if node is not None]
    while left:
        node = left.pop()
        if id(node) in seen:  # an alias
            continue
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            left += [one for pair in node.value for one in pair]
            if any(isinstance(key, yaml.ScalarNode) and key.value == "Effect" for key, _ in node.value):
                place = Place(file, node.start_mark.line + 1, node.start_mark.column + 1)
                found[place] = _last_line(node)
        elif isinstance(node, yaml.SequenceNode):
            left += node.value
    return found


def _last_line(node: yaml.Node) -> int:
    """The line of the end of a node; a block ends where its last scalar or flow does, not where the next one begins."""
    while isinstance(node, yaml.MappingNode | yaml.SequenceNode) and not node.flow_style and node.value:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    return int(node.end_mark.line) + (1 if node.end_mark.column else 0)


def _is_text(scalars: list[tuple[int, int, int, int]], line: int, column: int) -> bool:
    at = (line - 1, column)
    return any((first, left) < at < (last, right) for first, left, last, right in scalars)
