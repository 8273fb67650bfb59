"""Which way a ``match`` on an enumeration of the project goes, where the variant is known: ``Table::Users.name()``."""

from __future__ import annotations

from scopedown.calls.interpreter import decisions
from scopedown.calls.machine import Activation, Machine
from scopedown.calls.values import ClassValue, Instance, Value
from scopedown.languages.rust.kinds import IS
from scopedown.source import ir

MAX_DEPTH = 20
"""Tests in tests that are looked at."""


def decide(run: Machine, activation: Activation, test: ir.Expr, depth: int = 0) -> bool | None:
    """Whether a test for a variant is known to hold; None where that is not known, and for other tests."""
    if not isinstance(test, ir.Op) or depth > MAX_DEPTH:
        return None
    if test.operator in ("and", "or") and len(test.operands) == 2:
        found = [_of(run, activation, one, depth + 1) for one in test.operands]
        stop = test.operator == "or"
        return stop if found[0] is stop else found[1] if found[0] is not None else None
    if test.operator not in (IS, "==") or len(test.operands) != 2:
        return None
    subject, variant = test.operands
    if not isinstance(subject, ir.Name) or not isinstance(variant, ir.Name | ir.Attr):
        return None
    known = activation.frame.variables.get(subject.id) if activation.is_function else None
    one = _class(known)
    if one is None or not isinstance(known, Instance):
        return None
    other = _class(run.evaluate(activation, variant))
    if other is None or not _are_variants(one, other):
        return None
    return one is other


def _of(run: Machine, activation: Activation, test: ir.Expr, depth: int) -> bool | None:
    found = decide(run, activation, test, depth)
    return decisions.decide(run, activation, test) if found is None and not isinstance(test, ir.Op) else found


def _class(value: Value | None) -> ClassValue | None:
    match value:
        case Instance():
            return value.cls
        case ClassValue():
            return value
        case _:
            return None


def _are_variants(one: ClassValue, other: ClassValue) -> bool:
    """Whether both are variants of one enumeration, each of which derives from it alone."""
    first, second = _enumeration(one), _enumeration(other)
    return first is not None and first is second


def _enumeration(cls: ClassValue) -> ClassValue | None:
    if len(cls.bases) != 1 or not isinstance(base := cls.bases[0], ClassValue):
        return None
    held = base.fields.get(cls.definition.name)
    return base if _class(held) is cls else None
