"""Two values of models are interchangeable where they are of one class and all that they hold is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from scopedown.calls.machine import Function, Native
from scopedown.calls.values import Const, Object, Value


@dataclass(frozen=True, slots=True, eq=False)
class Held(Native):
    name: str
    values: tuple[Value, ...] = ()
    named: dict[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Other(Native):
    name: str
    values: tuple[Value, ...] = ()
    named: dict[str, Value] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Filled(Native):
    values: list[Value] = field(default_factory=list)


class Named(Native):
    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


def alike(one: Value, other: Value) -> bool:
    return one.fingerprint() == other.fingerprint()


def test_values_are_compared_by_class_and_by_all_that_they_hold() -> None:
    assert alike(Held("a", (Const(1),), {"k": Const("v")}), Held("a", (Const(1),), {"k": Const("v")}))
    assert not alike(Held("a"), Other("a"))
    assert not alike(Held("a"), Held("b"))
    assert not alike(Held("a", (Const(1),)), Held("a", (Const(True),)))
    assert not alike(Held("a", named={"k": Const("v")}), Held("a", named={"k": Const("w")}))
    assert alike(Named("a"), Named("a")) and not alike(Named("a"), Named("b"))


def test_at_the_bottom_structures_are_compared_by_identity_and_scalars_still_exactly() -> None:
    table = Object({"a": Const(1)})
    assert Held("a", (Const(1), table)).fingerprint(0) == Held("a", (Const(1), table)).fingerprint(0)
    assert Held("a", (Const(1),)).fingerprint(0) != Held("a", (Const(2),)).fingerprint(0)
    assert Held("a", (table,)).fingerprint(0) != Held("a", (Object({"a": Const(1)}),)).fingerprint(0)


def test_what_may_change_is_itself_alone_and_another_one_once_it_has_changed() -> None:
    filled = Filled()
    before = filled.fingerprint()
    assert alike(filled, filled) and not alike(filled, Filled())
    filled.values.append(Const(1))
    assert filled.fingerprint() != before


def test_functions_are_compared_by_their_code_and_by_what_they_close_over() -> None:
    def closing(value: Value) -> Callable[..., Value]:
        return lambda site, run: value

    assert alike(Function("f", closing(Const("a"))), Function("f", closing(Const("a"))))
    assert not alike(Function("f", closing(Const("a"))), Function("f", closing(Const("b"))))
    given = Const("a"), Const("b")
    first, second = (Function("f", partial(lambda one, site, run: one, value)) for value in given)
    assert not alike(first, second)
