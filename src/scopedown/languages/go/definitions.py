"""Go's defined types as classes.

* A struct is a class; ``Class.types`` has its fields in order, the embedded ones under their types' names, which
  ``Class.keywords`` lists as ``embedded``. The fields' tags are in its keyword ``tags``.
* An interface is an abstract class of methods without bodies; the interfaces that it embeds are its bases.
* Any other defined type is a class with the keyword ``underlying``: a text that says which kind of type it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scopedown.languages.go import functions
from scopedown.languages.go.scope import Lowering
from scopedown.languages.go.types import BASIC, MAX_NESTED, expression, fields
from scopedown.source import ir

if TYPE_CHECKING:
    from tree_sitter import Node

_KINDS: Final = {
    "slice_type": "list", "array_type": "list", "implicit_length_array_type": "list", "channel_type": "list",
    "map_type": "map", "function_type": "function", "struct_type": "struct", "interface_type": "interface",
    "pointer_type": "pointer",
}  # fmt: skip


def definition(work: Lowering, name: str, node: Node, at: ir.At) -> ir.Expr:
    """The class that a defined type is."""
    if node.type == "struct_type":
        return _struct(work, name, node, at)
    if node.type == "interface_type":
        return _interface(work, name, node, at)
    bases: tuple[ir.Expr, ...] = ()
    kind = _KINDS.get(node.type, "")
    if not kind:
        if work.text(node) in BASIC and work.text(node) not in work.types:
            kind = "error" if work.text(node) == "error" else "scalar"
        else:
            kind, bases = "named", (expression(work, node),)
    underlying: list[tuple[str | None, ir.Expr]] = [("underlying", ir.Const(kind, at))]
    return ir.ClassExpr(ir.Class(name, bases, (), frozenset(), at, keywords=tuple(underlying)), at)


def _struct(work: Lowering, name: str, node: Node, at: ir.At) -> ir.Expr:
    members, embedded, tags = fields(work, node, MAX_NESTED)
    keywords: list[tuple[str | None, ir.Expr]] = [("underlying", ir.Const("struct", at))]
    if embedded:
        keywords.append(("embedded", ir.ListExpr(tuple(embedded), at)))
    if tags:
        keywords.append(("tags", ir.ObjectExpr(tuple(tags), at)))
    made = ir.Class(name, (), (), frozenset(), at, keywords=tuple(keywords), types=tuple(members))
    return ir.ClassExpr(made, at)


def _interface(work: Lowering, name: str, node: Node, at: ir.At) -> ir.Expr:
    bases: list[ir.Expr] = []
    body: list[ir.Stmt] = []
    for one in work.named(node):
        if one.type == "method_elem":
            method = functions.signature(work, one)
            body.append(ir.Assign(ir.Name(method.name, method.at), ir.Lambda(method, method.at), method.at))
        elif one.type == "type_elem":
            parts = [part for part in work.named(one) if work.text(part) not in BASIC]
            if len(parts) == 1 and parts[0].type in ("type_identifier", "qualified_type", "generic_type"):
                bases.append(expression(work, parts[0]))
    locals_ = frozenset(one.target.id for one in body if isinstance(one, ir.Assign) and isinstance(one.target, ir.Name))
    made = ir.Class(name, tuple(bases), tuple(body), locals_, at, abstract=True)
    return ir.ClassExpr(made, at)
