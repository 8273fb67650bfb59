"""What Java's containers supply: Dagger, Guice, Spring, Micronaut, CDI (Quarkus), HK2.

They agree on much: a constructor or a field asks for a type, perhaps with a name; a class that can be made, or what a
method gives that is marked for it, is the answer. So there is one table for all of them (``injection.py``): the marked
methods of a unit are bound once, before the handler's object is made. Which of several containers is asked does not
matter.

Sources: https://dagger.dev/dev-guide/, https://github.com/google/guice/wiki, https://docs.spring.io/spring-framework/
reference/core/beans.html, https://docs.micronaut.io/latest/guide/#ioc, https://quarkus.io/guides/cdi-reference,
https://jakarta.ee/specifications/dependency-injection/2.0/.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from scopedown.calls.interpreter import declared_types, injection, members
from scopedown.calls.interpreter.injection import Wanted
from scopedown.calls.machine import Activation, Machine, Native, within
from scopedown.calls.machine.state import Provider
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    FunctionValue,
    Instance,
    ModuleValue,
    Value,
    join,
    options,
)
from scopedown.core.place import Place
from scopedown.languages.java import configuration, marks, properties
from scopedown.languages.java.held import Held
from scopedown.languages.java.natives import Library
from scopedown.source import ir

SUPPLYING: Final = ("Provides", "Bean", "Produces", "ProvidesIntoSet", "ProvidesIntoMap", "ProvidesIntoOptional")
"""Marks of methods that give what is asked for."""
FACTORIES: Final = ("Factory",)
"""Marks of Micronaut's classes in which methods with a scope give what is asked for."""
_SCOPES: Final = ("Singleton", "Prototype", "Context", "ApplicationScoped", "Dependent", "RequestScope")
_NAMES: Final = ("Named", "Qualifier", "Bean")

_REGISTERED: Final = ("java container", 0)


def register(run: Machine, file: str) -> None:
    """Bind what the marked methods of a file's unit give, once in a run."""
    if _REGISTERED in run.heap.bindings.notes:
        return
    run.heap.bindings.notes[_REGISTERED] = []
    for cls in marked_classes(run, file, (*SUPPLYING, *FACTORIES)):
        factory = marks.find(cls.definition.annotations, *FACTORIES) is not None
        for name, function in methods_of(cls):
            wanted = (*SUPPLYING, *_SCOPES) if factory else SUPPLYING
            if (mark := marks.find(function.function.annotations, *wanted)) is not None:
                _bind(run, cls, name, function, mark)


def marked_classes(run: Machine, file: str, words: tuple[str, ...]) -> Iterator[ClassValue]:
    """The classes of the files of a unit in which one of some words stands."""
    unit = run.sources.unit(file)
    files = dict.fromkeys(one for word in words for one in (unit.mentioning(word) if unit is not None else ()))
    for one in files:
        module = run.load(one)
        if isinstance(module, ModuleValue):
            yield from classes_in(module.frame.variables.values())


def classes_in(values: Iterable[Value], depth: int = 4) -> Iterator[ClassValue]:
    """Classes, and those inside of them."""
    for value in tuple(values) if depth else ():
        for option in options(value):
            if isinstance(option, ClassValue):
                yield option
                nested = [one for one in option.fields.values() if isinstance(one, ClassValue) and one is not option]
                yield from classes_in(nested, depth - 1)


def methods_of(cls: ClassValue) -> Iterator[tuple[str, FunctionValue]]:
    """The methods that a class declares itself, each of several with one name."""
    for name, member in list(cls.fields.items()):
        for option in options(member):
            if isinstance(option, FunctionValue):
                yield name, option


def _bind(run: Machine, cls: ClassValue, name: str, function: FunctionValue, mark: ir.Expr) -> None:
    declared = function.function.returns
    run.heap.bindings.automatic.add(id(function.function))

    def make(place: Place) -> Value:
        owner = cls if function.function.receiver == "none" else injection.single(run, cls, place)
        bound = members.bind(run, function, owner, place)
        return run.call_value(bound, CallSite((), {}, place, complete=False))

    provider = Provider(make)
    if declared is not None:
        frame = declared_types.scope(cls)
        with within(run, frame):
            tokens = declared_types.named(run, Activation(frame, False), declared)
        for token in tokens:
            if isinstance(token, ClassValue) or (isinstance(token, Native) and token.names_a_client):
                injection.bind(run, token, provider)
    for written in _names(run, cls, function, mark, name):
        injection.bind(run, Const(written), provider)


