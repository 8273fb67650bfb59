"""Numbers of C# that do not keep what is computed: small integers wrap, and characters are numbers in a sum
(https://learn.microsoft.com/dotnet/csharp/language-reference/builtin-types/integral-numeric-types)."""

from __future__ import annotations

from typing import Final

from scopedown.languages.csharp.lowering import Lowering
from scopedown.source import ir

_WRAPPING: Final = frozenset({"byte", "sbyte", "short", "ushort", "uint", "ulong", "char", "nint", "nuint"})


def step(work: Lowering, place: ir.Expr, operator: str, at: ir.At) -> ir.Expr:
    """``x++``, ``x--``."""
    return computed(work, place, operator, ir.Const(1, at), at)


def computed(work: Lowering, place: ir.Expr, operator: str, value: ir.Expr, at: ir.At) -> ir.Expr:
    """``x += value`` and its like: what the place holds then."""
    declared = work.declared(place.id) if isinstance(place, ir.Name) else None
    if isinstance(declared, ir.Name) and declared.id in _WRAPPING:
        return ir.Opaque((place, value), at)
    return ir.Op(operator, (place, value), at)
