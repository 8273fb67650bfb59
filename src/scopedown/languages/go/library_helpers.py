"""Helpers of Go: pointers to values, and what samber/lo does with lists.

Sources: https://pkg.go.dev/github.com/samber/lo, https://pkg.go.dev/k8s.io/utils/ptr,
https://pkg.go.dev/k8s.io/utils/pointer,
https://pkg.go.dev/github.com/AlekSi/pointer, https://pkg.go.dev/go.openly.dev/pointy,
https://pkg.go.dev/github.com/aws/smithy-go/ptr
"""

from __future__ import annotations

from scopedown.calls.interpreter import members
from scopedown.calls.machine import Machine
from scopedown.calls.values import CallSite, Const, Object, Sequence, UnknownValue, Value, join, options
from scopedown.core.place import Place
from scopedown.languages.go.builtins import pairs
from scopedown.languages.go.natives import NOTHING, Body, Package, first, function, given, passed_on

LANGUAGE = "go"
PACKAGES = (
    "github.com/samber/lo",
    "k8s.io/utils/ptr",
    "k8s.io/utils/pointer",
    "github.com/AlekSi/pointer",
    "go.openly.dev/pointy",
    "github.com/openlyinc/pointy",
    "github.com/xorcare/pointer",
    "github.com/gotidy/ptr",
    "github.com/aws/smithy-go/ptr",
)


def module(name: str) -> Value | None:
    """One of the packages."""
    return Package("lo", _lo()) if name == "github.com/samber/lo" else Pointers(name)


class Pointers(Package):
    """A package whose functions make pointers and read them, which are their values."""

    __slots__ = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``String``, ``To``, ``Deref``."""
        return function(f"{self.name}.{name}", given())


def _lo() -> dict[str, Value]:
    known: dict[str, Body] = {
        **dict.fromkeys(("ToPtr", "FromPtr", "EmptyableToPtr", "FromPtrOr", "Uniq", "Compact", "Reverse"), given()),
        **dict.fromkeys(("Must", "Must0", "Must1", "Must2"), _must),
        "Ternary": lambda site, run: join(*site.positional[1:]) if len(site.positional) > 2 else first(site),
        "If": lambda site, run: site.positional[1] if len(site.positional) > 1 else first(site),
        "Coalesce": lambda site, run: join(*site.positional) if site.positional else NOTHING,
        "CoalesceOrEmpty": lambda site, run: join(*site.positional) if site.positional else NOTHING,
        "Map": _map,
        "FilterMap": _map,
        "FlatMap": _flat_map,
        "Filter": _each,
        "Reject": _each,
        "ForEach": _each,
        "ForEachWhile": _each,
        "Keys": _keys,
        "Values": _values,
    }
    return {name: function(f"lo.{name}", body) for name, body in known.items()}


def _must(site: CallSite, run: Machine) -> Value:
    """The result of a call that must not fail."""
    several = passed_on(list(site.positional))
    return several[0] if several else NOTHING


def _results(site: CallSite, run: Machine) -> list[Value]:
    """What the function gives for each element."""
    if len(site.positional) < 2:
        return []
    body = site.positional[1]
    return [
        run.call_value(body, CallSite((pair.items[1], pair.items[0]), {}, site.place))
        for pair in _pairs(run, first(site), site.place)
    ]


def _pairs(run: Machine, value: Value, place: Place) -> list[Sequence]:
    """The elements with their positions; of a list of which not all is known, any one."""
    held = pairs(run, value, place)
    listed = held.held() if isinstance(held, Sequence) else []
    return [one for one in listed if isinstance(one, Sequence) and len(one.items) == 2]


def _map(site: CallSite, run: Machine) -> Value:
    known = isinstance(first(site), Sequence) and getattr(first(site), "rest", None) is None
    found = [_first_result(one, site.place, run) for one in _results(site, run)]
    return Sequence(found) if known else Sequence([], join(*found) if found else UnknownValue("an element", site.place))


def _first_result(value: Value, place: Place, run: Machine) -> Value:
    return members.index(run, value, Const(0), place) if isinstance(value, Sequence) and value.items else value


def _flat_map(site: CallSite, run: Machine) -> Value:
    found = [members.iterate(run, one, site.place, False) for one in _results(site, run)]
    return Sequence([], join(*found)) if found else Sequence()


def _each(site: CallSite, run: Machine) -> Value:
    """The function runs for each element; some of them are left, perhaps."""
    _results(site, run)
    return first(site)


def _keys(site: CallSite, run: Machine) -> Value:
    held = [option for option in options(first(site)) if isinstance(option, Object) and option.rest is None]
    return Sequence([Const(name) for one in held for name in one.fields]) if held else _unknown(site)


def _values(site: CallSite, run: Machine) -> Value:
    held = [option for option in options(first(site)) if isinstance(option, Object) and option.rest is None]
    return Sequence([value for one in held for value in one.fields.values()]) if held else _unknown(site)


def _unknown(site: CallSite) -> Value:
    return Sequence([], UnknownValue("an element", site.place, inert=True))
