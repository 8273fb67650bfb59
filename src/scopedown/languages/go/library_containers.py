"""Containers that put objects together by the types of functions: uber's fx and dig, samber/do.

Sources: https://pkg.go.dev/go.uber.org/fx, https://pkg.go.dev/go.uber.org/dig, https://pkg.go.dev/github.com/samber/do.
A function that is provided is called once, when a type that it gives is asked for; an interface is given by what has
its methods. Structs that embed ``fx.In`` or ``dig.In`` are filled by the types of their fields, ``Out`` gives those.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from scopedown.calls.interpreter import members
from scopedown.calls.machine import Machine, Native
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
from scopedown.core.place import Place
from scopedown.languages.go.interfaces import client_behind, has_all, types_of
from scopedown.languages.go.natives import Body, Function, Package, Thing, error, first, function, with_error
from scopedown.languages.go.objects import embedded_names
from scopedown.source import ir

LANGUAGE = "go"
PACKAGES = ("go.uber.org/fx", "go.uber.org/dig", "github.com/samber/do")
MAX_DEPTH = 30
"""Objects in objects that are made."""


def module(name: str) -> Value | None:
    """One of the packages."""
    return Package(name, _fx() if name.startswith("go.uber.org/fx") else _dig() if "dig" in name else _do())


def _fx() -> dict[str, Value]:
    known: dict[str, Body] = {
        "Provide": lambda site, run: Option("provide", site.positional),
        "Invoke": lambda site, run: Option("invoke", site.positional),
        "Supply": lambda site, run: Option("supply", site.positional),
        "Decorate": lambda site, run: Option("provide", site.positional),
        "Options": lambda site, run: Option("options", site.positional),
        "Module": lambda site, run: Option("options", site.positional[1:]),
        "Annotate": lambda site, run: first(site),
        "New": _app,
    }
    return {name: function(f"fx.{name}", body) for name, body in known.items()}


def _dig() -> dict[str, Value]:
    return {"New": function("dig.New", lambda site, run: Container())}


def _do() -> dict[str, Value]:
    known: dict[str, Value] = {name: Generic(name, ()) for name in ("Invoke", "MustInvoke")}
    for name in ("New", "NewWithOpts"):
        known[name] = function(f"do.{name}", lambda site, run: Container())
    for name, at in (("Provide", 1), ("ProvideNamed", 2), ("ProvideTransient", 1), ("Override", 1)):
        known[name] = function(f"do.{name}", _providing(at))
    known["ProvideValue"] = function("do.ProvideValue", _supplying)
    return known


def _app(site: CallSite, run: Machine) -> Value:
    """``fx.New(options…)`` runs what is invoked."""
    made = Container()
    every = list(_flat(site.positional))
    for option in every:
        for value in option.values:
            if option.kind == "provide":
                made.provide(value)
            elif option.kind == "supply":
                made.values.append(value)
    for option in every:
        for value in option.values if option.kind == "invoke" else ():
            made.invoke(run, value, site.place)
    return Thing("fx.App")


def _flat(values: tuple[Value, ...], depth: int = 8) -> Iterator[Option]:
    for value in values:
        for one in options(value):
            if isinstance(one, Sequence) and depth:
                yield from _flat(tuple(one.held()), depth - 1)
            elif isinstance(one, Option):
                if one.kind == "options" and depth:
                    yield from _flat(one.values, depth - 1)
                else:
                    yield one


@dataclass(frozen=True, slots=True, eq=False)
class Option(Native):
    """``fx.Provide(f)`` and its like, before an application has them."""

    label = "an option of fx"
    kind: str
    values: tuple[Value, ...]


@dataclass(slots=True, eq=False)
class Container(Native):
    """What is provided, and what was made of it."""

    label = "a container"
    functions: list[FunctionValue] = field(default_factory=list)
    values: list[Value] = field(default_factory=list)
    made: dict[int, Value] = field(default_factory=dict)

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``Provide`` and ``Invoke`` of dig."""
        if name == "Provide":
            return Function(name, self._provide, self)
        if name == "Invoke":
            return Function(name, self._invoke, self)
        return Thing(f"container.{name}")

    def _provide(self, site: CallSite, run: Machine) -> Value:
        self.provide(first(site))
        return error(site.place)

    def _invoke(self, site: CallSite, run: Machine) -> Value:
        self.invoke(run, first(site), site.place)
        return error(site.place)

    def provide(self, value: Value) -> None:
        """A function gives what its results are declared as."""
        self.functions += [one for one in options(value) if isinstance(one, FunctionValue)]

    def invoke(self, run: Machine, value: Value, place: Place) -> Value:
        """A function is called with what its parameters are declared as."""
        found = [self._called(run, one, place, 0) for one in options(value) if isinstance(one, FunctionValue)]
        return join(*found) if found else UnknownValue("a result", place)

    def _called(self, run: Machine, function: FunctionValue, place: Place, depth: int) -> Value:
        declared = function.function
        wanted = declared.parameters[1:] if declared.receiver == "first" else declared.parameters
        given = [self.of(run, function, one.annotation, place, depth) for one in wanted if one.kind == "positional"]
        return run.call_value(function, CallSite(tuple(given), {}, place))

    def of(
        self, run: Machine, owner: ClassValue | FunctionValue, annotation: ir.Expr | None, place: Place, depth: int
    ) -> Value:
        """What is given for a declared type."""
        types = types_of(run, owner, annotation)
        return self.get(run, types[0], place, depth) if types else UnknownValue("a value of a container", place)

    def get(self, run: Machine, type_: Value, place: Place, depth: int = 0) -> Value:
        """What is given for a type."""
        if depth > MAX_DEPTH:
            return UnknownValue("a value of a container", place)
        if isinstance(type_, ClassValue) and "In" in set(embedded_names(type_)):
            made = run.construct(type_, CallSite((), {}, place))
            for name, annotation in type_.definition.types if isinstance(made, Instance) else ():
                if name != "In" and isinstance(made, Instance):
                    made.fields[name] = self.of(run, type_, annotation, place, depth + 1)
            return made
        found = [value for value in self.values if _is_of(run, value, type_)]
        for one in self.functions:
            found += [result for given, result in self._results(run, one, type_, place, depth) if given]
        if found:
            return join(*found)
        if isinstance(type_, Native):
            return type_.call(CallSite((), {}, place), run) if type_.names_a_client else Thing(type_.describe())
        if isinstance(type_, ClassValue) and type_.definition.abstract:
            return client_behind(run, type_, place) or UnknownValue("a value of a container", place)
        return UnknownValue("a value of a container", place)

    def _results(
        self, run: Machine, function: FunctionValue, type_: Value, place: Place, depth: int
    ) -> Iterator[tuple[bool, Value]]:
        """The results of a function that are of a type; it is called where there are some."""
        returns = function.function.returns
        declared = returns.items if isinstance(returns, ir.ListExpr) else () if returns is None else (returns,)
        for at, annotation in enumerate(declared):
            for one in types_of(run, function, annotation):
                if _matches(run, one, type_):
                    result = self._once(run, function, place, depth)
                    several = isinstance(returns, ir.ListExpr)
                    yield True, members.index(run, result, Const(at), place) if several else result
                elif isinstance(one, ClassValue) and "Out" in set(embedded_names(one)):
                    for name, inner in one.definition.types:
                        if any(_matches(run, held, type_) for held in types_of(run, one, inner)):
                            result = self._once(run, function, place, depth)
                            if isinstance(returns, ir.ListExpr):
                                result = members.index(run, result, Const(at), place)
                            yield True, run.attribute(result, name, place)

    def _once(self, run: Machine, function: FunctionValue, place: Place, depth: int) -> Value:
        key = id(function.function)
        if key not in self.made:
            self.made[key] = UnknownValue("an object that is being made", place)
            self.made[key] = self._called(run, function, place, depth + 1)
        return self.made[key]


