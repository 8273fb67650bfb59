"""Symfony's container: attributes that say what a parameter gets, and programs that change the container

Sources: https://symfony.com/doc/current/service_container/autowiring.html, https://symfony.com/doc/current/service_container/tags.html,
https://symfony.com/doc/current/components/dependency_injection/compilation.html.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from scopedown.calls.interpreter import injection
from scopedown.calls.machine import Function, Machine, Native
from scopedown.calls.machine.state import Provider
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    Instance,
    Object,
    Sequence,
    UnknownValue,
    Value,
    join,
    options,
)
from scopedown.core.place import Place
from scopedown.languages.php import container, services, symfony_configurator
from scopedown.languages.php.native import Library, argument, callable_of, class_named, first_of
from scopedown.source import ir

LANGUAGE: Final = "php"
_ATTRIBUTES: Final = "Symfony\\Component\\DependencyInjection\\Attribute\\"
_TAGGED: Final = ("TaggedIterator", "AutowireIterator", "TaggedLocator", "AutowireLocator")
_REFERENCE: Final = "Symfony\\Component\\DependencyInjection\\Reference"
_BUILDER: Final = "Symfony\\Component\\DependencyInjection\\ContainerBuilder"
PACKAGES: Final = (_BUILDER, _REFERENCE, *(_ATTRIBUTES + name for name in ("Autowire", "Target", *_TAGGED)))
_TAG: Final = "php tag"


def module(name: str) -> Value | None:
    """A class of Symfony that a model knows."""
    if name == _BUILDER:
        return BuilderClass()
    if name == _REFERENCE:
        return Function(name, reference)
    last = name.removeprefix(_ATTRIBUTES)
    return Attribute(last) if name.startswith(_ATTRIBUTES) else None


class Attribute(Native):
    """``#[Autowire("%table%")]``, ``#[TaggedIterator("app.handler")]``."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def call(self, site: CallSite, run: Machine) -> Value:
        """What the parameter is to get."""
        return Asked(self.name, site)


class Asked(injection.Wanted):
    """What an attribute says that a parameter is to get."""

    __slots__ = ("name", "site")

    def __init__(self, name: str, site: CallSite) -> None:
        super().__init__(None)
        self.name = name
        self.site = site

    def supplied(self, run: Machine, declared: tuple[Value, ...], place: Place) -> Value | None:
        """The value."""
        given = self.site.keywords
        first = next(iter(self.site.positional), None) or given.get("$value") or given.get("$tag")
        if self.name in _TAGGED:
            tag = first.value if isinstance(first, Const) else None
            made = list(tagged(run, str(tag), place)) if tag else []
            return Sequence([], join(*made)) if made else UnknownValue("services of a tag", place)
        for name, form in (("$service", "@{}"), ("$env", "%env({})%"), ("$param", "%{}%")):
            held = given.get(name)
            if isinstance(held, Const) and isinstance(held.value, str):
                return services.resolved(run, Const(form.format(held.value.lstrip("@"))), place)
        if self.name == "Target" or first is None:
            return injection.of_types(run, declared, place)
        services.configure(run, place)
        return services.resolved(run, first, place)


def tagged(run: Machine, tag: str, place: Place) -> Iterator[Value]:
    """The services that have a tag."""
    found: dict[int, ClassValue] = {}
    kinds = run.heap.names.get((_TAG, tag))
    for one in kinds.items if isinstance(kinds, Sequence) else ():
        kind, _, name = str(getattr(one, "value", "")).partition(":")
        cls = class_named(run, name, place)
        if isinstance(cls, ClassValue):
            classes = noted_with(run, name) if kind == "attribute" else injection.implementations(run, cls)
            found.update((id(each), each) for each in classes)
    for named in services.with_tag(run, tag, place):
        cls = class_named(run, named, place)
        if isinstance(cls, ClassValue):
            found[id(cls)] = cls
    for each in noted_with(run, _ATTRIBUTES + "AutoconfigureTag", abstract=True):
        if any(_names_tag(one, tag) for one in each.definition.annotations):
            of = injection.implementations(run, each) if each.definition.abstract else [each]
            found.update((id(one), one) for one in of)
    if "\\" in tag and isinstance(cls := class_named(run, tag, place), ClassValue):
        found.update((id(one), one) for one in injection.implementations(run, cls))
    for each in found.values():
        yield injection.of_class(run, each, place)


def _names_tag(written: ir.Expr, tag: str) -> bool:
    if not isinstance(written, ir.Call) or not written.positional:
        return False
    first = written.positional[0]
    return isinstance(first, ir.Const) and first.value == tag


def noted_with(run: Machine, name: str, abstract: bool = False) -> Iterator[ClassValue]:
    """The classes of the application that have an attribute, by its whole name."""
    unit = run.sources.unit(run.position.file)
    for file in unit.mentioning(name.rpartition("\\")[2]) if unit is not None else ():
        run.load(file)
        module = run.heap.modules.get(file)
        for value in list(module.frame.variables.values()) if module is not None else ():
            if (
                isinstance(value, ClassValue)
                and value.frame.file == file
                and (abstract or not value.definition.abstract)
            ):
                written = (one.function if isinstance(one, ir.Call) else one for one in value.definition.annotations)
                if any(isinstance(one, ir.Name) and one.id == name for one in written):
                    yield value


