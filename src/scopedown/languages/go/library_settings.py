"""Libraries that fill a struct of settings from the environment, by the tags of its fields.

Sources: https://github.com/kelseyhightower/envconfig (``envconfig:"NAME"``, ``default:"x"``, ``split_words:"true"``;
without a tag the field's name in capitals, behind the prefix), https://github.com/caarlos0/env (``env:"NAME"``,
``envDefault:"x"``, ``envPrefix:"P_"``), https://github.com/sethvargo/go-envconfig (``env:"NAME, default=x"``,
``env:", prefix=P_"``), https://github.com/Netflix/go-env (``env:"NAME,default=x"``),
https://github.com/ilyakaznacheev/cleanenv (``env:"NAME"``, ``env-default:"x"``, ``env-prefix:"P_"``)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    Instance,
    Object,
    Sequence,
    TextValue,
    UnknownValue,
    Value,
    join,
    options,
)
from scopedown.core.place import Place
from scopedown.core.text import EnvVar, Text
from scopedown.languages.go.natives import Body, error, function, literal_of, with_error
from scopedown.languages.go.objects import embedded_names
from scopedown.source import ir

LANGUAGE = "go"
PACKAGES = (
    "github.com/kelseyhightower/envconfig",
    "github.com/vrischmann/envconfig",
    "github.com/caarlos0/env",
    "github.com/codingconcepts/env",
    "github.com/sethvargo/go-envconfig",
    "github.com/Netflix/go-env",
    "github.com/ilyakaznacheev/cleanenv",
)
MAX_NESTED: Final = 4
"""Structs in structs that are filled."""
_TAG: Final = re.compile(r'([\w-]+):"((?:[^"\\]|\\.)*)"')
_WORDS: Final = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z0-9]+|[A-Z]+")


@dataclass(frozen=True, slots=True)
class Style:
    """How a library reads tags. ``named``: the tag of the variable's name; ``default`` and ``prefix``: tags of their
    own, or what stands behind the name; ``every``: a field without a tag has a variable too."""

    named: tuple[str, ...]
    default: tuple[str, ...] = ()
    prefix: tuple[str, ...] = ()
    every: bool = False


_KELSEY: Final = Style(("envconfig",), ("default",), (), every=True)
_CAARLOS: Final = Style(("env",), ("envDefault", "default"), ("envPrefix",))
_SETHVARGO: Final = Style(("env",), ("default=",), ("prefix=",))
_CLEAN: Final = Style(("env",), ("env-default",), ("env-prefix",))
_FUNCTIONS: Final[Mapping[str, tuple[Style, int, int | None]]] = {
    "kelseyhightower": (_KELSEY, 1, 0),
    "vrischmann": (_KELSEY, 0, None),
    "caarlos0": (_CAARLOS, 0, None),
    "codingconcepts": (_CAARLOS, 0, None),
    "sethvargo": (_SETHVARGO, 1, None),
    "Netflix": (_SETHVARGO, -1, None),
    "ilyakaznacheev": (_CLEAN, -1, None),
}
"""By the owner of the library: how it reads tags, the position of the struct (-1: the last argument), and of the
prefix."""


def module(name: str) -> Value | None:
    """One of the libraries."""
    style, at, prefix = _FUNCTIONS[name.split("/")[1]]

    def body(site: CallSite, run: Machine) -> Value:
        position = at if at >= 0 else len(site.positional) - 1
        before = literal_of(site.argument(prefix)) if prefix is not None else ""
        for value in options(site.argument(position) or Const(None)):
            if isinstance(value, Instance):
                start = f"{before.upper()}_" if before else ""
                fill(run, value, style, start, site.place)
        return error(site.place)

    return Filling(name, body)


@dataclass(frozen=True, slots=True, eq=False)
class Filling(Native):
    """A package whose functions all fill what they are given."""

    label = "{self.name}"
    name: str
    body: Body

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``Process``, ``Parse``, ``ReadEnv``, ``UnmarshalFromEnviron``, …"""
        if name in ("ParseAs", "ParseAsWithOptions"):
            return Parsed(self.body)
        return function(f"{self.name}.{name}", self.body)