def _matches(run: Machine, given: Value, wanted: Value) -> bool:
    """Whether a value of one type is given for another one."""
    if given is wanted or (isinstance(given, Native) and given.fingerprint() == wanted.fingerprint()):
        return True
    if not isinstance(wanted, ClassValue) or not wanted.definition.abstract:
        return False
    if isinstance(given, ClassValue):
        return given is not wanted and has_all(run, given, wanted)
    return isinstance(given, Native) and given.names_a_client


def _is_of(run: Machine, value: Value, wanted: Value) -> bool:
    """Whether a value that was supplied is of a type."""
    return any(isinstance(option, Instance) and _matches(run, option.cls, wanted) for option in options(value))


# samber/do


def _providing(at: int) -> Body:
    def body(site: CallSite, run: Machine) -> Value:
        for container in options(first(site)):
            if isinstance(container, Container) and at < len(site.positional):
                container.provide(site.positional[at])
        return error(site.place)

    return body


def _supplying(site: CallSite, run: Machine) -> Value:
    for container in options(first(site)):
        if isinstance(container, Container):
            container.values += site.positional[1:]
    return error(site.place)


@dataclass(frozen=True, slots=True, eq=False)
class Generic(Native):
    """``do.MustInvoke[T](injector)``."""

    label = "do.{self.name}"
    name: str
    types: tuple[Value, ...]

    def index(self, key: Value, run: Machine, place: Place) -> Value:
        """With its types."""
        given = tuple(key.items) if isinstance(key, Sequence) else (key,)
        return Generic(self.name, given)

    def call(self, site: CallSite, run: Machine) -> Value:
        """What the container has for the type."""
        found = [
            container.get(run, type_, site.place)
            for container in options(first(site))
            for type_ in self.types
            if isinstance(container, Container)
        ]
        made = join(*found) if found else UnknownValue("a value of a container", site.place)
        return made if self.name.startswith("Must") else with_error(made, site.place)
