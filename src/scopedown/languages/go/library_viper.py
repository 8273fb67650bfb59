"""viper: settings by name, from the environment where the code binds them to it.

Source: https://github.com/spf13/viper (``AutomaticEnv``, ``BindEnv``, ``SetEnvPrefix``, ``SetDefault``): a variable is
named as the key in capitals, behind the prefix.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import CallSite, TextValue, UnknownValue, Value, as_text, options
from scopedown.core.place import Place
from scopedown.core.text import EnvVar, Text
from scopedown.languages.go.natives import NOTHING, Function, Package, Thing, error, first, function, literal_of

LANGUAGE = "go"
PACKAGES = ("github.com/spf13/viper",)

_READ = frozenset({"Get", "GetString", "GetStringMapString"})


def module(name: str) -> Value | None:
    """``viper``: its functions are methods of one object that all share."""
    if name != "github.com/spf13/viper":
        return Package(name)
    return Shared(name)


class Shared(Package):
    """The package."""

    __slots__ = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``New``, or a method of the object of the package."""
        if name in ("New", "NewWithOptions"):
            return function("viper.New", lambda site, run: Viper())
        if name in ("Viper", "GetViper"):
            return function("viper.GetViper", lambda site, run: _shared(run))
        return _shared(run).attribute(name, run, place)


def _shared(run: Machine) -> Viper:
    held = run.heap.placed.get("viper")
    if not isinstance(held, Viper):
        held = run.heap.placed["viper"] = Viper()
    return held


@dataclass(slots=True, eq=False)
class Viper(Native):
    """An object of settings."""

    label = "viper"
    automatic: bool = False
    prefix: str = ""
    bound: dict[str, tuple[str, ...]] = field(default_factory=dict)
    held: dict[str, Value] = field(default_factory=dict)

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A setting, or how settings are found."""
        if name in _READ:
            return Function(f"viper.{name}", self._get, self)
        known = {
            "AutomaticEnv": self._automatic,
            "SetEnvPrefix": self._prefixed,
            "BindEnv": self._bind,
            "SetDefault": self._default,
            "Set": self._default,
            "Unmarshal": self._unmarshal,
            "Sub": lambda site, run: self,
        }
        return Function(f"viper.{name}", known[name], self) if name in known else Thing(f"viper.{name}")

    def _automatic(self, site: CallSite, run: Machine) -> Value:
        self.automatic = True
        return NOTHING

    def _prefixed(self, site: CallSite, run: Machine) -> Value:
        self.prefix = f"{(literal_of(first(site)) or '').upper()}_"
        return NOTHING

    def _bind(self, site: CallSite, run: Machine) -> Value:
        names = [literal_of(value) for value in site.positional]
        if names and names[0]:
            self.bound[names[0].lower()] = tuple(name for name in names[1:] if name) or (
                self.prefix + names[0].upper(),
            )
        return error(site.place)

    def _default(self, site: CallSite, run: Machine) -> Value:
        key = literal_of(first(site))
        if key is not None and len(site.positional) > 1:
            self.held[key.lower()] = site.positional[1]
        return NOTHING

    def _get(self, site: CallSite, run: Machine) -> Value:
        key = literal_of(first(site))
        return UnknownValue("a setting", site.place, inert=True) if key is None else self.setting(key, site.place)

    def setting(self, key: str, place: Place) -> Value:
        """A setting by its key."""
        default = self.held.get(key.lower())
        names = self.bound.get(key.lower()) or ((self.prefix + key.upper(),) if self.automatic else ())
        if not names:
            return default if default is not None else UnknownValue(f"the setting {key}", place, inert=True)
        text = as_text(default) if default is not None and len(options(default)) == 1 else None
        return TextValue(Text((EnvVar(names[0], text if text is not None and text.parts else None),)))

    def _unmarshal(self, site: CallSite, run: Machine) -> Value:
        """The fields of a struct by their tags (``mapstructure:"NAME"``)."""
        from scopedown.calls.values import Instance
        from scopedown.languages.go.library_settings import tagged

        for value in options(first(site)):
            if isinstance(value, Instance):
                for name, key in tagged(value.cls, "mapstructure"):
                    value.fields[name] = self.setting(key, site.place)
        return error(site.place)
