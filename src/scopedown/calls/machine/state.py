"""The state of one run: where it is, what it found, what lives in it, and what it passed.

Each is data without behaviour of its own: the interpreter's steps and the models read and write it through
:class:`~scopedown.calls.machine.Machine`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from copy import copy
from dataclasses import dataclass, field

from scopedown.calls.model import PossibleCall, SdkCall
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    Frame,
    FunctionValue,
    Instance,
    ModuleValue,
    Object,
    TextValue,
    UnknownValue,
    Value,
    Variable,
)
from scopedown.core.coverage import Unseen
from scopedown.core.finding import Finding
from scopedown.core.place import Place
from scopedown.source import ir
from scopedown.source.resolve.python import SearchPath


@dataclass(slots=True, eq=False)
class Activation:
    """One run of a function, a class body or a module's top level."""

    frame: Frame
    is_function: bool
    returns: list[Value] = field(default_factory=list)
    yields: list[Value] = field(default_factory=list)
    jumps: int = 0
    """How many ``break`` and ``continue`` statements it passed."""
    leaving: ir.Jump | None = None
    """The ``break`` or ``continue`` by which control leaves statements, where code runs once."""
    certain: int = 0
    """How many undecided branches enclose the innermost loop, where code runs once."""
    in_function: bool = False
    """Whether it is the body of a class that a function makes."""
    iteration: Frame | None = None
    """In a loop's body: a scope with the loop's variable as it is this time, for the functions that are made there."""


@dataclass(slots=True, eq=False)
class Found:
    """What the run found."""

    calls: dict[Hashable, SdkCall] = field(default_factory=dict)
    possible: dict[Hashable, PossibleCall] = field(default_factory=dict)
    findings: dict[str, Finding] = field(default_factory=dict)
    unseen: dict[Hashable, Unseen] = field(default_factory=dict)
    """Parts of the code that were not seen, by what tells them apart."""
    not_analysed: set[str] = field(default_factory=set)
    """Modules that may call AWS and were not looked into."""
    left_out: dict[str, Hashable] = field(default_factory=dict)
    """Packages that were not read and may call AWS, by name, with their keys in ``unseen``."""
    harmless: set[str] = field(default_factory=set)
    """Packages that cannot call AWS and were not read."""
    silent: dict[str, str] = field(default_factory=dict)
    """Installed packages that the project's code imports and that made no call yet: their first files, by name."""
    sdk_files: set[str] = field(default_factory=set)
    """Files that import an SDK or a library of which a model knows the calls."""
    installed: set[str] = field(default_factory=set)
    """The files of installed packages among the modules."""
    installed_steps: int = 0
    """Steps that their top levels took."""
    imported: int = 0
    """How many imports of the project's own code were found."""
    functions_entered: dict[int, tuple[str, ir.At]] = field(default_factory=dict)
    """Where the functions that were run stand (file, start), by their identity."""


@dataclass(slots=True, eq=False)
class Stored:
    """What a run kept on objects that are not seen (``stored_objects.py``)."""

    values: dict[str, list[Value]] = field(default_factory=dict)
    read: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    """Names that code asked for, whether something was kept under them or not."""
    version: int = 0
    """How often something was kept under a name after code had asked for it: calls are run again then."""
    in_data: list[Value] = field(default_factory=list)
    """What code wrote to members of values of which nothing is known, such as an event."""
    reached: list[tuple[str, Value, Place]] = field(default_factory=list)
    """What unseen code that runs has in its hands."""


@dataclass(slots=True, eq=False)
class Provider:
    """How what is bound to a token is made: once, when it is asked for."""

    make: Callable[[Place], Value]
    made: Value | None = None

    def get(self, place: Place) -> Value:
        """The value; while it is being made, it is not known."""
        if self.made is None:
            self.made = UnknownValue("an object that is being made", place)
            self.made = self.make(place)
        return self.made


