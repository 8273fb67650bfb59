"""The files of a project while they are changed: each as text that can be spliced, with its bytes as they were.

Changes are gathered and made together as far as they do not touch each other, so that a long file is read a few times
and not once for each change; whoever asks for the text sees all of them made.
"""

from __future__ import annotations

import codecs
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from scopedown.core.place import Place
from scopedown.emit.splice.edits import Edit, SpliceError
from scopedown.emit.splice.text import HCL, SplicedText, spliced_text
from scopedown.write.model import FileChange

WRITTEN = (".yml", ".yaml", ".json", ".template")
Steps = tuple[str | int, ...]


Spot = tuple[str, Steps]
"""A file, and a path in it."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What is done to files: values that are put at a place, items at the end of a list, and what is taken out."""

    set: tuple[tuple[Spot, Any], ...] = ()
    append: tuple[tuple[Spot, Sequence[Any]], ...] = ()
    remove: tuple[Spot, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.set or self.append or self.remove)


class _Edges(NamedTuple):
    """What of an insertion tells whether another may be made at the same position."""

    begins_line: bool
    ends_line: bool
    indent: int
    is_entry: bool
    """Whether it is an entry behind another one on a line."""

    @staticmethod
    def of(text: str) -> _Edges:
        """The edges of an inserted text."""
        indent = len(text.lstrip("\r\n")) - len(text.lstrip())
        return _Edges(text.startswith(("\n", "\r\n")), text.endswith("\n"), indent, text.startswith(","))

    def joins(self, other: _Edges) -> bool:
        """Whether both can be made: each is a line of one collection, or an entry behind another one, of its own."""
        are_lines = (self.begins_line and other.begins_line) or (self.ends_line and other.ends_line)
        return (are_lines and self.indent == other.indent) or (self.is_entry and other.is_entry)


@dataclass(slots=True)
class _Waiting:
    """Edits of one text that do not touch each other, in the order of their positions, and what they take out of which
    list: how many items are left, and the first of those that go."""

    edits: list[Edit] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    inserted: dict[int, set[_Edges]] = field(default_factory=dict)
    """What is inserted at one position, by its edges."""
    made: set[Steps] = field(default_factory=set)
    """The paths of what is new on the way to a value."""
    left: dict[Steps, int] = field(default_factory=dict)
    first: dict[Steps, int] = field(default_factory=dict)

    def touches(self, edit: Edit) -> bool:
        """Whether an edit cannot be made of the same text: it overlaps another, or is where another is."""
        at = bisect_left(self.starts, edit.start)
        if at and self.edits[at - 1].end > edit.start:  # those before that one end before it
            return True
        if at == len(self.edits) or self.starts[at] > edit.start:
            return at < len(self.edits) and self.starts[at] < edit.end
        there = self.inserted.get(edit.start)
        if there is None or edit.start != edit.end:
            return True
        mine = _Edges.of(edit.text)
        return not all(mine.joins(other) for other in there)

    def add(self, edit: Edit) -> None:
        """Let an edit wait that touches no other."""
        at = bisect_right(self.starts, edit.start)
        self.starts.insert(at, edit.start)
        self.edits.insert(at, edit)
        if edit.start == edit.end:
            self.inserted.setdefault(edit.start, set()).add(_Edges.of(edit.text))


