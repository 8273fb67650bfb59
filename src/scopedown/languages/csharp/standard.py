"""C#'s standard library: the classes of ``System`` that code reaches AWS through, names it, or keeps values in.

Other classes of ``System`` give data (``standard.tsv`` lists them, so that their names mean nothing else). Reference:
https://learn.microsoft.com/dotnet/api/.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from scopedown.calls.builtins.builtin_call import listed
from scopedown.calls.interpreter import references
from scopedown.calls.machine import Function, Machine
from scopedown.calls.machine.functions import first_of
from scopedown.calls.machine.state import OpenCall
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    FunctionValue,
    Instance,
    Sequence,
    UnknownValue,
    Value,
    join,
    options,
)
from scopedown.core.tables import read_rows
from scopedown.languages.csharp.addresses import SUBSCRIBED
from scopedown.languages.csharp.collections import BUILTINS, elements
from scopedown.languages.csharp.container import FunctionType, HolderType, ProviderType, TaskType
from scopedown.languages.csharp.natives import (
    NOTHING,
    Body,
    Plain,
    Type,
    arguments,
    data,
    identity,
    method,
    of_class,
    run_functions,
    type_argument,
    unknown,
)
from scopedown.languages.csharp.statements import ELEMENTS

_KEYWORDS = {
    "string": "System.String", "object": "System.Object", "int": "System.Int32", "long": "System.Int64",
    "short": "System.Int16", "byte": "System.Byte", "bool": "System.Boolean", "char": "System.Char",
    "double": "System.Double", "float": "System.Single", "decimal": "System.Decimal", "uint": "System.UInt32",
    "ulong": "System.UInt64", "ushort": "System.UInt16", "sbyte": "System.SByte",
}  # fmt: skip


REFLECTION = frozenset(
    {
        "GetMethods", "GetConstructors", "GetConstructor", "GetRuntimeMethods", "GetRuntimeMethod", "InvokeMember",
        "CreateDelegate", "Compile", "MakeGenericMethod", "MakeGenericType", "GetMembers", "GetMember",
    }
)  # fmt: skip
"""Members that find functions and types by what they are called when the code runs
(https://learn.microsoft.com/dotnet/api/system.type)."""
_REFERENCES = {**references.natives(), SUBSCRIBED: method(SUBSCRIBED, lambda site, run: _subscribed(site, run))}


def _subscribed(site: CallSite, run: Machine) -> Value:
    function, owner = site.positional
    if not any(isinstance(option, Instance | ClassValue) for option in options(owner)):
        for option in options(function):
            if isinstance(option, FunctionValue):
                run.escape(option, site.place)
    return function


def builtin(name: str) -> Value | None:
    """A keyword that is a type, and what the lowering asks for."""
    if name in _KEYWORDS:
        return standard(_KEYWORDS[name])
    if name in _REFERENCES:
        return _REFERENCES[name]
    if name == "nameof":
        return Function(name, lambda site, run: site.keywords["<name>"])
    if name == ELEMENTS:
        return Function(ELEMENTS, lambda site, run: elements(run, first_of(site)))
    return None


@cache
def standard(name: str) -> Value | None:
    """A class of the standard library by its whole name."""
    found = _known().get(name)
    if found is not None:
        return found
    return Type(name.rpartition(".")[2]) if name in _listed() else None


@cache
def names() -> frozenset[str]:
    """The names of all classes that are known, without their namespaces."""
    return frozenset(one.rpartition(".")[2] for one in (*_known(), *_listed()))


@cache
def _listed() -> frozenset[str]:
    rows = read_rows(Path(__file__).with_name("standard.tsv"), ("namespace", "types"))
    return frozenset(f"{row['namespace']}.{name}" for row in rows for name in row["types"].split())


# tasks


def _all(site: CallSite, run: Machine) -> Value:
    """``Task.WhenAll``: what all of the tasks give."""
    given = arguments(site)
    if len(given) == 1:
        return listed(run, given[0], site.place)
    return Sequence(given)


def _any(site: CallSite, run: Machine) -> Value:
    return listed(run, _all(site, run), site.place).element()


def _run(site: CallSite, run: Machine) -> Value:
    """``Task.Run(f)``, ``Task.Factory.StartNew(f)``: what the function gives."""
    made = [
        run.call(option, (), site.place) if isinstance(option, FunctionValue) else option
        for option in options(first_of(site))
    ]
    return join(*made)


def _for_each(site: CallSite, run: Machine) -> Value:
    """``Parallel.ForEach(items, f)``: the last argument is called with each element."""
    functions = [one for one in arguments(site) if any(isinstance(option, FunctionValue) for option in options(one))]
    if functions and site.positional:
        items = listed(run, elements(run, site.positional[0]), site.place)
        for item in items.held():
            run.call_value(functions[-1], CallSite((item,), {}, site.place, complete=False))
    return NOTHING


def _lazy(site: CallSite, run: Machine) -> Value:
    """``new Lazy<T>(f)``: its value is what the function gives."""
    made = run_functions(site, run)
    value = made if made is not None else first_of(site)
    return Plain("Lazy", members={"Value": value})


# collections


def _pair(site: CallSite, run: Machine) -> Value:
    return BUILTINS.habits.pair(*(*site.positional, NOTHING, NOTHING)[:2])


def _tuple(site: CallSite, run: Machine) -> Value:
    return Sequence(arguments(site))


# text that is built, and data


def _deserialized(site: CallSite, run: Machine) -> Value:
    """What is made of text is data."""
    return of_class("deserialized data", type_argument(site), site.place)


def _serialized(site: CallSite, run: Machine) -> Value:
    return UnknownValue("serialized data", site.place, inert=True)


def _activated(site: CallSite, run: Machine) -> Value:
    """``Activator.CreateInstance<T>()``."""
    cls = type_argument(site) or first_of(site)
    if any(isinstance(option, UnknownValue) for option in options(cls)):
        what = "a type that is found when the code runs"
        run.trail.open.setdefault((None, site.place), OpenCall(None, site, what, False))
    return run.call_value(cls, CallSite(site.positional[1:], {}, site.place), new=True)


def _proxied(site: CallSite, run: Machine) -> Value:
    """``DispatchProxy.Create<T, TProxy>()``: every call on it is one of the proxy's ``Invoke``."""
    cls = type_argument(site, 1)
    return unknown("a proxy", site) if cls is None else run.call_value(cls, CallSite((), {}, site.place), new=True)


def _type(name: str, make: Body | None = None, **members: Value) -> Type:
    return Type(name, members, make)


def _functions(of: str) -> dict[str, Value]:
    """The static methods that rows have for a class."""
    return {name: method(f"{of}.{name}", body) for name, body in BUILTINS.functions(of).items()}


@cache
def _known() -> Mapping[str, Value]:
    tasks = {
        "WhenAll": method("Task.WhenAll", _all),
        "WaitAll": method("Task.WaitAll", _all),
        "WhenAny": method("Task.WhenAny", _any),
        "WhenEach": method("Task.WhenEach", _all),
        "FromResult": identity("Task.FromResult"),
        "Run": method("Task.Run", _run),
        "Factory": Plain("Task.Factory", members={"StartNew": method("Task.Factory.StartNew", _run)}),
        "CompletedTask": NOTHING,
        "Delay": data("Task.Delay"),
        "Yield": data("Task.Yield"),
        "FromException": data("Task.FromException"),
        "FromCanceled": data("Task.FromCanceled"),
    }
    parallel = {name: method(f"Parallel.{name}", _for_each) for name in ("ForEach", "ForEachAsync", "For", "ForAsync")}
    json = {
        **{name: method(f"JsonSerializer.{name}", _deserialized) for name in ("Deserialize", "DeserializeAsync")},
        **{name: method(f"JsonSerializer.{name}", _serialized) for name in ("Serialize", "SerializeAsync")},
    }
    lists: dict[str, Value] = {name: HolderType(name, {}, make) for name, make in BUILTINS.functions("lists").items()}
    lists |= {name: Type(name, {}, make) for name, make in BUILTINS.functions("maps").items()}
    enumerable = _functions("Enumerable")
    found: dict[str, Value] = {
        "System.Environment": Type("Environment", {"NewLine": Const("\n"), **_functions("Environment")}),
        "System.String": Type("String", {"Empty": Const(""), **_functions("string")}),
        "System.Threading.Tasks.Task": TaskType("Task", tasks),
        "System.Threading.Tasks.ValueTask": TaskType("ValueTask", tasks, lambda site, run: first_of(site)),
        "System.Func": FunctionType("Func"),
        "System.IServiceProvider": ProviderType("IServiceProvider"),
        "System.Threading.Tasks.Parallel": Type("Parallel", parallel),
        "System.Lazy": _type("Lazy", _lazy),
        "System.Tuple": _type("Tuple", _tuple, Create=method("Tuple.Create", _tuple)),
        "System.ValueTuple": _type("ValueTuple", _tuple, Create=method("ValueTuple.Create", _tuple)),
        "System.Convert": Type("Convert", _functions("Convert")),
        "System.Activator": _type("Activator", CreateInstance=method("Activator.CreateInstance", _activated)),
        "System.Reflection.DispatchProxy": _type("DispatchProxy", Create=method("DispatchProxy.Create", _proxied)),
        "System.Array": _type("Array", BUILTINS.functions("lists")["List"], Empty=enumerable["Empty"]),
        "System.Linq.Enumerable": Type("Enumerable", enumerable),
        "System.Collections.Generic.KeyValuePair": _type(
            "KeyValuePair", _pair, Create=method("KeyValuePair.Create", _pair)
        ),
        "System.Text.StringBuilder": _type("StringBuilder", BUILTINS.functions("StringBuilder")["new"]),
        "System.Text.Json.JsonSerializer": Type("JsonSerializer", json),
        "System.IO.Path": Type("Path", _functions("Path")),
        "System.Uri": _type("Uri", lambda site, run: first_of(site)),
    }
    for name, value in lists.items():
        found[f"System.Collections.Generic.{name}"] = found[f"System.Collections.Concurrent.{name}"] = value
    return found
