"""Python's ways to import by name or by file: ``importlib``, ``imp``, ``pkgutil``, ``__import__``.

A name or a path that is not known whole gives every module that it may mean
(:mod:`scopedown.calls.interpreter.dynamic_modules`).
References: https://docs.python.org/3/library/importlib.html, https://docs.python.org/3/library/pkgutil.html.
"""

from __future__ import annotations

from dataclasses import dataclass

from scopedown.calls.interpreter import dynamic_modules as modules_dynamic
from scopedown.calls.interpreter.operators import concatenate
from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import CallSite, Const, Sequence, TextValue, UnknownValue, Value, from_text, join, options
from scopedown.core.place import Place
from scopedown.core.text import Literal, Text
from scopedown.languages.python import objects
from scopedown.languages.python.collections import library
from scopedown.languages.python.natives import NOTHING, Function, Library
from scopedown.languages.python.paths import path_text


def import_module(site: CallSite, run: Machine) -> Value:
    """``import_module(name, package)``: a relative name begins at the package."""
    package = site.argument(1, "package")
    base = package.value if isinstance(package, Const) and isinstance(package.value, str) else None
    found: list[Value] = []
    for option in options(site.argument(0, "name") or NOTHING):
        parts = option.text.parts if isinstance(option, TextValue) else ()
        if isinstance(option, Const) and isinstance(option.value, str):
            found.append(Const(_absolute(option.value, base)))
        elif base is not None and parts and isinstance(parts[0], Literal) and parts[0].value.startswith("."):
            found.append(from_text(Text((Literal(_absolute(parts[0].value, base)), *parts[1:]))))
        else:
            found.append(option)
    return modules_dynamic.import_any(run, join(*found), site.place)


def _absolute(name: str, package: str | None) -> str:
    if not name.startswith(".") or package is None:
        return name
    dots = len(name) - len(name.lstrip("."))
    above = package.split(".")[: max(package.count(".") + 2 - dots, 0)]
    return ".".join([*above, name.lstrip(".")])


def import_by_name(site: CallSite, run: Machine) -> Value:
    """``__import__(name, …, fromlist)``: the outermost package, where no names are asked for."""
    whole = import_module(CallSite(site.positional[:1], {}, site.place), run)
    name, wanted = site.argument(0, "name"), site.argument(3, "fromlist")
    asked = wanted is not None and not (isinstance(wanted, Sequence) and not wanted.items)
    if not asked and isinstance(name, Const) and isinstance(name.value, str) and "." in name.value.strip("."):
        return run.import_module(name.value.partition(".")[0], site.place)
    return whole


# by file


@dataclass(frozen=True, slots=True, eq=False)
class Spec(Native):
    """What is known of a module before it is loaded: its ``path``, or its ``name``."""

    label = "a module's spec"
    path: Value | None
    name: Value = NOTHING

    def load(self, run: Machine, place: Place) -> Value:
        """The module."""
        if self.path is None:
            return import_module(CallSite((self.name,), {}, place), run)
        return modules_dynamic.import_path(run, self.path, place)

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``spec.loader`` and what loads."""
        if name == "loader":
            return self
        if name == "load_module":
            return Function(name, lambda site, run: self.load(run, site.place), self)
        return Library(f"spec.{name}")


def _loaded(site: CallSite, run: Machine) -> Value:
    """``module_from_spec(spec)``: the module, as it is after ``exec_module``."""
    found = [
        option.load(run, site.place)
        for option in options(site.argument(0, "spec") or NOTHING)
        if isinstance(option, Spec)
    ]
    return modules_dynamic.merged(found) if found else UnknownValue("a module", site.place)


def _from_file(site: CallSite, run: Machine) -> Value:
    path = site.argument(1, "location", "path", "pathname", "filename")
    return Spec(path_text(path)) if path is not None else UnknownValue("a module's spec", site.place)


def _load_source(site: CallSite, run: Machine) -> Value:
    spec = _from_file(site, run)
    return spec.load(run, site.place) if isinstance(spec, Spec) else spec


# pkgutil


@dataclass(frozen=True, slots=True, eq=False)
class ModuleInfo(Native):
    """One module of a folder: ``finder``, ``name``, ``ispkg``."""

    name: Value

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """Its name; the rest says nothing."""
        return self.name if name == "name" else Library(f"ModuleInfo.{name}")

    def index(self, key: Value, run: Machine, place: Place) -> Value:
        """The same by position."""
        return self.name if key == Const(1) or (isinstance(key, Const) and key.value == 1) else Library("ModuleInfo")


def _modules_of(site: CallSite, run: Machine) -> Value:
    prefix = site.argument(1, "prefix") or Const("")
    return Sequence([], ModuleInfo(concatenate((prefix, UnknownValue("a module of a folder", site.place)))))


def table() -> dict[str, Value]:
    """The modules by dotted name."""
    util = library(
        "importlib.util",
        spec_from_file_location=_from_file,
        find_spec=lambda site, run: Spec(None, site.argument(0, "name") or NOTHING),
        module_from_spec=_loaded,
    )
    machinery = library("importlib.machinery", SourceFileLoader=_from_file, SourcelessFileLoader=_from_file)
    modules = (
        util,
        machinery,
        library("importlib", import_module=import_module, util=util, machinery=machinery),
        library("imp", load_source=_load_source),
        library("pkgutil", iter_modules=_modules_of, walk_packages=_modules_of, resolve_name=objects.resolve_name),
    )
    return {module.name: module for module in modules}
