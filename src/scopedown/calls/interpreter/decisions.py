"""Which way a test goes, where that is certain."""

from __future__ import annotations

from scopedown.calls.machine import Activation
from scopedown.calls.values import Const, Frame
from scopedown.source import ir


def decide(activation: Activation, test: ir.Expr) -> bool | None:
    """Whether a test is known: only from constants and from the running function's own variables, since those of
    other scopes may change between invocations."""
    known = _constant(activation, test)
    return None if known is None else bool(known.value)


def is_type_checking(test: ir.Expr) -> bool:
    """Whether this is ``typing.TYPE_CHECKING``, which is false where code runs
    (https://docs.python.org/3/library/typing.html#typing.TYPE_CHECKING)."""
    match test:
        case ir.Name(id="TYPE_CHECKING") | ir.Attr(object=ir.Name(id="typing"), name="TYPE_CHECKING"):
            return True
        case _:
            return False


def _constant(activation: Activation, node: ir.Expr) -> Const | None:
    match node:
        case ir.Const():
            return Const(node.value)
        case ir.Name(id="__name__"):
            return Const("__main__" if _is_program(activation.frame) else "<imported>")
        case ir.Name() | ir.Attr() if is_type_checking(node):
            return Const(False)
        case ir.Name(id="module"):
            return Const("<module>")
        case ir.Attr(object=ir.Name(id="require"), name="main"):
            return Const("<module>" if _is_program(activation.frame) else "<entry>")
        case ir.Name(id=name):
            frame = activation.frame
            value = frame.variables.get(name) if activation.is_function and name in frame.names else None
            return value if isinstance(value, Const) else None
        case ir.Op(operator="not", operands=(operand,)):
            one = _constant(activation, operand)
            return None if one is None else Const(not one.value)
        case ir.Op(operator="==" | "!=" as operator, operands=(left, right)):
            one, other = _constant(activation, left), _constant(activation, right)
            if one is None or other is None:
                return None
            return Const((one.value == other.value) == (operator == "=="))
        case ir.Op(operator="and" | "or" as operator, operands=(left, right)):
            one, other = _constant(activation, left), _constant(activation, right)
            stop = operator == "or"
            for side in (one, other):
                if side is not None and bool(side.value) == stop:
                    # Short-circuit is decided only where the left side is; the right may have effects.
                    return side if side is one else None
            return other if one is not None else None
        case _:
            return None


def _is_program(frame: Frame) -> bool:
    """Whether this is code of the file that is run as a program, not of a module that is imported."""
    while frame.parent is not None and frame.parent.file == frame.file:
        frame = frame.parent
    return frame.is_program
