"""What containers supply: values bound to tokens, made when somebody asks for them.

In: what a library's model binds (``libraries/``: tsyringe, NestJS, injector, …), a token, a parameter's decorators and
type. Out: the value that code gets. One table serves all containers of a run: what is bound to a token in several of
them may be any of it. An object is made once, at the first request, and its constructor gets what its parameters ask
for by a decorator (:class:`Wanted`), by a bound type, or by a class that can be made. So the methods that count are
those that code calls on what it got.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable

from scopedown.calls.machine import Activation, Machine, Native
from scopedown.calls.machine.state import Provider
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    External,
    FunctionValue,
    Instance,
    Sequence,
    Union,
    UnknownValue,
    Value,
    join,
    options,
)
from scopedown.core.place import Place
from scopedown.source import ir


class Wanted(Native):
    """What a decorator, a default or a part of an annotation says that a parameter is to get."""

    __slots__ = ("token",)
    label = "a value from a dependency-injection container"

    callable_when_escaped = False

    def __init__(self, token: Value | None) -> None:
        self.token = token

    def supplied(self, run: Machine, declared: tuple[Value, ...], place: Place) -> Value | None:
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


class All(Wanted):
    """Everything that is bound to a token (``@injectAll``)."""

    __slots__ = ()

    def supplied(self, run: Machine, declared: tuple[Value, ...], place: Place) -> Value | None:
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


def bind(run: Machine, token: Value, provider: Provider, replace: bool = False) -> None:
    """Whoever asks for the token gets what the provider makes; ``replace``: and nothing that was bound before."""
    for option in options(token):
        name = key(option)
        bound = run.heap.bindings.providers.setdefault(name, [])
        run.heap.bindings.tokens[name] = option
        if replace and not run.position.conditional:
            bound.clear()
        bound.append(provider)


def resolve(run: Machine, token: Value, place: Place) -> Value:
    """What a container gives for a token: what is bound to it, else an object of it where it is a class."""
    return join(*(_resolve(run, option, place) for option in options(token)))


def _resolve(run: Machine, token: Value, place: Place) -> Value:
    name = key(token)
    if name is None:  # any of the tokens
        every = [provider for bound in list(run.heap.bindings.providers.values()) for provider in bound]
        found = [provider.get(place) for provider in every]
        return join(*found) if found else UnknownValue("the value bound to a token", place)
    bound = bound_to(run, token, place)
    if bound is not None:
        return bound
    if isinstance(token, ClassValue):
        return of_class(run, token, place)
    if isinstance(token, Native) and token.names_a_client:
        return token.call(CallSite((), {}, place), run)
    if None in run.heap.bindings.providers:  # bound under a name that is not known
        return join(*(provider.get(place) for provider in run.heap.bindings.providers[None]))
    if isinstance(token, External):
        return External(f"an object of {token.origin}")
    return UnknownValue("the value bound to a token", place)


def bound_to(run: Machine, token: Value, place: Place) -> Value | None:
    """What is bound to a token, or None where nothing is."""
    if not run.heap.bindings.providers:
        return None
    bound = run.heap.bindings.providers.get(key(token))
    return join(*(provider.get(place) for provider in tuple(bound))) if bound else None


def resolve_all(run: Machine, token: Value, place: Place) -> Sequence:
    """Everything that is bound to a token, as a list."""
    name = key(token)
    bound = run.heap.bindings.providers.get(name) if name is not None else None
    if bound:
        return Sequence([provider.get(place) for provider in tuple(bound)])
    return Sequence([], _resolve(run, token, place))


def of_class(run: Machine, cls: ClassValue, place: Place) -> Value:
    """What stands for a class: what is bound to it, else the one object of it."""
    bound = bound_to(run, cls, place)
    if bound is None and cls.definition.abstract and (derived := implementations(run, cls)):
        made = [given for one in derived if (given := bound_to(run, one, place)) is not None]
        return join(*(made or [single(run, one, place) for one in derived]))
    return bound if bound is not None else single(run, cls, place)


def implementations(run: Machine, cls: ClassValue) -> list[ClassValue]:
    """The classes of the unit that derive from one of it and of which objects can be made.

    Only files are loaded in which the name of the class stands.
    """
    if (own := run.position.language.implementations(cls, run)) is not None:
        return own
    known = run.heap.implementations.get(id(cls))
    if known is None:
        run.heap.implementations[id(cls)] = ()  # a search that leads to itself finds nothing more
        unit = run.sources.unit(cls.frame.file)
        for file in unit.mentioning(cls.definition.name) if unit is not None else ():
            run.load(file)
        found: dict[int, ClassValue] = {}
        waiting = [cls]
        while waiting:
            for one in run.heap.subclasses.get(id(waiting.pop()), ()):
                if id(one) not in found:
                    found[id(one)] = one
                    waiting.append(one)
        known = run.heap.implementations[id(cls)] = tuple(one for one in found.values() if not one.definition.abstract)
    return list(known)


def single(run: Machine, cls: ClassValue, place: Place) -> Value:
    """The object of a class that a container makes, whatever is bound to the class."""
    known = run.heap.bindings.classes.get(id(cls))
    if known is None:
        known = Provider(lambda at: _constructed(run, cls, at))
        run.heap.bindings.classes[id(cls)] = known
    return known.get(place)


def _constructed(run: Machine, cls: ClassValue, place: Place) -> Value:
    made = run.construct(cls, CallSite((), {}, place, complete=False))
    run.position.language.supplied(made, run, place)
    return made


def of_types(run: Machine, declared: tuple[Value, ...], place: Place) -> Value | None:
    """What stands for a declared type, where the type says that at all."""
    found: list[Value] = []
    for value in declared:
        if isinstance(value, ClassValue):
            found.append(of_class(run, value, place))
        elif isinstance(value, Native | External) and (bound := bound_to(run, value, place)) is not None:
            found.append(bound)
        elif isinstance(value, Native) and value.names_a_client:
            found.append(value.call(CallSite((), {}, place), run))
    return join(*found) if found else None


def escape_bound(run: Machine, place: Place) -> None:
    """Unseen code has a container: whatever is bound may run."""
    for bound in list(run.heap.bindings.providers.values()):
        for provider in tuple(bound):
            run.escape(provider.get(place), place)


# providers


def of_target(run: Machine, target: Value) -> Provider:
    """A class's object, or what a function gives."""

    def make(place: Place) -> Value:
        made = [
            single(run, option, place) if isinstance(option, ClassValue) else called(run, option, (), place)
            for option in options(target)
        ]
        return join(*made)

    return Provider(make)


