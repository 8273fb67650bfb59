"""Rows of a language's ``nodes.tsv``: what a kind of node is in the intermediate form, where that is plain.

Columns: ``node`` (kinds of the grammar, separated by spaces), ``form`` (a name of :data:`_EXPRESSIONS`), ``parts``
(what the form takes, in its order). The form ``operator`` is one of operators: its part is their name in the
intermediate form.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from scopedown.core.tables import typed_rows
from scopedown.source import ir
from scopedown.source.languages.front_end import Expression, FrontEnd, Nodes
from scopedown.source.languages.numbers import decimal, integer

if TYPE_CHECKING:
    from tree_sitter import Node

Lowers = Expression[FrontEnd]
COLUMNS: Final = ("node", "form", "parts")


def read_nodes(file: str) -> Nodes[Any]:
    """The nodes of a language by the table beside one of its files."""
    nodes: Nodes[Any] = Nodes()

    def note(row: dict[str, str]) -> None:
        kinds, form, parts = row["node"].split(), row["form"], row["parts"].split()
        if form == "operator":
            nodes.operators.update(dict.fromkeys(kinds, row["parts"]))
        else:
            nodes.expressions.update(dict.fromkeys(kinds, _EXPRESSIONS[form](*parts)))

    for _ in typed_rows(Path(file).with_name("nodes.tsv"), note, COLUMNS):
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

    def form(suffixes: str = "", octal: str = "") -> Lowers:
        given = (suffixes, True) if octal else (suffixes,)

        def lower(work: FrontEnd, node: Node) -> ir.Expr:
            value = read(work.text(node), *given)
            return ir.Opaque((), work.at(node)) if value is None else ir.Const(value, work.at(node))

        return lower

    return form


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
    "binary": _plain(FrontEnd.binary),
    "opaque": _plain(FrontEnd.opaque),
    "nothing": _plain(lambda work, node: ir.Opaque((), work.at(node))),
}
