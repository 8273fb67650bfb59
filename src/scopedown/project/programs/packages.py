"""What a configuration has of packages, which are not read: each use of one says so."""

from __future__ import annotations

from dataclasses import dataclass

from scopedown.calls.builtins.javascript_native import JavaScriptNative
from scopedown.calls.machine import Machine
from scopedown.calls.values import CallSite, Const, UnknownValue, Value
from scopedown.core.place import Place
from scopedown.core.text import Text


@dataclass(frozen=True, slots=True, eq=False)
class Package(JavaScriptNative):
    """A package, or a member of one."""

    label = "{self.name}"
    name: str
    place: Place

    def why_unknown(self) -> UnknownValue:
        """It is not read."""
        return _unread(self.name, self.place)

    def as_text(self) -> Text:
        """Nothing that is known."""
        return Text.unknown(self.why_unknown().reason, self.place)

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A member is of the package, too."""
        return Package(f"{self.name}.{name}" if len(self.name) < 200 else self.name, place)

    def index(self, key: Value, run: Machine, place: Place) -> Value:
        """The same by a key."""
        return self.attribute(str(key.value), run, place) if isinstance(key, Const) else self.why_unknown()

    def assign(self, name: str, value: Value, run: Machine, place: Place) -> None:
        """What code writes to it is of no interest."""

    def call(self, site: CallSite, run: Machine) -> Value:
        """Its function may change what it is given."""
        for value in site.all():
            run.escape(value, site.place)
        return _unread(f"{self.name}()", site.place)

    def construct(self, site: CallSite, run: Machine) -> Value:
        """An object of its class."""
        return self.why_unknown()


def _unread(name: str, place: Place) -> UnknownValue:
    return UnknownValue(f"{name} is of a package, and scopedown does not run packages", place)
