"""Where the entries of a composed YAML file stand: the index that a text is asked by.

What is at a place comes as plain data: text stays as it is written, with its variables. The style of a file is its line
ends, indentation, lists and whether it uses CloudFormation's short tags.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import yaml

from scopedown.documents.scalars import plain_scalar
from scopedown.emit.yaml_text import USUAL, Form

Steps = tuple[str | int, ...]


class Places:
    """What stands where: paths by the line and the column that they begin at, and the nodes that an alias repeats."""

    __slots__ = ("_entries", "_here", "aliased", "starts", "values")

    def __init__(self, root: yaml.Node | None) -> None:
        self.starts: dict[tuple[int, int], list[Steps]] = {}
        self.values: dict[tuple[int, int], list[Steps]] = {}
        self.aliased: set[int] = set()
        self._entries: dict[int, dict[str | int, list[int]]] = {}
        self._here: dict[int, list[bool]] = {}
        waiting: list[tuple[yaml.Node | None, Steps]] = [(root, ())]
        while waiting:
            node, path = waiting.pop()
            for step, start, value, here in entries(node):
                if not here:
                    self.aliased.add(id(value))
                    continue
                self.starts.setdefault(_at(start), []).append((*path, step))
                if isinstance(value, yaml.CollectionNode):
                    if value is not start:
                        self.values.setdefault(_at(value), []).append((*path, step))
                    waiting.append((value, (*path, step)))

    def under(self, node: yaml.Node | None, step: str | int) -> list[tuple[yaml.Node, bool]]:
        """The values under a key or a number of a collection, and whether each is written there: more than one where a
        key is written twice."""
        if not isinstance(node, yaml.CollectionNode):
            return []
        numbers = self.numbers(node, step)
        is_mapping = isinstance(node, yaml.MappingNode)
        return [(node.value[one][1] if is_mapping else node.value[one], self._here[id(node)][one]) for one in numbers]

    def numbers(self, node: yaml.CollectionNode, step: str | int) -> list[int]:
        """Which entries of a collection a key or a number is. A collection is read through once, however many of its
        entries are asked for."""
        self._read(node)
        return self._entries[id(node)].get(step, [])

    def is_here(self, node: yaml.CollectionNode, number: int) -> bool:
        """Whether an entry's value is written there, and not brought by an alias."""
        self._read(node)
        return self._here[id(node)][number]

    def _read(self, node: yaml.CollectionNode) -> None:
        if id(node) in self._entries:
            return
        known = self._entries[id(node)] = {}
        written = self._here[id(node)] = []
        for number, (name, _, _, here) in enumerate(entries(node)):
            written.append(here)
            if isinstance(name, str | int):  # a mapping as a key has a list here, which no step is
                known.setdefault(name, []).append(number)


def _at(node: yaml.Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1


def entries(node: yaml.Node | None) -> Iterator[tuple[str | int, yaml.Node, yaml.Node, bool]]:
    """The entries of a collection: key or number, where it begins, its value, and whether that is written here: the
    node of an alias is that of its anchor."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield key.value, key, value, value.start_mark.index >= key.end_mark.index
    elif isinstance(node, yaml.SequenceNode):
        last = node.start_mark.index - 1
        for number, item in enumerate(node.value):
            here = item.start_mark.index > last
            yield number, item, item, here
            last = max(last, item.start_mark.index)


_MOST: Final = 20_000
"""Nodes; an alias that repeats an alias grows without an end."""


def tree_of(node: yaml.Node) -> Any:
    """A node as plain data, CloudFormation's short tags in their long form. Raises ValueError for one that is too large
    or that holds itself."""
    return _tree(node, [_MOST], 0)


def _tree(node: yaml.Node, left: list[int], deep: int) -> Any:
    left[0] -= 1
    if left[0] < 0 or deep > 100:
        raise ValueError("too large")
    value: Any
    if isinstance(node, yaml.MappingNode):
        value = {}
        merged: dict[str, Any] = {}
        for key, item in node.value:
            if key.value == "<<" and not key.style:
                for one in item.value if isinstance(item, yaml.SequenceNode) else [item]:
                    merged = {**_tree(one, left, deep + 1), **merged}
            else:
                value[key.value] = _tree(item, left, deep + 1)
        value = {**merged, **value}
    elif isinstance(node, yaml.SequenceNode):
        value = [_tree(item, left, deep + 1) for item in node.value]
    elif isinstance(node, yaml.ScalarNode):
        value = node.value if node.style or node.tag.startswith("!") else plain_scalar(node.value)
    if not node.tag.startswith("!") or node.tag == "!":
        return value
    name = node.tag[1:]
    if name == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {name if name in ("Ref", "Condition") else f"Fn::{name}": value}


_SHORT_TAG = re.compile(r"(?<![\w'\"])!(?:Ref|GetAtt|Sub|Join|ImportValue|If)\b")
_LONG_FORM = re.compile(r"""^[\s-]*["']?(?:Ref|Fn::\w+)["']?\s*:""", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Style:
    """Line ends, and the layout of what stands between them."""

    newline: str = "\n"
    form: Form = USUAL


def style_of(text: str, root: yaml.Node | None) -> Style:
    """The style that most of a file has; what it does not show is that of the framework's own examples."""
    newline = "\r\n" if text.count("\r\n") * 2 > text.count("\n") > 0 else "\n"
    steps: Counter[int] = Counter()
    lists: Counter[int] = Counter()
    for kind, width in _widths(root):
        (steps if kind == "step" else lists)[width] += 1
    step = steps.most_common(1)[0][0] if steps else 2
    dashes = lists.most_common(1)[0][0] if lists else step
    short = len(_SHORT_TAG.findall(text)) >= len(_LONG_FORM.findall(text))
    return Style(newline, Form(step, dashes, short))


def _widths(root: yaml.Node | None) -> Iterator[tuple[str, int]]:
    """How far each block mapping and each block sequence stands to the right of its key."""
    waiting, seen = [root] if root else [], set()
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                waiting.append(value)
                if isinstance(value, yaml.CollectionNode) and not value.flow_style and value.value:
                    first = value.value[0][0] if isinstance(value, yaml.MappingNode) else value
                    width = first.start_mark.column - key.start_mark.column
                    if first.start_mark.line > key.start_mark.line and 0 <= width <= 8:
                        yield ("step" if isinstance(value, yaml.MappingNode) else "list"), width
        elif isinstance(node, yaml.SequenceNode):
            waiting += node.value
