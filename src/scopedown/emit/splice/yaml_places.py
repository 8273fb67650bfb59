"""Where the entries of a composed YAML file stand: the index that a text is asked by."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

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
