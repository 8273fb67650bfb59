"""What AWS's SDKs for the JVM are spoken to with: requests, structures inside of them, and responses.

A structure is known by its members' names as its methods have them: ``tableName(x)`` and ``withTableName(x)`` are one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from scopedown.calls.machine import Machine, Native
from scopedown.calls.sdks.emitting import api_name
from scopedown.calls.values import (
    CallSite,
    Const,
    External,
    FunctionValue,
    Instance,
    Object,
    Sequence,
    Union,
    UnknownValue,
    Value,
    join,
    options,
)
from scopedown.core.place import Place
from scopedown.languages.java.natives import NOTHING, Function, JavaClass, bound, computed, is_null

_NO_MEMBERS: Final = frozenset({"toString", "hashCode", "equals", "getClass", "equalsBySdkFields", "sdkFields"})
_WRITES: Final = re.compile(r"(?:with|set)([A-Z].*)")
_READS: Final = re.compile(r"(?:get|is)([A-Z].*)")
MAX_DEPTH: Final = 8


def written_name(method: str) -> str:
    """A member by the name of the method that sets it.

    >>> written_name("withTableName"), written_name("tableName"), written_name("getObjectRequest")
    ('tableName', 'tableName', 'getObjectRequest')
    """
    found = _WRITES.fullmatch(method)
    return found[1][:1].lower() + found[1][1:] if found else method


def read_name(method: str) -> str:
    """A member by the name of the method that gives it.

    >>> read_name("getTableName"), read_name("tableName"), read_name("isTruncated")
    ('tableName', 'tableName', 'truncated')
    """
    found = _READS.fullmatch(method)
    return found[1][:1].lower() + found[1][1:] if found else method


class Shape(Native):
    """A structure, or what builds one. ``kind`` is its class's name; ``rest`` is what members may be that are not known
    (None: there are none)."""

    __slots__ = ("born", "fields", "kind", "rest")
    label = "a {self.kind}"

    def __init__(self, kind: str, fields: Mapping[str, Value] | None = None, born: int = 0) -> None:
        self.kind = kind
        self.fields = dict(fields or {})
        self.rest: Value | None = None
        self.born = born

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A method, which sets a member or gives one."""
        if name == "build":
            return bound(self, name, lambda site, run: self)
        if name in ("toBuilder", "clone", "copy"):
            return bound(self, name, self._copied)
        if name in ("applyMutation", "apply", "also"):
            return bound(self, name, self._applied)
        if name in _NO_MEMBERS:
            return computed(name)
        return bound(self, name, lambda site, run: self.called(name, site, run))

    def called(self, name: str, site: CallSite, run: Machine) -> Value:
        """Read a member, or write it."""
        if not site.positional and site.complete:
            return self.read(name if name in self.fields else read_name(name), site.place)
        if match := re.fullmatch(r"add([A-Z].*?)Entry", name):  # a map, entry by entry
            self._put(match[1][:1].lower() + match[1][1:], site, run)
            return self
        self.write(written_name(name), given_value(site, run), run)
        return self

    def read(self, name: str, place: Place) -> Value:
        """A member's value."""
        found = self.fields.get(name)
        if found is not None:
            return found
        return self.rest or UnknownValue(f"{name} of a {self.kind}", place, inert=True)

    def write(self, name: str, value: Value, run: Machine) -> None:
        """Set a member; where that may not happen, the value before counts as well."""
        if run.position.conditional > self.born:
            value = join(self.fields.get(name) or NOTHING, value)
        self.fields[name] = value

    def assign(self, name: str, value: Value, run: Machine, place: Place) -> None:
        """Kotlin's ``tableName = x``."""
        self.write(written_name(name), value, run)

    def implicit(self, name: str, run: Machine, place: Place) -> Value | None:
        """Kotlin's names in a block whose object this is."""
        return None

    def _put(self, name: str, site: CallSite, run: Machine) -> None:
        held = self.fields.get(name)
        made = held if isinstance(held, Object) else Object()
        key = site.positional[0] if site.positional else NOTHING
        value = site.positional[1] if len(site.positional) > 1 else NOTHING
        if isinstance(key, Const):
            made.fields[str(key.value)] = value
        else:
            made.put(key, value)
        self.fields[name] = made

    def _copied(self, site: CallSite, run: Machine) -> Value:
        made = Shape(self.kind, self.fields, run.position.conditional)
        made.rest = self.rest
        for one in site.positional:
            run.call(one, (made,), site.place)
        return made

    def _applied(self, site: CallSite, run: Machine) -> Value:
        for one in site.positional:
            run.call(one, (self,), site.place)
        return self