@dataclass(slots=True, eq=False)
class Bindings:
    """What containers supply (``injection.py``): what a run has bound, and what decorators said of classes and
    functions."""

    providers: dict[Hashable, list[Provider]] = field(default_factory=dict)
    tokens: dict[Hashable, Value] = field(default_factory=dict)
    """The tokens, which keeps them alive and their identities unique."""
    classes: dict[int, Provider] = field(default_factory=dict)
    """Objects of classes that nothing is bound to, by the class's identity."""
    notes: dict[tuple[str, int], list[Value]] = field(default_factory=dict)
    """By what is noted and the identity of a class or of a function's declaration."""
    automatic: set[int] = field(default_factory=set)
    """Classes whose constructors ask a container for what a call does not give, by identity."""


@dataclass(slots=True, eq=False)
class Written:
    """Where values are written, by their identities: of objects and lists, of the entries of an object (its key's place
    and its value's), and of a list's items. Each value is kept, so that it stays the only one of its identity."""

    values: dict[int, tuple[Value, Place]] = field(default_factory=dict)
    entries: dict[int, dict[str, tuple[Place, Place]]] = field(default_factory=dict)

    def made(self, value: Value, place: Place) -> None:
        """An object or a list that a literal makes."""
        self.values[id(value)] = value, place

    def entry(self, owner: Value, key: str | None, key_at: Place, at: Place) -> None:
        """An entry of an object."""
        if key is not None:
            self.values.setdefault(id(owner), (owner, at))
            self.entries.setdefault(id(owner), {})[key] = key_at, at

    def set(self, owner: Value, key: str, at: Place) -> None:
        """An entry of an object that an assignment writes."""
        if isinstance(owner, Object):
            self.entry(owner, key, at, at)

    def copied(self, into: Value, value: Value, at: Place) -> None:
        """The entries of one object that become those of another."""
        for key, places in self.entries.get(id(value), {}).items():
            self.entry(into, key, *places)

    def item(self, value: Value, place: Place) -> Value:
        """An item of a list: a scalar is its own value then."""
        if isinstance(value, Const | TextValue):
            value = copy(value)
            self.made(value, place)
        return value

    def place(self, value: Value) -> Place | None:
        """Where a value is written; None where that is not known."""
        known = self.values.get(id(value))
        return None if known is None else known[1]


def _globals() -> Frame:
    return Frame("", frozenset(), None)


