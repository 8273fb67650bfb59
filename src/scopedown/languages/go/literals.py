"""Go's texts and composite literals.

``T{A: x}`` is an :class:`~scopedown.source.ir.Initialised` of a new T; without keys the values of the fields are the
arguments of its making. A literal of a list or of a map is a list or an object; its elements take their type from it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from scopedown.languages.go import types
from scopedown.languages.go.scope import NODES, Lowering
from scopedown.source import ir

if TYPE_CHECKING:
    from tree_sitter import Node

_ESCAPE: Final = re.compile(r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{3}|.)", re.DOTALL)
_PLAIN: Final = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_LISTS: Final = ("slice_type", "array_type", "implicit_length_array_type")


@NODES.expression("interpreted_string_literal")
def text(work: Lowering, node: Node) -> ir.Expr:
    """``"…"``."""
    return ir.Const(unquoted(work.text(node)), work.at(node))


@NODES.expression("raw_string_literal")
def raw_text(work: Lowering, node: Node) -> ir.Expr:
    """A text between back quotes, in which carriage returns do not count."""
    return ir.Const(work.text(node)[1:-1].replace("\r", ""), work.at(node))


@NODES.expression("rune_literal")
def rune(work: Lowering, node: Node) -> ir.Expr:
    """``'a'``: the number of the character."""
    held = unquoted(work.text(node))
    return ir.Const(ord(held), work.at(node)) if len(held) == 1 else ir.Opaque((), work.at(node))


def unquoted(written: str) -> str:
    """What a text between quotes says.

    >>> unquoted('"a\\\\tb"')
    'a\\tb'
    """
    inner = written[1:-1]
    return _ESCAPE.sub(_escaped, inner) if "\\" in inner else inner


def _escaped(found: re.Match[str]) -> str:
    code = found[1]
    if code[0] in "xuU" and len(code) > 1:
        number = int(code[1:], 16)
        return chr(number) if number < 0x110000 else "\ufffd"
    if len(code) == 3:
        return chr(int(code, 8))
    return _PLAIN.get(code, code)


@NODES.expression("composite_literal")
def composite(work: Lowering, node: Node) -> ir.Expr:
    """A composite literal with its type."""
    body = node.child_by_field_name("body")
    type_ = types.literal_type(work, node.child_by_field_name("type"))
    return _value(work, type_, body, work.at(node))


def _value(work: Lowering, type_: Node | None, body: Node | None, at: ir.At) -> ir.Expr:
    given = work.named(body) if body is not None else []
    meant = types.structure(work, types.literal_type(work, type_))
    kind = meant.type if meant is not None else ""
    if meant is not None and kind in (*_LISTS, "map_type"):
        element = meant.child_by_field_name("element")
        held = _map(work, meant, given, at) if kind == "map_type" else _list(work, element, given, at)
        named = type_ is not None and type_ is not meant
        return ir.Call(types.expression(work, type_), (held,), (), at) if named else held
    if type_ is None or (kind == "struct_type" and meant is type_):
        made: ir.Expr = ir.ObjectExpr((), at)
    else:
        made = ir.Call(types.expression(work, type_), (), (), at, new=True)
    entries: list[tuple[ir.Expr | None, ir.Expr]] = []
    bare: list[ir.Expr] = []
    for one in given:
        parts = work.named(one)
        if one.type == "keyed_element" and len(parts) == 2:
            entries.append((_key(work, parts[0]), _element(work, None, parts[1])))
        else:
            bare.append(_element(work, None, one))
    if bare and isinstance(made, ir.Call):
        return ir.Call(made.function, tuple(bare), (), at, new=True)
    names = _field_names(work, meant) if bare else []
    entries += [(ir.Const(name, value.at), value) for name, value in zip(names, bare, strict=False)]
    return ir.Initialised(made, tuple(entries), at)


def _field_names(work: Lowering, struct: Node | None) -> list[str]:
    fields = [
        one
        for held in (struct.named_children if struct is not None else ())
        if held.type == "field_declaration_list"
        for one in work.named(held)
    ]
    return [work.text(name) for field in fields for name in field.children_by_field_name("name")]


def _key(work: Lowering, node: Node) -> ir.Expr:
    """The key of an entry of a struct; of a named map, if it is no plain name."""
    held = node
    while held.type == "literal_element" and (parts := work.named(held)):
        held = parts[0]
    if held.type == "identifier":
        return ir.Const(work.text(held), work.at(held))
    return _element(work, None, held)


def _element(work: Lowering, type_: Node | None, node: Node) -> ir.Expr:
    """An element, whose literal may be without its type."""
    while node.type == "literal_element" and (parts := work.named(node)):
        node = parts[0]
    if node.type != "literal_value":
        return work.expression(node)
    if work.too_deep(node):
        return ir.Opaque((), work.at(node))
    work.depth += 1
    made = _value(work, types.literal_type(work, type_), node, work.at(node))
    work.depth -= 1
    return made


def _list(work: Lowering, element: Node | None, given: list[Node], at: ir.At) -> ir.Expr:
    items: list[ir.Expr] = []
    for one in given:
        parts = work.named(one)
        items.append(_element(work, element, parts[1] if one.type == "keyed_element" and len(parts) == 2 else one))
    return ir.ListExpr(tuple(items), at)


def _map(work: Lowering, type_: Node, given: list[Node], at: ir.At) -> ir.Expr:
    entries: list[tuple[ir.Expr | None, ir.Expr]] = []
    for one in given:
        parts = work.named(one)
        if one.type == "keyed_element" and len(parts) == 2:
            key = _element(work, type_.child_by_field_name("key"), parts[0])
            entries.append((key, _element(work, type_.child_by_field_name("value"), parts[1])))
    return ir.ObjectExpr(tuple(entries), at)
