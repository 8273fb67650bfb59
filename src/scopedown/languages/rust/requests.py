"""Requests of the AWS SDK for Rust: fluent builders, builders of structures, paginators, results
(https://docs.rs/aws-sdk-dynamodb/latest/aws_sdk_dynamodb/operation/query/builders/struct.QueryFluentBuilder.html).

A builder's method ``x(value)`` sets the member or adds to it, ``x(key, value)`` adds to a map, ``set_x(Some(value))``
replaces it. ``send`` is the call; it stands where the operation is named.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from scopedown.calls.interpreter import members
from scopedown.calls.machine import Machine
from scopedown.calls.sdks.emitting import NOTHING, RoleCredentials, Target, api_name, emit, squeezed
from scopedown.calls.values import (
    CallSite,
    Const,
    Object,
    Sequence,
    Union,
    UnknownValue,
    Value,
    join,
    options,
)
from scopedown.catalog.model import Operation
from scopedown.core.place import Place
from scopedown.languages.rust.configuration import Configuration
from scopedown.languages.rust.natives import SAME, Field, Function, RustNative, first, settled
from scopedown.languages.rust.standard import mapped

_SENDING: Final = frozenset({"send", "send_with_plugins", "wait"})
_PLAIN: Final = frozenset(
    {"customize", "mutate_request", "map_request", "as_input", "interceptor", "clone", "into_owned"}
)


@dataclass(frozen=True, slots=True, eq=False)
class Builder(RustNative):
    """Members that are collected: of a request (``operation``), or of a structure inside of one."""

    fields: Mapping[str, Value]
    name: str = ""
    operation: Operation | None = None
    target: Target | None = None
    place: Place | None = None

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """A setter, what sends the request, or what ends the building."""
        if name in _PLAIN:
            return Function(name, lambda site, run: self, self)
        if name == "config_override":
            return Function(name, self._overridden, self)
        if self.operation is not None and self.target is not None:
            if name in _SENDING:
                return Function(name, lambda site, run: self.send(run, site.place), self)
            if name in ("send_with", "set_fields"):  # an input's builder with a client
                return Function(name, self._sent_with, self)
            if name == "into_paginator":
                return Function(name, lambda site, run: Paginator(self), self)
            if name.startswith("presigned"):
                return Function(name, lambda site, run: self._presigned(run, site.place), self)
        if name == "build":
            return Function(name, lambda site, run: self.built(run), self)
        if name in ("send_with", "send"):
            return Function(name, self._sent_with, self)
        if name.startswith("get_") and self._is_set(name.removeprefix("get_")):
            return Function(name, lambda site, run: self._value(name.removeprefix("get_")), self)
        return Function(name, lambda site, run: self._with(name, site, run), self)

    def _is_set(self, name: str) -> bool:
        return squeezed(name) in map(squeezed, self.fields)

    def _value(self, name: str) -> Value:
        return next((value for key, value in self.fields.items() if squeezed(key) == squeezed(name)), NOTHING)

    def _with(self, name: str, site: CallSite, run: Machine) -> Value:
        """The builder with a member set."""
        given = [plain(settled(value, run, site.place)) for value in site.positional]
        if not given:
            return self._value(name) if self._is_set(name) else self
        if name.startswith("set_") and len(given) == 1 and not self._names(run, name):
            name = name.removeprefix("set_")
            fields = {key: value for key, value in self.fields.items() if key != name}
            if not (isinstance(given[0], Const) and given[0].value is None):
                fields[name] = structure(given[0], run, site.place)
            return replace(self, fields=fields)
        known = self.fields.get(name)
        if len(given) == 1:
            value = structure(given[0], run, site.place)
            if known is not None:
                before = list(known.items) if isinstance(known, Sequence) else [known]
                value = Sequence([*before, value], known.rest if isinstance(known, Sequence) else None)
        else:
            kept = known if isinstance(known, Object) else Object()
            born = run.position.conditional
            value = Object(dict(kept.fields), kept.rest, symbolic=dict(kept.symbolic), born=born)
            members.assign_index(run, value, given[0], structure(given[1], run, site.place), site.place)
        return replace(self, fields={**self.fields, name: value})

    def _names(self, run: Machine, name: str) -> bool:
        """Whether a member's own name begins with ``set``."""
        return self.operation is not None and squeezed(name) in map(squeezed, self.operation.members)

    def built(self, run: Machine) -> Value:
        """The input or structure."""
        if self.operation is not None:
            return replace(self, target=None)
        return Object({api_name(name): value for name, value in self.fields.items()})

    def params(self) -> Object:
        """The request's members as the API names them."""
        members_ = self.operation.members if self.operation is not None else ()
        known = {squeezed(name): name for name in members_}
        return Object({known.get(squeezed(name)) or api_name(name): value for name, value in self.fields.items()})

    def send(self, run: Machine, place: Place) -> Value:
        """The call."""
        if self.operation is None or self.target is None:
            return UnknownValue("the result of a request", place)
        found = emit(run, self.target, self.operation, self.params(), self.place or place)
        return Result(found)

    def _sent_with(self, site: CallSite, run: Machine) -> Value:
        """``PutItemInput::builder()…send_with(&client)``."""
        found: list[Value] = []
        for option in options(settled(first(site), run, site.place)):
            target = getattr(option, "target", None)
            if isinstance(target, Target) and self.operation is not None:
                found.append(replace(self, target=target).send(run, site.place))
        return join(*found) if found else UnknownValue("the result of a request", site.place)

    def _presigned(self, run: Machine, place: Place) -> Value:
        """A signed URL: whoever has it does the operation with the rights of the function."""
        self.send(run, place)
        return UnknownValue("a signed request", place, inert=True)

    def _overridden(self, site: CallSite, run: Machine) -> Value:
        """Settings for this request alone."""
        found = settled(first(site), run, site.place)
        if self.target is None or not isinstance(found, Configuration):
            return self
        target = found.target(self.target.service)
        return replace(
            self,
            target=replace(
                self.target,
                credentials=target.credentials or self.target.credentials,
                endpoint=target.endpoint or self.target.endpoint,
                region=target.region or self.target.region,
            ),
        )

    def unsent(self) -> tuple[str, str] | None:
        """The call that it will be."""
        return None if self.operation is None else (self.operation.service, self.operation.name)

    def describe(self) -> str:
        """The operation's name, or the structure's."""
        return self.operation.name if self.operation is not None else self.name or "a structure"


