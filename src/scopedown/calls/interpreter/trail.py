"""What a run passes, so that what it did not follow can be found afterwards.

In: the interpreter's notes while it runs. Out: which calls were evaluated, which code was left out because a test
decided so, and the calls on values of which nothing is known. ``unfollowed.py`` reads it when the run is over.
"""

from __future__ import annotations

from collections.abc import Iterable

from scopedown.calls.machine import Machine, Native
from scopedown.calls.machine.state import OpenCall, Trail
from scopedown.calls.values import (
    CallSite,
    Const,
    External,
    FunctionValue,
    Object,
    Sequence,
    TextValue,
    UnknownValue,
    Unset,
    Value,
    options,
)
from scopedown.core.place import Place
from scopedown.source import ir
from scopedown.source.outline import names_in

OF_NOTHING = "a member of null or undefined"
"""Why a member of a value that has none is unknown."""


def called(run: Machine, node: ir.Call, function: Value, site: CallSite) -> None:
    """A call is about to run: note it where what is called is not known."""
    trail = run.trail
    if run.position.language.reports_no_functions and _is_no_function(run, node, function):
        name = name_of(node)
        trail.open.setdefault((name, site.place), OpenCall(name, site, "no function", False, is_no_function=True))
        return
    if run.position.language.reports_no_functions and _is_missing(function):
        # The code would fail here by all that is known, so that a function of another name may be meant.
        trail.open.setdefault((None, site.place), OpenCall(None, site, "no member", False))
    if (name := name_of(node)) in run.position.language.finding_members and not _is_own(function):
        trail.open.setdefault((None, site.place), OpenCall(None, site, f"functions that {name}() finds", False))
    for option in options(function):
        if isinstance(option, UnknownValue):
            if not option.inert:
                _open(trail, node, site, option.reason)
                return
            trail.on_data.setdefault(name_of(node), site.place)
        elif isinstance(option, External) and any(map(_holds_code, option.root.captured)):
            _open(trail, node, site, option.origin)
            return
        elif isinstance(option, Native) and option.is_unseen:
            _open(trail, node, site, option.describe())
            return


def _is_own(function: Value) -> bool:
    return any(isinstance(option, FunctionValue) for option in options(function))


def called_by_member(run: Machine, node: ir.Call, owner: Value, site: CallSite) -> None:
    """``value.call()``: note it where the value is no function by all that is known."""
    if not isinstance(node.function, ir.Attr) or node.function.name not in run.position.language.calling_members:
        return
    some = [option for option in options(owner) if not (isinstance(option, Const) and option.value is None)]
    if some and all(isinstance(option, Const | TextValue | Sequence | Object | UnknownValue) for option in some):
        name = node.function.name
        run.trail.open.setdefault((name, site.place), OpenCall(name, site, "no function", False, is_no_function=True))


def _is_missing(function: Value) -> bool:
    return isinstance(function, Unset) or (isinstance(function, UnknownValue) and function.reason == OF_NOTHING)


def _is_no_function(run: Machine, node: ir.Call, function: Value) -> bool:
    """Whether the code would fail here by all that is known, unless a test of the value keeps it from that."""
    if node.optional or not all(isinstance(option, Const | TextValue | Sequence) for option in options(function)):
        return False
    name = name_of(node)
    return name is None or not any(name in names_in(test) for test in run.position.tests)


def _open(trail: Trail, node: ir.Call, site: CallSite, what: str) -> None:
    name = name_of(node)
    is_member = isinstance(node.function, ir.Attr)
    trail.open.setdefault((name, site.place), OpenCall(name, site, what, is_member))


def kept(trail: Trail, value: Value) -> None:
    """Code puts a value into a collection, hands it to a function, or gives it back."""
    for option in options(value):
        if isinstance(option, FunctionValue):
            trail.values.add(id(option.function))


def given(trail: Trail, members: Iterable[Value]) -> None:
    """Code that was not read has an object with these members."""
    trail.in_unseen_hands.update(id(member.function) for member in members if isinstance(member, FunctionValue))


def unsettle(run: Machine, what: str, place: Place) -> None:
    """The code does what the run follows only in part: ``what`` is a clause (``changes a built-in object``)."""
    run.trail.unsettled.setdefault(what, place)


def constructed(trail: Trail, made: Value, place: Place) -> None:
    """Note a command, which something has to send."""
    for option in options(made):
        if isinstance(option, Native) and (call := option.unsent()) is not None:
            trail.commands.setdefault(call, place)


def name_of(call: ir.Call) -> str | None:
    """What code calls a value by: a variable or a member; None where that is computed."""
    function = call.function
    while isinstance(function, ir.Index) and isinstance(function.index, ir.ListExpr):
        function = function.object  # a generic function with its types
    match function:
        case ir.Attr(name=name) | ir.Name(id=name) | ir.Index(index=ir.Const(value=str() as name)):
            return name
        case _:
            return None


def called_name(call: ir.Call) -> str | None:
    """The same; ``*`` for a member whose name is computed, which may be any."""
    name = name_of(call)
    return "*" if name is None and isinstance(call.function, ir.Index) else name


def _holds_code(value: Value) -> bool:
    """Whether a call through the value may reach a client."""
    return any(isinstance(option, Native) for option in options(value))
