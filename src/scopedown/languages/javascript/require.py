"""Node's ``require`` as a value: bundles keep it in a variable, ES modules make one with ``createRequire``."""

from __future__ import annotations

from scopedown.calls.interpreter import dynamic_modules as modules_dynamic
from scopedown.calls.interpreter.operators import concatenate
from scopedown.calls.machine import Machine
from scopedown.calls.values import CallSite, Const, Object, Sequence, UnknownValue, Value
from scopedown.core.place import Place
from scopedown.languages.javascript.natives import NOTHING, JavaScriptNative, Platform, Quiet, function


class Require(JavaScriptNative):
    """``require`` (https://nodejs.org/api/modules.html#requireid)."""

    __slots__ = ()
    label = "require"

    def call(self, site: CallSite, run: Machine) -> Value:
        """The module of each name that the argument may be."""
        return modules_dynamic.import_any(run, site.argument(0) or NOTHING, site.place)

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """``require.resolve`` gives a path, ``require.cache`` what nobody should look at."""
        if name == "context":
            return function("require.context", _context)
        if name == "resolve":
            return function("require.resolve", lambda site, run: site.argument(0) or NOTHING)
        if name == "cache":
            return Cache()
        if name == "main":
            return main_module(f"require.{name}")
        return Quiet(f"require.{name}") if name == "extensions" else None


class Cache(JavaScriptNative):
    """``require.cache``: the modules that were loaded, by their paths."""

    __slots__ = ()
    label = "require.cache"

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """The module of this path."""
        return self.index(Const(name), run, place)

    def index(self, key: Value, run: Machine, place: Place) -> Value:
        """The same; which one it is may not be known."""
        return Object({"exports": modules_dynamic.import_any(run, key, place)})

    def assign(self, name: str, value: Value, run: Machine, place: Place) -> None:
        """What code puts there is not followed."""
        run.escape(value, place)


class Context(JavaScriptNative):
    """What webpack's ``require.context(folder, …)`` gives: a ``require`` for the files of a folder
    (https://webpack.js.org/guides/dependency-management/#requirecontext)."""

    __slots__ = ("folder",)
    label = "require.context"

    def __init__(self, folder: Value) -> None:
        self.folder = folder

    def call(self, site: CallSite, run: Machine) -> Value:
        """Any module of the folder, unless it is named."""
        name = site.argument(0)
        if not (isinstance(name, Const) and isinstance(name.value, str)):
            name = UnknownValue("a file of a folder", site.place)
        return modules_dynamic.import_any(run, concatenate((self.folder, Const("/"), name)), site.place)

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """``keys()`` and ``resolve``."""
        if name == "keys":
            return function("keys", lambda site, run: Sequence([], UnknownValue("a file of a folder", site.place)))
        return Quiet(f"require.context.{name}")


def _context(site: CallSite, run: Machine) -> Value:
    return Context(site.argument(0) or Const("."))


def main_module(name: str) -> Value:
    """The program's first module, which loads others as any other does
    (https://nodejs.org/api/modules.html#modulerequireid)."""
    return Quiet(name, {"require": Require()})


def module_module(name: str) -> Value:
    """The module ``module``, whose ``createRequire`` gives a ``require`` and whose ``_load`` is one."""
    create = function("createRequire", lambda site, run: Require())
    return Platform(name, {"createRequire": create, "createRequireFromPath": create, "_load": Require()})
