"""Literals of Rust (https://doc.rust-lang.org/reference/tokens.html#literals)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from scopedown.languages.rust.work import NODES, Work
from scopedown.source import ir

if TYPE_CHECKING:
    from tree_sitter import Node

KINDS: Final = frozenset(
    {
        "string_literal", "raw_string_literal", "char_literal", "integer_literal", "float_literal", "boolean_literal",
        "negative_literal",
    }
)  # fmt: skip
_ESCAPE: Final = re.compile(r"\\(?:u\{([0-9a-fA-F_]{1,9})\}|x([0-9a-fA-F]{2})|\r?\n\s*|(.))", re.DOTALL)
_SIMPLE: Final = {"n": "\n", "r": "\r", "t": "\t", "0": "\0", "\\": "\\", "'": "'", '"': '"'}
_SUFFIX: Final = re.compile(r"_?(?:[iu](?:8|16|32|64|128|size)|f(?:32|64))$")
_MAX_DIGITS: Final = 40
_MOST: Final = 2**63 - 1
_WIDE: Final = ("u64", "usize", "128")
"""The types of numbers above that: as another type they are negative."""


@NODES.expression(*KINDS)
def literal(work: Work, node: Node) -> ir.Expr:
    """A literal as a constant."""
    at = work.at(node)
    kind, text = work.kind(node), work.text(node)
    if kind == "string_literal":
        return ir.Const(unescaped(text[text.find('"') + 1 : text.rfind('"')]), at)
    if kind == "raw_string_literal":
        inside = text[text.find('"') + 1 : text.rfind('"')]
        return ir.Const(inside, at)
    if kind == "char_literal":
        inside = unescaped(text[text.find("'") + 1 : text.rfind("'")])
        return ir.Const(ord(inside) if text.startswith("b") and len(inside) == 1 else inside, at)
    if kind == "boolean_literal":
        return ir.Const(text == "true", at)
    number = _number(text.replace(" ", ""))
    wraps = isinstance(number, int) and number > _MOST and not text.endswith(_WIDE)
    return ir.Opaque((), at) if number is None or wraps else ir.Const(number, at)


def unescaped(text: str) -> str:
    r"""The text of a string literal.

    >>> unescaped(r"a\n\u{e9}\x41")
    'a\néA'
    """
    return _ESCAPE.sub(_character, text) if "\\" in text else text


def _character(found: re.Match[str]) -> str:
    unicode, byte, simple = found.groups()
    if unicode is not None:
        code = int(unicode.replace("_", "") or "0", 16)
        return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
    if byte is not None:
        return chr(int(byte, 16))
    return "" if simple is None else _SIMPLE.get(simple, simple)


def _number(text: str) -> int | float | None:
    digits = _SUFFIX.sub("", text) if not text.startswith("0x") else re.sub(r"_?[iu](?:8|16|32|64|128|size)$", "", text)
    digits = digits.replace("_", "")
    if len(digits) > _MAX_DIGITS:
        return None
    try:
        return float(digits) if "." in digits or ("e" in digits.lower() and digits[:2] != "0x") else int(digits, 0)
    except ValueError:
        try:
            return int(digits)  # ``007`` is decimal
        except ValueError:
            return None
