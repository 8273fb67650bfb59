"""Where a hint's comment stands: the function that it belongs to, the lines that it is about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scopedown.source import ir
from scopedown.source.language import language_of
from scopedown.source.languages.columns import Columns

if TYPE_CHECKING:
    from tree_sitter import Node

_FUNCTIONS = frozenset(
    {
        "anonymous_function", "arrow_function", "closure_expression", "constructor_declaration", "func_literal",
        "function_declaration", "function_definition", "function_expression", "function_item", "generator_function",
        "generator_function_declaration", "lambda", "lambda_expression", "lambda_literal", "local_function_statement",
        "method", "method_declaration", "method_definition", "secondary_constructor", "singleton_method",
    }
)  # fmt: skip
_CLASSES = frozenset(
    {
        "abstract_class_declaration", "class", "class_declaration", "class_definition", "companion_object",
        "enum_declaration", "impl_item", "interface_declaration", "mod_item", "object_declaration",
        "record_declaration", "struct_declaration", "trait_declaration", "trait_item",
    }
)  # fmt: skip
_BODIES = frozenset(
    {
        "block", "body_statement", "class_body", "compilation_unit", "compound_statement", "constructor_body",
        "declaration_list", "enum_body", "function_body", "interface_body", "module", "program", "source_file",
        "statement_block", "statement_list", "statements", "switch_body",
    }
)  # fmt: skip
"""Nodes that hold statements or members."""
_COMMENTS = frozenset({"block_comment", "comment", "line_comment", "multiline_comment"})
_INNER = {
    "as_expression": "",
    "assignment": "right",
    "assignment_expression": "right",
    "await_expression": "",
    "decorated_definition": "definition",
    "export_statement": "declaration",
    "expression_statement": "",
    "field_definition": "value",
    "lexical_declaration": "",
    "pair": "value",
    "parenthesized_expression": "",
    "public_field_definition": "value",
    "satisfies_expression": "",
    "variable_declaration": "",
    "variable_declarator": "value",
}
"""What a definition defines: a field of its node, or its first child."""
_MAX_INNER = 30


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose a hint is: with neither start nor end the module's, with a start the function's that starts there, with
    both any function's between them (a class)."""

    start: ir.At | None = None
    end: ir.At | None = None


