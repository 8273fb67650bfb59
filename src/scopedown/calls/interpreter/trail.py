"""What a run passes, so that what it did not follow can be found afterwards.

In: the interpreter's notes while it runs. Out: which calls were evaluated, which code was left out because a test
decided so, and the calls on values of which nothing is known. ``unfollowed.py`` reads it when the run is over.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from scopedown.calls.values import CallSite, External, FunctionValue, Native, UnknownValue, Value, options
from scopedown.core.place import Place
from scopedown.source import ir


@dataclass(frozen=True, slots=True)
class OpenCall:
    """A call of a value that is not known: ``name`` is what the code calls it by, None where that is computed."""

    name: str | None
    site: CallSite
    what: str
    is_member: bool
    """Whether it is called as a member of a value."""


@dataclass(slots=True)
class Trail:
    """The notes of one run; nodes and functions are told apart by identity."""

    evaluated: set[int] = field(default_factory=set)
    """Calls that were evaluated."""
    skipped: set[int] = field(default_factory=set)
    """Statements and expressions that a decided test, a return or a throw leaves out."""
    made: dict[int, ir.Function] = field(default_factory=dict)
    """Functions that the body of a function made."""
    in_unseen_hands: set[int] = field(default_factory=set)
    """Functions of objects that code which was not read got from a function of ours, and may call or hand on."""
    open: dict[tuple[str | None, Place], OpenCall] = field(default_factory=dict)
    """Calls on values that are not known and that may be a client or a function of the project."""
    commands: dict[tuple[str, str], Place] = field(default_factory=dict)
    """Commands that were made, by service and operation."""
    sent: set[tuple[str, str]] = field(default_factory=set)
    """Calls that were recorded."""

    def called(self, node: ir.Call, function: Value, site: CallSite) -> None:
        """A call is about to run: note it where what is called is not known."""
        for one in options(function):
            if isinstance(one, UnknownValue):
                if not one.inert:
                    self._open(node, site, one.reason)
                    return
            elif isinstance(one, External) and any(map(_holds_code, one.root.captured)):
                self._open(node, site, one.origin)
                return

    def _open(self, node: ir.Call, site: CallSite, what: str) -> None:
        name = name_of(node)
        is_member = isinstance(node.function, ir.Attr)
        self.open.setdefault((name, site.place), OpenCall(name, site, what, is_member))

    def given(self, members: Iterable[Value]) -> None:
        """Code that was not read has an object with these members."""
        self.in_unseen_hands.update(id(one.function) for one in members if isinstance(one, FunctionValue))

    def constructed(self, made: Value, place: Place) -> None:
        """Note a command, which something has to send."""
        for one in options(made):
            if isinstance(one, Native) and (call := one.unsent()) is not None:
                self.commands.setdefault(call, place)


def name_of(call: ir.Call) -> str | None:
    """What code calls a value by: a variable or a member; None where that is computed."""
    match call.function:
        case ir.Attr(name=name) | ir.Name(id=name) | ir.Index(index=ir.Const(value=str() as name)):
            return name
        case _:
            return None


def _holds_code(value: Value) -> bool:
    """Whether a call through the value may reach a client."""
    return any(isinstance(one, Native) for one in options(value))
