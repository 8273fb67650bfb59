"""What front ends on tree-sitter share: a grammar's parser, a file's text and places, and what of it was not read."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Final

from scopedown.source import ir
from scopedown.source.languages.columns import Columns

if TYPE_CHECKING:
    from tree_sitter import Language, Node, Parser, Tree

MAX_PROBLEMS: Final = 20
"""Syntax errors that are reported of one file."""
Problem = tuple[ir.At, str]
"""Where something could not be read, and why."""


_CHUNK: Final = 1 << 16
_CHECKS: Final = 1000
_BYTES_PER_CHECK: Final = 10
"""tree-sitter asks whether to go on after every 100 steps of its parser. In 1,800 public programs, 160 of them read
with the wrong grammar, it asked at most 0.018 times for each byte."""
_NOT_PARSED: Final = b"<?php ("
"""A syntax error in every grammar."""


def bounded_parse(parser: Parser, source: bytes) -> Tree:
    """The syntax tree of a text; that of a syntax error in its first line where the parser does not come to an end."""
    return parsed_or_none(parser, source) or parser.parse(_NOT_PARSED)


def parsed_or_none(parser: Parser, source: bytes) -> Tree | None:
    """The syntax tree of a text; None where the parser does not come to an end.

    A few broken texts keep tree-sitter busy for ever, with more memory at each step
    (https://github.com/tree-sitter/tree-sitter/issues/3393).
    """
    checks = _CHECKS + len(source) // _BYTES_PER_CHECK

    def is_too_long(offset: int, has_error: bool) -> bool:
        nonlocal checks
        checks -= 1
        return checks < 0

    try:
        return parser.parse(lambda offset, point: source[offset : offset + _CHUNK], progress_callback=is_too_long)
    except ValueError:
        parser.reset()  # else the next text goes on where this one ended
        return None


class Grammar:
    """One grammar of tree-sitter, by its package and the function of it that gives the grammar, which is called once,
    when the first file is parsed."""

    def __init__(self, package: str, function: str = "language") -> None:
        self._package, self._function = package, function

    @cached_property
    def language(self) -> Language:
        """The grammar itself."""
        import tree_sitter

        return tree_sitter.Language(getattr(importlib.import_module(self._package), self._function)())

    @cached_property
    def parser(self) -> Parser:
        """A parser of it."""
        import tree_sitter

        return tree_sitter.Parser(self.language)

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """Names of the node kinds by their number; a kind that is no named node is empty."""
        language = self.language
        return tuple(
            language.node_kind_for_id(number) or "" if language.node_kind_is_named(number) else ""
            for number in range(language.node_kind_count)
        )

    def parsed(self, source: bytes) -> Tree:
        """The syntax tree of one file."""
        return bounded_parse(self.parser, source)


_LOOPS: Final = frozenset(
    {
        "for_statement", "for_in_statement", "enhanced_for_statement", "while_statement", "do_statement",
        "labeled_statement",
    }
)  # fmt: skip


def labelled(body: Node, lowered: ir.Block, at: ir.At) -> ir.Block:
    """``label: …`` of JavaScript and Java, whose body is lowered; what a ``break`` may leave anywhere is a loop that
    runs once."""
    if body.type in _LOOPS or not _has_labelled_break(body):
        return lowered
    return (ir.Loop(None, None, lowered, at, once=True),)


def _has_labelled_break(node: Node) -> bool:
    """Whether a ``break`` inside of a statement names a label. A cursor keeps no nodes, of which blocks with labels in
    each other have many."""
    cursor = node.walk()
    while True:
        one = cursor.node
        if one is not None and one.type == "break_statement" and one.named_child_count:
            return True
        if cursor.goto_first_child():
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return False


class SourceText:
    """The text, places and kinds of a file's syntax nodes. ``kinds`` are :attr:`Grammar.kinds`, for who asks for
    kinds by their number."""

    __slots__ = ("columns", "kinds", "names", "source")

    def __init__(self, source: bytes, kinds: tuple[str, ...] = ()) -> None:
        self.source = source
        self.kinds = kinds
        self.names: dict[bytes, str] = {}
        """The texts of names that were met."""
        self.columns = None if source.isascii() else Columns(source)

    def at(self, node: Node) -> ir.At:
        """Line and column from 1; the column counts characters where tree-sitter counts bytes."""
        row, column = node.start_point
        if column and self.columns is not None:
            column = self.columns.characters(node.start_byte - column, node.start_byte)
        return (row + 1, column + 1)

    def kind(self, node: Node) -> str:
        """The node's kind, ``ERROR`` for what the parser could not read, empty for a token."""
        number = node.kind_id
        return self.kinds[number] if number < len(self.kinds) else "ERROR"

    def text(self, node: Node) -> str:
        """The source text of a name or token, as :meth:`plain` has it."""
        raw = self.source[node.start_byte : node.end_byte]
        known = self.names.get(raw)
        if known is None:
            known = self.names[raw] = self.plain(raw.decode("utf-8", "replace"))
        return known

    def plain(self, name: str) -> str:
        """A name without the signs that only say that it is a name."""
        return name


def not_read(
    text: SourceText,
    root: Node,
    beyond: Node | None = None,
    deepest: Node | None = None,
    is_code: Callable[[Node], bool] = lambda node: False,
) -> tuple[Problem, ...]:
    """What of a file is not in its intermediate form: the statement from which on it is too large, syntax errors by
    their place, and the first node that is nested too deeply. ``is_code`` tells errors of the parser that are valid."""
    found: list[Problem] = []
    stack = [root] if root.has_error else []
    while stack and len(found) < MAX_PROBLEMS:
        node = stack.pop()
        if node.is_error:
            if not is_code(node):
                found.append((text.at(node), "syntax error"))
        elif node.is_missing:
            found.append((text.at(node), f"syntax error: {node.type or 'something'} is missing"))
        elif node.has_error:
            stack.extend(reversed(node.children))
    found.sort()
    if beyond is not None:
        found.insert(0, (text.at(beyond), "the file is too large; scopedown stopped reading at this statement"))
    if deepest is not None:
        found.append((text.at(deepest), "the code is nested too deeply; scopedown did not read the inner part"))
    return tuple(found)
