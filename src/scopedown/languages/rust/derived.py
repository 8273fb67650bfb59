"""What types have without code of the project for it.

Builders that a macro derives for a structure (typed-builder, derive_builder, bon, buildstructor):
``Query::builder().client(client).table("t").build()`` (https://docs.rs/typed-builder, https://docs.rs/derive_builder);
functions such as ``default`` and ``parse``, which ``derive`` makes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from scopedown.calls.machine import Machine
from scopedown.calls.values import CallSite, ClassValue, UnknownValue, Value
from scopedown.core.place import Place
from scopedown.languages.rust.natives import Function, Item, RustNative, first, settled


@dataclass(frozen=True, slots=True, eq=False)
class DerivedBuilder(RustNative):
    """A structure of the project and the members that were set so far."""

    label = "the builder of {self.made.definition.name}"
    made: ClassValue
    held: Mapping[str, Value]

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """``build``, else a setter: of a member by its name, or by ``set_`` or ``with_`` before it."""
        if name == "build":
            return Function(name, self._build, self)
        member = name.removeprefix("set_").removeprefix("with_").removeprefix("maybe_")

        def set_member(site: CallSite, run: Machine) -> Value:
            return DerivedBuilder(self.made, {**self.held, member: settled(first(site), run, site.place)})

        return Function(name, set_member, self)

    def _build(self, site: CallSite, run: Machine) -> Value:
        made = run.call_value(self.made, CallSite((), {}, site.place), new=True)
        for name, value in self.held.items():
            fields = getattr(made, "fields", None)
            if isinstance(fields, dict):
                fields[name] = value
        return made

    def escaped(self, run: Machine, place: Place) -> None:
        """What it holds may run."""
        for value in self.held.values():
            run.escape(value, place)


def derived_builder(site: CallSite, run: Machine) -> Value:
    """``QueryBuilder`` that derive_builder makes for ``Query``."""
    made = first(site)
    if not isinstance(made, ClassValue):
        return UnknownValue("a builder", site.place)
    begin = Function("default", lambda site, run: DerivedBuilder(made, {}))
    return Item(f"{made.definition.name}Builder", {"default": begin, "new": begin, "create_empty": begin})


def _default(value: Value, site: CallSite, run: Machine) -> Value:
    """``T::default()`` and other functions that derived code has."""
    return run.call_value(value, CallSite((), {}, site.place), new=True)


def _builder(value: Value, site: CallSite, run: Machine) -> Value:
    """``T::builder()`` that a macro derives."""
    return DerivedBuilder(value, {}) if isinstance(value, ClassValue) else _default(value, site, run)


def _converted(value: Value, site: CallSite, run: Machine) -> Value:
    """``T::from(x)`` where nothing of the code says how: an object of which nothing is known."""
    return UnknownValue("a converted value", site.place)


OF_TYPES: Final[Mapping[str, Callable[[Value, CallSite, Machine], Value]]] = {
    "default": _default, "builder": _builder, "parse": _default, "try_parse": _default, "from": _converted,
    "try_from": _converted, "from_str": _converted, "deserialize": _converted, "from_env": _default,
}  # fmt: skip
"""Functions that types have without code of the project for them."""
