"""C# literals: numbers, characters, strings of every form."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scopedown.languages.csharp.lowering import NODES, Lowering
from scopedown.source import ir

if TYPE_CHECKING:
    from tree_sitter import Node

_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|x([0-9a-fA-F]{1,4})|(.))", re.DOTALL)
_SIMPLE = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "a": "\a", "b": "\b", "f": "\f", "v": "\v", "e": "\x1b"}


def unescaped(text: str) -> str:
    r"""A string's text with what its escapes stand for.

    >>> unescaped(r"a\tb\u0041")
    'a\tbA'
    """
    if "\\" not in text:
        return text

    def meant(found: re.Match[str]) -> str:
        code = found[1] or found[2] or found[3]
        if code is None:
            return _SIMPLE.get(found[4], found[4])
        number = int(code, 16)
        return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else "\ufffd"

    return _ESCAPE.sub(meant, text)


@NODES.expression("string_literal", "character_literal")
def string(work: Lowering, node: Node) -> ir.Expr:
    """``"…"``, also with ``u8``, and characters."""
    kinds = ("string_literal_content", "character_literal_content", "escape_sequence")
    return ir.Const(
        unescaped("".join(work.raw(one) for one in node.named_children if one.type in kinds)), work.at(node)
    )


@NODES.expression("verbatim_string_literal")
def verbatim(work: Lowering, node: Node) -> ir.Expr:
    """``@"…"``."""
    text = work.raw(node).removesuffix("u8")
    return ir.Const(text[2:-1].replace('""', '"'), work.at(node))


@NODES.expression("raw_string_literal")
def raw(work: Lowering, node: Node) -> ir.Expr:
    """``\"\"\"…\"\"\"``."""
    content = "".join(work.raw(one) for one in node.named_children if one.type == "raw_string_content")
    return ir.Const(_dedented([content])[0], work.at(node))


def _dedented(pieces: list[str]) -> list[str]:
    """The pieces of a raw string without its first and last line and the indentation of the latter."""
    if not pieces or not pieces[0].lstrip(" \t\r").startswith("\n"):
        return pieces
    before, _, indentation = pieces[-1].rpartition("\n")
    if indentation.strip() or ("\n" not in pieces[-1]):
        return pieces
    made = [*pieces]
    made[-1] = before if len(made) > 1 else before + "\n" if "\n" in before else ""
    made = [one.replace("\r\n", "\n").replace("\n" + indentation, "\n") for one in made]
    made[0] = made[0].partition("\n")[2]
    if len(made) == 1:
        made[0] = made[0].removesuffix("\n")
    return made


@NODES.expression("interpolated_string_expression")
def interpolated(work: Lowering, node: Node) -> ir.Expr:
    """``$"…{x}…"`` in all its forms; a value in a format is not known."""
    at = work.at(node)
    start = next((work.text(one) for one in node.children if one.type == "interpolation_start"), "$")
    is_raw = any(one.type == "interpolation_quote" for one in node.children)
    braces = start.count("$")
    texts: list[str] = [""]
    values: list[ir.Expr] = []
    for child in node.children:
        kind = child.type
        if kind == "string_content":
            text = work.raw(child)
            if braces == 1 and not is_raw:
                text = text.replace("{{", "{").replace("}}", "}")
            texts[-1] += text.replace('""', '"') if "@" in start or (braces == 1 and _is_verbatim(node)) else text
        elif kind == "escape_sequence":
            texts[-1] += unescaped(work.raw(child))
        elif kind == "interpolation":
            values.append(_value(work, child))
            texts.append("")
    if is_raw:
        texts = _dedented(texts)
    parts: list[ir.Expr] = []
    for position, text in enumerate(texts):
        if text:
            parts.append(ir.Const(text, at))
        if position < len(values):
            parts.append(values[position])
    if not parts:
        return ir.Const("", at)
    if len(parts) == 1 and isinstance(parts[0], ir.Const):
        return parts[0]
    return ir.Template(tuple(parts), at)


def _is_verbatim(node: Node) -> bool:
    return bool(node.children) and node.children[0].type == '@"'


def _value(work: Lowering, node: Node) -> ir.Expr:
    named = [one for one in work.named(node) if one.type != "interpolation_brace"]
    if not named:
        return ir.Opaque((), work.at(node))
    value = work.expression(named[0])
    if any(one.type == "interpolation_format_clause" for one in named):
        return ir.Opaque((value,), work.at(node))
    return value
