"""PHP's literals: strings with their escapes and variables, heredocs, numbers
(https://www.php.net/manual/en/language.types.string.php)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scopedown.languages.php.scope import NODES, Lowering
from scopedown.source import ir

if TYPE_CHECKING:
    from tree_sitter import Node

_ESCAPES: Final = {"n": "\n", "t": "\t", "r": "\r", "v": "\v", "e": "\x1b", "f": "\f", "\\": "\\", "$": "$", '"': '"'}


@NODES.expression("string")
def single(work: Lowering, node: Node) -> ir.Expr:
    """``'text'``: only the quote and the backslash are escaped."""
    written = work.text(node)
    start = written.find("'") + 1
    inner = written[start:-1] if written.endswith("'") and len(written) > start else written[start:]
    return ir.Const(inner.replace("\\'", "'").replace("\\\\", "\\"), work.at(node))


@NODES.expression("encapsed_string")
def double(work: Lowering, node: Node) -> ir.Expr:
    """``"text $x"``."""
    return joined(_parts(work, node), work.at(node))


def _parts(work: Lowering, node: Node) -> list[str | ir.Expr]:
    parts: list[str | ir.Expr] = []
    last = node.start_byte
    for child in node.children:
        between = work.source[last : child.start_byte]
        between = between.removeprefix(b"\n") if last == node.start_byte else between
        if between and not between.strip() and work.kind(node) == "heredoc_body":
            parts.append(between.decode("utf-8", "replace"))  # the parser drops space before a piece of text
        last = child.end_byte
        match work.kind(child):
            case "string_content" | "nowdoc_string":
                parts.append(work.text(child))
            case "escape_sequence":
                parts.append(_escaped(work.text(child)))
            case "" | "heredoc_start" | "heredoc_end":
                continue
            case "subscript_expression":
                parts.append(_subscript(work, child))
            case _:
                parts.append(work.expression(child))
    return parts


def _subscript(work: Lowering, node: Node) -> ir.Expr:
    """``$x[key]`` in a text: a bare word is the key itself."""
    children = work.named(node)
    if len(children) == 2 and work.kind(children[1]) == "name":
        at = work.at(node)
        return ir.Index(work.expression(children[0]), ir.Const(work.text(children[1]), at), at)
    return work.expression(node)


def _escaped(written: str) -> str:
    body = written[1:]
    if body[:1] in ("x", "u"):
        try:
            return chr(int(body[1:].strip("{}"), 16))
        except (ValueError, OverflowError):
            return written
    if body[:1] in "01234567" and body:
        return chr(int(body, 8) & 0xFF) if body.isdigit() and "8" not in body and "9" not in body else written
    return _ESCAPES.get(body, written)


def joined(parts: list[str | ir.Expr], at: ir.At) -> ir.Expr:
    """Pieces of text and values as one text."""
    merged: list[ir.Expr] = []
    for part in parts:
        made = ir.Const(part, at) if isinstance(part, str) else part
        if (
            merged
            and isinstance(made, ir.Const)
            and isinstance(made.value, str)
            and isinstance(last := merged[-1], ir.Const)
            and isinstance(last.value, str)
        ):
            merged[-1] = ir.Const(last.value + made.value, at)
        else:
            merged.append(made)
    if not merged:
        return ir.Const("", at)
    alone = merged[0]
    return alone if len(merged) == 1 and type(getattr(alone, "value", None)) is str else ir.Template(tuple(merged), at)


@NODES.expression("heredoc", "nowdoc")
def heredoc(work: Lowering, node: Node) -> ir.Expr:
    """``<<<TEXT``, without the indentation of its end."""
    value, end = node.child_by_field_name("value"), node.child_by_field_name("end_tag")
    if value is None:
        return ir.Const("", work.at(node))
    parts: list[str | ir.Expr] = []
    for part in _parts(work, value):
        if isinstance(part, str) and parts and isinstance(last := parts[-1], str):
            parts[-1] = last + part
        else:
            parts.append(part)
    width = end.start_point[1] if end is not None else 0
    if width:
        parts = [_unindented(part, width, number == 0) if isinstance(part, str) else part
                 for number, part in enumerate(parts)]  # fmt: skip
    return joined(parts, work.at(node))


def _unindented(text: str, width: int, first: bool) -> str:
    lines = text.split("\n")
    start = 0 if first else 1
    return "\n".join([*lines[:start], *(line[width:] if not line[:width].strip() else line for line in lines[start:])])