class Tree:
    """The syntax tree of one source, asked about its comments."""

    def __init__(self, source: bytes, root: Node) -> None:
        self.source = source
        self.root = root
        self._columns = Columns(source)
        self._simple: dict[int, bool] = {}

    def at(self, node: Node) -> ir.At:
        """Line and column, in characters, of a node's start, as the intermediate form has them."""
        return self._at(node.start_byte, node.start_point)

    def _at(self, byte: int, point: tuple[int, int]) -> ir.At:
        row, column = point
        return row + 1, self._columns.characters(byte - column, byte) + 1

    def comment_at(self, byte: int) -> Node | None:
        """The comment that a byte is of."""
        node = self.root.descendant_for_byte_range(byte, byte + 1)
        while node is not None and node.type in ("comment_content", "doc_comment", "ERROR") and node.parent is not None:
            node = node.parent
        return node if node is not None and node.type in _COMMENTS else None

    def texts(self, comment: Node) -> Iterator[str]:
        """The lines of a comment without what makes it one."""
        text = self.source[comment.start_byte : comment.end_byte].decode("utf-8", "replace")
        if text.startswith("/*"):
            for line in text[2:].removesuffix("*/").splitlines():
                yield line.strip(" \t*")
        else:
            yield text.lstrip("#/").strip()

    # the function

    def owner(self, comment: Node) -> Owner:
        """The function that the comment stands in or right above."""
        below = self._below(comment) if self._is_alone(comment) else self._statement_of(comment)
        if below is not None and (defined := self._defined(below)) is not None:
            return defined
        node = comment.parent
        while node is not None:
            if node.type in _FUNCTIONS:
                return Owner(self.at(node))
            if node.type in _CLASSES:
                return self._class(node)
            node = node.parent
        return Owner()

    def _class(self, node: Node) -> Owner:
        return Owner(self.at(node), self._at(node.end_byte, node.end_point))

    def _defined(self, node: Node) -> Owner | None:
        """The function or class that a statement or a member defines."""
        is_top = self._is_top(node)
        for _ in range(_MAX_INNER):
            if node.type in _FUNCTIONS:
                return Owner(self.at(node))
            if node.type in _CLASSES:
                return self._class(node)
            if is_top and node.type in ("call", "call_expression"):
                # What a wrapper is given at a module's top level: exports.handler = wrap(async (event) => …)
                arguments = node.child_by_field_name("arguments")
                inner = next(
                    (
                        child
                        for child in arguments.named_children
                        if child.type in _FUNCTIONS or child.type.startswith("call")
                    )
                    if arguments is not None
                    else iter(()),
                    None,
                )
            elif (name := _INNER.get(node.type)) is None:
                return None
            elif name:
                inner = node.child_by_field_name(name) or node.child_by_field_name("value")
            else:
                inner = next((child for child in node.named_children if child.type not in _COMMENTS), None)
            if inner is None:
                return None
            node = inner
        return None

    @staticmethod
    def _is_top(node: Node) -> bool:
        parent = node.parent
        while parent is not None:
            if parent.type in _FUNCTIONS:
                return False
            parent = parent.parent
        return True

    # lines

    def lines(self, comment: Node) -> tuple[int, int]:
        """The first and the last line, from 1, that a comment is about: its own, or those of the statement below it."""
        line: int = comment.start_point[0] + 1
        if not self._is_alone(comment):
            statement = self._statement_of(comment, last=True)
            if statement is not None and statement.start_point[0] < line <= statement.end_point[0] + 1:
                return self._extent(statement, line)
            return line, line
        below = self._below(comment)
        return (line, line) if below is None else self._extent(below, below.start_point[0] + 1)

    def _extent(self, node: Node, line: int) -> tuple[int, int]:
        """All lines of a statement that holds no other statements, else the one."""
        if not self._is_simple(node):
            return line, line
        return node.start_point[0] + 1, node.end_point[0] + 1

    def _is_simple(self, node: Node) -> bool:
        known = self._simple.get(node.id)
        if known is None:
            known = True
            stack = [node]
            while stack and known:
                one = stack.pop()
                known = one.type not in _BODIES
                stack.extend(one.named_children)
            self._simple[node.id] = known
        return known

    def _is_alone(self, comment: Node) -> bool:
        """Whether nothing stands before the comment on its line."""
        start = comment.start_byte
        return not self.source[start - comment.start_point[1] : start].strip()

    def _statement_of(self, comment: Node, last: bool = False) -> Node | None:
        """The statement that begins the comment's line, or with ``last`` the one of what stands before the comment."""
        start = comment.start_byte
        before = self.source[start - comment.start_point[1] : start]
        if last:
            return self._outermost(start - len(before) + len(before.rstrip()) - 1, from_start=False)
        return self._outermost(start - len(before.lstrip()), from_start=True)

    def _below(self, comment: Node) -> Node | None:
        """What stands on the line below the comment, or below further comments."""
        at = comment.end_byte
        while True:
            ends = self.source.find(b"\n", at)
            if ends < 0 or self.source[at:ends].strip():
                return None
            line_end = self.source.find(b"\n", ends + 1)
            line = self.source[ends + 1 : line_end if line_end >= 0 else None]
            if not line.strip():
                return None
            start = ends + 1 + len(line) - len(line.lstrip())
            node = self.root.descendant_for_byte_range(start, start + 1)
            if node is None or node.type not in _COMMENTS:
                break
            at = node.end_byte
        below = self._outermost(start, from_start=True)
        if below is not None and below.type == "decorator":
            while below is not None and below.type == "decorator":
                below = below.next_named_sibling
        python = comment.type == "comment" and self.source[comment.start_byte : comment.start_byte + 1] == b"#"
        if python and below is not None and below.start_point[1] != comment.start_point[1]:
            return None  # the end of an indented block
        return below

    def _outermost(self, at: int, from_start: bool) -> Node | None:
        """The statement, member or part of one at a byte: the largest node that begins there, or the smallest statement
        around it."""
        node = self.root.descendant_for_byte_range(at, at + 1)
        while node is not None and node.parent is not None and node.parent.type not in _BODIES:
            if from_start and node.parent.start_byte != at:
                break
            node = node.parent
        return node


def tree_of(source: bytes, file: str) -> Tree:
    """Parse a source that holds a hint."""
    return Tree(*language_of(file).syntax(source, file))
