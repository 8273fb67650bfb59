"""The machine that runs code abstractly, as its steps and the models use it, and the values that models bring.

The interpreter's steps (``interpreter/``), the built-ins, the SDKs and the libraries know the machine by this protocol
alone; ``interpreter/interpret.py`` implements it. The state of a run stands in ``state.py``. An SDK, a library or a
language's own name gives meaning to values by subclassing :class:`Native`, whose methods get the machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

from scopedown.calls.machine.state import Activation, Found, Heap, Position, Trail
from scopedown.calls.values import CallSite, ClassValue, Const, FunctionValue, Instance, UnknownValue, Value
from scopedown.core.place import Place
from scopedown.source import ir

if TYPE_CHECKING:
    from scopedown.catalog.model import Catalog
    from scopedown.source.sources import Sources


class Machine(Protocol):
    """One handler's run."""

    sources: Sources
    catalog: Catalog
    environment: Mapping[str, str]
    """Variables of the function that are set to known text."""
    position: Position
    found: Found
    heap: Heap
    trail: Trail
    steps: int

    # what models do

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
        """Call any value with positional arguments."""

    def attribute(self, value: Value, name: str, place: Place) -> Value:
        """Read a member of any value."""

    def escape(self, value: Value, place: Place) -> None:
        """The value reaches code that is not seen: its functions may be called with anything."""

    def overseen(self, name: str, site: CallSite, sends: bool = True) -> None:
        """A function that is not analysed is called, by its dotted name: it may start a program and, where it
        ``sends``, a request."""

    def dependency_version(self, package: str) -> str | None:
        """The version that the project pins a package to (``4.3.1``), or None where it pins none."""

    # what steps do

    def evaluate(self, activation: Activation, node: ir.Expr) -> Value:
        """The value of one expression, with its effects."""

    def execute(self, activation: Activation, statements: ir.Block) -> bool:
        """Run statements in order; False where the end cannot be reached."""

    def assign(self, activation: Activation, target: ir.Target, value: Value, at: ir.At) -> None:
        """Bind a value to a name, a member, an element or a pattern."""

    def call_value(self, function: Value, site: CallSite, new: bool = False) -> Value:
        """Call (or construct with) any value."""

    def enter(self, function: FunctionValue, site: CallSite) -> Value:
        """Run a function of the analysed code."""

    def construct(self, cls: ClassValue, site: CallSite) -> Value:
        """A new instance of a class of the analysed code."""

    def import_module(self, specifier: str, place: Place, types: bool = False, member: str | None = None) -> Value:
        """The value of an import in the file being run; ``types``: only types of it are used; ``member``: the one name
        that is asked of it."""

    def load(self, file: str) -> Value:
        """A project module by file: run once, then its exports."""

    # bookkeeping

    def place(self, at: ir.At) -> Place:
        """A node's place in the file being run."""

    def step(self) -> None:
        """Count one expression towards the bound."""

    def carried(self, items: int) -> None:
        """Count what is done with every item of a long list towards the bound."""

    def bound(self, name: str, message: str) -> None:
        """A bound was hit: say so once."""


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

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``self.name``."""
        return UnknownValue(f"{self.describe()}.{name}", place)

    def index(self, key: Value, run: Machine, place: Place) -> Value:
        """``self[key]``; a known string is an attribute."""
        if isinstance(key, Const) and isinstance(key.value, str):
            return self.attribute(key.value, run, place)
        return UnknownValue(f"{self.describe()}[…]", place)

    def assign(self, name: str, value: Value, run: Machine, place: Place) -> None:
        """``self.name = value``; ignored unless overridden."""
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

    def construct(self, site: CallSite, run: Machine) -> Value:
        """``new self(…)``."""
        return self.call(site, run)

    def iterate(self, run: Machine, place: Place) -> Value:
        """One element of it in a loop."""
        return UnknownValue(f"element of {self.describe()}", place)

    def enter(self, run: Machine, place: Place) -> Value:
        """What ``with self as x`` gives."""
        return self

    def member(self, owner: Value, name: str, run: Machine, place: Place) -> Value | None:
        """A member that a class of the analysed code inherits from this one.

        ``owner`` is the ClassValue or Instance through which it is reached; None where there is none.
        """
        return None

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

    def service_of_client(self) -> str | None:
        """botocore's name of the service that it is a client of (``s3``; ``*``: of any), where it is one."""
        return None

    def unsent(self) -> tuple[str, str] | None:
        """The service and operation of a call that is made but not sent (a command), where it is one."""
        return None

    def describe(self) -> str:
        """How a message names it."""
        return type(self).__name__


__all__ = ["Activation", "Found", "Heap", "Machine", "Native", "Position", "Trail"]
