"""Ruby's literals: strings with their escapes and interpolations, heredocs, symbols, numbers
(https://docs.ruby-lang.org/en/3.3/syntax/literals_rdoc.html)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from scopedown.languages.ruby.scope import NODES, Lowering
from scopedown.source import ir

if TYPE_CHECKING:
    from tree_sitter import Node

_ESCAPES: Final = {
    "a": "\a", "b": "\b", "e": "\x1b", "f": "\f", "n": "\n", "r": "\r", "s": " ", "t": "\t", "v": "\v", "0": "\0",
    "\n": "",
}  # fmt: skip


@NODES.expression("string")
def text(work: Lowering, node: Node) -> ir.Expr:
    """A string, a symbol in quotes or a heredoc: a Const, or a Template where it interpolates."""
    return joined(_parts(work, node), work.at(node))


def _parts(work: Lowering, node: Node) -> list[str | ir.Expr]:
    parts: list[str | ir.Expr] = []
    for child in node.children:
        match work.kind(child):
            case "string_content" | "heredoc_content":
                parts.append(work.text(child))
            case "escape_sequence" if work.text(child)[1:] in ("c", "C", "M"):  # a control character
                parts.append(ir.Opaque((), work.at(child)))
            case "escape_sequence":
                parts.append(_escaped(work.text(child)))
            case "interpolation":
                inner = work.named(child)
                parts.append(work.expression(inner[-1]) if inner else ir.Const("", work.at(child)))
    return parts


def _escaped(written: str) -> str:
    """What an escape stands for."""
    body = written[1:]
    if re.fullmatch("[0-7]{1,3}", body):
        return chr(int(body, 8) & 0xFF)
    if body[:1] in ("u", "x"):
        try:
            return "".join(chr(int(digits, 16)) for digits in body[1:].strip("{}").split())
        except (ValueError, OverflowError):
            return written
    return _ESCAPES.get(body, body)


def joined(parts: list[str | ir.Expr], at: ir.At) -> ir.Expr:
    """Pieces of text and values as one text."""
    merged: list[ir.Expr] = []
    for part in parts:
        if isinstance(part, str) and merged and isinstance(last := merged[-1], ir.Const) and type(last.value) is str:
            merged[-1] = ir.Const(last.value + part, at)
        else:
            merged.append(ir.Const(part, at) if isinstance(part, str) else part)
    if not merged:
        return ir.Const("", at)
    alone = merged[0]
    return alone if len(merged) == 1 and type(getattr(alone, "value", None)) is str else ir.Template(tuple(merged), at)


@NODES.expression("chained_string")
def chained(work: Lowering, node: Node) -> ir.Expr:
    """Strings beside one another are one."""
    parts: list[str | ir.Expr] = []
    for child in work.named(node):
        parts += _parts(work, child)
    return joined(parts, work.at(node))


@NODES.expression("heredoc_beginning")
def heredoc(work: Lowering, node: Node) -> ir.Expr:
    """``<<~TEXT``: the text that stands below, without the indentation that ``~`` takes away."""
    at = work.at(node)
    body = work.heredocs.get(node.start_byte)
    if body is None:
        return ir.Opaque((), at)
    parts = _parts(work, body)
    if parts and isinstance(first := parts[0], str):
        parts[0] = first[1:] if first.startswith("\n") else first
    if parts and isinstance(last := parts[-1], str) and not last[last.rfind("\n") + 1 :].strip():
        parts[-1] = last[: last.rfind("\n") + 1]  # what stands before the end mark
    if work.text(node).startswith("<<~"):
        parts = _unindented(parts)
    return joined(parts, at)


def _unindented(parts: list[str | ir.Expr]) -> list[str | ir.Expr]:
    """Lines without the indentation that all of them have."""
    widths: list[int] = []
    starts = True
    for part in parts:
        lines = part.split("\n") if isinstance(part, str) else [""]
        for number, line in enumerate(lines):
            if (number or starts) and (line.strip() or (number == len(lines) - 1 and part is not parts[-1])):
                widths.append(len(line) - len(line.lstrip(" \t")))
        starts = isinstance(part, str) and part.endswith("\n")
    width = min(widths, default=0)
    if not width:
        return parts
    out: list[str | ir.Expr] = []
    for number, part in enumerate(parts):
        if isinstance(part, str):
            first, *rest = part.split("\n")
            out.append("\n".join([first[width:] if number == 0 else first, *(line[width:] for line in rest)]))
        else:
            out.append(part)
    return out


@NODES.expression("string_array", "symbol_array")
def words(work: Lowering, node: Node) -> ir.Expr:
    """``%w[a b]``, ``%i[a b]``."""
    made = [text(work, child) for child in work.named(node)]
    if work.kind(node) == "symbol_array":
        made = [as_symbol(one) for one in made]
    return ir.ListExpr(tuple(made), work.at(node))


class Symbol(str):
    """A symbol, which is the same key as the text, and not equal to it."""

    __slots__ = ()


def as_symbol(made: ir.Expr) -> ir.Expr:
    """``:"name"``, ``%i[name]``: a text that is a symbol."""
    return ir.Const(Symbol(made.value), made.at) if isinstance(made, ir.Const) and isinstance(made.value, str) else made


@NODES.expression("simple_symbol", "hash_key_symbol")
def symbol(work: Lowering, node: Node) -> ir.Expr:
    """``:name``, ``name:``; symbols and strings are the same text here."""
    written = work.text(node)
    return ir.Const(Symbol(written.removeprefix(":").strip("\"'")), work.at(node))


@NODES.expression("character")
def character(work: Lowering, node: Node) -> ir.Expr:
    """``?a``."""
    written = work.text(node)[1:]
    if written.startswith(("\\c", "\\C", "\\M")):  # a control character
        return ir.Opaque((), work.at(node))
    return ir.Const(_escaped(written) if written.startswith("\\") else written, work.at(node))


@NODES.expression("delimited_symbol")
def quoted_symbol(work: Lowering, node: Node) -> ir.Expr:
    """``:"name"``."""
    return as_symbol(text(work, node))


@NODES.expression("regex")
def regex(work: Lowering, node: Node) -> ir.Expr:
    """A regular expression: what is put into it is evaluated."""
    return ir.Opaque((text(work, node),), work.at(node))
