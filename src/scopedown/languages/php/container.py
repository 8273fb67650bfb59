"""Containers: objects that PHP code asks for by the name of a class, and classes that it names to code not read.

A container has ``get`` (PSR-11, https://www.php-fig.org/psr/psr-11/) or a method that is named like ``make``; it makes
an object of the class, whose constructor gets what its parameters declare. Whatever else takes the name of a class may
make an object of it and call it: routes, middleware, commands, listeners.
"""

from __future__ import annotations

from typing import Final

from scopedown.calls.interpreter import escape, injection, members
from scopedown.calls.machine import Function, Machine, Native
from scopedown.calls.machine.state import Provider
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    External,
    FunctionValue,
    Instance,
    ModuleValue,
    Object,
    Sequence,
    UnknownValue,
    Value,
    join,
    options,
)
from scopedown.core.place import Place
from scopedown.languages.php import services
from scopedown.languages.php.native import argument, class_named, first_of

GETS: Final = frozenset(
    {"get", "make", "makeWith", "build", "resolve", "create", "getInstance", "getService", "newInstance"}
)
"""Methods that give an object of a class: PSR-11, Laravel, PHP-DI, Laminas, Auryn, League."""
BINDS: Final = frozenset(
    {
        "set",
        "bind",
        "bindIf",
        "singleton",
        "singletonIf",
        "scoped",
        "instance",
        "share",
        "addShared",
        "alias",
        "delegate",
    }
)
"""Methods that say what a container gives for a name: PHP-DI, Laravel, League, Auryn."""
_REGISTERS: Final = frozenset({"add", "register", "autowire"})
"""Methods by which a container learns of a class, of which objects are made when somebody asks."""
MAX_NESTED: Final = 4
"""Lists in lists of which the elements may name classes."""


def member(name: str, owner: Value, otherwise: Value) -> Value | None:
    """A method of a container; ``otherwise`` is the member where the arguments say that the owner is none. None where
    no container has such a method."""
    if name in GETS:
        return Function(name, lambda site, run: _get(otherwise, site, run), owner)
    if name in BINDS:
        return Function(name, lambda site, run: _bind(owner, otherwise, site, run), owner)
    if name in _REGISTERS and isinstance(owner, External) and "Container" in owner.origin:
        return Function(name, lambda site, run: owner, owner)
    if name == "addDefinitions":
        return Function(name, lambda site, run: _definitions(owner, otherwise, site, run), owner)
    return None


def _get(otherwise: Value, site: CallSite, run: Machine) -> Value:
    found = [made for option in options(first_of(site)) if (made := service(run, option, site.place)) is not None]
    return join(*found) if found else escape.call_unseen(run, otherwise, site)


def service(run: Machine, name: Value, place: Place) -> Value | None:
    """What a container gives for a name; None where nothing has it."""
    if not (isinstance(name, Const) and isinstance(name.value, str)):
        return injection.of_class(run, name, place) if isinstance(name, ClassValue) else None
    services.configure(run, place)
    bound = injection.bound_to(run, name, place)
    if bound is not None:
        return bound
    named = class_named(run, name.value, place) if _is_class(run, name.value) else None
    if isinstance(named, ClassValue) or (isinstance(named, Native) and named.names_a_client):
        return injection.resolve(run, named, place)
    return None


def _bind(owner: Value, otherwise: Value, site: CallSite, run: Machine) -> Value:
    given = argument(site, 1)
    bound = False
    for option in options(first_of(site)) if given is not None else ():
        if isinstance(option, Const) and isinstance(option.value, str) and given is not None:
            bound = bind(run, option.value, given, owner, site.place) or bound
    return owner if bound else escape.call_unseen(run, otherwise, site)


