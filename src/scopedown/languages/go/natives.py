"""The building blocks of what Go's own packages and the SDKs are: functions, quiet parts, results, named values."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Final

from scopedown.calls.interpreter import members, references
from scopedown.calls.interpreter.decisions import EQUALITY
from scopedown.calls.machine import Activation, Machine, Native, within
from scopedown.calls.machine import Function as Function
from scopedown.calls.machine.functions import NOTHING as NOTHING
from scopedown.calls.machine.native import Body as Body
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    FunctionValue,
    Instance,
    Object,
    Reference,
    Sequence,
    UnknownValue,
    Value,
    as_text,
    join,
    options,
)
from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.source import ir


class Results(Sequence):
    """The several results of a call, which is no list: they may be passed on as arguments (``f(g())``)."""

    __slots__ = ()


def results(*values: Value) -> Results:
    """Several results."""
    return Results(list(values))


def error(place: Place) -> Value:
    """An error, or none."""
    return UnknownValue("an error", place, inert=True)


def with_error(value: Value, place: Place) -> Results:
    """A result and an error."""
    return results(value, error(place))


def data(name: str, place: Place) -> Value:
    """What a function gives that no call can come out of."""
    return UnknownValue(f"result of {name}()", place, inert=True)


def passed_on(items: list[Value]) -> list[Value]:
    """The arguments of a call whose only argument is a call with several results."""
    held = [option for item in items for option in options(item)]
    several = [option.items for option in held if isinstance(option, Results)]
    if not several or len(several) < len(held):
        return items
    return [join(*(one for one in column if one is not None)) for column in zip_longest(*several)]


class Callback(Function):
    """A method that code which is not seen may call once it has it."""

    __slots__ = ()
    callable_when_escaped = True


@dataclass(frozen=True, slots=True, eq=False)
class Package(Native):
    """A package of which some members are known; the rest of it runs the functions that it is handed, and no more.

    ``sends``: its functions may send a request. ``takes_objects``: it calls methods of the objects that it is handed.
    """

    label = "{self.name}"
    name: str
    known: Mapping[str, Value] = field(default_factory=dict)
    sends: bool = False
    takes_objects: bool = False

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A known member, or more of the same."""
        found = self.known.get(name)
        return type(self)(f"{self.name}.{name}", {}, self.sends, self.takes_objects) if found is None else found

    def index(self, key: Value, run: Machine, place: Place) -> Value:
        """A generic type or function with its types, or an element of what the package has."""
        return self

    def call(self, site: CallSite, run: Machine) -> Value:
        """What it gives is data. A conversion to one of its types gives the value."""
        run.overseen(self.name, site, sends=self.sends)
        for value in site.all():
            hand_over(run, value, site.place, self.takes_objects)
        return data(self.name, site.place)

    def construct(self, site: CallSite, run: Machine) -> Value:
        """An object of one of its types."""
        return Thing(self.name, {}, self.sends, self.takes_objects)

    def assign(self, name: str, value: Value, run: Machine, place: Place) -> None:
        """A variable of the package is set: what it holds may run."""
        hand_over(run, value, place, self.takes_objects)


class Thing(Package):
    """An object of a package's type of which nothing more is known: a mutex, a buffer, a server."""

    __slots__ = ()
    index = Native.index
    construct = Native.construct

    def iterate(self, run: Machine, place: Place) -> Value:
        """Data."""
        return data(self.name, place)


def hand_over(run: Machine, value: Value, place: Place, objects: bool = False) -> None:
    """A package gets a value: functions are taken as called, and, of ``objects``, their methods."""
    for option in options(value):
        if isinstance(option, Reference | FunctionValue) or (
            isinstance(option, Native) and option.callable_when_escaped
        ):
            run.escape(option, place)
        elif isinstance(option, Sequence):
            for item in option.held():
                if isinstance(item, FunctionValue):
                    run.escape(item, place)
        elif isinstance(option, Instance | Named) and objects:
            run.escape(option, place)
        shown(run, option, place)


_CALLED_BY_PACKAGES: Final = frozenset(
    {"String", "Error", "GoString", "Format", "LogValue", "Is", "As", "Unwrap", "Timeout", "Temporary", "Scan",
     "Value", "Set", "Read", "Write", "Close", "Seek", "ReadAt", "WriteAt", "ReadFrom", "WriteTo", "ReadByte",
     "UnreadByte", "ReadRune", "UnreadRune", "WriteByte", "WriteString", "MarshalJSON", "UnmarshalJSON",
     "MarshalText", "UnmarshalText", "AppendText", "MarshalBinary", "UnmarshalBinary", "AppendBinary", "MarshalXML",
     "UnmarshalXML", "MarshalXMLAttr", "UnmarshalXMLAttr", "MarshalYAML", "UnmarshalYAML", "GobEncode", "GobDecode",
     "MarshalDynamoDBAttributeValue", "UnmarshalDynamoDBAttributeValue", "Lock", "Unlock", "Int63", "Uint64", "Open",
     "ReadDir", "ReadFile", "Glob", "Sub", "Sum", "Sign", "Handle", "Enabled", "WithAttrs", "WithGroup"}
)  # fmt: skip
"""Methods of the standard library's interfaces, and of the SDK's encoders, which packages call on the objects that they
are handed: fmt.Stringer, error, fmt.Formatter, io.Reader, json.Marshaler, …
(https://pkg.go.dev/fmt#hdr-Printing, https://pkg.go.dev/io, https://pkg.go.dev/encoding)."""
MAX_SHOWN: Final = 4
"""Objects in objects that a package goes through."""


