"""What containers supply: values bound to tokens, made when somebody asks for them.

In: what a library's model binds (``libraries/``: tsyringe, NestJS, injector, …), a token, a parameter's decorators and
type. Out: the value that code gets. One table serves all containers of a run: what is bound to a token in several of
them may be any of it. An object is made once, at the first request, and its constructor gets what its parameters ask
for by a decorator (:class:`Wanted`), by a bound type, or by a class that can be made. So the methods that count are
those that code calls on what it got.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scopedown.calls.interpreter import expressions
from scopedown.calls.interpreter.activation import Activation
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    External,
    FunctionValue,
    Instance,
    Native,
    Sequence,
    Union,
    UnknownValue,
    Value,
    join,
    options,
)
from scopedown.core.place import Place
from scopedown.source import ir

if TYPE_CHECKING:
    from scopedown.calls.interpreter.interpret import Interpreter

Make = Callable[[Place], Value]


@dataclass(slots=True, eq=False)
class Provider:
    """How what is bound to a token is made: once, when it is asked for."""

    make: Make
    made: Value | None = None

    def get(self, place: Place) -> Value:
        """The value; while it is being made, it is not known."""
        if self.made is None:
            self.made = UnknownValue("an object that is being made", place)
            self.made = self.make(place)
        return self.made


@dataclass(slots=True, eq=False)
class Bindings:
    """What a run has bound, and what decorators said of classes and functions."""

    providers: dict[Hashable, list[Provider]] = field(default_factory=dict)
    tokens: dict[Hashable, Value] = field(default_factory=dict)
    """The tokens, which keeps them alive and their identities unique."""
    classes: dict[int, Provider] = field(default_factory=dict)
    """Objects of classes that nothing is bound to, by the class's identity."""
    notes: dict[tuple[str, int], list[Value]] = field(default_factory=dict)
    """By what is noted and the identity of a class or of a function's declaration."""
    automatic: set[int] = field(default_factory=set)
    """Classes whose constructors ask a container for what a call does not give, by identity."""


class Wanted(Native):
    """What a decorator, a default or a part of an annotation says that a parameter is to get."""

    __slots__ = ("token",)

    callable_when_escaped = False

    def __init__(self, token: Value | None) -> None:
        self.token = token

    def supplied(self, run: Interpreter, declared: tuple[Value, ...], place: Place) -> Value | None:
        """The value; ``declared`` are the types of the parameter. None where nothing says what it is."""
        if self.token is None:
            return of_types(run, declared, place)
        found = resolve(run, self.token, place)
        if isinstance(found, UnknownValue) and declared:
            return of_types(run, declared, place) or found
        return found

    def call(self, site: CallSite, run: object) -> Value:
        """A decorator of a property leaves it as it is."""
        return site.positional[0] if site.positional else UnknownValue("a decorator's result", site.place)

    def describe(self) -> str:
        """For messages."""
        return "what a container supplies"

    def fingerprint(self, depth: int = 4) -> Hashable:
        """By token."""
        return (type(self).__name__, None if self.token is None else self.token.fingerprint(depth - 1))


class All(Wanted):
    """Everything that is bound to a token (``@injectAll``)."""

    __slots__ = ()

    def supplied(self, run: Interpreter, declared: tuple[Value, ...], place: Place) -> Value | None:
        """A list."""
        return resolve_all(run, self.token or Const(None), place)


def key(token: Value) -> Hashable | None:
    """What tells tokens apart; None where a token is not known."""
    match token:
        case Const(value=value):
            return ("name", str(value))
        case ClassValue() | Instance():
            return id(token)
        case FunctionValue(function=function, frame=frame):
            return (id(function), id(frame))
        case External(origin=origin):
            return ("external", origin)
        case Native():
            return ("native", token.fingerprint())
        case _:
            return None


def bind(run: Interpreter, token: Value, provider: Provider, replace: bool = False) -> None:
    """Whoever asks for the token gets what the provider makes; ``replace``: and nothing that was bound before."""
    for one in options(token):
        name = key(one)
        bound = run.bindings.providers.setdefault(name, [])
        run.bindings.tokens[name] = one
        if replace and not run.conditional:
            bound.clear()
        bound.append(provider)


def resolve(run: Interpreter, token: Value, place: Place) -> Value:
    """What a container gives for a token: what is bound to it, else an object of it where it is a class."""
    return join(*(_resolve(run, one, place) for one in options(token)))


def _resolve(run: Interpreter, token: Value, place: Place) -> Value:
    name = key(token)
    if name is None:  # any of the tokens
        every = [one for bound in list(run.bindings.providers.values()) for one in bound]
        found = [one.get(place) for one in every]
        return join(*found) if found else UnknownValue("what is bound to a token", place)
    bound = bound_to(run, token, place)
    if bound is not None:
        return bound
    if isinstance(token, ClassValue):
        return of_class(run, token, place)
    if isinstance(token, Native) and token.names_a_client:
        return token.call(CallSite((), {}, place), run)
    if None in run.bindings.providers:  # bound under a name that is not known
        return join(*(one.get(place) for one in run.bindings.providers[None]))
    if isinstance(token, External):
        return External(f"an object of {token.origin}")
    return UnknownValue("what is bound to a token", place)


