"""Things of the standard library that keep what code puts into them: contexts, ``sync.Once``, pools, shared values."""

from __future__ import annotations

from dataclasses import dataclass, field

from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import CallSite, Const, Sequence, UnknownValue, Value, join
from scopedown.core.place import Place
from scopedown.languages.go.natives import NOTHING, Function, Thing, data, results


@dataclass(frozen=True, slots=True, eq=False)
class Context(Native):
    """A context, with the values that code put into it."""

    label = "a context"
    values: tuple[Value, ...] = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``Value``; the rest is data."""
        if name == "Value":
            return Function(name, self._value, self)
        return Thing(f"context.Context.{name}")

    def _value(self, site: CallSite, run: Machine) -> Value:
        return join(*self.values) if self.values else data("ctx.Value", site.place)


class Once(Native):
    """``sync.Once``: the type, and one of it."""

    __slots__ = ()
    label = "sync.Once"

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``Do`` runs the function."""
        return Function("sync.Once.Do", _do, self)

    def construct(self, site: CallSite, run: Machine) -> Value:
        """One."""
        return self


def _do(site: CallSite, run: Machine) -> Value:
    for value in site.positional:
        run.call_value(value, CallSite((), {}, site.place))
    return NOTHING


class Pool(Native):
    """``sync.Pool``: the type."""

    __slots__ = ()
    label = "sync.Pool"

    def construct(self, site: CallSite, run: Machine) -> Value:
        """One."""
        return _Pool()


class _Pool(Native):
    __slots__ = ("made",)
    label = "a pool"

    def __init__(self) -> None:
        self.made: Value | None = None

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        if name == "Get":
            return Function("sync.Pool.Get", self._get, self)
        return Thing(f"sync.Pool.{name}")

    def _get(self, site: CallSite, run: Machine) -> Value:
        if self.made is None:
            return UnknownValue("a value of a pool", site.place)
        return run.call_value(self.made, CallSite((), {}, site.place))

    def assign(self, name: str, value: Value, run: Machine, place: Place) -> None:
        self.made = value


@dataclass(frozen=True, slots=True, eq=False)
class Shared(Native):
    """``sync.Map``, ``atomic.Value``: the type."""

    label = "{self.name}"
    name: str

    def construct(self, site: CallSite, run: Machine) -> Value:
        """One."""
        return _Shared(self.name)

    def index(self, key: Value, run: Machine, place: Place) -> Value:
        """With its types."""
        return self


@dataclass(slots=True, eq=False)
class _Shared(Native):
    label = "{self.name}"
    name: str
    held: Sequence = field(default_factory=Sequence)

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        if name in ("Store", "LoadOrStore", "Swap", "CompareAndSwap"):
            return Function(f"{self.name}.{name}", self._store, self)
        if name in ("Load", "LoadAndDelete"):
            return Function(f"{self.name}.{name}", self._load, self)
        if name == "Range":
            return Function(f"{self.name}.{name}", self._range, self)
        return Thing(f"{self.name}.{name}")

    def _store(self, site: CallSite, run: Machine) -> Value:
        if site.positional:
            new = site.positional[-1]
            self.held.rest = new if self.held.rest is None else join(self.held.rest, new)
        return self._load(site, run)

    def _load(self, site: CallSite, run: Machine) -> Value:
        """What may be in it: a value's ``Load`` gives it alone, a map's whether there is one too."""
        value = self.held.element() if self.held.rest is not None else Const(None)
        return value if self.name.startswith("atomic") else results(value, data(self.name, site.place))

    def _range(self, site: CallSite, run: Machine) -> Value:
        for value in site.positional:
            key = data(self.name, site.place)
            run.call_value(value, CallSite((key, self.held.element()), {}, site.place))
        return NOTHING
