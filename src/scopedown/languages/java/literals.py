"""Java's literals: numbers, characters, texts and text blocks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scopedown.languages.java.lowering import NODES, Lowering
from scopedown.source import ir

if TYPE_CHECKING:
    from tree_sitter import Node

_ESCAPE = re.compile(r"\\(u+[0-9a-fA-F]{4}|[0-3]?[0-7]{1,2}|\r\n|.)", re.DOTALL)
_SIMPLE = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "s": " ", "\n": "", "\r\n": "", "\r": ""}


def unescape(text: str) -> str:
    r"""The characters of a literal's source
    (https://docs.oracle.com/javase/specs/jls/se21/html/jls-3.html#jls-3.10.7).

    >>> unescape(r"a\tb\u0041\101\"")
    'a\tbAA"'
    """
    return _ESCAPE.sub(_escape, text) if "\\" in text else text


def _escape(found: re.Match[str]) -> str:
    one = found[1]
    if one[0] == "u" and len(one) > 1:
        return chr(int(one.lstrip("u"), 16))
    if one[0] in "01234567":
        return chr(int(one, 8))
    return _SIMPLE.get(one, one)


def text_block(raw: str) -> str:
    r"""The text of a block between its triple quotes: without the indentation that all lines share
    (https://docs.oracle.com/javase/specs/jls/se21/html/jls-3.html#jls-3.10.6).

    >>> text_block("\n    a\n      b\n    ")
    'a\n  b\n'
    """
    lines = raw.replace("\r\n", "\n").partition("\n")[2].split("\n")
    counted = [line for position, line in enumerate(lines) if line.strip() or position == len(lines) - 1]
    margin = min((len(line) - len(line.lstrip()) for line in counted), default=0)
    return unescape("\n".join(line[margin:].rstrip() for line in lines))


@NODES.expression("string_literal")
def string(work: Lowering, node: Node) -> ir.Expr:
    """A text; one with values in it (``STR."\\{x}"``) is a template."""
    if any(child.type == "string_interpolation" for child in node.named_children):
        return ir.Template(tuple(_parts(work, node)), work.at(node))
    raw = work.source[node.start_byte : node.end_byte].decode("utf-8", "replace")
    if raw.startswith('"""') and len(raw) >= 6:
        return ir.Const(text_block(raw[3:-3]), work.at(node))
    return ir.Const(unescape(raw[1:-1]), work.at(node))


def _parts(work: Lowering, node: Node) -> list[ir.Expr]:
    parts: list[ir.Expr] = []
    for child in node.named_children:
        if child.type == "string_interpolation":
            parts.extend(work.expr(inner) for inner in work.named(child)[:1])
        else:
            parts.append(ir.Const(unescape(work.text(child)), work.at(child)))
    return parts


@NODES.expression("character_literal")
def character(work: Lowering, node: Node) -> ir.Expr:
    """A character is a text of one character."""
    return ir.Const(unescape(work.text(node)[1:-1]), work.at(node))
