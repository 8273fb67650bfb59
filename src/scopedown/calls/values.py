"""What is known of a value while code is run abstractly.

Scalars and text are immutable; :class:`Object`, :class:`Sequence`, :class:`Instance` and :class:`External` are
mutable and have an identity, as in the languages they model. An SDK or library gives meaning to
values by subclassing :class:`Native`; it talks back through :class:`Run`, which the interpreter implements.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from scopedown.core.place import Place
from scopedown.core.text import AnyText, EnvVar, Literal, Text, Unknown

if TYPE_CHECKING:
    from scopedown.calls import ir
    from scopedown.catalog.model import Catalog

MAX_UNION = 8
"""Scalars and texts that one value may be; more are unknown."""
MAX_TEXT = 100_000
"""Characters that a text may have before it is unknown: doubling one in a loop would fill the memory."""
MAX_PARTS = 1000
"""Known and unknown parts that a text may have before it is unknown."""
MAX_CALLABLES = 64
"""Functions and objects that one value may be: a table of handlers is wider than a choice of names."""
MAX_ITEMS = 10_000
"""Elements that a sequence put together from others keeps apart."""
LARGE = 16
"""A container of more entries is compared by identity: such tables are made once."""


class Value:
    """Base of all values."""

    __slots__ = ()

    def fingerprint(self, depth: int = 4) -> Hashable:
        """Equal fingerprints mean interchangeable values, for memoising calls.

        ``depth`` bounds how far structures are compared; a negative one compares kinds alone.
        """
        return id(self)


@dataclass(frozen=True, slots=True)
class Const(Value):
    """A known scalar; None stands for Python's None and JavaScript's null and undefined."""

    value: str | int | float | bool | None

    def fingerprint(self, depth: int = 4) -> Hashable:
        return (type(self.value).__name__, self.value)


@dataclass(frozen=True, slots=True)
class TextValue(Value):
    """A string that is not known whole (environment variables, unknown pieces)."""

    text: Text

    def fingerprint(self, depth: int = 4) -> Hashable:
        return self.text


@dataclass(frozen=True, slots=True)
class UnknownValue(Value):
    """Nothing is known; ``reason`` is what the user reads: ``event``, ``parameter``, ``result of x()``, …"""

    reason: str
    place: Place | None = None

    def fingerprint(self, depth: int = 4) -> Hashable:
        # The reason is for people: two unknowns behave alike, whatever they were.
        return ("unknown",)


@dataclass(frozen=True, slots=True)
class Unset(UnknownValue):
    """A member of an object of the analysed code that nothing has written yet: what a fallback stands in for."""


@dataclass(frozen=True, slots=True)
class Union(Value):
    """One of several values; built by :func:`join` only."""

    options: tuple[Value, ...]

    def fingerprint(self, depth: int = 4) -> Hashable:
        # Choices of structures inside one another would multiply, so the options of wide ones are told by identity.
        inner = min(depth, 0 if len(self.options) > 2 else max(depth - 1, 0))
        return frozenset(option.fingerprint(inner) for option in self.options)


@dataclass(slots=True, eq=False)
class Object(Value):
    """A dict or plain object. ``rest`` is what any other key may hold (None: there is no other key)."""

    fields: dict[str, Value] = field(default_factory=dict)
    rest: Value | None = None
    born: int = 0
    """How many undecided branches enclosed its making: a write under more of them may not happen."""
    symbolic: dict[Text, Value] = field(default_factory=dict)
    """Items whose key is a text that is not known whole (an environment variable); they are in ``rest`` as well."""

    def put(self, key: Value, value: Value) -> None:
        """An item whose key is no constant."""
        if isinstance(key, TextValue):
            self.symbolic[key.text] = value
        self.rest = value if self.rest is None else join(self.rest, value)

    def fingerprint(self, depth: int = 4) -> Hashable:
        if depth <= 0 or len(self.fields) > LARGE:
            return id(self) if depth >= 0 else "object"
        return (
            "object",
            frozenset(self.symbolic),
            tuple((key, value.fingerprint(depth - 1)) for key, value in self.fields.items()),
            self.rest.fingerprint(depth - 1) if self.rest else None,
        )


@dataclass(slots=True, eq=False)
class Sequence(Value):
    """A list, tuple, set or array. ``rest`` is what further elements may be (None: there are none)."""

    items: list[Value] = field(default_factory=list)
    rest: Value | None = None

    @staticmethod
    def joined(items: list[Value], rest: Value | None) -> Sequence:
        """A sequence put together from others: of a very long one, the end is kept as what further elements may be."""
        if len(items) <= MAX_ITEMS:
            return Sequence(items, rest)
        return Sequence(items[:MAX_ITEMS], join(*items[MAX_ITEMS:], *(() if rest is None else (rest,))))

    def element(self) -> Value:
        """Any one element."""
        found = join(*self.items, *(() if self.rest is None else (self.rest,)))
        return found if self.items or self.rest is not None else UnknownValue("element of an empty list")

    def fingerprint(self, depth: int = 4) -> Hashable:
        if depth <= 0 or len(self.items) > LARGE:
            return id(self) if depth >= 0 else "sequence"
        return (
            "sequence",
            tuple(item.fingerprint(depth - 1) for item in self.items),
            self.rest.fingerprint(depth - 1) if self.rest else None,
        )


@dataclass(slots=True, eq=False)
class Frame:
    """A scope: the variables of one module, class body or function activation.

    ``names`` are the scope's own names; others belong to ``parent``. ``version`` grows whenever a variable
    changes, so that memoised calls notice.
    """

    file: str
    names: frozenset[str]
    parent: Frame | None
    this: Value | None = None
    variables: dict[str, Value] = field(default_factory=dict)
    version: int = 0
    owner: ClassValue | None = None
    language: str = ""
    is_class: bool = False
    is_program: bool = False
    """Of a module: it is run as a program (``__main__``), not imported."""


@dataclass(slots=True, eq=False)
class FunctionValue(Value):
    """A function of the analysed code with the scope it closes over, perhaps bound to an object."""

    function: ir.Function
    frame: Frame
    this: Value | None = None
    owner: ClassValue | None = None

    def fingerprint(self, depth: int = 4) -> Hashable:
        if depth < 0:
            return ("function", id(self.function))
        return ("function", id(self.function), id(self.frame), self.frame.version, id(self.this))


@dataclass(slots=True, eq=False)
class ClassValue(Value):
    """A class of the analysed code; ``bases`` may hold :class:`Native` values (a library's class)."""

    definition: ir.Class
    frame: Frame
    bases: tuple[Value, ...]
    fields: dict[str, Value] = field(default_factory=dict)
    keywords: Mapping[str, Value] = field(default_factory=dict)

    def ancestry(self) -> Iterable[Value]:
        """This class and its bases, depth first; natives and unknowns among them as they are."""
        seen: set[int] = set()
        stack: list[Value] = [self]
        while stack:
            one = stack.pop(0)
            if id(one) in seen:
                continue
            seen.add(id(one))
            yield one
            if isinstance(one, ClassValue):
                stack[:0] = one.bases


@dataclass(slots=True, eq=False)
class Instance(Value):
    """An object made from a class of the analysed code."""

    cls: ClassValue
    fields: dict[str, Value] = field(default_factory=dict)
    born: int = 0

    def fingerprint(self, depth: int = 4) -> Hashable:
        if depth <= 0:
            return id(self) if depth == 0 else ("instance", id(self.cls))
        return (
            "instance",
            id(self.cls),
            tuple((key, value.fingerprint(depth - 1)) for key, value in self.fields.items()),
        )


@dataclass(slots=True, eq=False)
class External(Value):
    """Something from a module that is not analysed: the module, a member, what a call of it gave back.

    ``captured`` holds the values that were handed to it (handlers registered on an app, a wrapped
    function): whoever uses the external runs them. See the escape rule in ``interpret.py``.
    """

    origin: str
    captured: list[Value] = field(default_factory=list)
    receiver: External | None = None
    """What it is a member of, or, for a call's result, the object that was called."""
    module: bool = False
    called: bool = False
    """Whether it is what a call gave back."""

    def fingerprint(self, depth: int = 4) -> Hashable:
        root = self.root
        if root.captured or self.captured:
            return ("external", self.origin, id(root))
        return ("external", self.origin, self.called)

    @property
    def root(self) -> External:
        """The module or object at the start of the chain of members."""
        one = self
        while one.receiver is not None:
            one = one.receiver
        return one


@dataclass(slots=True, eq=False)
class ModuleValue(Value):
    """A module of the analysed code; a Python namespace package has no frame of its own file."""

    file: str
    frame: Frame
    directory: str | None = None
    """The folder in which a Python package's submodules are looked for."""
    loading: bool = False


@dataclass(slots=True, eq=False)
class SuperValue(Value):
    """``super``: the members of ``owner``'s bases, bound to ``this``."""

    owner: ClassValue
    this: Value


@dataclass(frozen=True, slots=True)
class CallSite:
    """The arguments of one call. ``complete`` is False where unknown spread arguments may follow."""

    positional: tuple[Value, ...]
    keywords: Mapping[str, Value]
    place: Place
    complete: bool = True
    decorator: bool = False

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

    def subclassed(self, cls: ClassValue, run: Run) -> None:
        """A class of the analysed code that derives from this one has been made."""

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


def join(*values: Value) -> Value:
    """One value for several that may arrive. More than eight texts become one unknown; functions and objects are kept
    beyond that, so that a table of handlers stays reachable."""
    if len(values) == 1:
        return values[0]
    found: dict[Hashable, Value] = {}
    scalars = 0
    for value in values:
        for option in value.options if isinstance(value, Union) else (value,):
            key = option.fingerprint(2)
            if key not in found and len(found) < MAX_CALLABLES:
                found[key] = option
                scalars += _is_plain(option)
    if scalars > MAX_UNION:
        kept = [option for option in found.values() if not (_is_plain(option) or isinstance(option, UnknownValue))]
        found = {option.fingerprint(2): option for option in kept}
        many = UnknownValue(f"one of more than {MAX_UNION} values")
        found[many.fingerprint()] = many
    if len(found) == 1:
        return next(iter(found.values()))
    return Union(tuple(found.values())) if found else Const(None)


def _is_plain(value: Value) -> bool:
    """Whether nothing of the analysed code can run through it."""
    return isinstance(value, Const | TextValue) or (
        isinstance(value, External) and not value.captured and not value.root.captured
    )


def options(value: Value) -> tuple[Value, ...]:
    """The alternatives of a value (itself, where it is no union)."""
    return value.options if isinstance(value, Union) else (value,)


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
    "Value",
    "as_text",
    "from_text",
    "join",
    "options",
]