@dataclass(slots=True, eq=False)
class Heap:
    """What lives in a run beside its scopes. Functions, classes and declarations are told apart by identity."""

    modules: dict[str, ModuleValue] = field(default_factory=dict)
    globals: Frame = field(default_factory=_globals)
    """Names that code of any file adds to those of the language."""
    names: dict[tuple[str, str], Value | None] = field(default_factory=dict)
    """What a file's names mean by its packages (``names.py``)."""
    placed: dict[str, Value] = field(default_factory=dict)
    """Modules that Python code has put into ``sys.modules`` itself, by name."""
    search: list[SearchPath] = field(default_factory=list)
    """The folders that Python code has put on ``sys.path``."""
    singletons: dict[str, list[Value]] = field(default_factory=dict)
    """Methods of single values that keep no members, by name."""
    changed_texts: dict[Hashable, Value] = field(default_factory=dict)
    """What texts became that code changed in place, by the fingerprints of the old ones."""
    changed_inside: dict[int, frozenset[str]] = field(default_factory=dict)
    """The variables of a function that functions written in it change, by its declaration."""
    prototypes: dict[tuple[int, int], Object] = field(default_factory=dict)
    """By the function's declaration and scope."""
    statics: dict[tuple[int, int], tuple[Object, FunctionValue]] = field(default_factory=dict)
    """What code wrote to a function (``f.name = …``), by its declaration and scope."""
    associates: dict[int, list[Value]] = field(default_factory=dict)
    """What decorators of a class were given, by the class: it escapes with the class."""
    wrapped: set[int] = field(default_factory=set)
    """Functions that a decorator wraps which is not seen, by their declaration."""
    escaped: dict[Hashable, Value] = field(default_factory=dict)
    """What unseen code has."""
    literals: list[Object] = field(default_factory=list)
    """Objects that were written with methods which JavaScript calls by itself."""
    objects: dict[int, list[Instance]] = field(default_factory=dict)
    """Some objects of each class (``implicit_calls.py``)."""
    declared: dict[tuple[int, str], tuple[Value, ...]] = field(default_factory=dict)
    """The clients that members are declared as, by the class and the member's name."""
    subclasses: dict[int, list[ClassValue]] = field(default_factory=dict)
    """The classes that derive from a class."""
    implementations: dict[int, tuple[ClassValue, ...]] = field(default_factory=dict)
    """The classes of a unit that derive from a class, once they were looked for."""
    operations: dict[str, dict[str, str]] = field(default_factory=dict)
    """The operations of a service by their letters (``sdks/emitting.py``)."""
    making: list[ClassValue] = field(default_factory=list)
    """Classes that a metaclass of the analysed code is making."""
    with_metaclass: list[ClassValue] = field(default_factory=list)
    """Classes that a metaclass of the analysed code has made."""
    answering: set[int] = field(default_factory=set)
    """Objects whose ``__getattribute__`` is running."""
    handed: dict[int, Instance] = field(default_factory=dict)
    """Objects that the code gave to a library, which may call methods of them."""
    thrown: list[Value] = field(default_factory=list)
    """Objects with code in them that were thrown."""
    by_reference: dict[tuple[int, int], Value] = field(default_factory=dict)
    """What functions have written to their parameters that are references, by the function and the position."""
    addresses: dict[int, tuple[Value, list[Variable]]] = field(default_factory=dict)
    """The variables that held an object when code took their address, by the object's identity
    (``interpreter/references.py``)."""
    stored: Stored = field(default_factory=Stored)
    bindings: Bindings = field(default_factory=Bindings)


@dataclass(frozen=True, slots=True)
class OpenCall:
    """A call of a value that is not known: ``name`` is what the code calls it by, None where that is computed."""

    name: str | None
    site: CallSite
    what: str
    is_member: bool
    """Whether it is called as a member of a value."""
    is_no_function: bool = False
    """Whether it is known as a value that nothing can call, so that any function may really be called here."""


@dataclass(slots=True, eq=False)
class Trail:
    """What the run passed (``trail.py``); nodes and functions are told apart by identity."""

    evaluated: set[int] = field(default_factory=set)
    """Calls that were evaluated."""
    skipped: set[int] = field(default_factory=set)
    """Statements and expressions that a decided test, a return or a throw leaves out."""
    made: dict[int, ir.Function] = field(default_factory=dict)
    """Functions that the body of a function made."""
    values: set[int] = field(default_factory=set)
    """Functions that code keeps or hands on as values."""
    in_unseen_hands: set[int] = field(default_factory=set)
    """Functions of objects that code which was not read got from a function of ours, and may call or hand on."""
    open: dict[tuple[str | None, Place], OpenCall] = field(default_factory=dict)
    """Calls on values that are not known and that may be a client or a function of the project."""
    on_data: dict[str | None, Place] = field(default_factory=dict)
    """Names by which code calls members of data, with the first place of each."""
    data_has_code: bool = False
    """Whether code wrote an object to a member of data whose methods are not those of an analysed class."""
    commands: dict[tuple[str, str], Place] = field(default_factory=dict)
    """Commands that were made, by service and operation."""
    sent: set[tuple[str, str]] = field(default_factory=set)
    """Calls that were recorded."""
    unsettled: dict[str, Place] = field(default_factory=dict)
    """What the code does with the language itself that the run follows only in part, with the first place of each
    (a clause: ``changes a built-in object``). Tests and calls may go another way than the run took."""
