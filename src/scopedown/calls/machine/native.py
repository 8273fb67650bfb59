"""Values to which a model gives a meaning: an SDK, a library, or a language's own names."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Final

from scopedown.calls.machine import records
from scopedown.calls.machine.protocol import Machine
from scopedown.calls.values import CallSite, ClassValue, Const, Instance, UnknownValue, Value, join, options
from scopedown.core.place import Place

Body = Callable[[CallSite, Machine], Value]
"""What a function does with its arguments."""

COLLECTIONS: Final = frozenset(
    {
        "_from_iterable", "add", "append", "close", "discard", "extend", "index", "insert", "items", "pop", "popitem",
        "send", "throw", "update",
    }
)  # fmt: skip
"""What mixins call on objects of their subclasses (https://docs.python.org/3/library/collections.abc.html)."""

_CLIENT: Final = "<client>"
"""The name under which an object of a class that derives from a client's keeps the client."""


class Native(Value):
    """A value whose meaning a model gives: an SDK module, a client, a bound method, a built-in.

    Subclasses override what they understand; the defaults are honest unknowns.
    """

    __slots__ = ()

    label = ""
    """How a message names it; ``{self.name}`` in it is replaced by that field. Empty: by the name of its class."""

    client_of = ""
    """botocore's name of the service that it is a client of (``s3``; ``*``: of any), written as ``label`` is. Empty: it
    is no client."""

    ignores_assignments = False
    """Whether what code sets on it is not followed."""

    names_a_client = False
    """Set by an SDK's client classes: called without arguments they give a client, and as a type they mean one."""

    is_unseen = False
    """Whether nothing is known of it, so that it is what it is declared as."""

    is_guess = False
    """Whether it is what a member is taken for of which the model does not know whether it is there."""

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``self.name``."""
        return UnknownValue(f"{self.describe()}.{name}", place)

    def declared_type(self, name: str, run: Machine, place: Place) -> Value:
        """A member that is imported as a type only; it is not there when the code runs."""
        return self.attribute(name, run, place)

    def why_unknown(self) -> UnknownValue | None:
        """Why nothing is known of it, where it stands for something that is not known."""
        return None

    def listed(self) -> list[Value] | None:
        """Its elements in order, where all are known."""
        return None

    def delete(self, name: str) -> None:
        """``delete self.name``."""

    def index(self, key: Value, run: Machine, place: Place) -> Value:
        """``self[key]``; a known string is an attribute."""
        if isinstance(key, Const) and isinstance(key.value, str):
            return self.attribute(key.value, run, place)
        return UnknownValue(f"{self.describe()}[…]", place)

    def assign(self, name: str, value: Value, run: Machine, place: Place) -> None:
        """``self.name = value``: unseen code has the value, unless that is ignored."""
        if not self.ignores_assignments:
            run.escape(value, place)

    def put(self, key: Value, value: Value, run: Machine, place: Place) -> None:
        """``self[key] = value``; a known string is an attribute."""
        if isinstance(key, Const) and isinstance(key.value, str):
            self.assign(key.value, value, run, place)

    def call(self, site: CallSite, run: Machine) -> Value:
        """``self(…)``; the arguments escape."""
        for value in site.all():
            run.escape(value, site.place)
        return UnknownValue(f"result of {self.describe()}()", site.place)

    @property
    def callable_when_escaped(self) -> bool:
        """Whether code that is not seen may call it once it has it: a method of a client, a function of the code."""
        return False

    def implicit(self, name: str, run: Machine, place: Place) -> Value | None:
        """A member that code names alone where this is the present object; None where it has none of that name."""
        return None

    def add(self, value: Value, run: Machine, place: Place) -> None:
        """A value is added to it where it is made (C#'s ``new List { x }``)."""
        run.escape(value, place)

    def applied(self, arguments: tuple[Value, ...], run: Machine) -> Value | None:
        """The type that it is with type arguments (``IOptions<Settings>``); None where they tell nothing."""
        return None

    def rewritten(self, site: CallSite, run: Machine) -> tuple[Value, Value] | None:
        """Where it changes the text in place that it is a method of: what the call gives, and the new text."""
        return None

    def construct(self, site: CallSite, run: Machine) -> Value:
        """``new self(…)``."""
        return self.call(site, run)

    def iterate(self, run: Machine, place: Place) -> Value:
        """One element of it in a loop."""
        return UnknownValue(f"element of {self.describe()}", place)

    def enter(self, run: Machine, place: Place) -> Value:
        """What ``with self as x`` gives."""
        return self

    def suppresses(self) -> bool:
        """Whether the end of ``with self`` may suppress an error of the block."""
        return False

    def member(self, owner: Value, name: str, run: Machine, place: Place) -> Value | None:
        """A member that a class of the analysed code inherits from this one.

        ``owner`` is the ClassValue or Instance through which it is reached; None where there is none. An object of a
        class that derives from a client's has what the client has that its constructor makes.
        """
        if not self.names_a_client or not isinstance(owner, Instance):
            return None
        if name in ("__init__", "constructor"):
            written = any("constructor" in one.fields for one in owner.cls.ancestry() if isinstance(one, ClassValue))
            if written and name == "__init__":
                return None  # the class's language has the other name, which is asked for next
            return Function(name, lambda site, run: self._begun(owner, site, run), self)
        client = self.client_within(owner, run, place)
        found = [one.known_member(name, run, place) for one in options(client) if isinstance(one, Native)]
        return join(*(one for one in found if one is not None)) if any(found) else None

    def client_within(self, owner: Instance, run: Machine, place: Place) -> Value:
        """The client that an object of a derived class is: what its constructor made, else one without arguments."""
        return owner.fields.get(_CLIENT) or self.construct(CallSite((), {}, place), run)

    def known_member(self, name: str, run: Machine, place: Place) -> Value | None:
        """``self.name`` where the model has a member of that name."""
        found = self.attribute(name, run, place)
        return None if isinstance(found, UnknownValue) or (isinstance(found, Native) and found.is_guess) else found

    def _begun(self, owner: Instance, site: CallSite, run: Machine) -> Value:
        owner.fields[_CLIENT] = self.construct(site, run)
        return Const(None)

    def inherited_element(self, owner: Instance, run: Machine, place: Place) -> Value | None:
        """One element of an object of a class that derives from this one, in a loop; None where that means nothing."""
        return None

    def elements(self, cls: ClassValue) -> list[Value] | None:
        """What going through a class that derives from this one gives (an enumeration), or None."""
        return None

    def subclassed(self, cls: ClassValue, run: Machine) -> None:
        """A class of the analysed code that derives from this one has been made."""

    def operate(self, operator: str, other: Value, place: Place) -> Value | None:
        """``self operator other`` (a path divided by a name), or None where that means nothing."""
        return None

    def as_key(self) -> str | None:
        """The name under which an object keeps what has it as a key (a symbol), or None where it is no such key."""
        return None

    def escaped(self, run: Machine, place: Place) -> None:
        """It reached code that is not seen: what it holds may run."""

    def calls_back(self) -> bool:
        """Whether it is a class that calls what its subclasses define."""
        return False

    def methods_called(self, cls: ClassValue) -> frozenset[str] | None:
        """The methods that it calls, beside special ones, on objects of a class that derives from it; None where it
        calls neither."""
        return None

    def service_of_client(self) -> str | None:
        """botocore's name of the service that it is a client of, where it is one."""
        return self.client_of.format(self=self) if self.client_of else None

    def unsent(self) -> tuple[str, str] | None:
        """The service and operation of a call that is made but not sent (a command), where it is one."""
        return None

    def describe(self) -> str:
        """How a message names it: its ``label``."""
        return self.label.format(self=self) if self.label else type(self).__name__

    def fingerprint(self, depth: int = 4) -> Hashable:
        """By its class and by all that it holds (``records.py``): no model says this again."""
        return records.fingerprint(self, depth)


class LocalPath(Native):
    """A path of the machine that code runs on, which is no address of an object."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, eq=False)
class Function(Native):
    """A function or a method by what it does; ``receiver`` is the value that it is a method of. It may have members
    (``chain.from_iterable``)."""

    label = "{self.name}"
    name: str
    body: Body
    receiver: Value | None = None
    members: Mapping[str, Value] = field(default_factory=dict)

    def call(self, site: CallSite, run: Machine) -> Value:
        """What it does with its arguments."""
        return self.body(site, run)

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A member. Where a function is an interface with one method, it is that method, whatever its name."""
        if run.position.language.functions_are_interfaces:
            return self
        return self.members.get(name) or UnknownValue(f"{self.name}.{name}", place)

    def index(self, key: Value, run: Machine, place: Place) -> Value:
        """A generic function with its types is the function."""
        return self if run.position.language.functions_take_types else Native.index(self, key, run, place)

    @property
    def callable_when_escaped(self) -> bool:
        """Of a client's methods."""
        return isinstance(self.receiver, Native) and self.receiver.service_of_client() is not None

    def methods_called(self, cls: ClassValue) -> frozenset[str] | None:
        """Those of collections (``dict``, ``list``)."""
        return COLLECTIONS
