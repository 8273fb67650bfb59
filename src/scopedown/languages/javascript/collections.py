"""``Map`` and ``Set``, whose members are the rows of ``builtins.tsv``, and objects from pairs."""

from __future__ import annotations

from dataclasses import dataclass

from scopedown.calls.builtins.builtin_call import joined, listed
from scopedown.calls.interpreter import members
from scopedown.calls.machine import Machine
from scopedown.calls.values import CallSite, Const, Object, Sequence, UnknownValue, Value, join
from scopedown.core.place import Place
from scopedown.languages.javascript.array_methods import BUILTINS
from scopedown.languages.javascript.exact import of_map, of_set, pairs, unique
from scopedown.languages.javascript.natives import JavaScriptNative, given, method


def from_entries(site: CallSite, run: Machine) -> Value:
    """``Object.fromEntries(pairs)``."""
    made = Object()
    value = site.argument(0)
    if value is None:
        return made
    pairs = listed(run, value.entries(site.place) if isinstance(value, MapValue) else value, site.place)
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

    label = "Map"
    held: Object

    def entries(self, place: Place) -> Sequence:
        """Its entries as pairs."""
        return BUILTINS.habits.entries(self.held, place)

    def listed(self) -> list[Value] | None:
        """Its entries."""
        return pairs(self.held)

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """What the rows say."""
        if run.exact and (found := of_map(self, self.held, name)) is not None:
            return found
        return BUILTINS.member(self.held, name, run, place, "map", self)

    def iterate(self, run: Machine, place: Place) -> Value:
        """A pair of key and value."""
        return self.entries(place).element()


@dataclass(frozen=True, slots=True, eq=False)
class SetValue(JavaScriptNative):
    """A ``Set``: an array."""

    label = "Set"
    held: Sequence

    def listed(self) -> list[Value] | None:
        """Its elements, each once."""
        return unique(self.held)

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """What the rows say, and sets of elements of both."""
        if name in ("union", "intersection", "difference", "symmetricDifference"):
            return method(self, name, self._with)
        if run.exact and (found := of_set(self, self.held, name)) is not None:
            return found
        return BUILTINS.member(self.held, name, run, place, "set", self)

    def _with(self, site: CallSite, run: Machine) -> Value:
        other = site.argument(0)
        more = [] if other is None else listed(run, other, site.place).held()
        return SetValue(Sequence([], joined(*self.held.held(), *more)))

    def iterate(self, run: Machine, place: Place) -> Value:
        """Any element."""
        return self.held.element()


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
    made = listed(run, value, site.place)
    return SetValue(Sequence(list(made.items), made.rest))