def _names(run: Machine, cls: ClassValue, function: FunctionValue, mark: ir.Expr, name: str) -> Iterator[str]:
    """The names of what a method gives: those that its marks say, and its own."""
    for one in (*function.function.annotations, mark):
        if marks.name_of(one) in _NAMES:
            held = marks.element(run, cls.frame, one, "value", "name")
            for option in options(held) if held is not None else ():
                if isinstance(option, Const) and isinstance(option.value, str):
                    yield option.value
    yield name


# what is called on an object before anybody gets it


def begin(run: Machine, made: Value, place: Place) -> None:
    """Call the methods that are marked for it: those that take what is supplied, then those that begin its life."""
    for option in options(made):
        if isinstance(option, Instance):
            configuration.fill(run, option, place)
            for words in (_TAKING, _BEGINNING):
                for function in beginning(option.cls, *words):
                    run.heap.bindings.automatic.add(id(function.function))
                    bound = members.bind(run, function, option, place)
                    run.call_value(bound, CallSite((), {}, place, complete=False))


def beginning(cls: ClassValue, *words: str) -> list[FunctionValue]:
    """The methods of a class that a container calls, those of the classes that it derives from first."""
    classes = [one for one in reversed(cls.ancestry()) if isinstance(one, ClassValue)]
    found = {
        name: function
        for one in classes
        for name, function in methods_of(one)
        if name != "constructor" and marks.find(function.function.annotations, *(words or (*_TAKING, *_BEGINNING)))
    }
    return list(found.values())


_TAKING: Final = ("Inject", "Autowired")
_BEGINNING: Final = ("PostConstruct",)


# what asks


class Asks(Wanted):
    """``@Inject``, ``@Autowired``: an object of the declared type."""

    __slots__ = ()

    def call(self, site: CallSite, run: object) -> Value:
        """With settings of its own (``@Autowired(required = false)``)."""
        return self

    def supplied(self, run: Machine, declared: tuple[Value, ...], place: Place) -> Value | None:
        """What is bound to the type, an object of its class, or one of a quiet library."""
        if holding := [one for one in declared if isinstance(one, Held)]:
            return join(*(one.call(CallSite((), {}, place), run) for one in holding))
        found = injection.of_types(run, declared, place)
        quiet = [one for one in declared if isinstance(one, Library)]
        return found or (join(*quiet) if quiet else None)


class ByName(Wanted):
    """``@Named("x")``, ``@Qualifier("x")``, ``@Resource(name = "x")``: what has that name."""

    __slots__ = ()

    def call(self, site: CallSite, run: object) -> Value:
        """With the name."""
        name = site.argument(0, "value", "name")
        return ByName(name) if name is not None else self


class OfProperty(Wanted):
    """``@Value("${a.b:c}")``, ``@ConfigProperty(name = "a.b")``: a text of the configuration."""

    __slots__ = ()

    def call(self, site: CallSite, run: object) -> Value:
        """With the name of a property, or a text with names in it; and a default."""
        name, default = site.argument(0, "value", "name"), site.keywords.get("defaultValue")
        if isinstance(name, Const) and isinstance(name.value, str):
            written = name.value
            if not any(sign in written for sign in ("${", "#{")):
                after = f":{default.value}" if isinstance(default, Const) and default.value else ""
                written = "${" + written + after + "}"
            return OfProperty(Const(written))
        return self

    def supplied(self, run: Machine, declared: tuple[Value, ...], place: Place) -> Value | None:
        """The text."""
        if isinstance(self.token, Const) and isinstance(self.token.value, str):
            return properties.text_of(run, run.position.file, self.token.value)
        return None


_ASKING: Final = ("Inject", "Autowired", "Resource", "InjectMock", "EJB")
_NAMING: Final = ("Named", "Qualifier", "Identifier")
_OF_PROPERTIES: Final = ("Value", "ConfigProperty", "Property")
_PACKAGES: Final = (
    "javax.inject.", "jakarta.inject.", "javax.annotation.", "jakarta.annotation.", "com.google.inject.",
    "org.springframework.beans.", "io.micronaut.context.annotation.", "org.eclipse.microprofile.config.inject.",
    "io.smallrye.common.annotation.", "javax.ejb.", "jakarta.ejb.",
)  # fmt: skip


def mark(name: str) -> Value | None:
    """An annotation by its full name, where it asks for something."""
    if not name.startswith(_PACKAGES):
        return None
    kind = name.rpartition(".")[2]
    if kind in _ASKING:
        return Asks(None)
    if kind in _NAMING:
        return ByName(None)
    return OfProperty(None) if kind in _OF_PROPERTIES else None
