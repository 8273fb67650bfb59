"""Go where its code runs (https://go.dev/ref/spec)."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.calls.machine import Language, Machine, SdkNames
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    FunctionValue,
    Instance,
    ModuleValue,
    UnknownValue,
    Value,
)
from scopedown.catalog.model import Catalog
from scopedown.core.place import Place
from scopedown.languages.go import builtins, config, initialize, interfaces, objects, standard
from scopedown.languages.go.handler import Entry
from scopedown.languages.go.names import GoNames
from scopedown.languages.go.natives import Package, Typed, passed_on, with_error
from scopedown.source import ir


class Go(Language):
    """Go."""

    name = "go"
    separator = "/"
    text_method = "String"
    turns_have_scopes = True
    variables_begin_empty = True
    binds_by_packages = True
    undeclared_names = frozenset()
    outer_names_count = True
    members_begin_empty = True
    results_run = True
    functions_take_types = True
    fields_are_private = True
    characters_are_numbers = True

    builtin = staticmethod(builtins.builtin)
    standard_module = staticmethod(standard.package)
    method = staticmethod(objects.method)
    library = staticmethod(Package)
    results = staticmethod(with_error)

    def settings_target(self, settings: Value) -> object | None:
        """An ``aws.Config``."""
        return config.target("", "", config.merged((settings,)))

    extension = staticmethod(objects.extension)
    passed_on = staticmethod(passed_on)

    def equal(self, one: Const, other: Const, loosely: bool) -> bool | None:
        """Not known of equal values of which one has a type, since an interface may hold it."""
        if one.value != other.value:
            return False
        types = [value.type if isinstance(value, Typed) else None for value in (one, other)]
        return True if types[0] is types[1] else None

    def begin_module(self, module: ModuleValue, run: Machine) -> None:
        """A file's declarations are its package's."""
        initialize.begin(module, run)

    def run_module(self, module: ModuleValue, body: ir.Block, run: Machine) -> None:
        """The first file of a package runs all of them."""
        initialize.run_package(module, body, run)

    def exports(self, module: ModuleValue) -> Value:
        """The package."""
        return initialize.package_of(module)

    def convert(self, cls: ClassValue, site: CallSite, run: Machine, new: bool) -> Value | None:
        """A value as one of a type."""
        return builtins.convert(cls, site, run, new)

    def holder(self, value: Instance, name: str, run: Machine, place: Place) -> Instance | None:
        """The embedded struct that has the field."""
        return objects.holder(run, value, name, place)

    def has_declared_methods_only(self, cls: ClassValue) -> bool:
        """Types that embed others have theirs, which may not be known."""
        own = all(isinstance(one, ClassValue) for one in cls.ancestry())
        return own and not cls.definition.abstract and not any(objects.embedded_names(cls))

    def implementations(self, cls: ClassValue, run: Machine) -> list[ClassValue]:
        """The types with an interface's methods."""
        return interfaces.implementations(run, cls)

    def client_behind(self, cls: ClassValue, run: Machine, place: Place) -> Value | None:
        """The client that has an interface's methods."""
        key = ("<client>", str(id(cls)))
        if key not in run.heap.names:
            run.heap.names[key] = None  # a type that leads to itself is no client
            run.heap.names[key] = interfaces.client_behind(run, cls, place)
        return run.heap.names[key]

    def package_names(self, module: ir.Module, name: str) -> Iterator[str]:
        """None: a file's imports are bound when its package runs."""
        return iter(())

    def entry(self, run: Machine, file: str, symbol: str) -> Value | None:
        """The program's ``main``, which starts the handler; of another function, a call as Lambda makes it."""
        module = run.heap.modules.get(file)
        package = initialize.package_of(module) if module is not None else None
        found: Value | None = package
        for name in (symbol or "main").split("."):
            if isinstance(found, ModuleValue):
                found = found.frame.variables.get(name)
            elif found is not None:
                found = run.attribute(found, name, run.sources.place(file))
        if found is None or isinstance(found, UnknownValue):
            return None
        return found if isinstance(found, FunctionValue) and symbol in ("", "main") else Entry(found)

    def sdk_names(self, catalog: Catalog) -> SdkNames:
        """Versions 1 and 2 of the SDK."""
        return GoNames(catalog)


LANGUAGE = Go()
