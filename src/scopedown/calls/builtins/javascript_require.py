"""Node's ``require`` as a value: bundles keep it in a variable, ES modules make one with ``createRequire``."""

from __future__ import annotations

from collections.abc import Hashable

from scopedown.calls.builtins.javascript_native import JavaScriptNative, Platform, Quiet, function, interpreter
from scopedown.calls.values import CallSite, Const, Run, UnknownValue, Value, join, options
from scopedown.core.place import Place


class Require(JavaScriptNative):
    """``require`` (https://nodejs.org/api/modules.html#requireid)."""

    __slots__ = ()

    def call(self, site: CallSite, run: Run) -> Value:
        """The module of each name that the argument may be."""
        names = [one.value for one in options(site.argument(0) or Const(None)) if isinstance(one, Const)]
        found = [interpreter(run).import_module(name, site.place) for name in names if isinstance(name, str)]
        return join(*found) if found else UnknownValue("a module whose name is computed", site.place)

    def own(self, name: str, run: Run, place: Place) -> Value | None:
        """``require.resolve`` gives a path, ``require.cache`` what nobody should look at."""
        return Quiet(f"require.{name}") if name in ("resolve", "cache", "extensions", "main") else None

    def describe(self) -> str:
        """``require``."""
        return "require"

    def fingerprint(self, depth: int = 4) -> Hashable:
        """There is one."""
        return "require"


def module_module(name: str) -> Value:
    """The module ``module``, whose ``createRequire`` gives a ``require``."""
    create = function("createRequire", lambda site, run: Require())
    return Platform(name, {"createRequire": create, "createRequireFromPath": create})
