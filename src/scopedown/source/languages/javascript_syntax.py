"""One program, parsed: its syntax tree, and where its nodes stand. Nothing is loaded before a program is met."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from scopedown.core.place import Place

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

MAX_SOURCE: Final = 1024 * 1024
"""Characters of a program that is read; a configuration has a few thousand."""

SUFFIXES: Final = (".ts", ".mts", ".cts", ".js", ".mjs", ".cjs", ".tsx", ".jsx")
"""Files that are programs."""


@dataclass(slots=True)
class Source:
    """A parsed file; ``file`` names it in places."""

    path: Path
    file: str
    text: bytes
    root: Node
    _continuations: list[int] | None = field(default=None)

    def of(self, node: Node) -> str:
        """What is written at a node."""
        return self.text[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def place(self, node: Node) -> Place:
        """Where a node begins; columns count characters."""
        row, column = node.start_point
        if column:
            if self._continuations is None:
                ascii_only = self.text.isascii()
                self._continuations = (
                    [] if ascii_only else [at for at, byte in enumerate(self.text) if 0x80 <= byte < 0xC0]
                )
            if self._continuations:
                start = node.start_byte
                inside = bisect_left(self._continuations, start) - bisect_left(self._continuations, start - column)
                column -= inside
        return Place(self.file, row + 1, column + 1)


def parse(text: str, path: Path, file: str) -> Source:
    """The syntax tree of a program; the grammar goes by its name. What is no program is an error node in the tree."""
    data = text.encode("utf-8", "replace")
    suffix = path.suffix.lower()
    if suffix in (".ts", ".mts", ".cts"):
        tree = _parser("typescript").parse(data)
    else:
        tree = _parser("tsx" if suffix == ".tsx" else "javascript").parse(data)
    return Source(path, file, data, tree.root_node)


@cache
def _parser(grammar: str) -> Parser:
    from tree_sitter import Language, Parser

    if grammar == "javascript":
        import tree_sitter_javascript

        return Parser(Language(tree_sitter_javascript.language()))
    import tree_sitter_typescript

    if grammar == "tsx":
        return Parser(Language(tree_sitter_typescript.language_tsx()))
    return Parser(Language(tree_sitter_typescript.language_typescript()))


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


def first(node: Node) -> Node | None:
    """The first thing in a node that is no comment."""
    return next((child for child in node.named_children if child.type != "comment"), None)


def is_broken(node: Node) -> bool:
    """Whether the parser could not read what stands directly in a node."""
    return any(child.is_error or child.is_missing for child in node.children)


def whole(text: str) -> str:
    """A text in which two halves of a character (as ``\\ud83d\\ude00`` writes them) are one again."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


_SIMPLE: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": "", "\r\n": ""}


def escape(written: str) -> str:
    r"""The character that an escape sequence stands for.

    >>> escape(r"\n"), escape(r"\x41"), escape(r"\u{42}"), escape(r"\'")
    ('\n', 'A', 'B', "'")
    """
    rest = written[1:]
    if rest[:1] in ("x", "u") and len(rest) > 1:
        try:
            code = int(rest[1:].strip("{}"), 16)
            return chr(code)
        except (ValueError, OverflowError):
            return rest
    return _SIMPLE.get(rest, rest)
