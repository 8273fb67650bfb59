"""Java where its code runs (https://docs.oracle.com/javase/specs/)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from scopedown.calls.machine import Activation, Language, Machine, SdkNames
from scopedown.calls.models import is_vendors
from scopedown.calls.sdks.typed_names import TypedNames
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    External,
    FunctionValue,
    Instance,
    ModuleValue,
    Object,
    Sequence,
    TextValue,
    Value,
)
from scopedown.catalog.model import Catalog
from scopedown.core.place import Place
from scopedown.languages.java import containers, functional, standard, written_calls
from scopedown.languages.java.calls import REFERENCE
from scopedown.languages.java.collections_of import member, object_method
from scopedown.languages.java.holders import Future
from scopedown.languages.java.lombok import BUILDER
from scopedown.languages.java.natives import ASKING, Library, asked, bound, computed, function
from scopedown.source import ir

Scalar = str | int | float | bool | None

_SDKS = (b"software.amazon.awssdk.", b"com.amazonaws.services.", b"aws.sdk.kotlin.")


class Java(Language):
    """Java."""

    name = "java"
    separator = "."
    text_method = "toString"
    classes_know_themselves = True
    implicit_members = True
    overloads = True
    functions_are_interfaces = True
    binds_by_packages = True
    undeclared_names = frozenset({"boolean", "byte", "char", "short", "int", "long", "float", "double", "void", "[]"})
    values_are_called = True
    called_by_itself = frozenset(
        {
            "toString", "equals", "hashCode", "compareTo", "compare", "close", "iterator", "next", "hasNext",
            "finalize", "readObject", "writeObject", "readResolve", "writeReplace", "length", "charAt",
        }
    )  # fmt: skip
    """Methods of ``Object`` and of the interfaces that the language and its library call
    (https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/lang/package-summary.html)."""

    def builtin(self, name: str) -> Value | None:
        """``java.lang``, and what makes ``Type::method`` a function."""
        if name == REFERENCE:
            return function(REFERENCE, functional.reference)
        if name == BUILDER:
            return function(BUILDER, functional.builder)
        return standard.builtin(name)

    standard_module = staticmethod(standard.module)
    library = staticmethod(Library)

    def results(self, value: Value, place: Place) -> Value:
        """A future."""
        return Future(value)

    def begin_module(self, module: ModuleValue, run: Machine) -> None:
        """A file may name the SDK by whole names."""
        text = run.sources.text(module.file) or b""
        if any(package in text for package in _SDKS):
            run.found.sdk_files.add(module.file)

    def package_names(self, module: ir.Module, name: str) -> Iterator[str]:
        """Of its own package first, then of those that it opens. The classes of Java's own are known; a package of an
        SDK may have any, so that it comes last."""
        yield f"{module.package}.{name}" if module.package else name
        if name in standard.opened()["java.lang"]:
            return
        modelled: list[tuple[int, str]] = []
        quiet: list[str] = []
        for package in module.opened:
            whole = f"{package}.{name}"
            if self.is_modelled(package):
                modelled.append((-written_calls.may_have(package, name), whole))
            elif name in standard.opened().get(package, ()) or not (
                standard.is_standard(whole) or standard.is_quiet(whole)
            ):
                yield whole
            elif name[:1].isupper() and not standard.is_standard(whole):
                quiet.append(whole)
        yield from (whole for likely, whole in sorted(modelled) if likely)
        yield from quiet[:1]

    def method(self, value: Value, name: str, run: Machine, place: Place) -> Value | None:
        """A method of a value that is no object of an analysed class."""
        match value:
            case Const(value=None):
                return None
            case Const(value=str()) | TextValue():
                return member(value, name, run, place)
            case Const():
                return _of_number(value, name)
            case Sequence():
                return member(value, name, run, place)
            case Object():
                return object_method(value, name, run, place)
            case FunctionValue():
                return functional.member(value, name)
            case ClassValue():
                return functional.of_class(value, name)
            case Instance():
                return _of_object(value, name)
            case _:
                return None

    def of_unseen(self, value: External, name: str, run: Machine, place: Place) -> Value | None:
        """What a container is asked for by one of its methods."""
        if name not in ASKING:
            return None

        def body(site: CallSite, run: Machine) -> Value:
            found = asked(name, site, run)
            return found or run.call_value(External(f"{value.origin}.{name}", receiver=value), site)

        return bound(value, name, body)

    def supplied(self, made: Value, run: Machine, place: Place) -> None:
        """Methods that are marked for it take what a container supplies, and begin the object's life."""
        containers.begin(run, made, place)

    def equal(self, one: Const, other: Const, loosely: bool) -> bool | None:
        """``==``, and ``loosely`` what a ``switch`` asks, which is ``equals``.

        It decides of numbers that cannot have overflowed and of which there is one object each; texts may be several
        objects (https://docs.oracle.com/javase/specs/jls/se21/html/jls-5.html#jls-5.1.7).
        """
        left, right = one.value, other.value
        if left is None or right is None or isinstance(left, bool) or isinstance(right, bool):
            return left is right
        if isinstance(left, int) and isinstance(right, int):
            return None if max(abs(left), abs(right)) > self.largest_shared else left == right
        if loosely and isinstance(left, str) and isinstance(right, str):
            return left == right
        return self.texts_equal(left, right)

    largest_shared: ClassVar[int] = 127
    """The largest number of which there is one object, or that is one number in any case."""

    def texts_equal(self, left: Scalar, right: Scalar) -> bool | None:
        """Whether two texts, or values of two kinds, are one; a text that is no other one is another object."""
        return False if isinstance(left, str) and isinstance(right, str) and left != right else None

    def decide(self, run: Machine, activation: Activation, test: ir.Expr) -> bool | None:
        """Classes are the same or not (``type == Order.class``, ``type.equals(Order.class)``)."""
        match test:
            case ir.Op(operator="==" | "!=" as operator, operands=(ir.Name() as left, ir.Name() as right)):
                same = functional.same_class(run, activation, left, right)
                return None if same is None else same == (operator == "==")
            case ir.Call(function=ir.Attr(object=ir.Name() as left, name="equals"), positional=(ir.Name() as right,)):
                return functional.same_class(run, activation, left, right)
            case ir.Op(operator="not", operands=(operand,)):
                inner = self.decide(run, activation, operand)
                return None if inner is None else not inner
            case _:
                return None

    def is_modelled(self, package: str) -> bool:
        """A package that the SDKs' models answer for."""
        return written_calls.is_of_sdk(package) and not standard.is_quiet(package)

    def is_vendors(self, name: str) -> bool:
        """A class of a library of AWS's that has a model."""
        return is_vendors(name, self)

    def entry(self, run: Machine, file: str, symbol: str) -> Value | None:
        """The method of a new object of the class, or a static method."""
        from scopedown.languages.java import entries

        return entries.entry(run, file, symbol)

    def sdk_names(self, catalog: Catalog) -> SdkNames:
        """Methods are operations; asynchronous clients of version 1 add a word."""
        return TypedNames(catalog, written_calls.SUFFIXES, written_calls.OTHERS)


def _of_number(value: Const, name: str) -> Value | None:
    if name in ("intValue", "longValue", "doubleValue", "shortValue", "floatValue", "booleanValue", "charValue"):
        return bound(value, name, lambda site, run: value)
    if name == "toString":
        return bound(value, name, lambda site, run: Const(str(value.value)))
    return computed(name)


def _of_object(value: Instance, name: str) -> Value | None:
    """What every object has (https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/lang/Object.html)."""
    if name == "getClass":
        return bound(value, name, lambda site, run: value.cls)
    if name in ("hashCode", "equals", "toString", "notify", "notifyAll", "wait"):
        return computed(name)
    return None


LANGUAGE = Java()