def shown(run: Machine, value: Value, place: Place, depth: int = MAX_SHOWN) -> None:
    """A package gets a value: it may call the methods of its interfaces on it and on what is in it."""
    for option in options(value) if depth else ():
        match option:
            case Sequence() | Object():
                for item in option.held():
                    shown(run, item, place, depth - 1)
            case Named():
                _called_back(run, option.cls, option, place)
                shown(run, option.value, place, depth - 1)
            case Instance():
                key = ("<shown>", id(option), tuple(option.fields))
                if key in run.heap.escaped:
                    continue
                run.heap.escaped[key] = option
                _called_back(run, option.cls, option, place)
                for name, annotation in option.cls.definition.types:
                    if (held := option.fields.get(name)) is None:
                        held = _unset(run, option.cls, annotation)
                    if held is not None:
                        shown(run, held, place, depth - 1)
            case _:
                pass


def _called_back(run: Machine, cls: ClassValue, value: Value, place: Place) -> None:
    for name in sorted(_CALLED_BY_PACKAGES.intersection(cls.fields)):
        run.escape(run.attribute(value, name, place), place)


def _unset(run: Machine, cls: ClassValue, annotation: ir.Expr) -> Value | None:
    """What a field holds to which nothing was written, where its type has methods; a pointer holds nothing."""
    if not isinstance(annotation, ir.Name | ir.Attr | ir.Index):
        return None
    with within(run, cls.frame):
        declared = run.evaluate(Activation(cls.frame, False), annotation)
    if not isinstance(declared, ClassValue) or declared.definition.abstract:
        return None
    if "underlying" in declared.keywords and declared.keywords["underlying"] != Const("struct"):
        return Named(declared, UnknownValue("a value that is not set", inert=True))
    return Instance(declared)


@dataclass(slots=True, eq=False)
class Named(Native):
    """A value of a type that the code defines upon another one (``type Routes map[string]Handler``) and that has
    methods."""

    label = "{self.cls.definition.name}"
    cls: ClassValue
    value: Value

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A method of the type."""
        found = members.member_of_class(run, self.cls, name, self, place)
        return members.attribute(run, self.value, name, place) if found is None else found

    def index(self, key: Value, run: Machine, place: Place) -> Value:
        """An element of the value."""
        return members.index(run, self.value, key, place)

    def put(self, key: Value, value: Value, run: Machine, place: Place) -> None:
        """An element is set."""
        members.assign_index(run, self.value, key, value, place)

    def assign(self, name: str, value: Value, run: Machine, place: Place) -> None:
        """An entry of a literal whose key is written like a field."""
        members.assign_index(run, self.value, Const(name), value, place)

    def call(self, site: CallSite, run: Machine) -> Value:
        """The function that it is."""
        return run.call_value(self.value, site)

    def iterate(self, run: Machine, place: Place) -> Value:
        """An element of the value."""
        return members.iterate(run, self.value, place, False)

    def operate(self, operator: str, other: Value, place: Place) -> Value | None:
        """Texts are joined as ever. What is equal to the value may be of another type."""
        from scopedown.calls.interpreter.operators import operate

        if operator in EQUALITY and not (isinstance(other, Named) and other.cls is self.cls):
            return UnknownValue("a comparison of types", place)
        return operate(operator, (self.value, plain(other)), place)

    def as_text(self) -> Text | None:
        """The text that it is."""
        return as_text(self.value)

    def escaped(self, run: Machine, place: Place) -> None:
        """Its methods may run, and the function that it is."""
        for name in self.cls.fields:
            run.escape(self.attribute(name, run, place), place)
        run.escape(self.value, place)


@dataclass(frozen=True, slots=True)
class Typed(Const):
    """A known scalar of a type without methods: interfaces that hold equal scalars of several types differ
    (https://go.dev/ref/spec#Comparison_operators)."""

    type: Value

    def fingerprint(self, depth: int = 4) -> Hashable:
        """By its type, too."""
        return ("typed", id(self.type), Const.fingerprint(self))


def typed(type_: Value, value: Value) -> Value:
    """A value as one of a type without methods."""
    scalars = (bool, int, float, str)
    found = [
        Typed(option.value, type_) if isinstance(option, Const) and isinstance(option.value, scalars) else option
        for option in options(value)
    ]
    return join(*found)


def plain(value: Value) -> Value:
    """A value without the names of its types."""
    return join(*map(_plain, options(value)))


def _plain(value: Value) -> Value:
    value = value.value if isinstance(value, Named) else value
    return Const(value.value) if isinstance(value, Typed) else value


def literal_of(value: Value | None) -> str | None:
    """The text that a value is, where it is known whole."""
    held = plain(value) if value is not None else None
    return held.value if isinstance(held, Const) and isinstance(held.value, str) else None


def first(site: CallSite) -> Value:
    """The first argument."""
    return site.positional[0] if site.positional else UnknownValue("an argument", site.place)


function = Function
"""A function by its name."""


def given(index: int = 0) -> Body:
    """What gives back one of its arguments."""
    return lambda site, run: (
        site.positional[index] if index < len(site.positional) else UnknownValue("an argument", site.place)
    )


def showing(body: Body) -> Body:
    """A function that calls the methods of interfaces on what it is handed."""

    def shows(site: CallSite, run: Machine) -> Value:
        for value in site.all():
            shown(run, value, site.place)
        return body(site, run)

    return shows


def filled(run: Machine, value: Value | None, place: Place) -> None:
    """Code that is not seen fills a variable with data: a list or a map may hold anything then."""
    unknown = UnknownValue("decoded data", place, inert=True)
    if value is not None:
        references.unseen_write(run, plain(value), place, inert=True)
        shown(run, value, place)
    for option in options(plain(value)) if value is not None else ():
        if isinstance(option, Object | Sequence):
            option.rest = unknown if option.rest is None else join(option.rest, unknown)