class BuilderClass(Native):
    """``ContainerBuilder``, of Symfony and by name."""

    __slots__ = ()

    def construct(self, site: CallSite, run: Machine) -> Value:
        """``new ContainerBuilder()``."""
        return BUILDER


class Builder(Native):
    """A container while it is made: names of services, tags, passes that change it."""

    __slots__ = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A method."""
        body: Callable[[CallSite, Machine], Value] | None = {
            "setAlias": _alias, "addCompilerPass": _pass, "registerAttributeForAutoconfiguration": _attribute,
            "registerForAutoconfiguration": _interface, "getParameter": _parameter,
            "resolveEnvPlaceholders": lambda site, run: first_of(site), "register": _register, "autowire": _register,
        }.get(name)  # fmt: skip
        if body is not None:
            return Function(f"ContainerBuilder::{name}", body, self)
        found = container.member(name, self, Library(f"ContainerBuilder::{name}"))
        return found if found is not None else Library(f"ContainerBuilder::{name}")


BUILDER: Final = Builder()


def _texts(value: Value | None) -> Iterator[str]:
    for option in options(value) if value is not None else ():
        if isinstance(option, Const) and isinstance(option.value, str):
            yield option.value


def _alias(site: CallSite, run: Machine) -> Value:
    for name in _texts(first_of(site)):
        for other in _texts(argument(site, 1)):
            target = Const(f"@{other}")
            provider = Provider(lambda at, target=target: services.resolved(run, target, at))  # type: ignore[misc]
            services.bind_name(run, name, provider, site.place)
    return Library("an alias")


def _register(site: CallSite, run: Machine) -> Value:
    for name in _texts(first_of(site)):
        for other in _texts(argument(site, 1)) if argument(site, 1) is not None else (name,):
            given = Object({"class": Const(other)})
            services.bind_name(run, name, services.described(run, name, given), site.place)
            return Registered(given)
    return Library("a definition")


class Registered(Native):
    """``$container->register("x", Store::class)->addArgument(…)``."""

    __slots__ = ("data",)

    def __init__(self, data: Object) -> None:
        self.data = data

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """One more thing of the service."""

        def body(site: CallSite, run: Machine) -> Value:
            kind, given, more = _SAYS.get(name, ("", "")), first_of(site), argument(site, 1)
            if kind[0]:
                symfony_configurator.describe(
                    self.data, kind[0], Const(0) if kind[1] else given, given if kind[1] else more
                )
            return self

        return Function(f"Definition::{name}", body, self)


_SAYS: Final = {
    "addArgument": ("arg", "next"), "setArguments": ("args", ""), "setArgument": ("arg", ""),
    "setFactory": ("factory", ""), "addMethodCall": ("call", ""), "addTag": ("tag", ""), "setClass": ("class", ""),
}  # fmt: skip
"""Methods of a definition by the steps of the configuration."""


def reference(site: CallSite, run: Machine) -> Value:
    """``new Reference("x")``."""
    return join(*(Const(f"@{name}") for name in _texts(first_of(site)))) if site.all() else Const(None)


def _pass(site: CallSite, run: Machine) -> Value:
    for option in options(first_of(site)):
        if isinstance(option, Instance):
            run.call(run.attribute(option, "process", site.place), (BUILDER,), site.place)
        else:
            run.escape(option, site.place)
    return BUILDER


def _attribute(site: CallSite, run: Machine) -> Value:
    for name in _texts(first_of(site)):
        change = callable_of(run, argument(site, 1), site.place)
        if change is not None:
            given = (Tagging(f"attribute:{name}"), UnknownValue("an attribute", site.place, inert=True))
            run.call(change, given, site.place)
    return Const(None)


def _interface(site: CallSite, run: Machine) -> Value:
    return join(*(Tagging(f"interface:{name}") for name in _texts(first_of(site)))) if site.all() else Const(None)


def _parameter(site: CallSite, run: Machine) -> Value:
    return join(*(services.resolved(run, Const(f"%{name}%"), site.place) for name in _texts(first_of(site)))) or Const(
        None
    )


class Tagging(Native):
    """The definition of all services of a kind, to which tags are added."""

    __slots__ = ("kind",)

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``addTag("app.handler")``."""
        if name != "addTag":
            return Function(name, lambda site, run: self, self)

        def add(site: CallSite, run: Machine) -> Value:
            for tag in _texts(first_of(site)):
                held = run.heap.names.setdefault((_TAG, tag), Sequence())
                if isinstance(held, Sequence):
                    held.items.append(Const(self.kind))
            return self

        return Function(name, add, self)


def build(run: Machine, kernel: ClassValue, place: Place) -> None:
    """The application's kernel changes its container before the first request."""
    made = run.construct(kernel, CallSite((), {}, place, complete=False))
    for option in options(made):
        if isinstance(option, Instance) and "build" in kernel.fields:
            run.call(run.attribute(option, "build", place), (BUILDER,), place)
