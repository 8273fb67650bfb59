"""A Terraform file's text, of which policies are changed, as :class:`~.yaml_text.YamlText` changes YAML.

Paths are those of :mod:`~.hcl_tree`. Statements are added and taken out, in the notation of the policy that holds them
and laid out as ``terraform fmt`` does it
(https://developer.hashicorp.com/terraform/language/style#code-formatting); so are items of their lists, and whole
blocks. Everything else stays byte for byte.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.emit.splice.edits import Edit, SpliceError, apply
from scopedown.emit.splice.hcl_json import as_json, moved
from scopedown.emit.splice.hcl_names import HclNames
from scopedown.emit.splice.hcl_tree import HclNode, HclTree
from scopedown.emit.splice.yaml_places import Steps
from scopedown.emit.terraform import (
    INSET,
    object_lines,
    object_on_a_line,
    statement_lines,
    value_text,
)

_LINE: Final = 100
"""Characters of a statement that is put on the line of others."""
_NAME: Final = "scopedown"


@dataclass(frozen=True)
class HclText:
    """``text`` has no byte order mark; ``name`` is how the file is called in errors."""

    text: str
    name: str
    code: str = field(init=False, repr=False, compare=False)
    """The text with spaces in the place of comments."""
    _root: HclNode = field(init=False, repr=False, compare=False)
    _starts: dict[int, list[Steps]] = field(init=False, repr=False, compare=False)
    _lines: list[int] = field(init=False, repr=False, compare=False)
    _documents: list[tuple[HclNode, Steps]] = field(init=False, repr=False, compare=False)
    """The heredocs of JSON."""

    def __post_init__(self) -> None:
        tree = HclTree(self.text, self.name)
        root = tree.root
        starts: dict[int, list[Steps]] = {}
        documents: list[tuple[HclNode, Steps]] = []
        waiting: list[tuple[HclNode, Steps]] = [(root, ())]
        while waiting:
            node, path = waiting.pop()
            documents += [(node, path)] if node.json is not None else []
            for step, one in node.entries.items():
                if one.style != "implied":
                    starts.setdefault(one.start if one.value_at < 0 else one.value_at, []).append((*path, step))
                waiting.append((one, (*path, step)))
        object.__setattr__(self, "code", tree.code)
        object.__setattr__(self, "_root", root)
        object.__setattr__(self, "_starts", starts)
        object.__setattr__(self, "_documents", documents)
        object.__setattr__(self, "_lines", [0, *(match.end() for match in re.finditer("\n", self.text))])

    def has(self, path: Sequence[str | int]) -> bool:
        """Whether there is something at a path."""
        return bool(self.kind(path))

    def paths_at(self, line: int, column: int) -> list[Steps]:
        """The paths of items, policies and blocks that begin at a line and a column, counted from 1."""
        found = [path for path in self._starts.get(self._offset(line, column), []) if not _is_value(path)]
        return sorted([*found, *self._in_json(line, column, "paths_at")], key=len)

    def values_at(self, line: int, column: int) -> list[Steps]:
        """The paths of the values of keys that begin at a line and a column."""
        found = [path for path in self._starts.get(self._offset(line, column), []) if _is_value(path)]
        return sorted([*found, *self._in_json(line, column, "values_at")], key=len)

    def value(self, path: Sequence[str | int]) -> str | None:
        """The text of a scalar: of a string its characters, else what is written. None for anything else."""
        json, inner = self._json(path)
        if json is not None and json.json is not None:
            return json.json.value(inner)
        node = self._find(path)
        if node is None or node.kind != "scalar":
            return None
        return node.literal if node.literal is not None else self.text[node.start : node.end]

    def kind(self, path: Sequence[str | int]) -> str:
        """``mapping``, ``sequence`` or ``scalar``; empty where there is nothing."""
        json, inner = self._json(path)
        if json is not None and json.json is not None:
            return json.json.kind(inner)
        node = self._find(path)
        return node.kind if node else ""

    def keys(self, path: Sequence[str | int]) -> tuple[str | int, ...]:
        """The keys of a block or a statement, or the numbers of a list's items."""
        json, inner = self._json(path)
        if json is not None and json.json is not None:
            return json.json.keys(inner)
        node = self._find(path)
        return tuple(node.entries) if node else ()

    def tag(self, path: Sequence[str | int]) -> str:
        """HCL has no tags."""
        return ""

    def tree(self, path: Sequence[str | int]) -> Any:
        """What is at a path as plain data; an expression as it is written. Raises SpliceError."""
        if self.kind(path) == "mapping":
            return {key: self.tree((*path, key)) for key in self.keys(path)}
        if self.kind(path) == "sequence":
            return [self.tree((*path, key)) for key in self.keys(path)]
        value = self.value(path)
        if value is None:
            raise self._error(None, f"{_shown(path)} is not in the file")
        return value

    def code_of(self, address: str) -> str:
        """The text of a block of the file, without comments; empty where there is none."""
        node = self._root.entries.get(address)
        return self.code[node.start : node.end] if node is not None else ""

    def users(self, address: str) -> list[str]:
        """The addresses of the file's blocks that name something, each as often as it does; empty for none's."""
        return self._names_in.users(address)

    @cached_property
    def _names_in(self) -> HclNames:
        return HclNames(self.code, ((str(key), node.start, node.end) for key, node in self._root.entries.items()))

    def edited(self, edits: Iterable[Edit]) -> HclText:
        """With edits that this text gave. Raises ValueError where two of them overlap."""
        return HclText(apply(self.text, edits), self.name)

    def edit_setting(self, path: Sequence[str | int], tree: Any) -> Edit:
        """The edit that puts a value in the place of another. Raises SpliceError where there is none."""
        json, inner = self._json(path)
        if json is not None and json.json is not None and inner:
            return moved(json.json.edit_setting(inner, as_json(tree)), json.start)
        node = self._find(path)
        if node is None or node.style == "block":
            raise self._error(node, f"{_shown(path)} is not written here")
        if node.style == "implied" and tree == node.literal:
            return Edit(node.start, node.end, "")
        if node.style == "object" and path[-1:] == ("Statement",) and isinstance(tree, list):
            return Edit(node.start, node.end, self._listed(node, tree, []))
        is_expression = node.style == "value" and node.literal is None
        if is_expression or node.style not in ("value", "list") or not isinstance(tree, str | list):
            raise self._error(node, f"{_shown(path)} cannot be replaced")
        return Edit(node.start, node.end, value_text(tree, self._in_document(path)))

    def edit_without(self, path: Sequence[str | int]) -> Edit:
        """The edit that takes out a statement, an item of a list, or a block."""
        json, inner = self._json(path)
        if json is not None and json.json is not None and inner:
            return moved(json.json.edit_without(inner), json.start)
        parent, node = self._find(path[:-1]), self._find(path)
        if parent is None or node is None:
            raise self._error(parent, f"{_shown(path)} is not written here")
        if node.style == "block" and parent.style in ("block", "blocks"):
            return self._without_lines(node, node.end, paragraph=True)
        if parent.style not in ("list", "named"):
            raise self._error(node, f"{_shown(path)} cannot be taken out alone")
        every = list(parent.entries.values())
        index = every.index(node)
        if self._is_alone(node):
            return self._without_lines(node, node.tail)
        if len(every) == 1:
            return Edit(parent.start + 1, parent.end - 1, "")
        if index + 1 < len(every):
            return Edit(node.start, every[index + 1].start, "")
        return Edit(every[index - 1].end, node.end, "")

    def edit_appending(self, path: Sequence[str | int], items: Sequence[Any]) -> Edit:
        """The edit that puts statements, or items, at the end of a list. Raises SpliceError."""
        json, inner = self._json(path)
        if json is not None and json.json is not None:
            if json.json.kind(inner) == "mapping":
                whole = [json.json.tree(inner), *map(as_json, items)]
                return moved(json.json.edit_setting(inner, whole), json.start)
            return moved(json.json.edit_appending(inner, [*map(as_json, items)]), json.start)
        node = self._find(path)
        if node is None:
            raise self._error(None, f"{_shown(path)} is not in the file")
        if node.style == "blocks":
            return self._with_blocks(node, items)
        if node.style == "named":
            return self._with_items(node, items, self._names(node, len(items)))
        if node.style == "list":
            return self._with_items(node, items, [])
        if node.style == "object" and path[-1:] == ("Statement",):
            return Edit(node.start, node.end, self._listed(node, items, [self.text[node.start : node.end]]))
        raise self._error(node, f"{_shown(path)} is not a list")

    # How a change is made

    def _listed(self, node: HclNode, items: Sequence[Any], before: Sequence[str]) -> str:
        """A list in the place of a single statement."""
        texts = self._texts(items, [], node.colon, self._column(node.start), inline=False)
        return f"[{', '.join([*before, *texts])}]"

    def _with_blocks(self, node: HclNode, items: Sequence[Any]) -> Edit:
        """Statements behind the last one of a data source, or as its first ones."""
        statements = [one for one in node.entries.values() if one.style == "block"]
        column = self._column(statements[-1].start) if statements else self._column(node.start) + INSET
        nl = self._newline
        blocks = [self._indented("\n".join(statement_lines(item)), column, first=True) for item in items]
        joined = f"{nl}{nl}".join(blocks)
        if statements:
            at = self._line_end(statements[-1].end)
            return Edit(at, at, f"{nl}{nl}{joined}")
        before = self.text[node.start : node.end]
        kept = before.rstrip()
        between = f"{nl}{nl}" if kept.strip() else nl
        return Edit(node.start + len(kept), node.end, f"{between}{joined}{nl}{self._column(node.start)}")

    def _with_items(self, node: HclNode, items: Sequence[Any], names: Sequence[str]) -> Edit:
        """Items behind the last one of a list, in lines where it has lines."""
        every = list(node.entries.values())
        colon, nl = any(one.colon for one in every), self._newline
        if not every:
            column = self._column(node.start) + INSET
            texts = self._texts(items, names, colon, column, inline=False)
            inner = "".join(f"{nl}{column}{one}{'' if names else ','}" for one in texts)
            return Edit(node.start + 1, node.end - 1, f"{inner}{nl}{self._column(node.start)}")
        last = every[-1]
        if not self._begins_line(every[0]):  # [{ … }], on one line or not
            inline = "\n" not in self.text[node.start : node.end]
            texts = self._texts(items, names, colon, self._column(node.start), inline)
            return Edit(last.end, last.end, "".join(f", {one}" for one in texts))
        column = self._column(every[0].start)
        texts = self._texts(items, names, colon, column, inline=False)
        comma = "" if names and not last.comma else ","
        rest = self.text[last.end : last.tail]
        added = f"{nl}{column}" + f"{comma}{nl}{column}".join(texts) + ("," if last.comma else "")
        if "\n" in self.text[last.tail : node.end - 1] or not rest.strip(","):
            return Edit(last.end, last.tail, f"{comma if not last.comma else ''}{rest}{added}")
        raise self._error(last, "a comment is between the last statement and the end of its list")

    def _texts(
        self, items: Sequence[Any], names: Sequence[str], colon: bool, column: str, inline: bool
    ) -> list[str]:  # fmt: skip
        """New items as they are written: all of them on a line, or each over lines."""
        heads = [f"{names[number]} = " if names else "" for number in range(len(items))]
        if inline:
            lines = [
                head + object_on_a_line(item, colon, bool(head))
                if isinstance(item, Mapping)
                else value_text(item, False)
                for item, head in zip(items, heads, strict=True)
            ]
            if all(len(line) <= _LINE for line in lines):
                return lines
        texts = (self._item(item, colon, head) for item, head in zip(items, heads, strict=True))
        return [self._indented("\n".join(text), column) for text in texts]

    def _item(self, item: Any, colon: bool, head: str) -> list[str]:
        """A statement, or a scalar, as the lines that it is written in."""
        if not isinstance(item, Mapping):
            return [value_text(item, False)]
        first, *rest = object_lines(item, colon, lower=bool(head))
        return [head + first, *rest]

    def _names(self, node: HclNode, count: int) -> list[str]:
        """Keys for new entries of ``policy_statements`` that no other has."""
        taken = {re.split(r"[\s=:]", self.text[one.start : one.end], maxsplit=1)[0].strip('"')
                 for one in node.entries.values()}  # fmt: skip
        names: list[str] = []
        number = 1
        while len(names) < count:
            name = _NAME if number == 1 else f"{_NAME}_{number}"
            names += [name] if name not in taken else []
            number += 1
        return names

    def _without_lines(self, node: HclNode, end: int, paragraph: bool = False) -> Edit:
        """Without the lines of something that has them alone; with what separates a ``paragraph`` from the next one."""
        start = self.text.rfind("\n", 0, node.start) + 1
        stop = self._line_end(end)
        if self.text[start : node.start].strip() or self.text[end:stop].strip():
            return Edit(node.start, end, "")
        stop = min(len(self.text), stop + (2 if self.text.startswith("\r\n", stop) else 1))
        if paragraph:
            above, below = self._blank_above(start), self._blank_below(stop)
            if above < start and (below > stop or self.text[below:].lstrip(" \t")[:1] in ("}", "")):
                start = above
            elif self.text[:start].rstrip()[-1:] in ("{", ""):
                stop = below
        return Edit(start, stop, "")

    def _blank_above(self, at: int) -> int:
        """Where the empty lines above a line begin."""
        while at > 0:
            line = self.text.rfind("\n", 0, at - 1) + 1
            if self.text[line:at].strip():
                break
            at = line
        return at

    def _blank_below(self, at: int) -> int:
        """Where the empty lines from a line on end."""
        while (end := self.text.find("\n", at)) >= 0 and not self.text[at:end].strip():
            at = end + 1
        return at

    def _in_document(self, path: Sequence[str | int]) -> bool:
        """Whether texts at a path are those of a data source, which writes a policy variable with &."""
        names = ("data.aws_iam_policy_document.", "policy_statements")
        return any(str(step).startswith(names) for step in path)

    def _indented(self, text: str, column: str, first: bool = False) -> str:
        """Lines with an indentation; the first one too, where that is asked for."""
        joined = self._newline.join(f"{column}{line}" if line else line for line in text.split("\n"))
        return joined if first else joined[len(column) :]

    # Where things stand

    def _find(self, path: Sequence[str | int]) -> HclNode | None:
        node = self._root
        for step in path:
            if step not in node.entries:
                return None
            node = node.entries[step]
        return node

    def _json(self, path: Sequence[str | int]) -> tuple[HclNode | None, tuple[str | int, ...]]:
        """The heredoc of JSON that a path leads into, and the rest of the path."""
        node = self._root
        for depth, step in enumerate(path):
            if step not in node.entries:
                return None, ()
            node = node.entries[step]
            if node.json is not None:
                return node, tuple(path[depth + 1 :])
        return None, ()

    def _in_json(self, line: int, column: int, ask: str) -> list[Steps]:
        found: list[Steps] = []
        at = self._offset(line, 1)
        for node, path in self._documents:
            if node.start <= at < node.end:
                first = bisect_right(self._lines, node.start) - 1
                columns = dict.fromkeys((column + node.stripped, column))
                inside = (getattr(node.json, ask)(line - first, one) for one in columns)
                found += [(*path, *one) for one in next((each for each in inside if each), [])]
        return found

    def _is_alone(self, node: HclNode) -> bool:
        """Whether an item begins its line and what is behind it on its last line belongs to it."""
        return self._begins_line(node) and not self.text[node.tail : self._line_end(node.tail)].strip()

    def _begins_line(self, node: HclNode) -> bool:
        return not self.text[self.text.rfind("\n", 0, node.start) + 1 : node.start].strip()

    def _line_end(self, at: int) -> int:
        end = self.text.find("\n", at)
        end = len(self.text) if end < 0 else end
        return end - 1 if end > at and self.text[end - 1] == "\r" else end

    def _column(self, at: int) -> str:
        """The white space that the line of a place begins with."""
        match = re.compile(r"[ \t]*").match(self.text, self.text.rfind("\n", 0, at) + 1)
        return match[0] if match else ""

    @cached_property
    def _newline(self) -> str:
        return "\r\n" if self.text.count("\r\n") * 2 > self.text.count("\n") > 0 else "\n"

    def _offset(self, line: int, column: int) -> int:
        return self._lines[line - 1] + column - 1 if 0 < line <= len(self._lines) else -1

    def _error(self, node: HclNode | None, why: str) -> SpliceError:
        at = node.start if node is not None else 0
        line = self.text.count("\n", 0, at) + 1
        place = Place(self.name, line, at - self.text.rfind("\n", 0, at))
        return SpliceError(f"{self.name}: {why}", place, "change this place by hand")


def _is_value(path: Steps) -> bool:
    """Whether a path ends with the key of a statement or a policy's ``Statement``."""
    return len(path) > 1 and isinstance(path[-1], str) and (path[-1] == "Statement" or isinstance(path[-2], int))


def _shown(path: Sequence[str | int]) -> str:
    return ".".join(map(str, path)) or "the file"
