"""Structs of Go that are copied: assigned, given to a function, or as the receiver of a method
(https://go.dev/ref/spec#Assignment_statements, #Calls).

Only what is known to be no pointer is copied: variables that are declared as a struct or made by its literal, what is
behind a pointer, and parameters whose fields the function writes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from scopedown.languages.go import types
from scopedown.languages.go.scope import Lowering
from scopedown.source import ir

if TYPE_CHECKING:
    from tree_sitter import Node

COPIED: Final = "<copied>"
"""The built-in that copies a struct; a second argument is the type that says whether it is one."""
_NAMED: Final = ("type_identifier", "qualified_type", "generic_type")
_WRITTEN: Final = re.compile(
    rb"\b([A-Za-z_]\w{0,100})(?:\.\w{1,100}|\[[^\]\n]{0,200}\]){1,20}\s{0,20}(?:(?:[-+*/|&^%]|<<|>>|&\^)?=(?!=)|\+\+|--)"
    rb"|&\s{0,20}([A-Za-z_]\w{0,100})\b"
)
"""``s.field = v``, ``s.count++``, ``&s``."""


def assigned(work: Lowering, node: Node, value: ir.Expr) -> ir.Expr:
    """The value of an assignment, copied where it is a struct."""
    if node.type == "identifier" and (variable := work.variable(work.text(node))) is not None and variable.is_struct:
        return _copied(value, variable.annotation)
    operator = node.child_by_field_name("operator") if node.type == "unary_expression" else None
    return _copied(value, None) if operator is not None and work.text(operator) == "*" else value


def is_struct(work: Lowering, node: Node) -> bool:
    """Whether a value is a struct, if its type is one: a literal, or a variable that holds one."""
    if node.type == "composite_literal":
        type_ = node.child_by_field_name("type")
        return type_ is not None and type_.type in _NAMED
    variable = work.variable(work.text(node)) if node.type == "identifier" else None
    return variable is not None and variable.is_struct


def declared_struct(node: Node | None) -> bool:
    """Whether a declared type may be a struct, and is no pointer."""
    return node is not None and node.type in _NAMED


def parameters(work: Lowering, lists: list[Node | None], body: Node) -> list[ir.Stmt]:
    """Copies of the parameters whose fields a function writes."""
    found: list[ir.Stmt] = []
    declared = [one for given in lists if given is not None for one in work.named(given)]
    values = [one for one in declared if declared_struct(one.child_by_field_name("type"))]
    if not values:
        return found
    written = {name for names in _WRITTEN.findall(work.source[body.start_byte : body.end_byte]) for name in names}
    for one in values:
        for name in one.children_by_field_name("name") if one.type == "parameter_declaration" else ():
            if (text := work.text(name)).encode() in written:
                at = work.at(name)
                type_ = types.expression(work, one.child_by_field_name("type"))
                found.append(ir.Assign(work.named_at(text, at), _copied(work.named_at(text, at), type_), at))
    return found


def _copied(value: ir.Expr, type_: ir.Expr | None) -> ir.Expr:
    return ir.Call(ir.Name(COPIED, value.at), (value, *(() if type_ is None else (type_,))), (), value.at)
