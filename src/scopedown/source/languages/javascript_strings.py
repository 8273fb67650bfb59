"""JavaScript string and template literals: escapes become the characters they stand for."""

from __future__ import annotations

from tree_sitter import Node

from scopedown.source import ir
from scopedown.source.languages.javascript_context import Context

_SIMPLE = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}


def unescape(text: str) -> str:
    r"""The characters of a literal's source.

    >>> unescape(r"a\n\x41\u{42}\'")
    "a\nAB'"
    """
    if "\\" not in text:
        return text
    out: list[str] = []
    position, end = 0, len(text)
    while position < end:
        character = text[position]
        position += 1
        if character != "\\" or position >= end:
            out.append(character)
            continue
        escape = text[position]
        position += 1
        digits = ""
        if escape == "x":
            digits = text[position : position + 2]
            position += 2
        elif escape == "u" and text.startswith("{", position):
            close = text.find("}", position)
            digits = text[position + 1 : close] if close > 0 else ""
            position = close + 1 if close > 0 else end
        elif escape == "u":
            digits = text[position : position + 4]
            position += 4
        elif escape == "\n":
            continue
        elif escape == "\r":
            position += text.startswith("\n", position)
            continue
        else:
            out.append(_SIMPLE.get(escape, escape))
            continue
        try:
            code = int(digits, 16)
            out.append(chr(code) if not 0xD800 <= code < 0xE000 else "�")
        except (ValueError, OverflowError):
            out.append("�")
    return "".join(out)


def string(c: Context, node: Node) -> str:
    """The value of a quoted string."""
    raw = c.source[node.start_byte + 1 : node.end_byte - 1]
    if b"\\" not in raw:
        return c.names.get(raw) or raw.decode("utf-8", "replace")
    return unescape(raw.decode("utf-8", "replace"))


def template_parts(c: Context, node: Node) -> list[ir.Expr]:
    """A template literal's constants and expressions, in order."""
    parts: list[ir.Expr] = []
    position = node.start_byte + 1
    for child in node.named_children:
        if child.type != "template_substitution":
            continue
        _literal(c, position, child.start_byte, parts)
        position = child.end_byte
        inner = next((one for one in child.named_children if one.type != "comment"), None)
        if inner is not None:
            parts.append(c.expr(inner))
    _literal(c, position, node.end_byte - 1, parts)
    return parts


def _literal(c: Context, start: int, end: int, parts: list[ir.Expr]) -> None:
    if end > start:
        parts.append(ir.Const(unescape(c.source[start:end].decode("utf-8", "replace")), c.at_byte(start)))