def given_value(site: CallSite, run: Machine) -> Value:
    """What a member is set to: one value, several, or what a function makes of a builder."""
    values = [filled(one, run, site.place) for one in site.positional]
    if len(values) == 1:
        return values[0]
    return Sequence(values, None if site.complete else UnknownValue("an argument", site.place))


def filled(value: Value, run: Machine, place: Place) -> Value:
    """``b -> b.tableName(x)`` as what it makes; another value as it is."""
    made = [_filled(option, run, place) for option in options(value)]
    return join(*made)


def _filled(value: Value, run: Machine, place: Place) -> Value:
    if not isinstance(value, FunctionValue | Function):
        return value
    made = Shape("structure", {}, run.position.conditional)
    run.call(value, (made,), place)
    return made


class ShapeClass(JavaClass):
    """The class of a structure: ``builder()``, constructors, constants."""

    __slots__ = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``builder()``, ``create(…)``, a constant, or a class inside."""
        kind = self.name.rpartition(".")[2]
        if name in ("builder", "create"):
            return Function(f"{kind}.{name}", lambda site, run: structure(kind, site, run))
        if name in ("serializableBuilderClass", "values", "knownValues"):
            return computed(name)
        if name in ("valueOf", "fromValue"):
            return Function(name, lambda site, run: site.positional[0] if site.positional else NOTHING)
        if (found := re.fullmatch(r"from([A-Z]\w*)", name)) is not None:  # AttributeValue.fromS
            member = found[1][:1].lower() + found[1][1:]
            return Function(name, lambda site, run: Shape(kind, {member: given_value(site, run)}))
        if name.isupper():
            return Const(constant(kind, name))
        return ShapeClass(f"{self.name}.{name}")

    def construct(self, site: CallSite, run: Machine) -> Value:
        """Version 1's ``new T()``; what its parameters are is not known of most."""
        kind = self.name.rpartition(".")[2]
        made = Shape(kind, {}, run.position.conditional)
        if site.positional:
            made.rest = UnknownValue(f"an argument of {kind}()", site.place)
        return made


def structure(kind: str, site: CallSite, run: Machine) -> Shape:
    """An empty structure; ``create(b -> …)`` fills it."""
    made = Shape(kind, {}, run.position.conditional)
    for one in site.positional:
        if isinstance(one, FunctionValue | Function):
            run.call(one, (made,), site.place)
    return made


def constant(kind: str, name: str) -> str:
    """The API's word for an enumeration's constant, which is known of access control lists.

    >>> constant("ObjectCannedACL", "PUBLIC_READ"), constant("KeyType", "HASH")
    ('public-read', 'HASH')
    """
    return name.lower().replace("_", "-") if kind.lower().endswith("acl") else name


def plain(value: Value, depth: int = MAX_DEPTH) -> Value:
    """A value with objects in place of structures, as a call's arguments are kept."""
    match value:
        case Shape() if depth > 0:
            rest = None if value.rest is None else plain(value.rest, depth - 1)
            return Object({name: plain(one, depth - 1) for name, one in value.fields.items()}, rest)
        case Object() if depth > 0:
            fields = {name: plain(one, depth - 1) for name, one in value.fields.items()}
            symbolic = {name: plain(one, depth - 1) for name, one in value.symbolic.items()}
            return Object(fields, None if value.rest is None else plain(value.rest, depth - 1), symbolic=symbolic)
        case Sequence() if depth > 0:
            rest = None if value.rest is None else plain(value.rest, depth - 1)
            return Sequence([plain(one, depth - 1) for one in value.items], rest)
        case Union() if depth > 0:
            return join(*(plain(option, depth) for option in value.options))
        case Instance():
            return UnknownValue("an object")
        case _:
            return value


class Response(Native):
    """What an operation gives, of which some members are known."""

    __slots__ = ("value",)
    label = "a response"

    def __init__(self, value: Object) -> None:
        self.value = value

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A method that gives a member (``queueUrl()``, ``getQueueUrl()``)."""
        return bound(self, name, lambda site, run: self.read(name, site.place))

    def read(self, name: str, place: Place) -> Value:
        """A member's value."""
        written = read_name(name)
        found = self.value.fields.get(api_name(written)) or self.value.fields.get(written)
        if isinstance(found, Object):
            return Response(found)
        return found or self.value.rest or UnknownValue(f"{name} of a response", place, inert=True)


def response(value: Value) -> Value:
    """An operation's result, behind methods."""
    return join(*(Response(option) if isinstance(option, Object) else option for option in options(value)))


def request(value: Value | None, run: Machine, place: Place) -> Value | None:
    """A request that is handed to an operation, as an object; None where there is none."""
    if value is None or is_null(value):
        return None
    made = filled(value, run, place)
    return join(*(plain(option) if not isinstance(option, External) else option for option in options(made)))
