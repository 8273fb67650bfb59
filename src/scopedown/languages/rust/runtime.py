"""Rust where its code runs (https://doc.rust-lang.org/reference/)."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.calls.interpreter import implicit_calls
from scopedown.calls.machine import Activation, Language, Machine, SdkNames
from scopedown.calls.models import model
from scopedown.calls.sdks.typed_names import TypedNames
from scopedown.calls.values import CallSite, ClassValue, Const, External, FunctionValue, Instance, Value, options
from scopedown.catalog.model import Catalog
from scopedown.core.place import Place
from scopedown.languages.rust import methods, paths, standard, variants
from scopedown.languages.rust.definitions import CALLED_BY_ITSELF
from scopedown.languages.rust.dispatch import by_name
from scopedown.languages.rust.files import package_of
from scopedown.languages.rust.given import given, make
from scopedown.languages.rust.kinds import CONVERTED
from scopedown.languages.rust.library_settings import converted
from scopedown.languages.rust.natives import SAME, Function, Item, settled
from scopedown.source import ir


def builtin(name: str) -> Value | None:
    """A name of the prelude, or a function that the lowering calls."""
    return _CONVERTED if name == CONVERTED else standard.builtin(name)


_CONVERTED = Function(CONVERTED, converted)


class Rust(Language):
    """Rust."""

    name = "rust"
    separator = "."
    written_separator = "::"
    own_roots = paths.ROOTS
    text_method = "fmt"
    binds_by_packages = True
    undeclared_names = frozenset()
    outer_names_count = True
    methods_apart = True

    builtin = staticmethod(builtin)
    standard_module = staticmethod(standard.standard_module)
    method = staticmethod(methods.method)
    library = staticmethod(Item)
    sent = staticmethod(settled)

    def of_object(self, value: Value, name: str, run: Machine, place: Place) -> Value | None:
        """What every value has."""
        return Function(name, lambda site, run: value, value) if name in SAME else None

    def entry(self, run: Machine, file: str, symbol: str) -> Value | None:
        """The program's ``main``, which starts the loop that calls the handler."""
        module = run.heap.modules.get(file)
        return None if module is None else module.frame.variables.get(symbol or "main")

    def convert(self, cls: ClassValue, site: CallSite, run: Machine, new: bool) -> Value | None:
        """An object is made; a framework may give it back."""
        return make(cls, site, run)

    def given(self, cls: ClassValue, run: Machine) -> list[Value]:
        """Objects that the code made of a type which a handler declares."""
        return given(cls, run)

    def class_made(self, cls: ClassValue, run: Machine) -> None:
        """What a type has of a trait of the standard library is called without code that names it, and some of it
        makes the type's values."""
        implicit_calls.keep(run, Instance(cls))

    def calls_by_itself(self, made: Instance) -> frozenset[str]:
        """Functions of traits of the standard library."""
        return frozenset(
            name
            for cls in made.cls.ancestry()
            if isinstance(cls, ClassValue)
            for name, member in cls.fields.items()
            if any(_is_called_by_itself(one) for one in options(member))
        )

    def equal(self, one: Const, other: Const, loosely: bool) -> bool | None:
        """A byte of a text may be equal to a number."""
        kinds = {isinstance(value.value, str) for value in (one, other) if value.value is not None}
        return None if len(kinds) > 1 else super().equal(one, other, loosely)

    def negated(self, value: Const) -> Const | None:
        """``!x``: of a number, all bits are turned."""
        return super().negated(value) if isinstance(value.value, bool) else None

    def decide(self, run: Machine, activation: Activation, test: ir.Expr) -> bool | None:
        """A ``match`` on a variant that is known."""
        return variants.decide(run, activation, test)

    def package_names(self, module: ir.Module, name: str) -> Iterator[str]:
        """Names that a file has by ``use path::*``; those of the prelude are hardly another crate's."""
        in_prelude = standard.builtin(name) is not None
        for package in module.opened:
            if not in_prelude or package.partition(".")[0] in ("crate", "self", "super"):
                yield f"{package}.{name}"

    def of_unseen(self, value: External, name: str, run: Machine, place: Place) -> Value | None:
        """What a value of a crate that is not read has by the program's own code, and what every value has."""
        if name in SAME and not value.module:
            return Function(name, lambda site, run: value, value)
        return None if value.module else by_name(run, value, name)

    def is_modelled(self, package: str) -> bool:
        """Whether all names of a package are the standard library's, or those of crates whose calls a model knows."""
        return package_of(package) is None or model(package, self) is not None

    def sdk_names(self, catalog: Catalog) -> SdkNames:
        """Fluent builders: the operations are methods of a client."""
        return TypedNames(catalog)


def _is_called_by_itself(value: Value) -> bool:
    if not isinstance(value, FunctionValue):
        return False
    return any(isinstance(one, ir.Name) and one.id == CALLED_BY_ITSELF for one in value.function.annotations)


LANGUAGE = Rust()
