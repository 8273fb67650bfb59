"""One program, parsed: its syntax tree, and where its nodes stand. Nothing is loaded before a program is met."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from scopedown.core.place import Place
from scopedown.source.languages.columns import Columns
from scopedown.source.languages.syntax import Grammar

if TYPE_CHECKING:
    from tree_sitter import Node, Tree

MAX_SOURCE: Final = 1024 * 1024
"""Characters of a program that is read; a configuration has a few thousand."""

STATIC: Final = "static "
"""What stands before the name of a class's own method: objects of the class may have another of that name."""

SUFFIXES: Final = (".ts", ".mts", ".cts", ".js", ".mjs", ".cjs", ".tsx", ".jsx")
"""Files that are programs."""


@dataclass(slots=True)
class Source:
    """A parsed file; ``file`` names it in places."""

    path: Path
    file: str
    text: bytes
    root: Node
    _columns: Columns | None = field(default=None)

    def of(self, node: Node) -> str:
        """What is written at a node."""
        return self.text[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def place(self, node: Node) -> Place:
        """Where a node begins; columns count characters."""
        row, column = node.start_point
        if self._columns is None:
            self._columns = Columns(self.text)
        return Place(self.file, row + 1, self._columns.characters(node.start_byte - column, node.start_byte) + 1)


def parse(text: str, path: Path, file: str) -> Source:
    """The syntax tree of a program; what is no program is an error node in the tree."""
    data = text.encode("utf-8", "replace")
    return Source(path, file, data, parsed(data, path.name)[0].root_node)


def parsed(source: bytes, file: str) -> tuple[Tree, bool]:
    """The tree, and whether the file is TypeScript.

    The grammar goes by the file's name: ``.ts``, ``.mts``, ``.cts`` are TypeScript, ``.tsx`` TypeScript with JSX, all
    else JavaScript with JSX; a JavaScript file that its grammar cannot read is tried as TypeScript with JSX, which also
    reads most of Flow.
    """
    ending = file.rpartition(".")[2].lower()
    if ending in ("ts", "mts", "cts"):
        return _TYPESCRIPT.parsed(source), True
    if ending == "tsx":
        return _TSX.parsed(source), True
    tree = _JAVASCRIPT.parsed(source)
    if tree.root_node.has_error and b"\0" not in source[:4096]:
        other = _TSX.parsed(source)
        if not other.root_node.has_error:
            return other, True
    return tree, False


_JAVASCRIPT: Final = Grammar("tree_sitter_javascript")
_TYPESCRIPT: Final = Grammar("tree_sitter_typescript", "language_typescript")
_TSX: Final = Grammar("tree_sitter_typescript", "language_tsx")


def error_in(root: Node) -> Node | None:
    """The first place that the parser could not read; None where it read all."""
    node = root
    while node.has_error and not (node.is_error or node.is_missing):
        inner = next((child for child in node.children if child.has_error or child.is_missing), None)
        if inner is None:
            break
        node = inner
    if not root.has_error:
        return None
    # A row of words that make no statement ends where the parser could not go on.
    return node.children[-1] if node.is_error and node.children else node


def is_broken(node: Node) -> bool:
    """Whether the parser could not read what stands directly in a node."""
    return any(child.is_error or child.is_missing for child in node.children)


_SIMPLE: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}


def unescape(text: str) -> str:
    r"""The characters of a literal's source.

    >>> unescape(r"a\n\x41\u{42}\'")
    "a\nAB'"
    """
    if "\\" not in text:
        return text
    out: list[str] = []
    position, end = 0, len(text)
    while position < end:
        character = text[position]
        position += 1
        if character != "\\" or position >= end:
            out.append(character)
            continue
        escape = text[position]
        position += 1
        digits = ""
        if escape == "x":
            digits = text[position : position + 2]
            position += 2
        elif escape == "u" and text.startswith("{", position):
            close = text.find("}", position)
            digits = text[position + 1 : close] if close > 0 else ""
            position = close + 1 if close > 0 else end
        elif escape == "u":
            digits = text[position : position + 4]
            position += 4
        elif escape == "\n":
            continue
        elif escape == "\r":
            position += text.startswith("\n", position)
            continue
        else:
            out.append(_SIMPLE.get(escape, escape))
            continue
        try:
            out.append(chr(int(digits, 16)))
        except (ValueError, OverflowError):
            out.append("�")
    return _whole("".join(out))


def _whole(text: str) -> str:
    """A text in which two halves of a character (as ``\\ud83d\\ude00`` writes them) are one again."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
