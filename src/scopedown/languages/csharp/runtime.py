"""What C# is where its code runs: names, members of plain values, and what Lambda calls."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.calls.interpreter import members
from scopedown.calls.machine import Language, Machine, SdkNames
from scopedown.calls.machine.functions import bound
from scopedown.calls.models import is_modelled, is_vendors
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    Frame,
    FunctionValue,
    Instance,
    Object,
    Sequence,
    SuperValue,
    TextValue,
    UnknownValue,
    Value,
    join,
)
from scopedown.catalog.model import Catalog
from scopedown.core.place import Place
from scopedown.languages.csharp import (
    collections,
    entries,
    extensions,
    missing_types,
    parts,
    sdk,
    standard,
    unwritten_calls,
)
from scopedown.languages.csharp.lower import IMPLICIT
from scopedown.languages.csharp.members import CONVERSION
from scopedown.languages.csharp.natives import Passing, Plain, UnseenType, awaited, is_namespace, unknown
from scopedown.languages.csharp.open_names import names
from scopedown.source import ir


class CSharp(Language):
    """C#."""

    name = "csharp"
    separator = "."
    text_method = "ToString"
    implicit_members = True
    overloads = True
    binds_by_packages = True
    classes_know_themselves = True
    data_has_classes = True
    conversion = CONVERSION
    arguments_are_written = True
    adds_functions = True
    namespaces_are_open = True
    finding_members = standard.REFLECTION

    library = staticmethod(Passing)

    def of_object(self, value: Value, name: str, run: Machine, place: Place) -> Value | None:
        """A member of a task, of every object, or one that the code adds."""
        return awaited(value, name, place) or extensions.method(run, value, name, place)

    def builtin(self, name: str) -> Value | None:
        """A keyword; a class or a namespace that nothing is known of."""
        found = standard.builtin(name)
        return UnseenType(name) if found is None and name[:1].isupper() else found

    def standard_module(self, name: str) -> Value | None:
        """A class of the standard library."""
        return standard.standard(name)

    def written_whole(self, name: str) -> Value | None:
        """A structure of the SDK (``using Value = Amazon.DynamoDBv2.Model.AttributeValue``)."""
        return sdk.structure(name)

    def is_modelled(self, package: str) -> bool:
        """The standard library's namespaces, and those of the SDK."""
        known = package in IMPLICIT or package.startswith("System.") or package in sdk.namespaces()
        return known or is_modelled(package, self)

    def is_vendors(self, name: str) -> bool:
        """A class of a library of AWS's that has a model."""
        return is_vendors(name, self)

    def extension(self, value: Value, name: str, run: Machine, place: Place) -> Value | None:
        """What an object holds as a property that a class overrides, and what that class's getter gives. An extension
        method may be meant where a class has a member of its name for other arguments."""
        if isinstance(value, Instance):
            extensions.hidden(run, value, name, place)
            held = value.fields.get(name)
            if held is not None and any(
                isinstance(one, ClassValue) and name in one.fields for one in value.cls.ancestry()
            ):
                given = members.member_of_class(run, value.cls, name, value, place)
                return None if given is None else join(held, given)
        elif isinstance(value, SuperValue) and isinstance(value.this, Instance) and name in value.this.fields:
            found = (members.member_of_class(run, one, name, value.this, place, False) for one in members.above(value))
            return next((one for one in found if one is not None), value.this.fields[name])
        return None

    def equal(self, one: Const, other: Const, loosely: bool) -> bool | None:
        """A character, a member of an enumeration and what has operators of its own may be equal to a number."""
        kinds = {isinstance(value.value, str) for value in (one, other) if value.value is not None}
        return None if len(kinds) > 1 else super().equal(one, other, loosely)

    def convert(self, cls: ClassValue, site: CallSite, run: Machine, new: bool) -> Value | None:
        """``new Delegate(f)`` is the function: only of delegates, of what is abstract here, are objects made."""
        return site.positional[0] if new and cls.definition.abstract and len(site.positional) == 1 else None

    def method(self, value: Value, name: str, run: Machine, place: Place) -> Value | None:
        """A member of a plain value; a method that an extension adds."""
        found = self._member(value, name, run, place)
        added = extensions.method(run, value, name, place)
        return found if added is None else added if found is None else join(found, added)

    def _member(self, value: Value, name: str, run: Machine, place: Place) -> Value | None:
        match value:
            case Const(value=None):
                return None
            case Const() | TextValue():
                return awaited(value, name, place) or collections.member(value, name, run, place)
            case Sequence():
                return collections.member(value, name, run, place) or awaited(value, name, place)
            case Object():
                if name in value.fields:
                    return None
                return collections.member(value, name, run, place) or awaited(value, name, place)
            case FunctionValue():
                return value if name in ("Invoke", "DynamicInvoke", "BeginInvoke") else awaited(value, name, place)
            case ClassValue() if name in ("Name", "FullName"):
                return _name_of(value, name, run)
            case Instance():
                if name == "GetType":
                    return bound(value, name, lambda site, run: _type_of(value.cls, run))
                if name == "ToString":
                    return bound(
                        value, name, lambda site, run: UnknownValue("an object as text", site.place, inert=True)
                    )
                if name == "MemberwiseClone":
                    return bound(value, name, lambda site, run: value)
                return awaited(value, name, place)
            case ClassValue():
                return bound(value, name, lambda site, run: unknown(name, site)) if name == "Equals" else None
            case _:
                return None

    def class_made(self, cls: ClassValue, run: Machine) -> None:
        """The parts of a class in several files are one."""
        parts.join(cls, run)
        unwritten_calls.class_made(run, cls)

    def calls_by_itself(self, made: Instance) -> frozenset[str]:
        """Operators, what statements and conversions call, and what takes the place of a method of .NET."""
        return frozenset(unwritten_calls.named(made))

    def unbound(self, run: Machine, frame: Frame, name: str, place: Place) -> Value | None:
        """A namespace of the program whose name looks like a variable's."""
        return UnseenType(name) if name[:1].islower() and is_namespace(run, name) else None

    def unseen_type(self, run: Machine, frame: Frame, name: str, place: Place) -> None:
        """A type that only a missing file of the project can declare."""
        missing_types.look(run, frame, name, place)

    def package_names(self, module: ir.Module, name: str) -> Iterator[str]:
        """Of the file's namespace, of those around it and those that it opens; last, a namespace of this name."""
        yield from super().package_names(module, name)
        yield name

    def entry(self, run: Machine, file: str, symbol: str) -> Value | None:
        """The method of the handler's class, or where the program starts."""
        return entries.entry(run, file, symbol)

    def sdk_names(self, catalog: Catalog) -> SdkNames:
        """The AWS SDK for .NET."""
        return names(catalog)


def _type_of(cls: ClassValue, run: Machine) -> Value:
    """The type of an object, which is mostly asked for its name: whoever is given it cannot call the object."""
    names = {name: _name_of(cls, name, run) for name in ("Name", "FullName")}
    return Plain(f"the type {cls.definition.name} of {cls.frame.file}", members=names)


def _name_of(cls: ClassValue, name: str, run: Machine) -> Value:
    """The name of a type, or that with its namespace."""
    written = cls.definition.name
    if name == "Name":
        return Const(written)
    module = run.sources.load(cls.frame.file)
    if module is None or written not in module.locals:  # a class inside of another
        return UnknownValue("the name of a type", run.sources.place(cls.frame.file), inert=True)
    return Const(f"{module.package}.{written}" if module.package else written)


LANGUAGE = CSharp()
