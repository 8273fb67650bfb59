"""The files of a project while they are changed: each as text that can be spliced, with its bytes as they were.

Changes are gathered and made together as far as they do not touch each other, so that a long file is read a few times
and not once for each change; whoever asks for the text sees all of them made.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scopedown.core.place import Place
from scopedown.emit.splice.edits import Edit, SpliceError
from scopedown.emit.splice.text import SplicedText, spliced_text
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


@dataclass(slots=True)
class _Waiting:
    """Edits of one text that do not touch each other, and what they take out of which list."""

    edits: list[Edit] = field(default_factory=list)
    removed: dict[Steps, list[int]] = field(default_factory=dict)


@dataclass
class Texts:
    """``root`` is the project's folder. Only files inside of it are written."""

    root: Path
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
        if not self._read(name).has(path[:-1]):  # what is made on the way is no other change's way too
            self._alone(name, self.of(name).edit_setting(path, tree))
        else:
            self._change(name, lambda text: text.edit_setting(path, tree))

    def append(self, name: str, path: Steps, items: Sequence[Any]) -> None:
        """Put items at the end of a list, which is made where it is not there."""
        if not items:
            return
        if not self._read(name).has(path):
            self._alone(name, self.of(name).edit_appending(path, items))
        else:
            self._change(name, lambda text: text.edit_appending(path, items))

    def remove(self, name: str, path: Steps) -> None:
        """Take out a key or an item; of the items of one list the last ones first."""
        step, parent = path[-1], path[:-1]
        gone = self._waiting.setdefault(name, _Waiting()).removed.setdefault(parent, [])
        left = len(self._read(name).keys(parent)) - len(gone)
        if left == 1 or (isinstance(step, int) and gone and step >= min(gone)):
            self.of(name)  # an emptied collection is written in another way
        self._change(name, lambda text: text.edit_without(path))
        number = step if isinstance(step, int) else 0
        self._waiting[name].removed.setdefault(parent, []).append(number)

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
        return Texts(self.root, dict(self._bytes), dict(self._texts))

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
            if path.suffix not in WRITTEN:
                raise SpliceError(f"{name} is neither a YAML nor a JSON file", Place(name), "write it by hand")
            try:
                data = path.read_bytes()
                text = data.removeprefix(codecs.BOM_UTF8).decode("utf-8")
            except (OSError, UnicodeDecodeError) as error:
                raise SpliceError(f"{name} cannot be read as UTF-8", Place(name), "write it by hand") from error
            self._texts[name] = spliced_text(text, name)
            self._bytes[name] = data
        return self._texts[name]

    def _alone(self, name: str, edit: Edit) -> None:
        self._texts[name] = self._texts[name].edited([edit])

    def _change(self, name: str, how: Any) -> None:
        """Let an edit of the text as it stands wait with the others, or make those first."""
        waiting = self._waiting.setdefault(name, _Waiting())
        try:
            edit = how(self._read(name))
        except SpliceError:
            edit = None  # its place may be one that a waiting change makes
        if edit is None or any(_touch(edit, other) for other in waiting.edits):
            edit = how(self.of(name))
            waiting = self._waiting.setdefault(name, _Waiting())
        waiting.edits.append(edit)


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


def _touch(one: Edit, other: Edit) -> bool:
    """Whether two edits cannot be made of the same text: they overlap, or stand at one place without being each a line
    of one collection, or an entry behind another one, of its own."""
    if one.start == other.start:
        both = (one.text, other.text)
        between = one.start == one.end and other.start == other.end
        lines = all(text.startswith(("\n", "\r\n")) for text in both) or all(text.endswith("\n") for text in both)
        depths = {len(text.lstrip("\r\n")) - len(text.lstrip()) for text in both}
        return not between or not ((lines and len(depths) == 1) or all(text.startswith(",") for text in both))
    first, second = sorted((one, other), key=lambda edit: edit.start)
    return second.start < first.end
