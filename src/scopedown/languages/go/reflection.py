"""``reflect``: values and types by reflection (https://pkg.go.dev/reflect)."""

from __future__ import annotations

from dataclasses import dataclass

from scopedown.calls.interpreter import references
from scopedown.calls.interpreter.dispatch import fitting, on_client
from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    FunctionValue,
    Instance,
    Object,
    Sequence,
    UnknownValue,
    Value,
    join,
    options,
)
from scopedown.core.place import Place
from scopedown.languages.go.natives import Function, Named, Thing, first

_ITSELF = ("Elem", "Addr", "Convert", "Slice", "Func")
_PARTS = ("Field", "FieldByName", "FieldByIndex", "Index", "MapIndex")


def reflected(site: CallSite, run: Machine) -> Value:
    """``reflect.ValueOf(x)``, ``reflect.TypeOf(x)``."""
    on_client(run, first(site), "is used by reflection", site.place)
    return Reflected(first(site))


@dataclass(frozen=True, slots=True, eq=False)
class Reflected(Native):
    """A ``reflect.Value`` or a ``reflect.Type`` of a value, or one of its methods."""

    label = "a value by reflection"
    value: Value

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A method of the package's type."""
        if name in _ITSELF:
            return self if name == "Func" else Function(name, lambda site, run: self, self)
        if name in ("Method", "MethodByName"):
            return Function(name, self._method, self)
        if name in _PARTS:
            return Function(name, self._part, self)
        if name in ("Call", "CallSlice"):
            return Function(name, self._call, self)
        if name in ("Interface", "TypeAssert"):
            return Function(name, lambda site, run: self.value, self)
        if name.startswith("Set"):
            return Function(name, self._set, self)
        return Thing(f"reflect.Value.{name}")

    def index(self, key: Value, run: Machine, place: Place) -> Value:
        """``m, ok := t.MethodByName(name)``: the method comes first."""
        return self if key == Const(0) else UnknownValue("whether it is there", place, inert=True)

    def _method(self, site: CallSite, run: Machine) -> Value:
        """Any method; the one of a known name."""
        found: list[Value] = []
        for option in options(self.value):
            names = [
                name
                for cls in _classes(option)
                for name, member in cls.fields.items()
                if isinstance(member, FunctionValue)
            ]
            found += [run.attribute(option, name, site.place) for name in fitting(names, _name(site))]
        found = found or [UnknownValue("a method by reflection", site.place)]
        return Reflected(join(*found))

    def _part(self, site: CallSite, run: Machine) -> Value:
        found: list[Value] = []
        for option in options(self.value):
            if isinstance(option, Object | Sequence):
                found += option.held()
            elif isinstance(option, Instance):
                names = dict.fromkeys([*option.fields, *(name for name, _ in option.cls.definition.types)])
                found += [run.attribute(option, name, site.place) for name in fitting(names, _name(site))]
        return Reflected(join(*found) if found else UnknownValue("a part by reflection", site.place))

    def _call(self, site: CallSite, run: Machine) -> Value:
        result = run.call_value(self.value, CallSite((), {}, site.place, complete=False))
        return Sequence([], Reflected(result))

    def _set(self, site: CallSite, run: Machine) -> Value:
        references.unseen_write(run, self.value, site.place)
        return UnknownValue("nothing", site.place, inert=True)


def _name(site: CallSite) -> Value:
    """The name that is asked for; a number may be any."""
    given = first(site)
    is_text = any(type(getattr(option, "value", None)) is str for option in options(given))
    return given if is_text else UnknownValue("a number", site.place)


def _classes(value: Value) -> list[ClassValue]:
    match value:
        case Instance():
            return [cls for cls in value.cls.ancestry() if isinstance(cls, ClassValue)]
        case Named():
            return [value.cls]
        case ClassValue():
            return [value]
        case _:
            return []
