"""What Python tells code about its own objects: ``inspect``, ``builtins``, ``sys.modules``, ``type(…)`` of three.

References: https://docs.python.org/3/library/inspect.html#inspect.getmembers,
https://docs.python.org/3/library/functions.html#type, https://docs.python.org/3/library/runpy.html.
"""

from __future__ import annotations

from scopedown.calls.interpreter import dispatch, members
from scopedown.calls.interpreter import dynamic_modules as modules_dynamic
from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import CallSite, Const, ModuleValue, Object, Sequence, UnknownValue, Value, join, options
from scopedown.core.place import Place
from scopedown.languages.python.collections import library
from scopedown.languages.python.globals import get_attribute
from scopedown.languages.python.natives import (
    Function,
    Library,
    first_of,
    function,
    unknown,
)
from scopedown.languages.python.paths import path_text

# members of any value


def universal(value: Value, name: str) -> Value | None:
    """What every object has: ``__call__`` is what is called, ``__getattribute__`` gives members by name."""
    if name in ("__enter__", "__aenter__"):  # called, it gives what ``with`` gives
        return Function("__enter__", lambda site, run: members.enter(run, value, site.place))
    if isinstance(value, Library):
        return None
    if name == "__call__":
        return value
    if name in ("__getattribute__", "__getattr__"):
        return Function(name, lambda site, run: get_attribute(CallSite((value, *site.positional), {}, site.place), run))
    return None


def _members(site: CallSite, run: Machine) -> Value:
    """``getmembers(value)``: pairs of a name and a member."""
    pairs: list[Value] = []
    for option in options(first_of(site)):
        dispatch.on_client(run, option, "is asked for all of its methods", site.place)
        pairs += [
            Sequence([Const(name), run.attribute(option, name, site.place)]) for name in dispatch.names_of(option)
        ]
    return Sequence(pairs, None if pairs else UnknownValue("a member", site.place))


def names_of(site: CallSite, run: Machine) -> Value:
    """``dir(value)``."""
    inner, value = run, first_of(site)
    dispatch.on_client(inner, value, "is asked for all of its methods", site.place)
    names = [Const(name) for option in options(value) for name in dispatch.names_of(option)]
    return Sequence(list(names), None if names else UnknownValue("a name", site.place))


# modules as values


class Builtins(Library):
    """``builtins``: what code adds is a name everywhere."""

    __slots__ = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A name of the language."""
        added = run.heap.globals.variables.get(name)
        return added or run.position.language.builtin(name) or Library(f"builtins.{name}")

    def assign(self, name: str, value: Value, run: Machine, place: Place) -> None:
        """``builtins.name = value``."""
        held = run.heap.globals
        old = held.variables.get(name)
        held.variables[name] = value if old is None else join(old, value)
        held.version += 1


class Modules(Native):
    """``sys.modules``: the modules by name, that of the running code among them."""

    __slots__ = ()
    label = "sys.modules"

    def index(self, key: Value, run: Machine, place: Place) -> Value:
        """The module of this name."""
        own = run.heap.modules.get(run.position.file)
        found: list[Value] = []
        for option in options(key):
            if own is not None and isinstance(option, Const) and option.value in ("__main__", _stem(run.position.file)):
                found.append(own)
            elif isinstance(option, Const) and isinstance(option.value, str):
                placed = run.heap.placed.get(option.value)
                found.append(placed if placed is not None else run.import_module(option.value, place))
            else:
                found.append(own if own is not None else UnknownValue("a module", place))
        return join(*found)

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``get`` and its like."""
        if name in ("get", "setdefault", "pop"):
            return Function(name, lambda site, run: self.index(first_of(site), run, site.place), self)
        if name in ("items", "values"):
            known = [Sequence([Const(key), one]) if name == "items" else one for key, one in _all(run)]
            return function(name, lambda site, run: Sequence(list(known)))
        return unknown(f"sys.modules.{name}")

    def assign(self, name: str, value: Value, run: Machine, place: Place) -> None:
        """``sys.modules["name"] = module``: it is imported by that name."""
        run.heap.placed[name] = value

    def iterate(self, run: Machine, place: Place) -> Value:
        """One of the names."""
        return UnknownValue("the name of a module", place)


def _stem(file: str) -> str:
    return file.rpartition("/")[2].removesuffix(".py")


def _all(run: Machine) -> list[tuple[str, Value]]:
    return [(name, one) for name, one in run.heap.modules.items() if not run.sources.is_installed(name)]


def _ran(module: Value) -> Value:
    found = (
        Object(option.frame.variables) if isinstance(option, ModuleValue) else option for option in options(module)
    )
    return join(*found)


def _run_path(site: CallSite, run: Machine) -> Value:
    return _ran(modules_dynamic.import_path(run, path_text(first_of(site)), site.place))


def _run_module(site: CallSite, run: Machine) -> Value:
    return _ran(modules_dynamic.import_any(run, first_of(site), site.place))


def resolve_name(site: CallSite, run: Machine) -> Value:
    """``pkgutil.resolve_name("package.module:object.member")``."""
    inner, found = run, []
    for option in options(first_of(site)):
        written = option.value if isinstance(option, Const) and isinstance(option.value, str) else ""
        module, colon, path = written.partition(":")
        if not colon:
            module, _, path = written.rpartition(".")
        if not module:
            found.append(modules_dynamic.import_any(inner, option, site.place))
            continue
        value = inner.import_module(module, site.place)
        for name in filter(None, path.split(".")):
            value = members.attribute(inner, value, name, site.place)
        found.append(value)
    return join(*found)


def table() -> dict[str, Value]:
    """The modules by dotted name."""
    return {
        "inspect": library("inspect", getmembers=_members, getmembers_static=_members),
        "builtins": Builtins("builtins"),
        "runpy": library("runpy", run_path=_run_path, run_module=_run_module),
    }
