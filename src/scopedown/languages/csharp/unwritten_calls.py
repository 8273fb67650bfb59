"""Members that no code names where they are called: the language, .NET and what derives from its classes call them.

Sources: the C# language's statements and operators (https://learn.microsoft.com/dotnet/csharp/language-reference/), and
the members of .NET's interfaces (https://learn.microsoft.com/dotnet/api/).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from scopedown.calls.interpreter import implicit_calls
from scopedown.calls.machine import Machine
from scopedown.calls.values import ClassValue, FunctionValue, Instance, Value, options
from scopedown.languages.csharp.functions import OVERRIDES
from scopedown.languages.csharp.members import FINALIZER
from scopedown.languages.csharp.natives import Type
from scopedown.source import ir

_ALWAYS: Final = frozenset(
    {
        FINALIZER, "<add>", "<remove>", "<set>", "Dispose", "DisposeAsync", "GetEnumerator", "GetAsyncEnumerator",
        "MoveNext", "MoveNextAsync", "Current", "GetAwaiter", "GetResult", "IsCompleted", "OnCompleted",
        "UnsafeOnCompleted", "Deconstruct", "ToString", "Equals", "GetHashCode", "CompareTo", "GetPinnableReference",
        "AppendFormatted", "AppendLiteral", "__getitem__", "__setitem__", "nameof",
    }
)  # fmt: skip
"""What statements, operators and conversions to text call by its name alone, whatever it is declared in."""
_OF_INTERFACES: Final = {
    "IComparer": ("Compare",), "IEqualityComparer": ("Equals", "GetHashCode"), "ICustomFormatter": ("Format",),
    "IFormatProvider": ("GetFormat",), "ICloneable": ("Clone",), "IEnumerator": ("Reset",),
    "IEnumerable": ("Add", "Select", "Where", "SelectMany"), "ICollection": ("Add", "Clear", "CopyTo", "Count"),
    "IList": ("Add", "Insert", "IndexOf", "Contains", "RemoveAt", "Remove"), "ISerializable": ("GetObjectData",),
    "IObserver": ("OnNext", "OnError", "OnCompleted"), "IObservable": ("Subscribe",), "IProgress": ("Report",),
    "IXmlSerializable": ("ReadXml", "WriteXml", "GetSchema"), "IHostedService": ("StartAsync", "StopAsync"),
    "IMiddleware": ("InvokeAsync",), "IServiceProvider": ("GetService",),
}  # fmt: skip
"""The members of interfaces through which .NET calls an object, where these are words that methods have elsewhere."""


_OF_QUERIES: Final = frozenset(
    {
        "Select", "Where", "SelectMany", "Join", "GroupJoin", "GroupBy", "OrderBy", "OrderByDescending", "ThenBy",
        "ThenByDescending",
    }
)  # fmt: skip
"""What a query calls, with functions."""


def named(made: Instance) -> Iterator[str]:
    """The members of an object that may be called so."""
    above = [one for one in made.cls.ancestry() if isinstance(one, ClassValue)]
    given = {
        name
        for base in made.cls.ancestry()
        if isinstance(base, Type)
        for name in _OF_INTERFACES.get(base.name.rpartition(".")[2], ())
    }
    first: dict[str, Value] = {}
    for cls in reversed(above):
        for name, member in cls.fields.items():
            if name in first and _hides(name, member):
                yield name
            first.setdefault(name, member)
            if name in _OF_QUERIES and _takes_function(member):
                yield name
    for name, member in first.items():
        by_kind = name in _ALWAYS or name in given or name.startswith("operator")
        if (
            by_kind
            or _is_override(member)
            or _initializes(member)
            or (name == "constructor" and _is_attribute(made.cls))
        ):
            yield name


def _takes_function(member: Value) -> bool:
    declared = [
        parameter.annotation
        for one in options(member)
        if isinstance(one, FunctionValue)
        for parameter in one.function.parameters
    ]
    return any(
        isinstance(of, ir.Index) and isinstance(of.object, ir.Name) and of.object.id == "Func" for of in declared
    )


def _hides(name: str, member: Value) -> bool:
    """Whether a method stands beside one of a base, which is called where an object is known as the base's."""
    functions = [one.function for one in options(member) if isinstance(one, FunctionValue)]
    return name != "constructor" and name[:1] != "<" and any(not _overrides(one) for one in functions)


def _overrides(function: ir.Function) -> bool:
    return any(isinstance(above, ir.Name) and above.id == OVERRIDES for above in function.annotations)


def _is_override(member: Value) -> bool:
    """Whether it takes the place of a method that no class of the program has."""
    return any(isinstance(one, FunctionValue) and _overrides(one.function) for one in options(member))


def class_made(run: Machine, cls: ClassValue) -> None:
    """Operators, conversions, the accessors of static events and what an attribute says so are called without an object
    of their class; so are the constructors of attributes themselves."""
    called = (name.startswith("operator") or name in _OF_CLASSES for name in cls.fields)
    if _is_attribute(cls) or any(called) or any(_initializes(member) for member in cls.fields.values()):
        implicit_calls.keep(run, Instance(cls))


_OF_CLASSES: Final = frozenset({"<add>", "<remove>", "AppendLiteral", "AppendFormatted", "nameof"})


def _is_attribute(cls: ClassValue) -> bool:
    return any(isinstance(base, Type) and base.name.endswith("Attribute") for base in cls.ancestry())


def _initializes(member: Value) -> bool:
    """Whether it runs when its assembly is loaded
    (https://learn.microsoft.com/dotnet/api/system.runtime.compilerservices.moduleinitializerattribute)."""
    return any(
        isinstance(above, ir.Name) and above.id == "ModuleInitializer"
        for one in options(member)
        if isinstance(one, FunctionValue)
        for above in one.function.annotations
    )
