"""What stands above classes, methods and fields, read as values."""

from __future__ import annotations

from scopedown.calls.machine import Activation, Machine, within
from scopedown.calls.values import ClassValue, Frame, Value
from scopedown.languages.java.types import mark_name as name_of
from scopedown.source import ir

__all__ = ["element", "find", "inherited", "name_of", "on_members"]


def find(annotations: tuple[ir.Expr, ...], *names: str) -> ir.Expr | None:
    """The first annotation of one of some names."""
    return next((one for one in annotations if name_of(one) in names), None)


def element(run: Machine, frame: Frame, annotation: ir.Expr | None, *names: str) -> Value | None:
    """The value of one of an annotation's elements; the first name may be left out there (``value``)."""
    if not isinstance(annotation, ir.Call):
        return None
    written = next((value for name, value in annotation.keywords if name in names), None)
    if written is None and annotation.positional and "value" in names:
        written = annotation.positional[0]
    if written is None:
        return None
    with within(run, frame):
        return run.evaluate(Activation(frame, False), written)


def inherited(cls: ClassValue, *names: str) -> tuple[ir.Expr, ClassValue] | None:
    """An annotation of a class or of one that it derives from, with that class."""
    for one in cls.ancestry():
        if isinstance(one, ClassValue) and (found := find(one.definition.annotations, *names)) is not None:
            return found, one
    return None


def on_members(cls: ClassValue, *names: str) -> bool:
    """Whether a method or a field of a class, or of one that it derives from, has such an annotation."""
    for one in cls.ancestry():
        if not isinstance(one, ClassValue):
            continue
        if any(find(marks, *names) is not None for _, marks, _ in one.definition.supplied):
            return True
        for statement in one.definition.body:
            made = statement.value if isinstance(statement, ir.Assign) else None
            if isinstance(made, ir.Lambda) and find(made.function.annotations, *names) is not None:
                return True
    return False
