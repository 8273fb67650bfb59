"""Crates that read the environment into a structure: envy, config, figment, dotenvy.

https://docs.rs/envy, https://docs.rs/config, https://docs.rs/figment, https://docs.rs/dotenvy. The structure says
which variables are read; where it is not known, a member's name in capitals is the variable's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from scopedown.calls.machine import Machine
from scopedown.calls.values import CallSite, ClassValue, Const, FunctionValue, Instance, TextValue, Value, join, options
from scopedown.core.place import Place
from scopedown.core.text import EnvVar, Text
from scopedown.languages.rust.dispatch import by_name
from scopedown.languages.rust.kinds import FROM_ENVIRONMENT
from scopedown.languages.rust.natives import SAME, Function, Item, RustNative, first, settled
from scopedown.languages.rust.standard import variable

LANGUAGE = "rust"
PACKAGES = ("envy", "config", "figment", "dotenvy", "dotenv")

_GETS: Final = frozenset({"get", "get_string", "get_str", "extract_inner", "find_value"})


@dataclass(frozen=True, slots=True, eq=False)
class Settings(RustNative):
    """Values that come from the environment, behind a prefix."""

    label = "settings from the environment"
    prefix: str = ""
    separator: str = "_"
    is_read: bool = True
    """Whether the environment is among the sources."""

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """What adds a source, gives a value, or the whole."""
        if name in _GETS:
            return Function(name, self._value, self)
        if name in ("separator", "split", "prefix_separator"):
            return Function(name, self._separated, self)
        if name in ("add_source", "merge", "join", "with_prefix", "prefix"):
            return Function(name, self._added, self)
        if name in SAME or name in _STEPS:
            return Function(name, lambda site, run: self, self)
        if (found := by_name(run, self, name)) is not None:
            return found
        return TextValue(Text((EnvVar(self.prefix + name.upper()),))) if self.is_read else None

    def _value(self, site: CallSite, run: Machine) -> Value:
        key = settled(first(site), run, site.place)
        if self.is_read and isinstance(key, Const) and isinstance(key.value, str):
            return TextValue(Text((EnvVar(self.prefix + key.value.replace(".", self.separator).upper()),)))
        return RustNative.missing(self, "get", run, site.place)

    def _separated(self, site: CallSite, run: Machine) -> Value:
        given = settled(first(site), run, site.place)
        return (
            replace(self, separator=given.value) if isinstance(given, Const) and isinstance(given.value, str) else self
        )

    def _added(self, site: CallSite, run: Machine) -> Value:
        found = [one for one in options(settled(first(site), run, site.place)) if isinstance(one, Settings)]
        return next((one for one in found if one.is_read), self)


_STEPS: Final = frozenset(
    {
        "from_env", "build", "try_deserialize", "deserialize", "extract", "try_parsing", "set_default", "set_override",
        "list_separator", "ignore_empty", "with_list_parse_key", "source", "map", "only", "ignore", "global",
        "required", "build_cloned", "keep_prefix", "try_into", "convert_case", "lowercase",
    }
)  # fmt: skip


def module(name: str) -> Value | None:
    """What a path into one of the crates means."""
    parts = name.split(".")
    crate, last = parts[0], parts[-1]
    if crate in ("dotenvy", "dotenv"):
        return Function("dotenvy::var", variable) if last == "var" else Item("::".join(parts))
    if last in ("from_env", "raw"):
        return Function(last, lambda site, run: Settings())
    if last in ("prefixed", "with_prefix"):
        return Function(last, _prefixed)
    if last in ("Environment", "Env"):
        raw = Function(last, lambda site, run: Settings())
        behind = Function(last, _prefixed)
        return Item(last, {"default": raw, "new": raw, "raw": raw, "with_prefix": behind, "prefixed": behind})
    if last in ("Config", "Figment"):
        empty = Function(last, lambda site, run: Settings(is_read=False))
        return Item(last, {"builder": empty, "new": empty, "default": empty, "from": Function(last, _given)})
    if last in ("ConfigBuilder",):
        return Item(last, {"default": Function(last, lambda site, run: Settings(is_read=False))})
    return Item("::".join(parts), {"from_env": Function("from_env", lambda site, run: Settings())})


def _given(site: CallSite, run: Machine) -> Value:
    return first(site)


def _prefixed(site: CallSite, run: Machine) -> Value:
    """``envy::prefixed("APP_")``, ``Environment::with_prefix("APP")``."""
    found: list[Value] = []
    for option in options(settled(first(site), run, site.place)):
        if isinstance(option, Const) and isinstance(option.value, str):
            prefix = option.value
            found.append(Settings(prefix if prefix.endswith("_") or not prefix else f"{prefix}_"))
    return join(*found) if found else Settings(is_read=False)


def converted(site: CallSite, run: Machine) -> Value:
    """A value as what is declared for it: settings become the structure, other values go through its ``From``."""
    value = site.positional[0]
    classes = [one for one in options(site.positional[1]) if isinstance(one, ClassValue)]
    if len(classes) != 1:
        return value
    return join(*(_as(classes[0], one, site, run) for one in options(settled(value, run, site.place))))


def _as(cls: ClassValue, value: Value, site: CallSite, run: Machine) -> Value:
    if isinstance(value, Settings):
        made = cls.fields.get(FROM_ENVIRONMENT)
        if made is None or not value.is_read:
            return value
        return run.call(made, (Const(value.prefix), Const(value.separator)), site.place)
    if isinstance(value, Const) and value.value is None:
        return value
    if isinstance(value, Instance) and any(one is cls for one in value.cls.ancestry()):
        return value
    made_by = [cls.fields[name] for name in ("from", "try_from", "from_str") if name in cls.fields]
    functions = [one for each in made_by for one in options(each) if isinstance(one, FunctionValue)]
    return join(*(run.call(one, (value,), site.place) for one in functions)) if functions else value
