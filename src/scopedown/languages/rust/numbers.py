"""``x as T``: the number that a value is in another type
(https://doc.rust-lang.org/reference/expressions/operator-expr.html#numeric-cast)."""

from __future__ import annotations

import math
from typing import Final

from scopedown.calls.machine import Machine
from scopedown.calls.values import CallSite, Const, UnknownValue, Value, join, options
from scopedown.core.place import Place

BITS: Final = {
    **{f"{sign}{bits}": bits for sign in "iu" for bits in (8, 16, 32, 64, 128)},
    "isize": 64,
    "usize": 64,
}
NUMBERS: Final = frozenset({*BITS, "f32", "f64", "char"})
"""The types that a number may become."""


def cast(site: CallSite, run: Machine) -> Value:
    """The built-in function that the lowering calls with a value and the name of a type."""
    value, named = site.positional
    name = str(named.value) if isinstance(named, Const) else ""
    return join(*(_cast(one, name, site.place) for one in options(value)))


def _cast(value: Value, name: str, place: Place) -> Value:
    if not isinstance(value, Const):
        return value
    given = value.value
    if isinstance(given, str) and len(given) == 1 and name != "char":
        given = ord(given)
    if isinstance(given, bool | int) and name == "char":
        return Const(chr(given)) if 0 <= given < 0xD800 else UnknownValue("a character", place, inert=True)
    if not isinstance(given, bool | int | float) or given is None:
        return value
    if name not in BITS:
        return Const(float(given)) if name in ("f32", "f64") else value
    bits, signed = BITS[name], name.startswith("i")
    low, high = (-(1 << bits - 1), (1 << bits - 1) - 1) if signed else (0, (1 << bits) - 1)
    if isinstance(given, float):
        return Const(0 if math.isnan(given) else int(min(max(given, low), high)))
    wrapped = int(given) & ((1 << bits) - 1)
    return Const(wrapped - (1 << bits) if signed and wrapped > high else wrapped)