def plain(value: Value) -> Value:
    """A result, or a member of one, as what it holds."""
    match value:
        case Union():
            return join(*(plain(option) for option in value.options))
        case Field() | Result():
            return plain(value.value)
        case _:
            return value


def structure(value: Value, run: Machine, place: Place) -> Value:
    """A builder that was not built is the structure that it makes."""
    match value:
        case Builder(operation=None):
            return value.built(run)
        case Sequence() if value.held() and all(
            isinstance(one, Sequence) and len(one.items) == 2 for one in value.held()
        ):
            return mapped(value, run, place)  # ``[(table, requests)].into()``
        case Sequence():
            rest = None if value.rest is None else structure(value.rest, run, place)
            return Sequence([structure(settled(item, run, place), run, place) for item in value.items], rest)
        case _:
            return value


@dataclass(frozen=True, slots=True, eq=False)
class Paginator(RustNative):
    """``into_paginator()``: pages, or the items of all pages."""

    builder: Builder

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """``send`` gives the pages."""
        if name in ("send", "into_stream"):
            return Function(name, lambda site, run: Sequence([], self.builder.send(run, site.place)), self)
        return Function(name, lambda site, run: self, self)

    def describe(self) -> str:
        """For messages."""
        return f"the pages of {self.builder.describe()}"


@dataclass(frozen=True, slots=True, eq=False)
class Result(RustNative):
    """What an operation gives: its members are fields, and methods of their names."""

    label = "a result"
    value: Value

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """A member."""
        if name in SAME and name not in ("context",):
            return Function(name, lambda site, run: self, self)
        return member(self.value, name, run, place)

    def index(self, key: Value, run: Machine, place: Place) -> Value:
        """An element of a list."""
        return members.index(run, self.value, key, place)

    def iterate(self, run: Machine, place: Place) -> Value:
        """An element of a list."""
        return members.iterate(run, self.value, place, False)


def member(value: Value, name: str, run: Machine, place: Place) -> Value:
    """A member of a result, by its letters."""
    found: list[Value] = []
    for option in options(value):
        if isinstance(option, RoleCredentials):
            found.append(option)
            continue
        held: Value | None = None
        if isinstance(option, Object):
            held = next((one for key, one in option.fields.items() if squeezed(key) == squeezed(name)), option.rest)
        if isinstance(option, UnknownValue):
            held = option.part(place)
        found.append(held or UnknownValue(f"the member {name} of a result", place, inert=True))
    made = join(*found)
    if isinstance(made, RoleCredentials):
        return made
    return Field(Result(made) if isinstance(made, Object) else made)
