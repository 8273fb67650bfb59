"""JavaScript string and template literals of the intermediate form."""

from __future__ import annotations

from tree_sitter import Node

from scopedown.languages.javascript.context import Context
from scopedown.source import ir
from scopedown.source.languages.javascript_syntax import unescape


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