def bind(run: Machine, name: str, given: Value, owner: Value, place: Place) -> bool:
    """A container gives something for a name; False where it is nothing that runs."""
    bound = False
    for option in options(given):
        provider: Provider | None = None
        if isinstance(option, Const) and isinstance(option.value, str) and _is_class(run, option.value):
            target = class_named(run, option.value, place)
            if isinstance(target, ClassValue | Native):
                provider = injection.of_target(run, target) if isinstance(target, ClassValue) else _of(run, target)
        elif isinstance(option, FunctionValue):
            provider = injection.of_factory(run, option, lambda at: (owner,))
        elif isinstance(option, services.Definition):
            provider = Provider(lambda at, option=option: option.make(run, name, at))  # type: ignore[misc]
        elif isinstance(option, Instance | Native):
            provider = injection.of_value(option)
        if provider is not None:
            services.bind_name(run, name, provider, place)
            bound = True
    return bound


def _of(run: Machine, target: Native) -> Provider:
    return Provider(lambda place: target.construct(CallSite((), {}, place, complete=False), run))


def _definitions(owner: Value, otherwise: Value, site: CallSite, run: Machine) -> Value:
    """``addDefinitions([Store::class => …])`` of PHP-DI; a text is a file that returns such an array."""
    for value in site.all():
        for option in options(value):
            if isinstance(option, Object):
                define(run, option, owner, site.place)
            elif isinstance(option, Const) and isinstance(option.value, str):
                required = run.position.language.builtin("require")
                loaded = run.call(required, (option,), site.place) if required is not None else Const(None)
                for one in options(loaded):
                    if isinstance(one, Object):
                        define(run, one, owner, site.place)
            else:
                run.escape(option, site.place)
    return owner


def define(run: Machine, given: Object, owner: Value, place: Place) -> None:
    """What an array of definitions says."""
    for name, value in given.fields.items():
        if not bind(run, name, value, owner, place):
            services.bind_name(run, name, injection.of_value(value), place)


def passed(run: Machine, value: Value, place: Place, depth: int = MAX_NESTED) -> Value:
    """What a value means to code that is not read: the name of a class, or of a function of the running file, is that,
    ``[Home::class, "show"]`` and ``"Home@show"`` are methods."""
    match value:
        case Const(value=str() as text) if _is_class(run, text):
            found = class_named(run, text, place)
            return found if isinstance(found, ClassValue) else value
        case Const(value=str() as text) if text.isidentifier():
            module = run.heap.modules.get(run.position.file)
            function = module.frame.variables.get(text) if isinstance(module, ModuleValue) else None
            return function if isinstance(function, FunctionValue) else value
        case Const(value=str() as text) if text.count("@") + text.count(":") in (1, 2) and "\\" in text:
            name, _, method = text.replace("@", ":").partition(":")
            return _method(run, name, method.lstrip(":"), place) or value
        case Sequence(items=[Const(value=str() as name), Const(value=str() as method)], rest=None):
            return _method(run, name, method, place) or value
        case Sequence() if depth and value.items:
            return Sequence([passed(run, one, place, depth - 1) for one in value.items], value.rest)
        case Object() if depth and value.fields:
            fields = {name: passed(run, one, place, depth - 1) for name, one in value.fields.items()}
            return Object(fields, value.rest)
        case _:
            return value


def _method(run: Machine, name: str, method: str, place: Place) -> Value | None:
    cls = class_named(run, name, place) if _is_class(run, name) else None
    if not isinstance(cls, ClassValue):
        return None
    made = [
        members.attribute(run, option, method, place)
        for option in options(injection.of_class(run, cls, place))
        if isinstance(option, Instance)
    ]
    return join(*made) if made else None


def _is_class(run: Machine, text: str) -> bool:
    """Whether a text looks like the name of a class: of a namespace, or one that the program declares."""
    last = text.rpartition("\\")[2]
    if not last[:1].isalpha() or not text.replace("\\", "").replace("_", "").isalnum():
        return False
    if "\\" in text:
        return True
    unit = run.sources.unit(run.position.file)
    return last[:1].isupper() and unit is not None and text in unit.declared


def of_unknown(value: UnknownValue, name: str, place: Place) -> Value | None:
    """A method of a value that may be a container."""
    return member(name, value, value.part(place))


def of_unseen(value: External, name: str) -> Value | None:
    """A method of an object of a package that may be a container."""
    return member(name, value, External(f"{value.origin}.{name}", receiver=value))
