"""Blocks of JavaScript statements: what they declare, and the hoisting of functions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tree_sitter import Node

from scopedown.languages.javascript.context import Context
from scopedown.languages.javascript.patterns import bound_names

FUNCTIONS = frozenset({"function_declaration", "generator_function_declaration"})
_NAMED = FUNCTIONS | {"class_declaration", "abstract_class_declaration", "enum_declaration"}
_LEXICAL = frozenset({"lexical_declaration", "using_declaration"})
DECLARATIONS = _NAMED | _LEXICAL | {"variable_declaration"}


def declared_names(c: Context, node: Node, kind: str) -> Iterator[str]:
    """The names that one declaration statement binds."""
    if kind in _NAMED:
        name = node.child_by_field_name("name")
        if name is not None:
            yield c.identifier(name)
    elif kind in _LEXICAL or kind == "variable_declaration":
        for child in node.named_children:
            if child.type == "variable_declarator":
                yield from bound_names(c, child.child_by_field_name("name"))


def declare_in_block(c: Context, node: Node, kind: str) -> None:
    """Declare what a declaration statement of a block binds; a function is known after the block, too
    (https://tc39.es/ecma262/#sec-block-level-function-declarations-web-legacy-compatibility-semantics)."""
    for name in declared_names(c, node, kind):
        c.declare(name, block=kind not in FUNCTIONS or name in c.declared)


def _is_hoisted(node: Node, kind: str) -> bool:
    if kind in FUNCTIONS:
        return True
    if kind == "export_statement":
        declaration = node.child_by_field_name("declaration")
        return declaration is not None and declaration.type in FUNCTIONS
    return False


def statements(c: Context, nodes: Sequence[Node], own: bool) -> None:
    """Lower statements in one block scope; ``own`` is False where it is the function's own body.

    Function declarations come first, as they are hoisted.
    """
    renames = c.renames
    kinds = [node.type for node in nodes]
    hoisted: list[int] = []
    for position, kind in enumerate(kinds):
        if kind in _NAMED or kind in _LEXICAL:
            if own:
                declare_in_block(c, nodes[position], kind)
            else:
                for name in declared_names(c, nodes[position], kind):
                    c.declare(name)
            if kind in FUNCTIONS:
                hoisted.append(position)
        elif kind == "export_statement" and _is_hoisted(nodes[position], kind):
            hoisted.append(position)
    for position in hoisted:
        c.statement(nodes[position])
    first = set(hoisted)
    for position, node in enumerate(nodes):
        if position not in first:
            c.statement(node)
    if own:
        c.renames = renames
