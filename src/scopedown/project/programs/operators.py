"""Operators, and numbers as they are written."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from scopedown.core.text import Text
from scopedown.project.programs.members import member, remove
from scopedown.project.programs.values import (
    FUNCTIONS,
    UNDEFINED,
    External,
    Unset,
    Value,
    arithmetic,
    is_nullish,
    join,
    string,
    truth,
    unknown_of,
)

if TYPE_CHECKING:
    from tree_sitter import Node

    from scopedown.core.place import Place
    from scopedown.project.programs.evaluate import Evaluator
    from scopedown.project.programs.scope import Scope


FAR: Final = 2**53
_OBJECTS: Final = (dict, list, *FUNCTIONS)


def number_literal(written: str) -> int | float | None:
    """A number as it is written; None for a bigint.

    >>> number_literal("1_000"), number_literal("0x1F"), number_literal("1.50"), number_literal("1e3")
    (1000, 31, 1.5, 1000)
    """
    word = written.replace("_", "").lower()
    if word.endswith("n") and not word.startswith("0x"):
        return None
    try:
        if word[:2] in ("0x", "0o", "0b"):
            value: float | int = int(word[:300], 0)
        else:
            value = float(word)
    except ValueError:
        return None
    found = arithmetic(value)
    return found if isinstance(found, int | float) else None


def chain(e: Evaluator, node: Node, scope: Scope) -> Value:
    """``a + b + c``, read from the left without a level of nesting for each."""
    steps: list[tuple[str, Node | None, Node]] = []
    first: Node | None = node
    while first is not None and first.type == "binary_expression":
        sign = first.child_by_field_name("operator")
        word = scope.module.source.of(sign) if sign is not None else ""
        steps.append((word, first.child_by_field_name("right"), first))
        first = first.child_by_field_name("left")
    value = e.expression(first, scope)
    for word, right, whole in reversed(steps):
        e.spend(lambda whole=whole: e.place(whole, scope))  # type: ignore[misc]
        value = _apply(e, word, value, right, scope, whole)
    return value


def binary(e: Evaluator, sign: str, left: Node, right: Node | None, scope: Scope, at: Place) -> Value:
    """One operator between two expressions (``a += b`` is ``a = a + b``)."""
    return _apply(e, sign, e.expression(left, scope), right, scope, left)


def _apply(e: Evaluator, sign: str, left: Value, right_node: Node | None, scope: Scope, whole: Node) -> Value:
    if sign in ("&&", "||"):
        known = truth(left)
        if known is None:
            other = e.expression(right_node, scope)
            if sign == "||" and isinstance(left, Text) and left == other:
                return left
            return unknown_of(left) or e.unknown(whole, scope, "it depends on what is not known")
        return e.expression(right_node, scope) if known is (sign == "&&") else left
    if sign == "??":
        nullish = is_nullish(left)
        if nullish is None:
            return unknown_of(left)
        return e.expression(right_node, scope) if nullish else left
    right = e.expression(right_node, scope)
    if sign == "+" and not _both_numbers(left, right):
        return e.text(join([string(left), string(right)], ""), e.place(whole, scope))
    if sign in ("===", "!==", "==", "!="):
        same = equal(left, right, strict=len(sign) == 3)
        if same is None:
            return unknown_of(left) or unknown_of(right) or e.unknown(whole, scope, "what is compared is not known")
        return same is (sign[0] == "=")
    if sign == "in" and isinstance(right, dict) and isinstance(key := string(left), str):
        return key in right or (unknown_of(member(e, right, key, e.place(whole, scope))) or False)
    if sign == "instanceof":
        return e.unknown(whole, scope, "instanceof is not read")
    unknown = unknown_of(left) or unknown_of(right)
    if unknown is not None:
        return unknown
    if sign in ("<", ">", "<=", ">="):
        return _ordered(sign, left, right)
    result = _calculated(sign, number_of(left), number_of(right))
    return e.unknown(whole, scope, f"the operator {sign} is not read") if result is None else result


def _both_numbers(left: Value, right: Value) -> bool:
    plain = (int, float, bool, type(None), type(UNDEFINED))
    return isinstance(left, plain) and isinstance(right, plain)


def equal(left: Value, right: Value, *, strict: bool = True) -> bool | None:
    """Whether two values are the same; None where that is not known."""
    if isinstance(left, Unset):
        left = UNDEFINED
    if isinstance(right, Unset):
        right = UNDEFINED
    if not strict and (left is None or left is UNDEFINED) and (right is None or right is UNDEFINED):
        return True
    if isinstance(left, Text | External) or isinstance(right, Text | External):
        return None
    if isinstance(left, _OBJECTS) or isinstance(right, _OBJECTS):
        both = isinstance(left, _OBJECTS) and isinstance(right, _OBJECTS)
        if strict or both or is_nullish(left) or is_nullish(right):
            return left is right
        return equal(_primitive(left), _primitive(right), strict=False)
    if isinstance(left, bool) is not isinstance(right, bool) or isinstance(left, str) is not isinstance(right, str):
        if strict or left is None or right is None or left is UNDEFINED or right is UNDEFINED:
            return False
        return number_of(left) == number_of(right)
    return bool(left == right)


def _ordered(sign: str, left: Value, right: Value) -> bool:
    a: Value
    b: Value
    left, right = _primitive(left), _primitive(right)
    if isinstance(left, str) and isinstance(right, str):
        a, b = left, right
    else:
        a, b = number_of(left), number_of(right)
    return bool(a < b if sign == "<" else a > b if sign == ">" else a <= b if sign == "<=" else a >= b)


def _primitive(value: Value) -> Value:
    """Objects and arrays as the text that they are compared as."""
    return string(value) if isinstance(value, _OBJECTS) else value


def position(value: Value, default: int = 0) -> int:
    """A value as a place in a row: not a number counts as 0, infinity as something beyond every row."""
    if value is UNDEFINED:
        return default
    number = number_of(value)
    if math.isnan(number):
        return 0
    return int(number) if abs(number) < FAR else FAR if number > 0 else -FAR


def number_of(value: Value) -> float | int:
    """A value as a number; what is none is not a number."""
    if isinstance(value, dict | list):
        value = string(value)
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int | float):
        return value
    if value is None:
        return 0
    if isinstance(value, str):
        word = value.strip()
        if not word:
            return 0
        found = number_literal(word[1:] if word[0] in "+-" else word) if len(word) < 400 and "_" not in word else None
        if found is None:
            return math.nan
        return -found if word[0] == "-" else found
    return math.nan


def _calculated(sign: str, left: float, right: float) -> Value:
    try:
        if sign == "+":
            return arithmetic(left + right)
        if sign == "-":
            return arithmetic(left - right)
        if sign == "*":
            return arithmetic(left * right)
        if sign == "/":
            if right == 0:
                return math.nan if left == 0 or math.isnan(left) else math.copysign(math.inf, left)
            return arithmetic(left / right)
        if sign == "%":
            return math.nan if right == 0 else arithmetic(math.fmod(left, right))
        if sign == "**":
            return arithmetic(float(left) ** float(right))
        if sign in ("&", "|", "^", "<<", ">>") and all(abs(it) < 2**31 for it in (left, right)):
            one, other = int(left), int(right)
            if sign in ("<<", ">>"):
                shifted = one << (other % 32) if sign == "<<" else one >> (other % 32)
                return (shifted + 2**31) % 2**32 - 2**31
            return one & other if sign == "&" else one | other if sign == "|" else one ^ other
    except (OverflowError, ZeroDivisionError, ValueError, TypeError):
        return math.nan
    return None


def unary(e: Evaluator, node: Node, scope: Scope) -> Value:
    """``!``, ``-``, ``+``, ``typeof``, ``void``."""
    sign_node = node.child_by_field_name("operator")
    sign = scope.module.source.of(sign_node) if sign_node is not None else ""
    argument = node.child_by_field_name("argument")
    if sign == "delete" and argument is not None:
        remove(e, argument, scope)
        return True
    value = e.expression(argument, scope)
    if sign == "void":
        return UNDEFINED
    if sign == "!":
        known = truth(value)
        return (unknown_of(value) or e.unknown(node, scope, "it is not known")) if known is None else not known
    if sign == "typeof":
        return _type(value)
    unknown = unknown_of(value)
    if unknown is not None:
        return unknown
    number = number_of(value)
    if sign in ("-", "+"):
        return arithmetic(-number if sign == "-" else number)
    return e.unknown(node, scope, f"the operator {sign} is not read")


def _type(value: Value) -> Value:
    if value is UNDEFINED or isinstance(value, Unset):
        return "undefined"
    if isinstance(value, Text | External):
        return unknown_of(value) or "string"
    if isinstance(value, FUNCTIONS):
        return "function"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, str):
        return "string"
    return "number" if isinstance(value, int | float) else "object"
