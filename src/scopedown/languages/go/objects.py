"""Members that Go gives to plain values: fields and methods of embedded types, zero values of fields, slices, and the
setters of the SDK's structures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from scopedown.calls.interpreter import members
from scopedown.calls.interpreter.injection import of_class
from scopedown.calls.machine import Activation, Machine, Native, within
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    FunctionValue,
    Instance,
    Object,
    Sequence,
    TextValue,
    UnknownValue,
    Value,
    join,
    options,
)
from scopedown.core.place import Place
from scopedown.languages.go import builtins
from scopedown.languages.go.natives import Callback, Function, Named
from scopedown.source import ir

MAX_EMBEDDED = 100
"""Objects whose embedded types are looked into for one member."""
SLICE = "[:]"


def method(value: Value, name: str, run: Machine, place: Place) -> Value | None:
    """A member of a plain value."""
    if name == SLICE:
        return Function(SLICE, lambda site, run: sliced(value, site.positional, place), value)
    match value:
        case Instance():
            return field(run, value, name, place)
        case ClassValue():
            return method_expression(value, name)
        case Object() if name in value.fields:
            return None
        case Object() if (setter := setters(value, name)) is not None:
            return setter
        case FunctionValue() if name == "ServeHTTP":
            return value  # as a http.HandlerFunc
        case FunctionValue() | Const() | TextValue() | Sequence() | Object():
            return _of_defined_type(run, value, name, place)
        case _:
            return None


def extension(value: Value, name: str, run: Machine, place: Place) -> Value | None:
    """A method of an interface, which is that of the object."""
    if isinstance(value, ClassValue) and value.definition.abstract and name in value.fields:
        return method_expression(value, name)
    return None


def method_expression(cls: ClassValue, name: str) -> Value:
    """``T.Method`` (https://go.dev/ref/spec#Method_expressions): a function whose first argument is the object."""

    def body(site: CallSite, run: Machine) -> Value:
        receiver = site.positional[0] if site.positional else UnknownValue("an argument", site.place)
        if isinstance(receiver, UnknownValue):
            receiver = of_class(run, cls, site.place)
        called = members.called(run, receiver, name, site.place)
        return run.call_value(called, replace(site, positional=site.positional[1:]))

    return Callback(f"{cls.definition.name}.{name}", body)


_KINDS = {FunctionValue: "function", Const: "scalar", TextValue: "scalar", Sequence: "list", Object: "map"}


def _of_defined_type(run: Machine, value: Value, name: str, place: Place) -> Value | None:
    """A method of a value that became one of a defined type without a conversion, as arguments and results do: of a
    type with such values that has a method of the name."""
    kind = next((kind for of, kind in _KINDS.items() if isinstance(value, of)), "")
    key = ("<type>", f"{kind} {name}")
    known = run.heap.names.get(key)
    if known is None:
        known = Sequence([*_with_method(run, kind, name)])
        if not run.position.loading:
            run.heap.names[key] = known
    classes = known.items if isinstance(known, Sequence) else []
    found = [members.attribute(run, Named(cls, value), name, place) for cls in classes if isinstance(cls, ClassValue)]
    return join(*found) if found else None


def _with_method(run: Machine, kind: str, name: str) -> Iterator[ClassValue]:
    """The types of a kind that have a method."""
    for file, module in list(run.heap.modules.items()):
        if file.endswith("/") and module.frame.language == "go":
            for cls in list(module.frame.variables.values()):
                if isinstance(cls, ClassValue) and name in cls.fields and builtins.kind_of(cls) == kind:
                    yield cls


# embedded types


def field(run: Machine, value: Instance, name: str, place: Place) -> Value | None:
    """A field that nothing was written to, or a member of an embedded type; None where neither has the name."""
    for cls, annotation in _declaring(value.cls, name):
        made = _zero(run, cls, annotation, place)
        if made is not None:
            value.fields[name] = made
        return made
    owner = _owner(run, value, name, place)
    return None if owner is None else members.attribute(run, owner, name, place)


def holder(run: Machine, value: Instance, name: str, place: Place) -> Instance | None:
    """The embedded object whose field a write means; None where it is the object's own."""
    if _has(value, name):
        return None
    owner = _owner(run, value, name, place)
    return owner if isinstance(owner, Instance) else None


def _owner(run: Machine, value: Instance, name: str, place: Place) -> Value | None:
    """The embedded object that has a member: the least deep one; else what is embedded of a package."""
    waiting: list[Instance] = [value]
    foreign: Value | None = None
    for _ in range(MAX_EMBEDDED):
        if not waiting:
            break
        one = waiting.pop(0)
        for embedded in embedded_names(one.cls):
            for option in options(_held(run, one, embedded, place)):
                if isinstance(option, Instance):
                    if _has(option, name):
                        return option
                    waiting.append(option)
                elif isinstance(option, Native):
                    foreign = foreign or option
    return foreign


def _held(run: Machine, value: Instance, embedded: str, place: Place) -> Value:
    """What an embedded field holds."""
    inner = value.fields.get(embedded)
    for cls, annotation in _declaring(value.cls, embedded) if inner is None else ():
        inner = _zero(run, cls, annotation, place)
        if inner is not None:
            value.fields[embedded] = inner
    return members.attribute(run, value, embedded, place) if inner is None else inner


def _has(value: Instance, name: str) -> bool:
    """Whether an object has a member by itself."""
    if name in value.fields or any(True for _ in _declaring(value.cls, name)):
        return True
    return any(isinstance(cls, ClassValue) and name in cls.fields for cls in value.cls.ancestry())


def _declaring(cls: ClassValue, name: str) -> Iterator[tuple[ClassValue, ir.Expr]]:
    for one in cls.ancestry():
        if isinstance(one, ClassValue):
            for declared, annotation in one.definition.types:
                if declared == name:
                    yield one, annotation
                    return


def embedded_names(cls: ClassValue) -> Iterator[str]:
    """The fields of a struct that are embedded."""
    for one in cls.ancestry():
        names = one.keywords.get("embedded") if isinstance(one, ClassValue) else None
        for name in names.items if isinstance(names, Sequence) else ():
            if isinstance(name, Const) and isinstance(name.value, str):
                yield name.value


def _zero(run: Machine, cls: ClassValue, annotation: ir.Expr, place: Place) -> Value | None:
    """The zero value of a field that holds a struct, or a thing of a package, itself; None for others, which code that
    is not seen may have filled."""
    if isinstance(annotation, ir.Shape):
        return _record(run, cls, annotation, place)
    if isinstance(annotation, ir.Name) and annotation.id == "<func>":
        return Const(None)  # only code of the program puts a function there
    if not isinstance(annotation, ir.Name | ir.Attr | ir.Index):
        return None
    with within(run, cls.frame):
        declared = run.evaluate(Activation(cls.frame, False), annotation)
    match declared:
        case ClassValue() if builtins.kind_of(declared) in ("struct", "map", "list"):
            return builtins.zero(run, declared, place)
        case ClassValue() if builtins.kind_of(declared) == "scalar" and builtins.has_methods(declared):
            return Named(declared, UnknownValue("a value that is not set", place, inert=True))
        case Native() if not isinstance(declared, builtins.Basic) and not declared.names_a_client:
            return builtins.zero(run, declared, place)
        case _:
            return None


def _record(run: Machine, cls: ClassValue, shape: ir.Shape, place: Place) -> Value:
    """The zero value of a struct that has no name."""
    made = Object({}, UnknownValue("a field that is not set", place))
    for name, annotation in shape.members:
        if (held := _zero(run, cls, annotation, place)) is not None:
            made.fields[name] = held
    return made


# the SDK's structures


def setters(value: Object, name: str) -> Value | None:
    """``input.SetTableName(x)`` and ``config.WithRegion(x)`` of version 1 of the SDK; maps have no methods."""
    written = next((name[len(prefix) :] for prefix in ("Set", "With") if name.startswith(prefix)), "")
    if written[:1].isupper():
        return Function(name, lambda site, run: _set(value, written, site.positional), value)
    if name in ("Validate", "String", "GoString", "Copy"):
        return Function(name, lambda site, run: value if name == "Copy" else UnknownValue(name, inert=True), value)
    return None


def _set(value: Object, name: str, given: tuple[Value, ...]) -> Value:
    if given:
        value.fields[name] = given[0]
    return value


# slices


def sliced(value: Value, bounds: tuple[Value, ...], place: Place) -> Value:
    """``x[a:b]``."""
    known = [bound.value for bound in bounds if isinstance(bound, Const)]
    start, end = (one if isinstance(one, int) else None for one in (*known, None, None)[:2])
    is_known = len(known) == len(bounds) and all(one is None or (isinstance(one, int) and one >= 0) for one in known)
    match value:
        case Named():
            return builtins.named(value.cls, sliced(value.value, bounds, place))
        case Const(value=str() as text) if is_known:
            return Const(text.encode("utf-8", "surrogatepass")[start:end].decode("utf-8", "replace"))
        case Sequence() if is_known and (value.rest is None or end is None):
            return Sequence(value.items[start:end], value.rest)
        case Sequence():
            return Sequence([], value.element())
        case TextValue() if is_known and not start and end is None:
            return value
        case TextValue() | Const():
            return UnknownValue("a part of a text", place)
        case UnknownValue():
            return value.part(place)
        case FunctionValue():
            return UnknownValue("a slice", place)
        case _:
            return value
