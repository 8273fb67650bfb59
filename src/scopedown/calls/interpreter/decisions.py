"""Which way a test goes, where that is certain."""

from __future__ import annotations

from scopedown.calls.interpreter.changed_texts import current
from scopedown.calls.machine import Activation, Language, Machine
from scopedown.calls.values import Const, Frame, Null, Reference
from scopedown.source import ir
from scopedown.source.outline import changed_inside

EQUALITY = {
    "==": (False, True),
    "!=": (False, False),
    "loosely ==": (True, True),
    "loosely !=": (True, False),
    "is": (False, True),
    "is not": (False, False),
}
"""Of an operator: whether it compares loosely, and what it gives for values that are equal."""


def decide(run: Machine, activation: Activation, test: ir.Expr) -> bool | None:
    """Whether a test is known: only from constants and from the running function's own variables, since those of
    other scopes may change between invocations."""
    known = _constant(run, activation, test)
    if known is None:
        return run.position.language.decide(run, activation, test)
    return run.position.language.is_true(known)


_IDENTITY = frozenset({"is", "is not"})
_KEPT = range(-5, 257)
"""Whole numbers of which there is one object each (https://docs.python.org/3/c-api/long.html, PyLong_FromLong)."""


def compared(language: Language, operator: str, one: Const, other: Const) -> Const | None:
    """What an operator of :data:`EQUALITY` gives for two constants; None where that is not known."""
    loosely, wanted = EQUALITY[operator]
    same = language.equal(one, other, loosely)
    if operator in _IDENTITY and same:
        same = _are_one(one.value, other.value)
    return None if same is None else Const(same == wanted)


def _are_one(one: object, other: object) -> bool | None:
    """Whether equal constants are one object; None of texts and large numbers, which may be equal and not the same."""
    if type(one) is not type(other):
        return False
    is_single = one is None or isinstance(one, bool) or (isinstance(one, int) and one in _KEPT)
    return True if is_single else None


def _may_be_changed(run: Machine, frame: Frame, name: str) -> bool:
    """Whether a function that is written in the running one changes a variable: when that one runs is not known."""
    if frame.function is None:
        return False
    known = run.heap.changed_inside
    if id(frame.function) not in known:
        known[id(frame.function)] = changed_inside(frame.function)
    return name in known[id(frame.function)]


def _constant(run: Machine, activation: Activation, node: ir.Expr) -> Const | None:
    language = run.position.language
    match node:
        case ir.Null():
            return Null()
        case ir.Const():
            return Const(node.value)
        case ir.Name() | ir.Attr() if (of_language := language.constant(node, activation.frame)) is not None:
            return of_language
        case ir.Name(id=name):
            frame = activation.frame
            value = frame.variables.get(name) if activation.is_function and name in frame.names else None
            if not isinstance(value, Const) or isinstance(value, Reference) or current(run, value) is not value:
                return None
            return None if _may_be_changed(run, frame, name) else value
        case ir.Op(operator="not", operands=(operand,)):
            one = _constant(run, activation, operand)
            return None if one is None else language.negated(one)
        case ir.Op(operator=operator, operands=(left, right)) if operator in EQUALITY:
            one, other = _constant(run, activation, left), _constant(run, activation, right)
            return None if one is None or other is None else compared(language, operator, one, other)
        case ir.Op(operator="and" | "or" as operator, operands=(left, right)):
            one, other = _constant(run, activation, left), _constant(run, activation, right)
            stop = operator == "or"
            for side in (one, other):
                if side is not None and language.is_true(side) == stop:
                    # Short-circuit is decided only where the left side is; the right may have effects.
                    return side if side is one else None
            return other if one is not None else None
        case _:
            return None
