"""Operators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scopedown.core.text import Text
from scopedown.project.programs.members import member, remove
from scopedown.project.programs.values import (
    External,
    Function,
    Unset,
    Value,
    is_nullish,
    join,
    plain,
    string,
    truth,
    unknown_of,
)
from scopedown.source.javascript import numbers
from scopedown.source.javascript.values import UNDEFINED, strictly_equal

if TYPE_CHECKING:
    from tree_sitter import Node

    from scopedown.core.place import Place
    from scopedown.project.programs.scope import Evaluator, Scope


_OBJECTS: Final = (dict, list, Function)


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
            return unknown_of(left) or e.unknown(whole, scope, "it depends on an unknown value")
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
            return unknown_of(left) or unknown_of(right) or e.unknown(whole, scope, "a compared value is unknown")
        return same is (sign[0] == "=")
    if sign == "in" and isinstance(right, dict) and isinstance(key := string(left), str):
        return key in right or (unknown_of(member(e, right, key, e.place(whole, scope))) or False)
    if sign == "instanceof":
        return e.unknown(whole, scope, "instanceof is not supported")
    unknown = unknown_of(left) or unknown_of(right)
    if unknown is not None:
        return unknown
    if sign in ("<", ">", "<=", ">="):
        return _ordered(sign, left, right)
    result = numbers.calculated(sign, number_of(left), number_of(right))
    return e.unknown(whole, scope, f"the operator {sign} is not supported") if result is None else result


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
        return equal(plain(left), plain(right), strict=False)
    if strict or type(left) is type(right):
        return strictly_equal(left, right)
    if left is None or right is None or left is UNDEFINED or right is UNDEFINED:
        return False
    return number_of(left) == number_of(right)


def _ordered(sign: str, left: Value, right: Value) -> bool:
    a: Value
    b: Value
    left, right = plain(left), plain(right)
    if isinstance(left, str) and isinstance(right, str):
        a, b = left, right
    else:
        a, b = number_of(left), number_of(right)
    return bool(a < b if sign == "<" else a > b if sign == ">" else a <= b if sign == "<=" else a >= b)


def number_of(value: Value) -> float | int:
    """A value as a number; what is none is not a number."""
    return numbers.number_of(plain(value))


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
        return (unknown_of(value) or e.unknown(node, scope, "its value is unknown")) if known is None else not known
    if sign == "typeof":
        return _type(value)
    unknown = unknown_of(value)
    if unknown is not None:
        return unknown
    number = number_of(value)
    if sign in ("-", "+"):
        return numbers.arithmetic(-number if sign == "-" else number)
    return e.unknown(node, scope, f"the operator {sign} is not supported")


def _type(value: Value) -> Value:
    if value is UNDEFINED or isinstance(value, Unset):
        return "undefined"
    if isinstance(value, Text | External):
        return unknown_of(value) or "string"
    if isinstance(value, Function):
        return "function"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, str):
        return "string"
    return "number" if isinstance(value, int | float) else "object"
