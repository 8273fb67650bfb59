"""Rows of a language's ``nodes.tsv``: what a kind of node is in the intermediate form, where that is plain.

Columns: ``node`` (kinds of the grammar, separated by spaces), ``form`` (a name of :data:`_EXPRESSIONS` or
:data:`_STATEMENTS`), ``parts`` (what the form takes, in its order). The form ``operator`` is one of operators: its part
is their name in the intermediate form.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from scopedown.core.tables import typed_rows
from scopedown.source import ir
from scopedown.source.languages.front_end import Expression, FrontEnd, Nodes, Statement
from scopedown.source.languages.numbers import decimal, integer

if TYPE_CHECKING:
    from tree_sitter import Node

Lowers = Expression[FrontEnd]
COLUMNS: Final = ("node", "form", "parts")


def read_nodes(file: str, table: str = "nodes.tsv") -> Nodes[Any]:
    """The nodes of a language by the table beside one of its files."""
    nodes: Nodes[Any] = Nodes()

    def note(row: dict[str, str]) -> None:
        kinds, form, parts = row["node"].split(), row["form"], row["parts"].split()
        if form == "operator":
            nodes.operators.update(dict.fromkeys(kinds, row["parts"]))
        elif form in _STATEMENTS:
            nodes.statements.update(dict.fromkeys(kinds, _STATEMENTS[form](*parts)))
        else:
            nodes.expressions.update(dict.fromkeys(kinds, _EXPRESSIONS[form](*parts)))

    for _ in typed_rows(Path(file).with_name(table), note, COLUMNS):
        pass
    return nodes


def inner(work: FrontEnd, node: Node) -> ir.Expr:
    """Parentheses: the expression in them, however many there are."""
    inside = work.named(node)
    while len(inside) == 1:
        node = inside[0]
        if work.nodes.expressions.get(work.kind(node)) is not inner:
            return work.expression(node)
        inside = work.named(node)
    return work.opaque(node)


def _constant(value: bool | None) -> Lowers:
    return lambda work, node: ir.Const(value, work.at(node))


def _number(read: Callable[..., int | float | None]) -> Callable[..., Lowers]:
    """A number: the letters that may end it, and ``octal`` where a leading zero makes it so."""

    def form(*parts: str) -> Lowers:
        suffixes = "".join(part for part in parts if part != "octal")
        given = (suffixes, True) if "octal" in parts else (suffixes,)

        def lower(work: FrontEnd, node: Node) -> ir.Expr:
            value = read(work.text(node), *given)
            return ir.Opaque((), work.at(node)) if value is None else ir.Const(value, work.at(node))

        return lower

    return form


def _member(held: str, name: str) -> Lowers:
    """A member of what is in a field of the node, by the name in another."""

    def lower(work: FrontEnd, node: Node) -> ir.Expr:
        written = node.child_by_field_name(name)
        return ir.Attr(work.part(node, held), work.text(written) if written is not None else "", work.at(node))

    return lower


def _plain(lower: Lowers) -> Callable[[], Lowers]:
    return lambda: lower


_EXPRESSIONS: Final[Mapping[str, Callable[..., Lowers]]] = {
    "inner": _plain(inner),
    "name": _plain(lambda work, node: ir.Name(work.text(node), work.at(node))),
    "this": _plain(lambda work, node: ir.This(work.at(node))),
    "super": _plain(lambda work, node: ir.Super(work.at(node))),
    "null": _plain(_constant(None)),
    "true": _plain(_constant(True)),
    "false": _plain(_constant(False)),
    "truth": _plain(lambda work, node: ir.Const(work.text(node).lower() == "true", work.at(node))),
    "integer": _number(integer),
    "decimal": _number(decimal),
    "items": _plain(lambda work, node: ir.ListExpr(work.expressions(work.named(node)), work.at(node))),
    "index": lambda held, key: lambda work, node: ir.Index(work.part(node, held), work.part(node, key), work.at(node)),
    "member": _member,
    "binary": _plain(FrontEnd.binary),
    "opaque": _plain(FrontEnd.opaque),
    "nothing": _plain(lambda work, node: ir.Opaque((), work.at(node))),
}


def _effects(work: FrontEnd, node: Node) -> None:
    """What stands in a node is done."""
    for child in work.named(node):
        work.effect(child)


def _method(name: str) -> Callable[..., Statement[Any]]:
    """A method of the front end, which takes the node and the parts."""
    return lambda *parts: lambda work, node: getattr(work, name)(node, *parts)


_STATEMENTS: Final[Mapping[str, Callable[..., Statement[Any]]]] = {
    "effects": lambda: _effects,
    "statements": lambda: lambda work, node: work.sequence(work.named(node)),
    "block": lambda: lambda work, node: work.out.extend(work.body(node)),
    "return": lambda: lambda work, node: work.emit(ir.Return(work.first(node), work.at(node))),
    "throw": lambda: lambda work, node: work.emit(ir.Raise(work.first(node), work.at(node))),
    "ignored": lambda: lambda work, node: None,
    "if": _method("if_statement"),
    "while": _method("while_statement"),
    "for": _method("for_statement"),
    "jump": _method("jump"),
    "label": _method("labelled"),
}
