"""Functions of one name, of which a call means those that take its arguments.

The number of arguments decides first, then the types of the parameters, where a value is known to
be of another. Where nothing fits, all of them may be meant. A class adds its functions to those of
its bases: only a function that takes the same types hides one of a base.
"""

from __future__ import annotations

import re
from collections.abc import Sequence as Items

from scopedown.calls.machine import Machine
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    FunctionValue,
    Instance,
    TextValue,
    Value,
    join,
    options,
)
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

_VARIABLE = re.compile(r"T?[A-Z]|T[A-Z]\w*")
"""Names of type variables, by convention."""
_CONSTRUCTORS = frozenset({"constructor", "__init__"})


def with_inherited(name: str, found: Value, above: Items[Value]) -> Value:
    """The functions of a class under a name, and those of its bases, nearest first, that take other types."""
    own = [one for one in options(found) if isinstance(one, FunctionValue)]
    if name in _CONSTRUCTORS or not own or any(one.function.accessor or one.this is not None for one in own):
        return found
    more: list[FunctionValue] = []
    for cls in above:
        for one in options(cls.fields[name]) if isinstance(cls, ClassValue) and name in cls.fields else ():
            if not isinstance(one, FunctionValue) or one.function.accessor or one.this is not None:
                return join(found, *more) if more else found
            if not any(_takes_the_same(one.function, other.function) for other in (*own, *more)):
                more.append(one)
    return join(found, *more) if more else found


def _takes_the_same(one: ir.Function, other: ir.Function) -> bool:
    """Whether two functions take the same types, as far as that is written."""
    first = [parameter for parameter in one.parameters if parameter.kind != "keyword"]
    second = [parameter for parameter in other.parameters if parameter.kind != "keyword"]
    if len(first) != len(second):
        return False
    pairs = zip(first, second, strict=True)
    names = ((_type_name(here.annotation), _type_name(there.annotation)) for here, there in pairs)
    return all(
        here is None or there is None or here == there or _VARIABLE.fullmatch(here) or _VARIABLE.fullmatch(there)
        for here, there in names
    )


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
