"""What the readers of both languages share: a walk over a syntax tree that knows the class and the blocks around."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from scopedown.core.place import Place
from scopedown.project.cdk.program.model import Creation
from scopedown.source.languages.columns import Columns

if TYPE_CHECKING:
    from tree_sitter import Node

MAX_STRING: Final = 200
_MAX_TEXT: Final = 60


@dataclass(slots=True)
class Text:
    """A parsed file's text, and where its nodes are."""

    file: str
    data: bytes
    _columns: Columns | None = field(default=None)

    def of(self, node: Node) -> str:
        """What is written at a node."""
        return self.data[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def line(self, node: Node) -> str:
        """What is written at a node, on one line, cut where it is long."""
        written = " ".join(self.of(node).split())
        return written if len(written) <= _MAX_TEXT else f"{written[:_MAX_TEXT]}…"

    def place(self, node: Node) -> Place:
        """Where a node begins; columns count characters."""
        row, column = node.start_point
        if self._columns is None:
            self._columns = Columns(self.data)
        return Place(self.file, row + 1, self._columns.characters(node.start_byte - column, node.start_byte) + 1)


@dataclass(frozen=True, slots=True)
class Around:
    """What is around a node: the class, and the blocks by their first bytes."""

    owner: str = ""
    blocks: tuple[int, ...] = (0,)


def walked(root: Node, text: Text, classes: frozenset[str], blocks: frozenset[str]) -> Iterator[tuple[Node, Around]]:
    """Every node in the order of the text, with what is around it; ``classes`` and ``blocks`` are kinds of nodes."""
    waiting: list[tuple[Node, Around]] = [(root, Around())]
    while waiting:
        node, around = waiting.pop()
        yield node, around
        inside = around
        if node.type in classes:
            name = node.child_by_field_name("name")
            inside = Around(text.of(name) if name is not None else "", around.blocks)
        if node.type in blocks:
            inside = replace(inside, blocks=(*inside.blocks, node.start_byte))
        waiting += [(child, inside) for child in reversed(node.named_children)]


def below(node: Node, kinds: frozenset[str]) -> Iterator[Node]:
    """The nodes of some kinds at and below a node."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if one.type in kinds:
            yield one
        waiting += reversed(one.named_children)


def method_of(function: Node, field: str, text: Text, variables: frozenset[str]) -> tuple[str, str]:
    """What a method is called on, where that is one of the kinds of ``variables``, and its name."""
    receiver, name = function.child_by_field_name("object"), function.child_by_field_name(field)
    written = text.of(receiver) if receiver is not None and receiver.type in variables else ""
    return written, text.of(name) if name is not None else ""


def last_name(node: Node | None, text: Text, variables: frozenset[str]) -> str:
    """The last name of ``lambda.Function``; empty for what is no name."""
    return text.of(node).rpartition(".")[2] if node is not None and node.type in variables else ""


def last_line(node: Node, endings: tuple[str, ...]) -> int:
    """The last line of the statement around a node; ``endings`` are those of kinds of statements."""
    while node.parent is not None and not node.type.endswith(endings):
        node = node.parent
    return node.end_point[0] + 1


def around_passing(node: Node, passing: frozenset[str]) -> tuple[Node, Node | None]:
    """An expression with what it goes through unchanged, and what is around that."""
    inner, outer = node, node.parent
    while outer is not None and outer.type in passing:
        inner, outer = outer, outer.parent
    return inner, outer


Slot = tuple[str, int, str]
"""A variable: the class around it, the first byte of its block (0 for an object's own), its name."""


def slot(name: str, around: Around) -> Slot:
    """The variable that a name is where it is given a value."""
    return around.owner, 0 if "." in name else around.blocks[-1], name


def with_sure_variables(creations: Iterable[tuple[Creation, Around]], assigned: Counter[Slot]) -> list[Creation]:
    """The creations, without the variables that are given another value too; ``assigned`` counts all assignments."""
    return [
        replace(one, variable="") if one.variable and assigned[slot(one.variable, around)] > 1 else one
        for one, around in creations
    ]
