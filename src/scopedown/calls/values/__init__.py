"""What is known of a value while code is run abstractly, and the contract with models.

The values themselves are in ``plain.py`` (scalars, texts, containers) and ``code.py`` (functions,
classes, objects, modules); every name is imported from here. An SDK or library gives meaning to values by
subclassing :class:`Native`; it talks back through :class:`Run`, which the interpreter implements.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from scopedown.calls.values.code import ClassValue, External, Frame, FunctionValue, Instance, ModuleValue, SuperValue
from scopedown.calls.values.plain import (
    MAX_PARTS,
    MAX_TEXT,
    MAX_UNION,
    Const,
    Object,
    Sequence,
    TextValue,
    Union,
    UnknownValue,
    Unset,
    Value,
    join,
    options,
)
from scopedown.core.place import Place
from scopedown.core.text import AnyText, EnvVar, Literal, Text, Unknown

if TYPE_CHECKING:
    from scopedown.catalog.model import Catalog


@dataclass(frozen=True, slots=True)
class CallSite:
    """The arguments of one call. ``complete`` is False where unknown spread arguments may follow; ``outside``: the
    caller is code that is not seen, which can only pass what is its own, since what it was handed has escaped."""

    positional: tuple[Value, ...]
    keywords: Mapping[str, Value]
    place: Place
    complete: bool = True
    decorator: bool = False
    outside: bool = False

    def argument(self, index: int, *names: str) -> Value | None:
        """The argument at a position or under one of its names, or None where it was not given."""
        if 0 <= index < len(self.positional):
            return self.positional[index]
        return next((self.keywords[name] for name in names if name in self.keywords), None)

    def all(self) -> tuple[Value, ...]:
        """Every argument value."""
        return (*self.positional, *self.keywords.values())


class Native(Value):
    """A value whose meaning a model gives: an SDK module, a client, a bound method, a built-in.

    Subclasses override what they understand; the defaults are honest unknowns. Natives that can be
    compared should define ``fingerprint``.
    """

    __slots__ = ()

    callable_when_escaped = False
    """Set by bound methods: code that is not seen may call it once it has it."""

    names_a_client = False
    """Set by an SDK's client classes: called without arguments they give a client, and as a type they mean one."""

    def attribute(self, name: str, run: Run, place: Place) -> Value:
        """``self.name``."""
        return UnknownValue(f"{self.describe()}.{name}", place)

    def index(self, key: Value, run: Run, place: Place) -> Value:
        """``self[key]``; a known string is an attribute."""
        if isinstance(key, Const) and isinstance(key.value, str):
            return self.attribute(key.value, run, place)
        return UnknownValue(f"{self.describe()}[…]", place)

    def assign(self, name: str, value: Value, run: Run, place: Place) -> None:
        """``self.name = value``; ignored unless overridden."""
        run.escape(value, place)

    def put(self, key: Value, value: Value, run: Run, place: Place) -> None:
        """``self[key] = value``; a known string is an attribute."""
        if isinstance(key, Const) and isinstance(key.value, str):
            self.assign(key.value, value, run, place)

    def call(self, site: CallSite, run: Run) -> Value:
        """``self(…)``; the arguments escape."""
        for value in site.all():
            run.escape(value, site.place)
        return UnknownValue(f"result of {self.describe()}()", site.place)

    def construct(self, site: CallSite, run: Run) -> Value:
        """``new self(…)``."""
        return self.call(site, run)

    def iterate(self, run: Run, place: Place) -> Value:
        """One element of it in a loop."""
        return UnknownValue(f"element of {self.describe()}", place)

    def enter(self, run: Run, place: Place) -> Value:
        """What ``with self as x`` gives."""
        return self

    def member(self, owner: Value, name: str, run: Run, place: Place) -> Value | None:
        """A member that a class of the analysed code inherits from this one.

        ``owner`` is the ClassValue or Instance through which it is reached; None where there is none.
        """
        return None

    def inherited_element(self, owner: Instance, run: Run, place: Place) -> Value | None:
        """One element of an object of a class that derives from this one, in a loop; None where that means nothing."""
        return None

    def elements(self, cls: ClassValue) -> list[Value] | None:
        """What going through a class that derives from this one gives (an enumeration), or None."""
        return None

    def subclassed(self, cls: ClassValue, run: Run) -> None:
        """A class of the analysed code that derives from this one has been made."""

    def operate(self, operator: str, other: Value, place: Place) -> Value | None:
        """``self operator other`` (a path divided by a name), or None where that means nothing."""
        return None

    def as_text(self) -> Text | None:
        """What it is inside of a string, or None where that is not known."""
        return None

    def as_key(self) -> str | None:
        """The name under which an object keeps what has it as a key (a symbol), or None where it is no such key."""
        return None

    def escaped(self, run: Run, place: Place) -> None:
        """It reached code that is not seen: what it holds may run."""

    def service_of_client(self) -> str | None:
        """botocore's name of the service that it is a client of (``s3``; ``*``: of any), where it is one."""
        return None

    def unsent(self) -> tuple[str, str] | None:
        """The service and operation of a call that is made but not sent (a command), where it is one."""
        return None

    def describe(self) -> str:
        """How a message names it."""
        return type(self).__name__


class Run(Protocol):
    """What the interpreter offers to models."""

    @property
    def catalog(self) -> Catalog: ...

    def emit(
        self,
        service: str,
        operation: str,
        arguments: Mapping[str, Value],
        place: Place,
        sdk: str,
        credentials: Value | None = None,
    ) -> None:
        """Record an SDK call; ``arguments`` by API parameter name."""

    def call(self, function: Value, positional: tuple[Value, ...], place: Place) -> Value:
        """Call any value."""

    def attribute(self, value: Value, name: str, place: Place) -> Value:
        """Read a member of any value."""

    def escape(self, value: Value, place: Place) -> None:
        """The value reaches code that is not seen: its functions may be called with anything."""

    def dependency_version(self, package: str) -> str | None:
        """The version that the project pins a package to (``4.3.1``), or None where it pins none."""

    def source(self, place: Place) -> str:
        """The file that is being run, relative to the project."""


def as_text(value: Value) -> Text | None:
    """The value as it would appear inside a string, or None where it has several alternatives."""
    match value:
        case Const(None):
            return Text.of("")
        case Const(bool() as flag):
            return Text.of("true" if flag else "false")
        case Const(scalar):
            return Text.of(str(scalar))
        case TextValue(text):
            return text
        case UnknownValue(reason, place):
            return Text.unknown(reason, place)
        case Union():
            return None
        case External(origin=origin):
            return Text.unknown(f"value from {origin}")
        case Native() if (inside := value.as_text()) is not None:
            return inside
        case _:
            return Text.unknown("an object")


def from_text(text: Text) -> Value:
    """A text as a value: constant where it is known whole."""
    if len(text.parts) > MAX_PARTS or sum(len(p.value) for p in text.parts if isinstance(p, Literal)) > MAX_TEXT:
        return UnknownValue("a very long text")
    literal = text.literal
    return TextValue(text) if literal is None else Const(literal)


__all__ = [
    "MAX_UNION",
    "AnyText",
    "CallSite",
    "ClassValue",
    "Const",
    "EnvVar",
    "External",
    "Frame",
    "FunctionValue",
    "Instance",
    "Literal",
    "ModuleValue",
    "Native",
    "Object",
    "Run",
    "Sequence",
    "SuperValue",
    "Text",
    "TextValue",
    "Union",
    "Unknown",
    "UnknownValue",
    "Unset",
    "Value",
    "as_text",
    "from_text",
    "join",
    "options",
]
