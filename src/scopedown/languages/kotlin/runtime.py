"""Kotlin where its code runs: on Java's machine, with Java's library and its own
(https://kotlinlang.org/spec/, https://kotlinlang.org/docs/java-interop.html)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from scopedown.calls.interpreter import members, names
from scopedown.calls.machine import Machine
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    Frame,
    FunctionValue,
    Instance,
    ModuleValue,
    Object,
    Sequence,
    TextValue,
    Union,
    UnknownValue,
    Value,
)
from scopedown.core.place import Place
from scopedown.languages.java import standard, written_calls
from scopedown.languages.java.natives import Function, JavaClass, bound
from scopedown.languages.java.runtime import Java, Scalar
from scopedown.languages.java.shapes import Shape
from scopedown.languages.kotlin import builtins, entries
from scopedown.languages.kotlin.extensions import extension
from scopedown.languages.kotlin.names import DELEGATE
from scopedown.languages.kotlin.scoping import scope_function
from scopedown.source import ir


class Kotlin(Java):
    """Kotlin."""

    largest_shared = 2**31 - 1
    outer_names_count = True
    defaults_are_inherited = True
    name = "kotlin"
    borrows: ClassVar[tuple[str, ...]] = ("java",)
    called_by_itself = Java.called_by_itself | {
        "plus", "minus", "times", "div", "rem", "mod", "plusAssign", "minusAssign", "timesAssign", "divAssign",
        "remAssign", "inc", "dec", "unaryPlus", "unaryMinus", "not", "get", "set", "contains", "rangeTo", "rangeUntil",
        "getValue", "setValue", "provideDelegate", *(f"component{number}" for number in range(1, 10)),
    }  # fmt: skip
    """Operators, too (https://kotlinlang.org/docs/operator-overloading.html)."""

    def texts_equal(self, left: Scalar, right: Scalar) -> bool | None:
        """``==`` asks ``equals``; what is of two kinds may be a character and its number."""
        return left == right if isinstance(left, str) and isinstance(right, str) else None

    def builtin(self, name: str) -> Value | None:
        """Kotlin's own names, then those of ``java.lang``."""
        found = builtins.builtin(name)
        return found if found is not None else Java.builtin(self, name)

    def standard_module(self, name: str) -> Value | None:
        """A class or function of Kotlin's library or of Java's, by its package."""
        found = builtins.standard_module(name)
        return found if found is not None else standard.module(name)

    def package_names(self, module: ir.Module, name: str) -> Iterator[str]:
        """Of its own package first, then of those that it opens. Java's own packages are known; one of an SDK may have
        any name, so that it comes later, and only with names that it is likely to have."""
        yield f"{module.package}.{name}" if module.package else name
        if self.builtin(name) is not None:
            return
        of_java: list[tuple[int, str]] = []
        quiet: list[str] = []
        for package in sorted(module.opened, key=lambda one: self.is_modelled(one) + 0):
            whole = f"{package}.{name}"
            if package.startswith(("com.amazonaws.", "software.amazon.")) and Java.is_modelled(self, package):
                of_java.append((-written_calls.may_have(package, name), whole))
            elif standard.is_quiet(whole) and name not in standard.opened().get(package, ()):
                quiet.append(whole)
            else:
                yield whole
        yield from (whole for likely, whole in sorted(of_java) if likely)
        yield from quiet

    def extension(self, value: Value, name: str, run: Machine, place: Place) -> Value | None:
        """Scope functions, and what the program adds to types; members of the program's own types come first."""
        if isinstance(value, Union | ModuleValue):  # each of the choices is asked
            return None
        if isinstance(value, Instance) and (
            name in value.fields or names.has_member(run, value.cls, name, value, place)
        ):
            return None
        if isinstance(value, FunctionValue) and name == "run":  # the method of an interface that it implements
            return None
        if isinstance(value, ClassValue | JavaClass) or (isinstance(value, Function) and name in ("apply", "run")):
            return None
        found = scope_function(value, name)
        return found if found is not None else extension(run, value, name, place)

    def convert(self, cls: ClassValue, site: CallSite, run: Machine, new: bool) -> Value | None:
        """``Step { … }`` of a functional interface is the lambda."""
        given = site.positional[0] if len(site.positional) == 1 and not site.keywords else None
        return given if cls.definition.abstract and isinstance(given, FunctionValue) else None

    def accepts(self, this: Value, name: str) -> bool:
        """A request that is being filled takes the members that code writes."""
        return isinstance(this, Shape) or getattr(this, "accepts_members", False) is True

    def unbound(self, run: Machine, frame: Frame, name: str, place: Place) -> Value | None:
        """A function of the object that a lambda was given, before those that packages may have: these are not read."""
        if not name[:1].islower() or (this := _receiver(frame)) is None or self.builtin(name) is not None:
            return None
        module = run.sources.load(frame.file)
        if module is None or any(local == name for local, _ in module.imports):
            return None
        guesses = self.package_names(module, name)
        if any(run.sources.named(one, frame.file, self.separator) is not None for one in guesses):
            return None
        return run.attribute(this, name, place)

    def unresolved(self, run: Machine, frame: Frame, name: str, place: Place) -> Value | None:
        """A member of the object that a lambda was given."""
        this = _receiver(frame)
        if this is not None:
            return run.attribute(this, name, place)
        _load_broken(run, frame)
        return None

    def method(self, value: Value, name: str, run: Machine, place: Place) -> Value | None:
        """A member of a value that is no object of an analysed class."""
        match value:
            case Const(value=str()) | TextValue() | Sequence() | Object():
                found = builtins.BUILTINS.member(value, name, run, place)
            case Instance():
                return _of_object(run, value, name, place) or Java.method(self, value, name, run, place)
            case FunctionValue() if name == "invoke":
                return value
            case ClassValue():
                return _of_class(run, value, name) or Java.method(self, value, name, run, place)
            case _:
                found = None
        return found if found is not None else Java.method(self, value, name, run, place)

    def is_modelled(self, package: str) -> bool:
        """A package of the SDKs, or of Kotlin's own library."""
        return package.startswith(("kotlin.", "kotlinx.", "aws.sdk.kotlin")) or Java.is_modelled(self, package)

    def entry(self, run: Machine, file: str, symbol: str) -> Value | None:
        """What Lambda calls: a method of an object, or a function of a file."""
        return entries.entry(run, file, symbol)


def _load_broken(run: Machine, frame: Frame) -> None:
    """A name is found nowhere: a file beside this one that could not be read whole may have it."""
    unit = run.sources.unit(frame.file)
    folder = frame.file.rpartition("/")[0]
    for file in unit.files if unit is not None else ():
        if file.rpartition("/")[0] == folder and file not in run.heap.modules:
            module = run.sources.load(file)
            if module is not None and module.problems:
                run.load(file)


def _receiver(frame: Frame) -> Value | None:
    """The innermost object of a model that a lambda was given."""
    scope: Frame | None = frame
    while scope is not None:
        if scope.this is not None and not isinstance(scope.this, Instance | ClassValue | UnknownValue):
            return scope.this
        scope = scope.parent
    return None


def _of_object(run: Machine, value: Instance, name: str, place: Place) -> Value | None:
    """A property that is a getter in Java; a member of the object that implements an interface for this one."""
    for prefix in ("get", "is"):
        getter = members.member_of_class(run, value.cls, prefix + name[:1].upper() + name[1:], value, place)
        if isinstance(getter, FunctionValue) and getter.function.parameters == ():
            return run.call(getter, (), place)
    for position in range(4):
        delegate = value.fields.get(DELEGATE.format(position))
        if delegate is not None:
            return run.attribute(delegate, name, place)
    if name == "copy":
        return bound(value, name, lambda site, run: _copied(value, site))
    if name == "javaClass":
        return value.cls
    return None


def _copied(value: Instance, site: CallSite) -> Value:
    """``copy(name = x)`` of a data class."""
    return Instance(value.cls, {**value.fields, **site.keywords}, value.born)


def _of_class(run: Machine, value: ClassValue, name: str) -> Value | None:
    """What every enumeration has, and the class as its own companion."""
    if name in ("Companion", "INSTANCE"):
        return value
    constants: list[Value] = [
        one for one in value.fields.values() if isinstance(one, Instance) and value in one.cls.ancestry()
    ]
    if name in ("values", "entries") and constants:
        listed = Sequence(constants)
        return bound(value, name, lambda site, run: listed) if name == "values" else listed
    if name == "valueOf" and constants:
        return bound(value, name, lambda site, run: _constant(value, constants, site))
    return None


def _constant(value: ClassValue, constants: list[Value], site: CallSite) -> Value:
    asked = site.positional[0] if site.positional else None
    if isinstance(asked, Const):
        return value.fields.get(str(asked.value)) or UnknownValue("a constant", site.place)
    return Sequence(constants).element()


LANGUAGE = Kotlin()
