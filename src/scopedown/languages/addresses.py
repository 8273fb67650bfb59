"""Addresses of variables, fields and elements in lowered code (:mod:`scopedown.calls.interpreter.references`).

An address knows how to read and to write its place: two functions that the literal form of a function cannot name.
"""

from __future__ import annotations

from scopedown.source import ir

WRITTEN = "<written>"
"""The parameter of the function that writes."""


def address(value: ir.Expr, read: ir.Expr, writing: ir.Assign) -> ir.Expr:
    """The address of a place that holds ``value``, is ``read`` so, and is written by an assignment of
    :data:`WRITTEN`."""
    at = writing.at
    reading = ir.Function("", (), (ir.Return(read, at),), frozenset(), at)
    given = ir.Parameter(ir.Name(WRITTEN, at))
    write = ir.Function("", (given,), (writing,), frozenset((WRITTEN,)), at)
    return ir.Call(ir.Name("<address>", at), (value, ir.Lambda(reading, at), ir.Lambda(write, at)), (), at)


def load(pointer: ir.Expr, at: ir.At) -> ir.Expr:
    """``*p``."""
    return ir.Call(ir.Name("<load>", at), (pointer,), (), at)


def store(pointer: ir.Expr, value: ir.Expr, at: ir.At) -> ir.Expr:
    """``*p = value``, as a call."""
    return ir.Call(ir.Name("<store>", at), (pointer, value), (), at)


def has_place(value: ir.Expr) -> bool:
    """Whether it is written by names alone, so that reading it twice runs nothing twice."""
    match value:
        case ir.Name() | ir.This():
            return True
        case ir.Attr(object=owner):
            return has_place(owner)
        case ir.Index(object=owner, index=ir.Name() | ir.Const()):
            return has_place(owner)
        case _:
            return False
