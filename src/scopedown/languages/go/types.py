"""Go's types: what annotations, composite literals and zero values make of them.

* A pointer is the type that it points to; that of a field is a choice of it and of nothing. A slice, an array or a
  channel is a list of its element's type, a map an object of its key's and its value's. A function type is ``<func>``,
  a struct without a name a record type.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scopedown.languages.go.scope import Lowering
from scopedown.source import ir

if TYPE_CHECKING:
    from tree_sitter import Node

NUMBERS: Final = frozenset(
    ("int", "int8", "int16", "int32", "int64", "uint", "uint8", "uint16", "uint32", "uint64", "uintptr", "byte",
     "rune", "float32", "float64", "complex64", "complex128")
)  # fmt: skip
BASIC: Final = NUMBERS | {"string", "bool", "error", "any"}
"""Go's predeclared types (https://go.dev/ref/spec#Predeclared_identifiers)."""
_LISTS: Final = frozenset(("slice_type", "array_type", "implicit_length_array_type", "channel_type"))
MAX_NESTED: Final = 20
"""Types in types that are followed."""


def expression(work: Lowering, node: Node | None, depth: int = MAX_NESTED) -> ir.Expr:
    """A type as an annotation."""
    if node is None:
        return ir.Opaque((), (1, 1))
    at, kind = work.at(node), node.type
    if depth <= 0:
        return ir.Opaque((), at)
    parts = work.named(node)
    if kind in ("type_identifier", "identifier"):
        return work.name(node) if work.text(node) != "nil" else ir.Opaque((), at)
    if kind == "qualified_type" and len(parts) == 2:
        return ir.Attr(work.name(parts[0]), work.text(parts[1]), at)
    if kind == "selector_expression" and len(parts) == 2:
        return ir.Attr(expression(work, parts[0], depth - 1), work.text(parts[1]), at)
    if kind in ("pointer_type", "parenthesized_type", "type_elem", "parenthesized_expression", "unary_expression"):
        return expression(work, parts[-1] if parts else None, depth - 1)
    if kind == "generic_type":
        arguments = node.child_by_field_name("type_arguments")
        given = [expression(work, one, depth - 1) for one in work.named(arguments)] if arguments is not None else []
        generic = expression(work, node.child_by_field_name("type"), depth - 1)
        return ir.Index(generic, ir.ListExpr(tuple(given), at), at)
    if kind in _LISTS:
        element = node.child_by_field_name("element") or node.child_by_field_name("value")
        return ir.ListExpr((expression(work, element, depth - 1),), at)
    if kind == "map_type":
        key = expression(work, node.child_by_field_name("key"), depth - 1)
        return ir.ObjectExpr(((key, expression(work, node.child_by_field_name("value"), depth - 1)),), at)
    if kind == "function_type":
        return ir.Name("<func>", at)
    if kind == "struct_type":
        return ir.Shape(tuple(fields(work, node, depth - 1)[0]), (), at)
    return ir.Opaque((), at)


def zero(work: Lowering, node: Node | None, name: str = "") -> ir.Expr:
    """The value of a variable that is declared without one; ``name`` is a function's variable that it is for. A scalar
    of the package is nothing yet, so that what ``init`` writes to it does not stand beside it."""
    if node is None:
        return ir.Opaque((), (1, 1))
    while node.type == "parenthesized_type" and (parts := work.named(node)):
        node = parts[0]
    at, kind = work.at(node), node.type
    if kind in _LISTS:
        return ir.ListExpr((), at)
    if kind in ("map_type", "struct_type"):
        return ir.ObjectExpr((), at)
    if kind in ("type_identifier", "qualified_type", "generic_type"):
        basic = work.text(node) if kind == "type_identifier" else ""
        if basic in BASIC and not work.is_variable(basic) and basic not in work.types:
            if basic in ("error", "any") or not work.scopes:
                return ir.Const(None, at)
            if name in work.addressed:
                return ir.Opaque((), at)  # whoever has its address may write to it
            return ir.Const("" if basic == "string" else False if basic == "bool" else 0, at)
        return ir.Call(ir.Name("<zero>", at), (expression(work, node),), (), at)
    return ir.Const(None, at)


def literal_type(work: Lowering, node: Node | None) -> Node | None:
    """The type of a literal's elements where it is written without one, without pointers."""
    while node is not None and node.type in ("pointer_type", "parenthesized_type", "type_elem"):
        parts = work.named(node)
        node = parts[-1] if parts else None
    return node


def structure(work: Lowering, node: Node | None) -> Node | None:
    """What a type of this file is defined as; itself where it has no name or is of another file."""
    for _ in range(MAX_NESTED):
        if node is None or node.type != "type_identifier" or work.text(node) not in work.types:
            return node
        node = work.types[work.text(node)]
    return node


Fields = tuple[list[tuple[str, ir.Expr]], list[ir.Expr], list[tuple[ir.Expr | None, ir.Expr]]]


def fields(work: Lowering, node: Node, depth: int) -> Fields:
    """The fields of a struct with their types, the names of those that are embedded, and the tags."""
    found: list[tuple[str, ir.Expr]] = []
    embedded: list[ir.Expr] = []
    tags: list[tuple[ir.Expr | None, ir.Expr]] = []
    for held in node.named_children:
        for one in work.named(held) if held.type == "field_declaration_list" else ():
            type_ = one.child_by_field_name("type")
            if one.type != "field_declaration" or type_ is None:
                continue
            declared = expression(work, type_, depth)
            if type_.type == "pointer_type" or _is_pointer(one):
                held_type: ir.Expr = ir.Op("|", (declared, ir.Const(None, declared.at)), declared.at)
            else:
                held_type = declared
            names = [work.text(given) for given in one.children_by_field_name("name")]
            if not names:
                names = [type_name(declared)]
                embedded.append(ir.Const(names[0], work.at(one)))
            found += [(field, held_type) for field in names]
            if (tag := one.child_by_field_name("tag")) is not None:
                tags += [(ir.Const(field, work.at(tag)), work.expression(tag)) for field in names]
    return found, embedded, tags


def _is_pointer(field: Node) -> bool:
    """Whether an embedded field is a pointer: the grammar has its star beside the type."""
    return any(child.type == "*" for child in field.children)


def type_name(declared: ir.Expr) -> str:
    """The name by which an embedded field of a type is known."""
    while isinstance(declared, ir.Index):
        declared = declared.object
    return declared.id if isinstance(declared, ir.Name) else declared.name if isinstance(declared, ir.Attr) else ""
