"""Literals of Kotlin (https://kotlinlang.org/docs/strings.html, …/numbers.html).

The grammar gives ``$name`` in a string as two texts; here it is a part of the template.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from scopedown.languages.kotlin.work import NODES, Work
from scopedown.source import ir
from scopedown.source.languages.numbers import decimal, integer

if TYPE_CHECKING:
    from tree_sitter import Node

_ESCAPE: Final = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_SIMPLE: Final = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "\\": "\\", "'": "'", '"': '"', "$": "$"}
_NAME: Final = re.compile(r"[A-Za-z_]\w*")


@NODES.expression("string_literal", "multiline_string_literal")
def string(work: Work, node: Node) -> ir.Expr:
    """A string with what is put into it."""
    at = work.at(node)
    raw = node.type == "multiline_string_literal"
    parts: list[ir.Expr] = []
    pending = ""
    for child in node.named_children:
        if child.type == "interpolation":
            inside = work.named(child)
            parts += [ir.Const(pending, at)] if pending else []
            pending = ""
            parts.append(_inside(work, inside, at))
            continue
        text = work.source[child.start_byte : child.end_byte].decode("utf-8", "replace")
        if pending.endswith("$") and not pending.endswith("\\$") and (name := _NAME.match(text)) is not None:
            before = pending[:-1]
            parts += [ir.Const(before, at)] if before else []
            parts.append(variable(work, name[0], work.at(child)))
            pending = text[name.end() :]
        else:
            pending += text
    parts += [ir.Const(pending, at)] if pending else []
    made = [_unescaped(one, raw) for one in parts]
    if not made:
        return ir.Const("", at)
    return made[0] if len(made) == 1 and isinstance(made[0], ir.Const) else ir.Template(tuple(made), at)


def _unescaped(node: ir.Expr, raw: bool) -> ir.Expr:
    is_text = isinstance(node, ir.Const) and isinstance(node.value, str)
    return ir.Const(_plain(node.value, raw), node.at) if is_text else node  # type: ignore[union-attr]


def _plain(value: object, raw: bool) -> str:
    text = str(value)
    return text if raw or "\\" not in text else _ESCAPE.sub(_character, text)


def _inside(work: Work, nodes: list[Node], at: ir.At) -> ir.Expr:
    if len(nodes) != 1:
        return ir.Opaque(tuple([work.expression(one) for one in nodes]), at)
    made = work.expression(nodes[0])
    # A constant is the text of a template, which the escapes of the rest are not those of.
    return ir.Template((made,), made.at) if isinstance(made, ir.Const) else made


def variable(work: Work, name: str, at: ir.At) -> ir.Expr:
    """``$name``."""
    if name == "this":
        return ir.This(at)
    return ir.Name(work.local(name) or work.outside(name), at)


def _character(found: re.Match[str]) -> str:
    code, simple = found.groups()
    if code is not None:
        number = int(code, 16)
        return "\ufffd" if 0xD800 <= number < 0xE000 else chr(number)
    return _SIMPLE.get(simple, simple)


@NODES.expression("character_literal")
def character(work: Work, node: Node) -> ir.Expr:
    """``'c'``."""
    return ir.Const(_plain(work.text(node).strip("'"), False), work.at(node))


@NODES.expression("number_literal", "float_literal")
def number(work: Work, node: Node) -> ir.Expr:
    """An integer or a floating point number."""
    at, text = work.at(node), work.text(node)
    suffixes = "LlUu" if text[:2] in ("0x", "0X") else "LlUufF"
    value = integer(text, suffixes)
    made = decimal(text, suffixes) if value is None else value
    return ir.Opaque((), at) if made is None else ir.Const(made, at)
