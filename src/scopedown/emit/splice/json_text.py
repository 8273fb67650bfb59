"""A JSON file's text, changed at the places of its keys and items, as :class:`~.yaml_text.YamlText` changes YAML.

What stands there keeps its layout; what is new is laid out as the file is: over lines with the file's own indentation,
or on one line where the collection that it comes into stands on one. A key that is written twice is not changed: which
of the two is meant, readers disagree about (https://www.rfc-editor.org/rfc/rfc8259#section-4).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from scopedown.core.json_text import Json, JsonError, json_events
from scopedown.core.place import Place
from scopedown.emit.splice.edits import Edit, SpliceError, apply
from scopedown.emit.splice.yaml_places import Steps

Path = Sequence[str | int]
_INDENT: Final = re.compile(r"^([ \t]+)\S", re.MULTILINE)
_DEPTH: Final = 400
_LONG: Final = 80
"""Characters of a new value, from which on it does not stand on the line of others."""


@dataclass(slots=True, eq=False)
class _Node:
    """A value from ``start`` up to ``end``; ``key`` is where its key begins, for an item where it does itself."""

    key: int
    start: int
    end: int = 0
    number: int = 0
    """Its place among the values of its collection."""
    kind: str = "scalar"
    entries: dict[str | int, _Node] = field(default_factory=dict)
    values: list[_Node] = field(default_factory=list)
    """All values in their order: of a key that is written twice, both."""
    twice: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Layout:
    """How a file is laid out: one level of its indentation (the smallest that a line has, as most lines' is a multiple
    of it), its ends of lines, and whether the whole file stands on one line."""

    step: str
    newline: str
    is_flat: bool

    @staticmethod
    def of(text: str) -> _Layout:
        """The layout of a text."""
        newline = "\r\n" if text.count("\r\n") * 2 > text.count("\n") > 0 else "\n"
        return _Layout(_step(text), newline, "\n" not in text.strip())


@dataclass(frozen=True)
class JsonText:
    """``text`` without a byte order mark; ``name`` is how the file is called in errors."""

    text: str
    name: str
    _root: _Node = field(init=False, repr=False, compare=False)
    _starts: dict[int, list[Steps]] = field(init=False, repr=False, compare=False)
    _values: dict[int, list[Steps]] = field(init=False, repr=False, compare=False)
    _lines: list[int] = field(init=False, repr=False, compare=False)
    _layout: _Layout = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        try:
            object.__setattr__(self, "_root", _read(self.text))
        except JsonError as error:
            raise SpliceError(
                f"scopedown cannot change {self.name}, because it is not valid JSON",
                Place(self.name),
                "change the file by hand",
            ) from error
        starts: dict[int, list[Steps]] = {}
        values: dict[int, list[Steps]] = {}
        waiting: list[tuple[_Node, Steps]] = [(self._root, ())]
        while waiting:
            node, path = waiting.pop()
            for step, one in node.entries.items():
                starts.setdefault(one.key, []).append((*path, step))
                if one.kind != "scalar":
                    if one.key != one.start:
                        values.setdefault(one.start, []).append((*path, step))
                    waiting.append((one, (*path, step)))
        object.__setattr__(self, "_starts", starts)
        object.__setattr__(self, "_values", values)
        object.__setattr__(self, "_lines", [0, *(match.end() for match in re.finditer("\n", self.text))])
        object.__setattr__(self, "_layout", _Layout.of(self.text))

    def has(self, path: Path) -> bool:
        """Whether there is a value at a path."""
        return self._find(path) is not None

    def paths_at(self, line: int, column: int) -> list[Steps]:
        """The paths of the keys and items that begin at a line and a column, counted from 1, the outer first."""
        return sorted(self._starts.get(self._offset(line, column), []), key=len)

    def values_at(self, line: int, column: int) -> list[Steps]:
        """The paths of the objects and lists that begin at a line and a column as the values of keys."""
        return sorted(self._values.get(self._offset(line, column), []), key=len)

    def value(self, path: Path) -> str | None:
        """The text of a scalar at a path; None for anything else."""
        node = self._find(path)
        if node is None or node.kind != "scalar":
            return None
        written = json.loads(self.text[node.start : node.end])
        return written if isinstance(written, str) else self.text[node.start : node.end]

    def kind(self, path: Path) -> str:
        """``mapping``, ``sequence`` or ``scalar``; empty where there is nothing."""
        node = self._find(path)
        return node.kind if node else ""

    def keys(self, path: Path) -> tuple[str | int, ...]:
        """The keys of an object, or the numbers of a list's items."""
        node = self._find(path)
        return tuple(node.entries) if node else ()

    def tag(self, path: Path) -> str:
        """JSON has no tags."""
        return ""

    def tree(self, path: Path) -> Any:
        """What stands at a path as plain data. Raises SpliceError."""
        node = self._find(path)
        if node is None:
            raise SpliceError(f"{_shown(path)} is not in {self.name}", Place(self.name))
        return json.loads(self.text[node.start : node.end])

    def setting(self, path: Path, tree: Any) -> JsonText:
        """With ``tree`` at a path, in the place of what stands there; missing objects on the way are made."""
        return self.edited([self.edit_setting(path, tree)])

    def without(self, path: Path) -> JsonText:
        """Without the key, or the item, at a path."""
        return self.edited([self.edit_without(path)])

    def appending(self, path: Path, items: Sequence[Any]) -> JsonText:
        """With items at the end of the list at a path, which is made where it is not there."""
        return self.edited([self.edit_appending(path, items)]) if items else self

    def edited(self, edits: Iterable[Edit]) -> JsonText:
        """With edits that this text gave. Raises ValueError where two of them overlap."""
        return JsonText(apply(self.text, edits), self.name)

    def edit_setting(self, path: Path, tree: Any) -> Edit:
        """The edit that :meth:`setting` makes."""
        node = self._find(path)
        if node is not None:
            return Edit(node.start, node.end, self._dumped(tree, node.start, self._is_line(node)))
        for depth in range(len(path) - 1, -1, -1):
            parent = self._find(path[:depth])
            if parent is not None:
                break
        else:
            raise SpliceError(f"{self.name} is not a JSON object", Place(self.name), "change the file by hand")
        for key in reversed(path[depth + 1 :]):
            tree = {key: tree}
        if parent.kind != "mapping":
            raise self._not_there(parent, f"{_shown(path[:depth])} is not an object")
        return self._added(parent, [(json.dumps(path[depth], ensure_ascii=False), tree)])

    def edit_without(self, path: Path) -> Edit:
        """The edit that :meth:`without` makes."""
        parent, node = self._find(path[:-1]), self._find(path)
        if parent is None or node is None:
            raise SpliceError(f"{_shown(path)} is not in {self.name}", Place(self.name))
        every, index = parent.values, node.number
        if len(every) == 1:
            return Edit(parent.start + 1, parent.end - 1, "")
        if index + 1 < len(every):
            return Edit(node.key, every[index + 1].key, "")
        return Edit(every[index - 1].end, node.end, "")

    def edit_appending(self, path: Path, items: Sequence[Any]) -> Edit:
        """The edit that :meth:`appending` makes of one item or more."""
        node = self._find(path)
        if node is None or self.text[node.start : node.end] == "null":
            return self.edit_setting(path, list(items))
        if node.kind != "sequence":
            raise self._not_there(node, f"{_shown(path)} is not a list")
        return self._added(node, [("", item) for item in items])

    # How a change is made

    def _added(self, parent: _Node, new: Sequence[tuple[str, Any]]) -> Edit:
        """New entries behind the last one, or in an empty collection."""
        line = self._is_line(parent) and (bool(parent.entries) or self._layout.is_flat)
        own = self._column(parent.start)
        if parent.entries and not line:
            own = self._column(parent.values[0].key)
        elif not line:
            own += self._layout.step
        long = line and not self._layout.is_flat and any(len(json.dumps(tree)) > _LONG for _, tree in new)
        if long:  # what is long is over lines in a file that has lines, behind what stands on one
            own, line = own + self._layout.step, False
        between = " " if line else self._layout.newline + own
        entries = []
        for key, tree in new:
            written = self._text(tree, own, line)
            entries.append(f"{key}: {written}" if key else written)
        if parent.entries:
            at = parent.values[-1].end
            return Edit(at, at, "".join(f",{between}{entry}" for entry in entries))
        joined = f",{between}".join(entries)
        if line:
            return Edit(parent.start + 1, parent.end - 1, joined)
        return Edit(
            parent.start + 1, parent.end - 1, f"{between}{joined}{self._layout.newline}{self._column(parent.start)}"
        )

    def _dumped(self, tree: Any, at: int, line: bool) -> str:
        return self._text(tree, self._column(at), line and self._layout.is_flat)

    def _text(self, tree: Any, column: str, line: bool) -> str:
        if line:
            return json.dumps(tree, ensure_ascii=False)
        lines = json.dumps(tree, ensure_ascii=False, indent=self._layout.step).split("\n")
        return (self._layout.newline + column).join(lines)

    def _is_line(self, node: _Node) -> bool:
        return self.text.find("\n", node.start, node.end) < 0

    def _column(self, at: int) -> str:
        """The white space that the line of a place begins with."""
        line = self.text.rfind("\n", 0, at) + 1
        match = re.compile(r"[ \t]*").match(self.text, line)
        return match[0] if match else ""

    # Where things stand

    def _find(self, path: Path) -> _Node | None:
        node = self._root
        for depth, step in enumerate(path):
            if step in node.twice:
                raise self._not_there(node, f"{_shown(path[: depth + 1])} is written twice")
            if step not in node.entries:
                return None
            node = node.entries[step]
        return node

    def _offset(self, line: int, column: int) -> int:
        return self._lines[line - 1] + column - 1 if 0 < line <= len(self._lines) else -1

    def _not_there(self, node: _Node, why: str) -> SpliceError:
        line = self.text.count("\n", 0, node.start) + 1
        place = Place(self.name, line, node.start - self.text.rfind("\n", 0, node.start))
        return SpliceError(f"{self.name}: {why}", place, "change this place by hand")


