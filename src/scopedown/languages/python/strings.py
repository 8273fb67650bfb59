"""Python literals: strings with their escapes, f-strings, numbers."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import TYPE_CHECKING

from scopedown.source import ir

if TYPE_CHECKING:
    from tree_sitter import Node

    from scopedown.languages.python.scope import Lowering

_ESCAPES = {
    "\n": "",
    "\\": "\\",
    "'": "'",
    '"': '"',
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
}
_HEX_DIGITS = {"x": 2, "u": 4, "U": 8}


def string(work: Lowering, node: Node, expression: Callable[[Lowering, Node], ir.Expr]) -> ir.Expr:
    """One string literal: a Const, or a Template where it interpolates."""
    at = work.at(node)
    children = node.children
    raw = formatted = binary = False
    parts: list[str | ir.Expr] = []
    for child in children:
        kind = work.kind(child)
        if kind == "string_start":
            prefix = work.text(child).rstrip("\"'").lower()
            raw, formatted, binary = "r" in prefix, "f" in prefix or "t" in prefix, "b" in prefix
        elif kind == "string_content":
            parts.append(_content(work, child, raw, formatted))
        elif kind == "interpolation":
            parts.append(_interpolated(work, child, expression))
    made = _joined(parts, at)
    return ir.Const(ir.Bytes(made.value), at) if binary and isinstance(made, ir.Const) else made


def _interpolated(work: Lowering, node: Node, expression: Callable[[Lowering, Node], ir.Expr]) -> ir.Expr:
    """``{value!r:>5}``: the value, put into its form by the operator ``format`` where it has one."""
    at = work.at(node)
    inner = node.child_by_field_name("expression")
    conversion, spec = (node.child_by_field_name(name) for name in ("type_conversion", "format_specifier"))
    value = expression(work, inner) if inner is not None else ir.Opaque((), at)
    if conversion is None and spec is None:
        return value
    parts: list[str | ir.Expr] = []
    if spec is not None:
        last = spec.start_byte + 1
        for child in spec.named_children:
            parts.append(work.source[last : child.start_byte].decode("utf-8", "replace"))
            nested = child.child_by_field_name("expression")
            parts.append(expression(work, nested) if nested is not None else ir.Opaque((), at))
            last = child.end_byte
        if last < spec.end_byte or not parts:
            parts.append(work.source[last : spec.end_byte].decode("utf-8", "replace"))
    letter = work.text(conversion).lstrip("!") if conversion is not None else ""
    return ir.Op("format", (value, _joined(parts, at), ir.Const(letter, at)), at)


def concatenated(work: Lowering, node: Node, expression: Callable[[Lowering, Node], ir.Expr]) -> ir.Expr:
    """Adjacent literals are one string."""
    at = work.at(node)
    parts: list[str | ir.Expr] = []
    for child in work.named(node):
        made = string(work, child, expression) if work.kind(child) == "string" else ir.Opaque((), at)
        if isinstance(made, ir.Template):
            parts.extend(made.parts)
        else:
            parts.append(made)
    return _joined(parts, at)


def _joined(parts: list[str | ir.Expr], at: ir.At) -> ir.Expr:
    merged: list[ir.Expr] = []
    formatted = False
    for part in parts:
        if isinstance(part, str):
            made: ir.Expr = ir.Const(part, at)
        else:
            made = part
            formatted = formatted or not (isinstance(part, ir.Const) and isinstance(part.value, str))
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
    return merged[0] if len(merged) == 1 and not formatted else ir.Template(tuple(merged), at)


def _content(work: Lowering, node: Node, raw: bool, formatted: bool) -> str:
    text = work.source[node.start_byte : node.end_byte].decode("utf-8", "replace")
    if formatted and ("{{" in text or "}}" in text):
        text = text.replace("{{", "{").replace("}}", "}")
    return text if raw or "\\" not in text else _unescape(text)


def _unescape(text: str) -> str:
    """The text that Python makes of its escapes; one that it does not know stays as it is."""
    pieces = text.split("\\")
    out = [pieces[0]]
    position = 1
    while position < len(pieces):
        piece = pieces[position]
        position += 1
        if not piece:  # ``\\\\``: a backslash, and what follows it is plain
            out.append("\\")
            if position < len(pieces):
                out.append(pieces[position])
                position += 1
            continue
        out.append(_escape(piece))
    return "".join(out)


def _escape(piece: str) -> str:
    """One escape: ``piece`` is what follows the backslash."""
    first = piece[0]
    if first in _ESCAPES:
        return _ESCAPES[first] + piece[1:]
    if first in "01234567":
        digits = first
        while len(digits) < 3 and len(digits) < len(piece) and piece[len(digits)] in "01234567":
            digits += piece[len(digits)]
        return chr(int(digits, 8)) + piece[len(digits) :]
    if first in _HEX_DIGITS:
        end = 1 + _HEX_DIGITS[first]
        try:
            return chr(int(piece[1:end], 16)) + piece[end:]
        except (ValueError, OverflowError):
            return "\\" + piece
    if first == "N" and piece[1:2] == "{" and "}" in piece:
        name, _, rest = piece[2:].partition("}")
        try:
            return unicodedata.lookup(name) + rest
        except KeyError:
            return "\\" + piece
    return "\\" + piece


def integer(work: Lowering, node: Node) -> ir.Expr:
    """A whole number; one that Python 3 does not read, or too long to be one, is not understood."""
    text = work.text(node)
    try:
        return ir.Const(int(text, 0), work.at(node))
    except ValueError:
        return ir.Opaque((), work.at(node))


def floating(work: Lowering, node: Node) -> ir.Expr:
    """A number with a point or an exponent."""
    try:
        return ir.Const(float(work.text(node)), work.at(node))
    except ValueError:
        return ir.Opaque((), work.at(node))
