"""``Map`` and ``Set``, and objects from pairs."""

from __future__ import annotations

from dataclasses import dataclass

from scopedown.calls.builtins.javascript_array import add, any_of
from scopedown.calls.builtins.javascript_native import (
    NOTHING,
    JavaScriptNative,
    elements,
    given,
    method,
)
from scopedown.calls.interpreter import members
from scopedown.calls.machine import Machine
from scopedown.calls.values import CallSite, Const, Object, Sequence, UnknownValue, Value, join
from scopedown.core.place import Place


def from_entries(site: CallSite, run: Machine) -> Value:
    """``Object.fromEntries(pairs)``."""
    made = Object()
    value = site.argument(0)
    if value is None:
        return made
    pairs = elements(run, value.entries() if isinstance(value, MapValue) else value, site.place)
    for pair in pairs.held():
        if isinstance(pair, Sequence) and len(pair.items) == 2:
            members.assign_index(run, made, pair.items[0], pair.items[1], site.place)
        elif not isinstance(pair, Const):
            unknown = pair if isinstance(pair, UnknownValue) else UnknownValue("an entry", site.place)
            made.rest = unknown if made.rest is None else join(made.rest, unknown)
    return made


@dataclass(frozen=True, slots=True, eq=False)
class MapValue(JavaScriptNative):
    """A ``Map``: an object by the text of its keys."""

    held: Object

    def entries(self) -> Sequence:
        """Its entries as pairs."""
        pairs: list[Value] = [Sequence([Const(name), item]) for name, item in self.held.fields.items()]
        rest = self.held.rest
        return Sequence(pairs, Sequence([UnknownValue("a key"), rest]) if rest is not None else None)

    def keys(self) -> Sequence:
        """Its keys."""
        rest = self.held.rest
        return Sequence([Const(name) for name in self.held.fields], UnknownValue("a key") if rest is not None else None)

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """``get``, ``set``, ``has``, ``forEach`` …"""
        held = self.held

        def get(site: CallSite, run: Machine) -> Value:
            key = site.argument(0) or NOTHING
            if isinstance(key, Const) and members.key_text(key) not in held.fields and held.rest is None:
                # Not there yet; whoever fills it later may run in another order.
                return UnknownValue("an entry of a Map", site.place)
            return members.index(run, held, key, site.place)

        def put(site: CallSite, run: Machine) -> Value:
            key, value = site.argument(0) or NOTHING, site.argument(1) or NOTHING
            members.assign_index(run, held, key, value, site.place)
            return self

        def each(site: CallSite, run: Machine) -> Value:
            for pair in [*self.entries().items, *filter(None, (self.entries().rest,))]:
                if isinstance(pair, Sequence):
                    run.call(site.argument(0) or NOTHING, (pair.items[1], pair.items[0], self), site.place)
            return NOTHING

        if name == "get":
            return method(self, name, get)
        if name == "set":
            return method(self, name, put)
        if name == "forEach":
            return method(self, name, each)
        if name == "entries":
            return method(self, name, lambda site, run: self.entries())
        if name == "values":
            return method(self, name, lambda site, run: Sequence(list(held.fields.values()), held.rest))
        if name == "keys":
            return method(self, name, lambda site, run: self.keys())
        if name == "delete":
            return method(self, name, lambda site, run: UnknownValue("whether it was there", site.place))
        if name == "clear":
            return method(self, name, lambda site, run: NOTHING)
        return None

    def iterate(self, run: Machine, place: Place) -> Value:
        """A pair of key and value."""
        return self.entries().element()

    def describe(self) -> str:
        """``Map``."""
        return "Map"


@dataclass(frozen=True, slots=True, eq=False)
class SetValue(JavaScriptNative):
    """A ``Set``: an array."""

    held: Sequence

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """``add``, ``has``, ``forEach``, ``values`` …"""
        held = self.held

        def put(site: CallSite, run: Machine) -> Value:
            add(run, held, site.positional)
            return self

        def each(site: CallSite, run: Machine) -> Value:
            for item in any_of(held):
                run.call(site.argument(0) or NOTHING, (item, item, self), site.place)
            return NOTHING

        if name == "add":
            return method(self, name, put)
        if name == "forEach":
            return method(self, name, each)
        if name in ("values", "keys"):
            return method(self, name, lambda site, run: held)
        if name in ("union", "intersection", "difference", "symmetricDifference"):
            return method(self, name, self._with)
        if name == "delete":
            return method(self, name, lambda site, run: UnknownValue("whether it was there", site.place))
        if name == "clear":
            return method(self, name, lambda site, run: NOTHING)
        return None

    def _with(self, site: CallSite, run: Machine) -> Value:
        """A set of elements of both."""
        other = site.argument(0)
        more = [] if other is None else any_of(elements(run, other, site.place))
        found = [*any_of(self.held), *more]
        return SetValue(Sequence([], join(*found) if found else None))

    def iterate(self, run: Machine, place: Place) -> Value:
        """Any element."""
        return self.held.element()

    def describe(self) -> str:
        """``Set``."""
        return "Set"


def map_(site: CallSite, run: Machine) -> Value:
    """``new Map(entries)``."""
    entries = site.argument(0)
    held = from_entries(CallSite((entries,), {}, site.place), run) if entries is not None and given(entries) else None
    made = held if isinstance(held, Object) else Object()
    made.born = run.position.conditional
    return MapValue(made)


def set_(site: CallSite, run: Machine) -> Value:
    """``new Set(values)``."""
    value = site.argument(0)
    if value is None or not given(value):
        return SetValue(Sequence())
    made = elements(run, value, site.place)
    return SetValue(Sequence(list(made.items), made.rest))