def _step(text: str) -> str:
    """One level of a text's own indentation: the smallest that a line has behind that of the first one."""
    first = text[: len(text) - len(text.lstrip())].rpartition("\n")[2]
    found = dict.fromkeys(one[len(first) :] for one in _INDENT.findall(text) if one.startswith(first) and one != first)
    return min(found, key=len, default="  ")


def _read(text: str) -> _Node:
    """The positions of a text. Raises JsonError."""
    root: _Node | None = None
    around: list[_Node] = []
    key, key_at = "", -1
    for kind, value, start, end in json_events(text, _DEPTH):
        if kind is Json.KEY:
            key, key_at = value, start
            continue
        if kind is Json.END:
            around.pop().end = end
            continue
        node = _Node(start, start, end)
        if around:
            parent = around[-1]
            node.number = len(parent.values)
            parent.values.append(node)
            step: str | int = len(parent.entries)
            if parent.kind == "mapping":
                step, node.key = key, key_at
                if key in parent.entries:
                    parent.twice.add(key)
            parent.entries[step] = node
        root = root or node
        if kind is Json.OBJECT or kind is Json.ARRAY:
            node.kind = "mapping" if kind is Json.OBJECT else "sequence"
            around.append(node)
    assert root is not None  # a text without a value is no JSON
    return root


def _shown(path: Path) -> str:
    return ".".join(map(str, path)) or "the file"
