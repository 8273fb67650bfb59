"""Values that calls change: texts have no identity in the intermediate form, so a change is an assignment.

``name.push_str(x)`` and ``write!(name, …)`` assign ``name`` anew; so does a call that gets ``&mut name``, of which
nothing says what it makes of a text or a number (``reader.read_to_string(&mut name)``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeGuard

from scopedown.languages.rust.work import Work
from scopedown.source import ir
from scopedown.source.languages.front_end import MAX_OPERANDS

if TYPE_CHECKING:
    from tree_sitter import Node

CHANGED: Final = "<changed>"
"""A function of the runtime: (value, method, argument) gives the value after a method has changed it."""
LENT: Final = "<lent>"
"""A function of the runtime: what a value may be after a call was given ``&mut`` to it."""
METHODS: Final = frozenset({"push", "push_str", "insert_str", "truncate", "clear", "retain", "write_str", "pop"})
"""Methods that change a text (https://doc.rust-lang.org/std/string/struct.String.html)."""


def is_place(value: ir.Expr, work: Work) -> TypeGuard[ir.Name | ir.Attr]:
    """Whether a value is a local variable or a member of one."""
    for _ in range(MAX_OPERANDS):
        if isinstance(value, ir.Name):
            return any(value.id in scope.names for scope in work.scopes[1:])
        if not isinstance(value, ir.Attr):
            return False
        value = value.object
    return False


def lent(work: Work, listed: Node | None) -> list[ir.Name | ir.Attr]:
    """The places among arguments that are lent to be changed."""
    found: list[ir.Name | ir.Attr] = []
    for node in work.named(listed) if listed is not None else ():
        if work.kind(node) != "reference_expression" or node.named_child_count < 2:
            continue
        if work.kind(node.named_children[0]) != "mutable_specifier":
            continue
        inside = node.child_by_field_name("value")
        if inside is not None and work.kind(inside) in ("identifier", "field_expression"):
            place = work.expression(inside)
            if is_place(place, work):
                found.append(place)
    return found


def taken(work: Work, place: ir.Expr) -> ir.Expr:
    """A place to which code takes ``&mut``: what is written there later is not followed."""
    if is_place(place, work):
        _assign(work, place, LENT, (), place.at)
    if isinstance(place, ir.Const):  # ``let n = &mut 0``: code may write to it by any name that it is given
        return ir.Call(ir.Name(work.outside(LENT), place.at), (place,), (), place.at)
    return place


def push(work: Work, place: ir.Name | ir.Attr, added: ir.Expr, at: ir.At) -> None:
    """Something is put behind what a place holds."""
    _assign(work, place, CHANGED, (ir.Const("push_str", at), added), at)


def after(work: Work, call: ir.Call, places: list[ir.Name | ir.Attr]) -> ir.Expr:
    """A call, and what it leaves in the places that it changes."""
    function = call.function
    changing = isinstance(function, ir.Attr) and function.name in METHODS
    if not changing and not places:
        return call
    at = call.at
    name = work.hidden("result")
    held = function.object if isinstance(function, ir.Attr) and changing else None
    if held is not None and is_place(held, work) and call.positional:
        added = ir.Name(work.hidden("added"), at)  # it is evaluated once
        work.emit(ir.Assign(added, call.positional[0], at))
        call = ir.Call(function, (added, *call.positional[1:]), (), at)
    work.emit(ir.Assign(ir.Name(name, at), call, at))
    if held is not None and is_place(held, work) and isinstance(function, ir.Attr):
        _assign(work, held, CHANGED, (ir.Const(function.name, at), *call.positional[:1]), at)
    for place in places:
        _assign(work, place, LENT, (), at)
    return ir.Name(name, at)


def lending(work: Work, place: ir.Name | ir.Attr, at: ir.At) -> ir.Stmt:
    """What a place is after code was given ``&mut`` to it."""
    return ir.Assign(place, ir.Call(ir.Name(work.outside(LENT), at), (place,), (), at), at)


def _assign(work: Work, place: ir.Name | ir.Attr, function: str, given: tuple[ir.Expr, ...], at: ir.At) -> None:
    made = ir.Call(ir.Name(work.outside(function), at), (place, *given), (), at)
    work.emit(ir.Assign(place, made, at))
