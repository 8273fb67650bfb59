"""Functions of one name, of which a call means those that take its arguments.

The number of arguments decides first, then the types of the parameters, where a value is known to
be of another. Where nothing fits, all of them may be meant.
"""

from __future__ import annotations

from collections.abc import Sequence as Items

from scopedown.calls.machine import Machine
from scopedown.calls.values import CallSite, ClassValue, Const, FunctionValue, Instance, TextValue, Value, options
from scopedown.source import ir

_TEXT = frozenset({"String", "string", "str", "CharSequence", "CharArray"})
_NUMBERS = frozenset(
    {
        "int", "long", "short", "byte", "float", "double", "Integer", "Long", "Double", "Float", "Int", "decimal",
        "Number",
    }
)  # fmt: skip
_TRUTH = frozenset({"boolean", "Boolean", "bool"})
_PLAIN = _TEXT | _NUMBERS | _TRUTH
_ANYTHING = frozenset({"Object", "object", "Any", "dynamic", "var", "T", "E", "K", "V"})


def fitting(run: Machine, functions: Items[Value], site: CallSite) -> list[Value]:
    """Those of the functions that take the arguments of a call."""
    if len(functions) < 2 or not all(isinstance(one, FunctionValue) for one in functions):
        return list(functions)
    by_number = [one for one in functions if isinstance(one, FunctionValue) and _takes(one.function, site)]
    by_type = [one for one in by_number if not _clashes(one.function, site)]
    return list(by_type or by_number or functions)


def _takes(function: ir.Function, site: CallSite) -> bool:
    parameters = function.parameters
    first = 1 if function.receiver in ("first", "class") else 0
    positional = [one for one in parameters[first:] if one.kind == "positional"]
    given = len(site.positional) + len(site.keywords)
    if given > len(positional) and not any(one.kind in ("rest", "keywords") for one in parameters):
        return False
    names = {one.name for one in parameters}
    if any(name not in names for name in site.keywords) and not any(one.kind == "keywords" for one in parameters):
        return False
    required = sum(one.default is None for one in positional)
    return given >= required or not site.complete


def _clashes(function: ir.Function, site: CallSite) -> bool:
    first = 1 if function.receiver in ("first", "class") else 0
    pairs = zip(function.parameters[first:], site.positional, strict=False)
    return any(
        parameter.kind == "positional"
        and (name := _type_name(parameter.annotation)) is not None
        and all(_is_other(option, name) for option in options(value))
        for parameter, value in pairs
    )


def _type_name(annotation: ir.Expr | None) -> str | None:
    match annotation:
        case ir.Name(id=name) | ir.Attr(name=name):
            return name
        case ir.Index(object=ir.Name(id=name) | ir.Attr(name=name)):
            return name
        case _:
            return None


def _is_other(value: Value, name: str) -> bool:
    """Whether a value cannot be of a type by its plain name."""
    if name in _ANYTHING:
        return False
    match value:
        case Const(value=None):
            return name in (_NUMBERS | _TRUTH) and name.islower()
        case Const(value=bool()):
            return name not in _TRUTH
        case Const(value=str()) | TextValue():
            return name not in _TEXT and (name in _PLAIN or name[:1].isupper())
        case Const():
            return name not in _NUMBERS
        case Instance(cls=cls):
            own = {one.definition.name for one in cls.ancestry() if isinstance(one, ClassValue)}
            return name in _PLAIN or (name not in own and all(isinstance(one, ClassValue) for one in cls.ancestry()))
        case _:
            return False