def of_value(value: Value) -> Provider:
    """A value as it is."""
    return Provider(lambda place: value, value)


def of_alias(run: Machine, token: Value) -> Provider:
    """What is bound to another token."""
    return Provider(lambda place: resolve(run, token, place))


def of_factory(run: Machine, function: Value, arguments: Callable[[Place], tuple[Value, ...]]) -> Provider:
    """What a function gives for arguments."""
    return Provider(lambda place: called(run, function, arguments(place), place))


def called(run: Machine, function: Value, arguments: tuple[Value, ...], place: Place) -> Value:
    """A call by a container, which gives what parameters ask for; a generator's value is what it yields."""
    found = []
    for option in options(function):
        if isinstance(option, Const):
            continue
        made = run.call_value(option, CallSite(arguments, {}, place, complete=False))
        generator = isinstance(option, FunctionValue) and option.function.generator and isinstance(made, Sequence)
        found.append(made.element() if generator and isinstance(made, Sequence) else made)
    return join(*found) if found else UnknownValue("a value from a dependency-injection container", place)


# what parameters and fields ask for


def wanted(
    run: Machine, activation: Activation, written: tuple[ir.Expr, ...], declared: tuple[Value, ...], place: Place
) -> Value | None:
    """What the first of some expressions (decorators, parts of an annotation) that asks for something gets."""
    for expression in written:
        value = supply(run, run.evaluate(activation, expression), declared, place)
        if value is not None:
            return value
    return None


def supply(run: Machine, value: Value, declared: tuple[Value, ...], place: Place) -> Value | None:
    """What a :class:`Wanted` stands for; None where the value is something else."""
    if isinstance(value, Wanted):
        return value.supplied(run, declared, place)
    if isinstance(value, Union) and any(isinstance(option, Wanted) for option in value.options):
        found = [
            option.supplied(run, declared, place) if isinstance(option, Wanted) else option for option in value.options
        ]
        return join(*(one for one in found if one is not None))
    return None


def note(run: Machine, kind: str, of: Value, value: Value) -> None:
    """Keep what a decorator says of a class or a function."""
    for option in options(of):
        if isinstance(option, ClassValue):
            run.heap.bindings.notes.setdefault((kind, id(option)), []).append(value)
        elif isinstance(option, FunctionValue):
            run.heap.bindings.notes.setdefault((kind, id(option.function)), []).append(value)


def noted(run: Machine, kind: str, of: Value) -> list[Value]:
    """What decorators said of a class or a function."""
    if isinstance(of, ClassValue):
        return run.heap.bindings.notes.get((kind, id(of)), [])
    return run.heap.bindings.notes.get((kind, id(of.function)), []) if isinstance(of, FunctionValue) else []
