"""Which way a test goes, where that is certain."""

from __future__ import annotations

from scopedown.calls.machine import Activation, Machine
from scopedown.calls.values import Const
from scopedown.source import ir


def decide(run: Machine, activation: Activation, test: ir.Expr) -> bool | None:
    """Whether a test is known: only from constants and from the running function's own variables, since those of
    other scopes may change between invocations."""
    known = _constant(run, activation, test)
    if known is None:
        return run.position.language.decide(run, activation, test)
    return bool(known.value)


def _constant(run: Machine, activation: Activation, node: ir.Expr) -> Const | None:
    match node:
        case ir.Const():
            return Const(node.value)
        case ir.Name() | ir.Attr() if (
            of_language := run.position.language.constant(node, activation.frame)
        ) is not None:
            return of_language
        case ir.Name(id=name):
            frame = activation.frame
            value = frame.variables.get(name) if activation.is_function and name in frame.names else None
            return value if isinstance(value, Const) else None
        case ir.Op(operator="not", operands=(operand,)):
            one = _constant(run, activation, operand)
            return None if one is None else Const(not one.value)
        case ir.Op(operator="==" | "!=" as operator, operands=(left, right)):
            one, other = _constant(run, activation, left), _constant(run, activation, right)
            if one is None or other is None:
                return None
            return Const((one.value == other.value) == (operator == "=="))
        case ir.Op(operator="and" | "or" as operator, operands=(left, right)):
            one, other = _constant(run, activation, left), _constant(run, activation, right)
            stop = operator == "or"
            for side in (one, other):
                if side is not None and bool(side.value) == stop:
                    # Short-circuit is decided only where the left side is; the right may have effects.
                    return side if side is one else None
            return other if one is not None else None
        case _:
            return None
