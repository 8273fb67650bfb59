"""What frameworks' code asks for a property by its name: Spring's and Micronaut's ``Environment``, MicroProfile's
``Config``.

Sources: https://docs.spring.io/spring-framework/docs/current/javadoc-api/org/springframework/core/env/PropertyResolver.html,
https://docs.micronaut.io/latest/api/io/micronaut/core/value/PropertyResolver.html,
https://download.eclipse.org/microprofile/microprofile-config-3.1/apidocs/org/eclipse/microprofile/config/Config.html.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import Final

from scopedown.calls.interpreter import declared_types
from scopedown.calls.machine import Activation, Machine, Native, within
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    Instance,
    TextValue,
    UnknownValue,
    Value,
    join,
    options,
)
from scopedown.core.place import Place
from scopedown.languages.java import holders, marks, properties
from scopedown.languages.java.environment import environment_variable
from scopedown.languages.java.natives import bound, computed, first_of, otherwise
from scopedown.source import ir

CLASSES: Final = frozenset(
    {
        "org.springframework.core.env.Environment", "org.springframework.core.env.ConfigurableEnvironment",
        "org.springframework.core.env.PropertyResolver", "io.micronaut.context.env.Environment",
        "io.micronaut.core.value.PropertyResolver", "org.eclipse.microprofile.config.Config",
        "org.eclipse.microprofile.config.ConfigProvider",
    }
)  # fmt: skip
_READS: Final = ("getProperty", "getRequiredProperty", "getValue", "getOptionalValue", "get")


@dataclass(frozen=True, slots=True, eq=False)
class Configuration(Native):
    """A class that gives properties, or an object of it."""

    label = "the configuration"
    name: str

    names_a_client = True

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """What reads a property."""
        if name == "getConfig":
            return bound(self, name, lambda site, run: self)
        if name in _READS:
            return bound(self, name, lambda site, run: self._read(name, site, run))
        return computed(name)

    def call(self, site: CallSite, run: Machine) -> Value:
        """As a type that somebody asks for: an object of it."""
        return self

    def _read(self, name: str, site: CallSite, run: Machine) -> Value:
        found: list[Value] = []
        for option in options(first_of(site)):
            if isinstance(option, Const) and isinstance(option.value, str):
                found.append(properties.value_of(run, run.position.file, option.value))
            else:
                found.append(UnknownValue("a property with a computed name", site.place, inert=True))
        value = join(*found)
        defaults = [one for one in site.positional[1:] if isinstance(one, Const | TextValue)]
        if defaults:
            return otherwise(value, defaults[-1])
        typed = len(site.positional) == 2 and not isinstance(site.positional[1], ClassValue | Const)
        is_optional = name == "getOptionalValue" or (name == "getProperty" and typed and "micronaut" in self.name)
        return holders.Optional(value) if is_optional else value


def module(name: str) -> Value | None:
    """A class by its full name; None for other ones."""
    return Configuration(name) if name in CLASSES else None


# classes whose fields are properties

_CLASSES: Final = ("ConfigurationProperties", "ConfigMapping", "ConfigProperties")
_MAX_DEPTH: Final = 6


def fill(run: Machine, made: Instance, place: Place) -> None:
    """Give an object the properties that its class is marked for (``@ConfigurationProperties("app")``).

    https://docs.spring.io/spring-boot/reference/features/external-config.html, https://quarkus.io/guides/config-mappings,
    https://docs.micronaut.io/latest/guide/#configurationProperties.
    """
    found = marks.inherited(made.cls, *_CLASSES)
    if found is None:
        return
    mark, cls = found
    named = marks.element(run, declared_types.scope(cls), mark, "value", "prefix")
    prefix = named.value if isinstance(named, Const) and isinstance(named.value, str) else ""
    _fill(run, made, prefix, place, _MAX_DEPTH)


def _fill(run: Machine, made: Instance, prefix: str, place: Place, depth: int) -> None:
    for cls in made.cls.ancestry():
        if not isinstance(cls, ClassValue) or depth <= 0:
            continue
        for name, annotation in cls.definition.types:
            asked = name.endswith("()")  # a method of an interface
            kept = name.removesuffix("()")
            own = kept.removesuffix("~field")
            if asked and re.match(r"get[A-Z]", own):
                own = own[3].lower() + own[4:]
            held = made.fields.get(kept)
            path = f"{prefix}.{own}" if prefix else own
            inner = [one for one in options(held) if isinstance(one, Instance)] if held is not None else []
            value: Value | None = None
            if not inner and (of := _class_of(run, cls, annotation)) is not None:
                value = run.construct(of, CallSite((), {}, place, complete=False))
                inner = [one for one in options(value) if isinstance(one, Instance)]
            for one in inner:
                _fill(run, one, path, place, depth - 1)
            if not inner and isinstance(annotation, ir.Name) and annotation.id == "String":
                default = held if isinstance(held, Const) and isinstance(held.value, str) else None
                value = _property(run, made.cls.frame.file, path, default)
            if value is not None:
                made.fields[kept] = bound(made, own, partial(_given, value)) if asked else value


def _given(value: Value, site: CallSite, run: Machine) -> Value:
    return value


def _class_of(run: Machine, cls: ClassValue, annotation: ir.Expr) -> ClassValue | None:
    """A class of the project that is a type, whose members are properties again."""
    frame = declared_types.scope(cls)
    with within(run, frame):
        found = declared_types.named(run, Activation(frame, False), annotation)
    classes = [one for one in found if isinstance(one, ClassValue)]
    return classes[0] if len(classes) == len(found) == 1 else None


def _property(run: Machine, file: str, path: str, default: Value | None) -> Value:
    """A property by the name of a field: ``tableName`` is ``table-name`` in files."""
    known = properties.properties(run, file)
    head, _, name = path.rpartition(".")
    for one in (re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).lower(), name, name.lower()):
        if (whole := f"{head}.{one}" if head else one) in known:
            return properties.value_of(run, file, whole)
    dashed = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", path).upper()
    variables = [re.sub(r"\W", "_", one) for one in (dashed, path.upper())]
    variable = next((one for one in variables if one in run.environment), variables[0])
    if default is not None and variable not in run.environment:
        return default
    return environment_variable(Const(variable), run.sources.place(file))