@dataclass(frozen=True, slots=True, eq=False)
class Parsed(Native):
    """``env.ParseAs[T]()``: a new struct, filled."""

    label = "env.ParseAs"
    body: Body
    types: tuple[Value, ...] = ()

    def index(self, key: Value, run: Machine, place: Place) -> Value:
        """With its type."""
        return Parsed(self.body, tuple(key.items) if isinstance(key, Sequence) else (key,))

    def call(self, site: CallSite, run: Machine) -> Value:
        """The struct and an error."""
        made = [run.construct(one, CallSite((), {}, site.place)) for one in self.types if isinstance(one, ClassValue)]
        for one in made:
            self.body(CallSite((one,), {}, site.place), run)
        return with_error(join(*made) if made else UnknownValue("settings", site.place), site.place)


def fill(run: Machine, value: Instance, style: Style, prefix: str, place: Place, depth: int = MAX_NESTED) -> None:
    """The fields of a struct get their variables."""
    for name, annotation, tag in _fields(value.cls):
        tags = dict(_TAG.findall(tag))
        inner = run.attribute(value, name, place) if _may_be_struct(annotation) and depth else None
        nested = [option for option in options(inner) if isinstance(option, Instance)] if inner is not None else []
        if nested:
            further = _of(tags, style.prefix, style.named)
            if not further and style.every and name not in set(embedded_names(value.cls)):
                further = f"{_named(name, tags)}_"
            for option in nested:
                fill(run, option, style, prefix + further, place, depth - 1)
            continue
        written = next((tags[key].split(",")[0].strip() for key in style.named if key in tags), "")
        if not written and style.every:
            written = _named(name, tags)
        if not written or written == "-":
            continue
        if not _is_text(annotation):
            value.fields[name] = UnknownValue(f"the variable {prefix}{written}", place, inert=True)
            continue
        default = _of(tags, style.default, style.named)
        named = written.upper() if style.every else written
        variable = EnvVar(prefix + named, Text.of(default) if default else None)
        value.fields[name] = TextValue(Text((variable,)))


def _of(tags: Mapping[str, str], keys: tuple[str, ...], named: tuple[str, ...]) -> str:
    """What a tag says, or (``key=``) what stands behind the name in the tag of the name."""
    for key in keys:
        if not key.endswith("="):
            if key in tags:
                return tags[key]
            continue
        for one in named:
            for part in tags.get(one, "").split(",")[1:]:
                if part.strip().startswith(key):
                    return part.strip().removeprefix(key)
    return ""


def _named(field: str, tags: Mapping[str, str]) -> str:
    """A field's name as a variable's."""
    return "_".join(_WORDS.findall(field)).upper() if tags.get("split_words") == "true" else field.upper()


def _fields(cls: ClassValue) -> Iterator[tuple[str, ir.Expr, str]]:
    tags = cls.keywords.get("tags")
    for name, annotation in cls.definition.types:
        tag = tags.fields.get(name) if isinstance(tags, Object) else None
        yield name, annotation, literal_of(tag) or ""


def tagged(cls: ClassValue, key: str) -> Iterator[tuple[str, str]]:
    """The fields of a struct that hold a text, with what a tag says of each, or its name."""
    for name, annotation, tag in _fields(cls):
        if _is_text(annotation):
            yield name, dict(_TAG.findall(tag)).get(key, name).split(",")[0] or name


def _may_be_struct(annotation: ir.Expr) -> bool:
    return isinstance(annotation, ir.Name | ir.Attr) and not _is_text(annotation)


def _is_text(annotation: ir.Expr) -> bool:
    match annotation:
        case ir.Name(id="string"):
            return True
        case ir.Op(operator="|", operands=(ir.Name(id="string"), *_)):
            return True
        case _:
            return False