def bound_to(run: Interpreter, token: Value, place: Place) -> Value | None:
    """What is bound to a token, or None where nothing is."""
    if not run.bindings.providers:
        return None
    bound = run.bindings.providers.get(key(token))
    return join(*(one.get(place) for one in tuple(bound))) if bound else None


def resolve_all(run: Interpreter, token: Value, place: Place) -> Sequence:
    """Everything that is bound to a token, as a list."""
    name = key(token)
    bound = run.bindings.providers.get(name) if name is not None else None
    if bound:
        return Sequence([one.get(place) for one in tuple(bound)])
    return Sequence([], _resolve(run, token, place))


def of_class(run: Interpreter, cls: ClassValue, place: Place) -> Value:
    """What stands for a class: what is bound to it, else the one object of it."""
    bound = bound_to(run, cls, place)
    return bound if bound is not None else single(run, cls, place)


def single(run: Interpreter, cls: ClassValue, place: Place) -> Value:
    """The object of a class that a container makes, whatever is bound to the class."""
    known = run.bindings.classes.get(id(cls))
    if known is None:
        known = Provider(lambda at: run.construct(cls, CallSite((), {}, at, complete=False)))
        run.bindings.classes[id(cls)] = known
    return known.get(place)


def of_types(run: Interpreter, declared: tuple[Value, ...], place: Place) -> Value | None:
    """What stands for a declared type, where the type says that at all."""
    found: list[Value] = []
    for one in declared:
        if isinstance(one, ClassValue):
            found.append(of_class(run, one, place))
        elif isinstance(one, Native | External) and (bound := bound_to(run, one, place)) is not None:
            found.append(bound)
        elif isinstance(one, Native) and one.names_a_client:
            found.append(one.call(CallSite((), {}, place), run))
    return join(*found) if found else None


def escape_bound(run: Interpreter, place: Place) -> None:
    """Unseen code has a container: whatever is bound may run."""
    for bound in list(run.bindings.providers.values()):
        for one in tuple(bound):
            run.escape(one.get(place), place)


# providers


def of_target(run: Interpreter, target: Value) -> Provider:
    """A class's object, or what a function gives."""

    def make(place: Place) -> Value:
        made = [
            single(run, one, place) if isinstance(one, ClassValue) else called(run, one, (), place)
            for one in options(target)
        ]
        return join(*made)

    return Provider(make)


def of_value(value: Value) -> Provider:
    """A value as it is."""
    return Provider(lambda place: value, value)


def of_alias(run: Interpreter, token: Value) -> Provider:
    """What is bound to another token."""
    return Provider(lambda place: resolve(run, token, place))


def of_factory(run: Interpreter, function: Value, arguments: Callable[[Place], tuple[Value, ...]]) -> Provider:
    """What a function gives for arguments."""
    return Provider(lambda place: called(run, function, arguments(place), place))


def called(run: Interpreter, function: Value, arguments: tuple[Value, ...], place: Place) -> Value:
    """A call by a container, which gives what parameters ask for; a generator's value is what it yields."""
    found = []
    for one in options(function):
        if isinstance(one, Const):
            continue
        made = run.call_value(one, CallSite(arguments, {}, place, complete=False))
        generator = isinstance(one, FunctionValue) and one.function.generator and isinstance(made, Sequence)
        found.append(made.element() if generator and isinstance(made, Sequence) else made)
    return join(*found) if found else UnknownValue("what a container makes", place)


# what parameters and fields ask for


def wanted(
    run: Interpreter, activation: Activation, written: tuple[ir.Expr, ...], declared: tuple[Value, ...], place: Place
) -> Value | None:
    """What the first of some expressions (decorators, parts of an annotation) that asks for something gets."""
    for expression in written:
        value = supply(run, expressions.evaluate(run, activation, expression), declared, place)
        if value is not None:
            return value
    return None


def supply(run: Interpreter, value: Value, declared: tuple[Value, ...], place: Place) -> Value | None:
    """What a :class:`Wanted` stands for; None where the value is something else."""
    if isinstance(value, Wanted):
        return value.supplied(run, declared, place)
    if isinstance(value, Union) and any(isinstance(one, Wanted) for one in value.options):
        found = [one.supplied(run, declared, place) if isinstance(one, Wanted) else one for one in value.options]
        return join(*(one for one in found if one is not None))
    return None


def note(run: Interpreter, kind: str, of: Value, value: Value) -> None:
    """Keep what a decorator says of a class or a function."""
    for one in options(of):
        if isinstance(one, ClassValue):
            run.bindings.notes.setdefault((kind, id(one)), []).append(value)
        elif isinstance(one, FunctionValue):
            run.bindings.notes.setdefault((kind, id(one.function)), []).append(value)


def noted(run: Interpreter, kind: str, of: Value) -> list[Value]:
    """What decorators said of a class or a function."""
    if isinstance(of, ClassValue):
        return run.bindings.notes.get((kind, id(of)), [])
    return run.bindings.notes.get((kind, id(of.function)), []) if isinstance(of, FunctionValue) else []
