"""A YAML file's text, changed at the places of its keys and items: comments, order, quotes and anchors stay.

A change gives a new :class:`YamlText`, so that changes follow one another without regard to positions. What is new is
written in the file's style (:mod:`~.yaml_places`); inside of a flow collection (``{a: 1}``) it is written as one. A
place that an alias (``*name``) or a merge brings is not there to be written: a change would reach other places, and
SpliceError says so.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from scopedown.core.place import Place
from scopedown.emit.splice.edits import Edit, SpliceError, apply
from scopedown.emit.splice.yaml_places import Places, Steps, Style, entries, style_of, tree_of
from scopedown.emit.yaml_text import dump, flow

Path = Sequence[str | int]
_COMMENT: Final = re.compile(r"\r?\n([ \t]*)#[^\r\n]*")
"""A comment on a line of its own, with the end of the line before it."""


@dataclass(frozen=True)
class YamlText:
    """``text`` without a byte order mark; ``name`` is how the file is called in errors.

    Every change comes in two forms: the text with it (``setting``), and the :class:`Edit` of this text that makes it
    (``edit_setting``), so that many changes of a long file are made by one reading of it.
    """

    text: str
    name: str
    style: Style = field(init=False)
    root: yaml.Node | None = field(init=False, repr=False)
    _index: Places = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        try:
            root = yaml.compose(self.text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        except yaml.YAMLError as error:
            raise SpliceError(
                f"scopedown cannot change {self.name}, because it is not valid YAML",
                Place(self.name),
                "change the file by hand",
            ) from error
        object.__setattr__(self, "root", root)
        object.__setattr__(self, "style", style_of(self.text, root))
        object.__setattr__(self, "_index", Places(root))

    def has(self, path: Path) -> bool:
        """Whether there is a value at a path, written there and not brought by an alias or a merge."""
        try:
            return self._find(path) is not None
        except SpliceError:
            return False

    def paths_at(self, line: int, column: int) -> list[tuple[str | int, ...]]:
        """The paths of the keys and items that begin at a line and a column, counted from 1, the outer first: an item
        begins where the first key in it does."""
        return sorted(self._index.starts.get((line, column), []), key=len)

    def values_at(self, line: int, column: int) -> list[Steps]:
        """The paths of the mappings and lists that begin at a line and a column as the values of keys."""
        return sorted(self._index.values.get((line, column), []), key=len)

    def value(self, path: Path) -> str | None:
        """The text of a scalar at a path; None for anything else."""
        node = self._find(path)
        return node.value if isinstance(node, yaml.ScalarNode) else None

    def kind(self, path: Path) -> str:
        """``mapping``, ``sequence`` or ``scalar``; empty where there is nothing."""
        node = self._find(path)
        return {yaml.MappingNode: "mapping", yaml.SequenceNode: "sequence", yaml.ScalarNode: "scalar"}.get(
            type(node), ""
        )

    def keys(self, path: Path) -> tuple[str | int, ...]:
        """The keys of a mapping, or the numbers of a list's items; none where there is neither."""
        return tuple(key for key, *_ in entries(self._find(path)))

    def tag(self, path: Path) -> str:
        """The tag that a person wrote before a value (``!Ref``), else nothing."""
        node = self._find(path)
        return node.tag if node is not None and node.tag.startswith("!") else ""

    def tree(self, path: Path) -> Any:
        """What stands at a path as plain data, as it is written. Raises SpliceError."""
        node = self._find(path)
        if node is None:
            raise SpliceError(f"{_shown(path)} is not in {self.name}", Place(self.name))
        try:
            return tree_of(node)
        except ValueError as error:
            raise self._not_there(node, f"{_shown(path)} is {error}") from error

    def setting(self, path: Path, tree: Any) -> YamlText:
        """With ``tree`` at a path, in the place of what stands there; missing mappings on the way are made."""
        return self.edited([self.edit_setting(path, tree)])

    def without(self, path: Path) -> YamlText:
        """Without the key, or the item, at a path. The last item leaves an empty list."""
        return self.edited([self.edit_without(path)])

    def appending(self, path: Path, items: Sequence[Any]) -> YamlText:
        """With items at the end of the list at a path, which is made where it is not there."""
        return self.edited([self.edit_appending(path, items)]) if items else self

    def edited(self, edits: Iterable[Edit]) -> YamlText:
        """With edits that this text gave. Raises ValueError where two of them overlap."""
        return YamlText(apply(self.text, edits), self.name)

    def edit_setting(self, path: Path, tree: Any) -> Edit:
        """The edit that :meth:`setting` makes."""
        self._own(path)
        node = self._find(path)
        if node is not None:
            return self._replaced(path, node, tree)
        for depth in range(len(path) - 1, -1, -1):
            parent = self._find(path[:depth])
            if parent is not None:
                break
        else:
            raise SpliceError(f"{self.name} is not a mapping", Place(self.name), "add service and provider first")
        for key in reversed(path[depth + 1 :]):
            tree = {key: tree}
        if isinstance(parent, yaml.ScalarNode) and not parent.value and not parent.style:  # a key without a value
            return self._replaced(path[:depth], parent, {path[depth]: tree})
        if not isinstance(parent, yaml.MappingNode):
            raise self._not_there(parent, f"{_shown(path[:depth])} is not a mapping")
        return self._with_key(parent, str(path[depth]), tree)

    def edit_without(self, path: Path) -> Edit:
        """The edit that :meth:`without` makes."""
        self._own(path[:-1])
        parent = self._find(path[:-1])
        if isinstance(parent, yaml.SequenceNode) and isinstance(path[-1], int) and path[-1] < len(parent.value):
            return self._without(parent, path[-1], path)
        if not isinstance(parent, yaml.MappingNode):
            raise SpliceError(f"{_shown(path)} is not in {self.name}", Place(self.name))
        self._find(path)
        numbers = self._index.numbers(parent, path[-1])
        if not numbers:
            raise SpliceError(f"{_shown(path)} is not in {self.name}", Place(self.name))
        return self._without(parent, numbers[0], path)

    def edit_appending(self, path: Path, items: Sequence[Any]) -> Edit:
        """The edit that :meth:`appending` makes of one item or more."""
        self._own(path)
        node = self._find(path)
        if node is None or (isinstance(node, yaml.ScalarNode) and node.value in ("", "~", "null")):
            return self.edit_setting(path, list(items))
        if not isinstance(node, yaml.SequenceNode):
            raise self._not_there(node, f"{_shown(path)} is not a list")
        if not node.value:
            return self._replaced(path, node, list(items))
        if node.flow_style:
            text = "".join(f", {flow(item, self.style.form)}" for item in items)
            at = self._end(node.value[-1])
            return Edit(at, at, text)
        column = self._dash(node)
        lines = dump(list(items), column, self.style.form)
        return self._inserted(self._line_end(self._end(node.value[-1])), lines)

    # How a change is made

    def _replaced(self, path: Path, node: yaml.Node, tree: Any) -> Edit:
        start, end = node.start_mark.index, self._end(node)
        if start < end:
            end = self._trimmed(end)  # the lines that a |+ keeps stay as lines
        key = self._key_of(path)
        line = self._line_of(tree)
        if self._in_flow(path) or line is not None:
            text = flow(tree, self.style.form) if line is None or self._in_flow(path) else line
            if key is None or start > end:
                raise self._not_there(node, f"scopedown cannot replace {_shown(path)}")
            if not isinstance(key, int):
                colon = self._after_colon(key)
                start = max(start, colon)
                if start != end or node.start_mark.index >= colon:
                    start, text = colon, f" {text}{self.text[colon:start].rstrip()}"
            return Edit(start, end, text)
        if isinstance(key, int) or key is None:
            raise self._not_there(node, f"scopedown cannot replace {_shown(path)}")
        column = key.start_mark.column
        within = column + (self.style.form.lists if isinstance(tree, list) else self.style.form.step)
        lines = self._ends(dump(tree, within, self.style.form)).rstrip("\r\n")
        colon = self._after_colon(key)
        if start == end or not self.text[colon:start].strip():
            eol = self._line_end(colon) if start == end else colon
            newline = self.style.newline
            keep = self.text[colon:eol]  # a comment behind the key
            return Edit(colon, max(end, eol), f"{keep}{newline}{lines}")
        between = self.text[colon:start]
        if all(not line.strip() or line.lstrip().startswith("#") for line in between.splitlines()):
            before = between[: len(between.rstrip(" \t"))].rstrip("\r\n")  # comments, which stay
            return Edit(colon, end, f"{before}{self.style.newline}{lines}")
        raise self._not_there(node, f"{_shown(path)} has an anchor or a tag before its value")

    def _line_of(self, tree: Any) -> str | None:
        """A value that stands on the line of its key, as it is written there; None for one that takes lines."""
        lines = dump({"a": tree}, 0, self.style.form).splitlines()
        return lines[0].removeprefix("a: ") if len(lines) == 1 else None

    def _with_key(self, parent: yaml.MappingNode, key: str, tree: Any) -> Edit:
        if parent.flow_style:
            inner = f"{key if _is_word(key) else json.dumps(key)}: {flow(tree, self.style.form)}"
            if not parent.value:
                start = parent.end_mark.index - 1
                return Edit(start, start, inner)
            at = self._end(parent.value[-1][1])
            return Edit(at, at, f", {inner}")
        column = parent.value[0][0].start_mark.column
        last_key, last = parent.value[-1]
        is_here = self._index.is_here(parent, -1)
        end = max(self._end(last), self._after_colon(last_key)) if is_here else self._alias_end(last_key)
        return self._inserted(self._line_end(end), dump({key: tree}, column, self.style.form))

    def _without(self, parent: yaml.CollectionNode, index: int, path: Path) -> Edit:
        first, value = _pair(parent, index)
        if not self._index.is_here(parent, index):
            raise self._not_there(value, f"{_shown(path)} comes from an alias")
        start, end = first.start_mark.index, self._end(value)
        if parent.flow_style:
            if len(parent.value) == 1:
                return Edit(start, end, "")
            if index + 1 < len(parent.value):
                return Edit(start, _pair(parent, index + 1)[0].start_mark.index, "")
            return Edit(self._end(_pair(parent, index - 1)[1]), end, "")
        if len(parent.value) == 1:
            emptied = self._emptied(path[:-1], parent) if isinstance(parent, yaml.SequenceNode) else None
            return emptied or self._replaced(path[:-1], parent, [] if isinstance(parent, yaml.SequenceNode) else {})
        line = self.text.rfind("\n", 0, start) + 1
        if isinstance(parent, yaml.SequenceNode) and self.text[line:start].strip() != "-":
            line = self.text.rfind("-", line, start)  # several dashes on the line, or a key before it
            if (
                self.text[line + 1 : start].strip()
                or index
                or self.text[self.text.rfind("\n", 0, line) + 1 : line].strip()
            ):
                raise self._not_there(value, f"{_shown(path)} shares its line with another value")
        elif isinstance(parent, yaml.MappingNode) and self.text[line:start].strip():
            raise self._not_there(value, f"{_shown(path)} shares its line with another value")
        stop = self._line_end(end)
        stop += len(self._newline_at(stop))
        if stop == len(self.text) and not self.text.endswith("\n"):
            line = max(line - len(self._newline_before(line)), 0)
        return Edit(line, stop, "")

    def _emptied(self, path: Path, parent: yaml.SequenceNode) -> Edit | None:
        """A block list under a key becomes empty: the comments in it were about its items, and go with them."""
        key = self._key_of(path)
        if key is None or isinstance(key, int):
            return None
        colon = self._after_colon(key)
        between = self.text[colon : self.text.rfind("\n", 0, parent.start_mark.index) + 1]
        if not between or any(line.strip() and not line.lstrip().startswith("#") for line in between.splitlines()):
            return None
        end = self._line_end(self._trimmed(self._end(parent)))
        while (comment := _COMMENT.match(self.text, end)) and len(comment[1].expandtabs()) > key.start_mark.column:
            end = comment.end()
        return Edit(colon, end, f" []{between.splitlines()[0].rstrip()}")

    def _inserted(self, at: int, lines: str) -> Edit:
        """Whole lines after the line that ends at ``at``; a file without a newline at its end stays one."""
        lines = self._ends(lines)
        newline = self.style.newline
        if at and self.text[at - 1] == "\n":  # behind a block scalar, at the start of a line
            return Edit(at, at, lines)
        return Edit(at, at, newline + lines.removesuffix(newline))

    def _ends(self, lines: str) -> str:
        return lines.replace("\n", self.style.newline)

    # Where things stand

    def _find(self, path: Path) -> yaml.Node | None:
        node = self.root
        for depth, step in enumerate(path):
            found = self._index.under(node, step)
            if not found:
                return None
            node, here = found[0]
            if not here:
                raise self._not_there(node, f"{_shown(path[: depth + 1])} is an alias of another value")
            if len(found) > 1:
                raise self._not_there(found[1][0], f"{_shown(path[: depth + 1])} is written twice")
        return node

    def _own(self, path: Path) -> None:
        """Raise SpliceError where something on the way to a path is used at another place too, which would change."""
        node = self.root
        for depth, step in enumerate(path):
            found = self._index.under(node, step)
            if not found:
                return
            node = found[0][0]
            if id(node) in self._index.aliased:
                raise self._not_there(node, f"{_shown(path[: depth + 1])} is also used elsewhere by an alias")

    def _key_of(self, path: Path) -> yaml.Node | int | None:
        if not path:
            return None
        if isinstance(path[-1], int):
            return path[-1]
        parent = self._find(path[:-1])
        assert isinstance(parent, yaml.MappingNode)
        numbers = self._index.numbers(parent, path[-1])
        return parent.value[numbers[0]][0] if numbers else None

    def _in_flow(self, path: Path) -> bool:
        parents = (self._find(path[:depth]) for depth in range(len(path)))
        return any(isinstance(parent, yaml.CollectionNode) and bool(parent.flow_style) for parent in parents)

    def _end(self, node: yaml.Node) -> int:
        """Where a node's own text ends, without what the parser counts to a block collection behind its last item."""
        if isinstance(node, yaml.ScalarNode):
            end = int(node.end_mark.index)
            if node.style in ("|", ">"):  # its end is counted to where the next token stands
                header = self.text[node.start_mark.index : self._line_end(node.start_mark.index)]
                kept = "+" in header.split("#")[0]
                return end if kept else self._trimmed(end)
            return end
        if not isinstance(node, yaml.CollectionNode) or node.flow_style or not node.value:
            return int(node.end_mark.index)
        if isinstance(node, yaml.MappingNode):
            key, last = node.value[-1]
            is_here = self._index.is_here(node, -1)
            return max(self._end(last), self._after_colon(key)) if is_here else self._alias_end(key)
        last = node.value[-1]
        return self._end(last) if self._index.is_here(node, -1) else self._trimmed(node.end_mark.index)

    def _trimmed(self, at: int) -> int:
        """Where the white space before a position begins."""
        while at and self.text[at - 1].isspace():
            at -= 1
        return at

    def _after_colon(self, key: yaml.Node) -> int:
        return self.text.index(":", key.end_mark.index) + 1

    def _alias_end(self, key: yaml.Node) -> int:
        """The end of ``key: *alias``."""
        at = self._after_colon(key)
        line = self.text[at : self._line_end(at)]
        return at + len(line.split("#")[0].rstrip())

    def _dash(self, node: yaml.SequenceNode) -> int:
        """The column of a block list's dashes."""
        first = node.value[0]
        line = self.text.rfind("\n", 0, first.start_mark.index) + 1
        before = self.text[line : first.start_mark.index]
        if before.rstrip().endswith("-"):
            return before.rindex("-")
        return int(node.start_mark.column)

    def _line_end(self, at: int) -> int:
        if at and self.text[at - 1] == "\n":
            return at
        end = self.text.find("\n", at) % (len(self.text) + 1)  # -1 is the end
        return end - 1 if self.text[end - 1 : end] == "\r" else end

    def _newline_at(self, at: int) -> str:
        return (
            "\r\n"
            if self.text[at : at + 2] == "\r\n"
            else self.text[at : at + 1]
            if self.text[at : at + 1] == "\n"
            else ""
        )

    def _newline_before(self, at: int) -> str:
        return next((newline for newline in ("\r\n", "\n") if self.text.endswith(newline, 0, at)), "")

    def _not_there(self, node: yaml.Node, why: str) -> SpliceError:
        place = Place(self.name, node.start_mark.line + 1, node.start_mark.column + 1)
        return SpliceError(f"{self.name}: {why}", place, "change this place by hand")


def _pair(parent: yaml.CollectionNode, index: int) -> tuple[yaml.Node, yaml.Node]:
    """Where an entry begins, its key or itself, and its value."""
    entry = parent.value[index]
    return entry if isinstance(parent, yaml.MappingNode) else (entry, entry)


def _is_word(key: str) -> bool:
    return key.isalnum() and not key.isdigit()


def _shown(path: Path) -> str:
    return ".".join(map(str, path)) or "the file"
