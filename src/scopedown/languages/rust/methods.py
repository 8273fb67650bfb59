"""What Rust's values can do: rows of ``builtins.tsv``, and what these cannot say."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from scopedown.calls.builtins.builtin_call import Call, Habits, is_nothing
from scopedown.calls.builtins.builtin_table import Builtins
from scopedown.calls.builtins.map_effects import VERBS
from scopedown.calls.interpreter import members, operators
from scopedown.calls.machine import Machine
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    FunctionValue,
    Instance,
    Object,
    Sequence,
    TextValue,
    Union,
    UnknownValue,
    Value,
    join,
)
from scopedown.core.place import Place
from scopedown.languages.rust import texts
from scopedown.languages.rust.derived import OF_TYPES
from scopedown.languages.rust.dispatch import by_name, implemented
from scopedown.languages.rust.natives import (
    NOTHING,
    SAME,
    Function,
    extension,
    first,
    last,
    load_declaring,
    settled,
)


def method(value: Value, name: str, run: Machine, place: Place) -> Value | None:
    """A member that the language gives to a value of no model."""
    if isinstance(value, Instance) and name not in SAME:
        deref = members.member_of_class(run, value.cls, "deref", value, place)
        if deref is not None:
            return run.attribute(run.call(deref, (), place), name, place)
    if isinstance(value, ClassValue):
        if (
            value.definition.abstract
            and name not in OF_TYPES
            and (meant := implemented(value, name, run, place)) is not None
        ):
            return meant
        made = OF_TYPES.get(name)
        return None if made is None else Function(name, lambda site, run: made(value, site, run), value)
    if (added := extension(run, value, name)) is not None and not isinstance(value, Const):
        return added
    if name in SAME:
        shown = members.member_of_class(run, value.cls, "fmt", value, place) if isinstance(value, Instance) else None
        if name == "to_string" and isinstance(shown, FunctionValue | Union):
            return Function(name, lambda site, run: run.call(shown, (), site.place), value)
        made_same = Function(name, lambda site, run: value, value)
        return made_same if added is None else join(added, made_same)
    if isinstance(value, Instance) and added is None and load_declaring(run, name):  # a trait of a file not loaded yet
        added = members.member_of_class(run, value.cls, name, value, place) or extension(run, value, name)
        if added is not None:
            return added
    text = texts.METHODS.get(name)
    found = BUILTINS.member(value, name, run, place) if text is None else None
    if text is not None:
        found = Function(name, lambda site, run: text(value, site, run), value)
    if found is not None and not (isinstance(value, Instance) and name in _AMBIGUOUS):
        built_in = found
        return built_in if added is None else join(added, built_in)  # a trait of the program may have the name too
    if isinstance(value, UnknownValue):
        return by_name(run, value, name)
    return added


_AMBIGUOUS: Final = frozenset({"get", "insert", "push", "remove", "send", "first", "last", "next", "set", "put"})
"""Methods that an object of the project without them does not have."""


class _Habits(Habits):
    """A callback comes last, and what is made when it is needed is made for a key or a text."""

    bound = Function
    callback_at = -1
    maps_are_lists = False

    def plain(self, value: Value, run: Machine, place: Place) -> Value:
        """What is behind a lazy value, a cell or a member of a result."""
        return settled(value, run, place)


def _error(call: Call) -> Value:
    """What the first argument makes of an error."""
    return call.run.call(first(call.site), (UnknownValue("an error", call.place),), call.place)


def _apply(call: Call) -> Value:
    """What a callback gives for the value of an option."""
    return NOTHING if is_nothing(call.value) else call.run.call(last(call.site), (call.value,), call.place)


def _then(call: Call) -> Value:
    given = () if isinstance(call.value, Const) else (call.value,)
    return call.run.call(first(call.site), given, call.place)


def _get(call: Call) -> Value:
    """``map.get(key)``, ``list.get(0)``; ``cell.get()`` is the value."""
    return VERBS["get"](call, "$0", "nothing") if call.site.positional else call.value


def _inserted(call: Call) -> Value:
    """``map.insert(key, value)``."""
    if len(call.site.positional) > 1:
        members.assign_index(call.run, call.value, call.plain(0), call.site.positional[1], call.place)
    return NOTHING


def _handed_over(call: Call) -> Value:
    if not isinstance(call.value, Const | TextValue):
        call.run.escape(first(call.site), call.place)
    return NOTHING


def _entry(call: Call) -> Value:
    """``map.entry(key).or_insert_with(…)``: what the map has, or gets there."""

    def made(kind: str) -> Function:
        def body(inner: CallSite, run: Machine) -> Value:
            given = first(inner)
            if kind == "or_insert_with":
                given = run.call(given, (), inner.place)
            elif kind == "or_default":
                given = UnknownValue("a default value", inner.place)
            members.assign_index(run, call.value, call.plain(0), given, inner.place)
            return given

        return Function(kind, body)

    return Object({kind: made(kind) for kind in ("or_insert", "or_insert_with", "or_default")})


def _unzipped(call: Call) -> Value:
    pair, run, place = call.element(), call.run, call.place
    return Sequence([Sequence([], part) for part in call.habits.parts(pair, run, place)])


BUILTINS: Final = Builtins(
    Path(__file__).with_name("builtins.tsv"),
    _Habits(),
    {
        "apply": _apply,
        "call-with": lambda call: call.run.call(last(call.site), (call.value,), call.place),
        "entry": _entry,
        "get-at": _get,
        "hand-over": _handed_over,
        "insert": _inserted,
        "or-call": lambda call: operators.either(call.value, _error(call)),
        "or-else": lambda call: operators.either(call.value, call.plain(0)),
        "or-error": lambda call: join(_apply(call), _error(call)),
        "then": _then,
        "unzip": _unzipped,
    },
)