@dataclass
class Texts:
    """``root`` is the project's folder. Only files inside of it are written; those in HCL where that is asked for."""

    root: Path
    hcl: bool = False
    _bytes: dict[str, bytes] = field(default_factory=dict)
    _texts: dict[str, SplicedText] = field(default_factory=dict)
    _waiting: dict[str, _Waiting] = field(default_factory=dict)

    def of(self, name: str) -> SplicedText:
        """A file's present text. Raises SpliceError for one that cannot be spliced."""
        text = self._read(name)
        waiting = self._waiting.pop(name, None)
        if waiting is not None and waiting.edits:
            text = self._texts[name] = text.edited(waiting.edits)
        return text

    def set(self, name: str, path: Steps, tree: Any) -> None:
        """Put a value at a path, in the place of what stands there."""
        self._make(name, path)
        self._change(name, lambda text: text.edit_setting(path, tree))

    def append(self, name: str, path: Steps, items: Sequence[Any]) -> None:
        """Put items at the end of a list, which is made where it is not there."""
        if not items:
            return
        self._make(name, path)
        self._change(name, lambda text: text.edit_appending(path, items))

    def remove(self, name: str, path: Steps) -> None:
        """Take out a key or an item; of the items of one list the last ones first."""
        step, parent = path[-1], path[:-1]
        number = step if isinstance(step, int) else 0
        waiting = self._waits(name)
        left = waiting.left[parent] if parent in waiting.left else len(self._read(name).keys(parent))
        if left == 1 or (isinstance(step, int) and step >= waiting.first.get(parent, step + 1)):
            self.of(name)  # an emptied collection is written in another way
        self._change(name, lambda text: text.edit_without(path))
        waiting = self._waits(name)
        if parent not in waiting.left:
            waiting.left[parent] = len(self._read(name).keys(parent))
        waiting.left[parent] -= 1
        waiting.first[parent] = min(number, waiting.first.get(parent, number))

    def extend(self, name: str, text: str) -> None:
        """Put lines at the end of a file, which is made where it is not there."""
        if name not in self._texts and not (self.root / name).exists():
            self._bytes[name], self._texts[name] = b"", spliced_text("", name)
        before = self.of(name).text
        newline = "\r\n" if "\r\n" in before else "\n"
        between = "" if not before or before.endswith("\n") else newline
        added = between + (newline if before.strip() else "") + text.replace("\n", newline)
        self._texts[name] = self.of(name).edited([Edit(len(before), len(before), added)])

    def carry_out(self, *changes: Changes) -> None:
        """Make changes, all of whose places are those of the text before: what is taken out comes last, from the last
        item of a list on, since that moves what is behind it. Raises SpliceError."""
        for (name, path), tree in (put for change in changes for put in change.set):
            self.set(name, path, tree)
        for (name, path), items in (added for change in changes for added in change.append):
            self.append(name, path, items)
        for name, path in in_order({spot for change in changes for spot in change.remove}):
            self.remove(name, path)

    def tried(self, changes: Changes) -> None:
        """Raise SpliceError where one of the changes cannot be made."""
        for (name, path), tree in changes.set:
            self.of(name).edit_setting(path, tree)
        for (name, path), items in changes.append:
            self.of(name).edit_appending(path, items)
        for name, path in changes.remove:
            self.of(name).edit_without(path)

    def copy(self) -> Texts:
        """The same files with the same changes, to be changed on their own."""
        for name in list(self._texts):
            self.of(name)
        return Texts(self.root, self.hcl, dict(self._bytes), dict(self._texts))

    def names(self) -> tuple[str, ...]:
        """The files that were read or made so far."""
        return tuple(self._texts)

    def take(self, other: Texts) -> None:
        """Be as a copy is that was changed on its own."""
        self._bytes, self._texts, self._waiting = other._bytes, other._texts, other._waiting

    def overlay(self) -> dict[Path, str]:
        """The texts as :func:`scopedown.project.load.load_project` takes them."""
        return {self.root / name: self.of(name).text for name in list(self._texts)}

    def changes(self) -> tuple[FileChange, ...]:
        """The files that differ, by name."""
        found = []
        for name in sorted(self._texts):
            before = self._bytes[name]
            mark = codecs.BOM_UTF8 if before.startswith(codecs.BOM_UTF8) else b""
            after = mark + self.of(name).text.encode("utf-8")
            if after != before:
                found.append(FileChange(name, self.root / name, before, after))
        return tuple(found)

    def _read(self, name: str) -> SplicedText:
        """A file's text without the changes that wait."""
        if name not in self._texts:
            path = self.root / name
            if not path.resolve().is_relative_to(self.root.resolve()):
                raise SpliceError(f"{name} is outside the project's folder", Place(name), "write it by hand")
            if path.suffix in HCL and not self.hcl:
                raise SpliceError(f"{name} is a Terraform file", Place(name), "write it by hand")
            if path.suffix not in (*WRITTEN, *HCL):
                raise SpliceError(f"{name} is neither a YAML nor a JSON file", Place(name), "write it by hand")
            try:
                data = path.read_bytes()
                text = data.removeprefix(codecs.BOM_UTF8).decode("utf-8")
            except (OSError, UnicodeDecodeError) as error:
                raise SpliceError(f"{name} cannot be read as UTF-8", Place(name), "write it by hand") from error
            self._texts[name] = spliced_text(text, name)
            self._bytes[name] = data
        return self._texts[name]

    def _waits(self, name: str) -> _Waiting:
        return self._waiting.setdefault(name, _Waiting())

    def _make(self, name: str, path: Steps) -> None:
        """Note what is new on a path. What one change makes on its way, no other may make: the first is then made."""
        if self._read(name).has(path):
            return
        ways = [path[:depth] for depth in range(1, len(path) + 1)]
        if any(way in self._waits(name).made for way in ways):
            self.of(name)
        text = self._read(name)
        self._waits(name).made.update(way for way in ways if not text.has(way))

    def _change(self, name: str, how: Callable[[SplicedText], Edit]) -> None:
        """Let an edit of the text as it stands wait with the others, or make those first."""
        try:
            edit = how(self._read(name))
        except SpliceError:  # its place may be one that a waiting change makes
            edit = None
        if edit is None or self._waits(name).touches(edit):
            edit = how(self.of(name))
        self._waits(name).add(edit)


def list_of(path: Steps) -> Steps:
    """The path of the list that a statement is an item of; of a policy's only one, which is in no list, its own."""
    return path if path[-1] == "Statement" else path[:-1]


def in_order(spots: Iterable[Spot]) -> list[Spot]:
    """Spots in the order in which they can be taken out: the last item of a list first, what is within before it."""
    return sorted(spots, key=_order, reverse=True)


def _order(spot: Spot) -> tuple[str, list[tuple[bool, str, int]]]:
    file, path = spot
    return file, [(isinstance(step, int), "" if isinstance(step, int) else step, step if isinstance(step, int) else 0)
                  for step in path]  # fmt: skip


def located(place: Place | None, key: str | None, texts: Texts) -> tuple[str, Steps]:
    """The file and the path of a key, or without one of a list's item, that stands at a place. Raises SpliceError."""
    if place is None:
        raise SpliceError("its place in the files is unknown", None, "write it by hand")
    for path in reversed(texts.of(place.file).paths_at(place.line, place.column)):
        if path[-1] == key or (key is None and isinstance(path[-1], int)):
            return place.file, path
    what = f"{key} is" if key else "the statement is not an item of a list, or is"
    raise SpliceError(f"{what} not written at this place", place, "write it by hand")
