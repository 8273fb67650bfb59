"""Builders that a macro derives for a structure (typed-builder, derive_builder, bon, buildstructor):
``Query::builder().client(client).table("t").build()`` (https://docs.rs/typed-builder, https://docs.rs/derive_builder).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

from scopedown.calls.machine import Machine
from scopedown.calls.values import CallSite, ClassValue, Value
from scopedown.core.place import Place
from scopedown.languages.rust.natives import Function, RustNative, first, settled


@dataclass(frozen=True, slots=True, eq=False)
class DerivedBuilder(RustNative):
    """A structure of the project and the members that were set so far."""

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

    def describe(self) -> str:
        """For messages."""
        return f"the builder of {self.made.definition.name}"

    def fingerprint(self, depth: int = 4) -> Hashable:
        """By the structure and what it holds."""
        held = tuple((name, value.fingerprint(depth - 1)) for name, value in self.held.items()) if depth > 0 else ()
        return ("derived builder", id(self.made), held)
