"""What a declared type tells where a value is not known.

Containers, frameworks and tests inject what a constructor or a handler declares: an unknown value whose declared type
is an SDK's client is such a client; what is injected into a constructor under a class of the analysed code is an object
of that class, made by code that is not seen. The types of parameters, variables, fields, casts and of the members of
record types count. An annotation that names anything else tells nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scopedown.calls.interpreter import injection
from scopedown.calls.machine import Activation, Machine, Native, within
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    Datum,
    External,
    Frame,
    Object,
    TextValue,
    UnknownValue,
    Value,
    join,
    options,
)
from scopedown.core.place import Place
from scopedown.source import ir

CONSTRUCTORS = ("constructor", "__init__")

_TRANSPARENT = {
    "Optional", "Union", "Annotated", "Final", "ClassVar", "Awaitable", "Coroutine",  # Python
    "Promise", "Readonly", "Required", "Partial", "NonNullable", "PromiseLike",  # TypeScript
}  # fmt: skip
"""Generic types whose argument is the type of the value (``await`` is transparent)."""

_NUMBERS = frozenset({"int", "uint", "long", "ulong", "short", "ushort", "byte", "sbyte", "float", "double", "decimal"})
_DOTTED = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
MAX_NESTED = 3
"""Record types in record types that are followed."""


class Record(Native):
    """A record type of the analysed code."""

    __slots__ = ("frame", "node")
    label = "a type"

    def __init__(self, node: ir.Shape, frame: Frame) -> None:
        self.node = node
        self.frame = frame


class AnnotatedType(Native):
    """``Annotated[Store, Depends(store)]`` under a name of its own: the type, and what asks a container."""

    __slots__ = ("parts",)
    label = "a type"

    def __init__(self, parts: tuple[Value, ...]) -> None:
        self.parts = parts


def refine(run: Machine, activation: Activation, annotation: ir.Expr, value: Value, constructor: bool = False) -> Value:
    """A value, as its annotation has it where nothing else is known. ``constructor``: it is a constructor's argument,
    which a container may make."""
    value = _converted(run, activation, annotation, value)
    if not any(_unseen(option) for option in options(value)):
        return value
    place = run.place(annotation.at)
    declared = list(_declared(run, activation, annotation))
    wants = [one for one in declared if isinstance(one, injection.Wanted)]
    if wants:
        declared = [one for one in declared if not isinstance(one, injection.Wanted)]
        for want in wants:
            if (given := want.supplied(run, tuple(declared), place)) is not None:
                return given
    if constructor and (bound := _bound(run, declared, place)) is not None:
        return bound
    known = [option for option in options(value) if not _unseen(option)]
    clients = [made for one in declared if (made := _client(run, one, place, value)) is not None]
    if clients:
        return join(*known, *clients)
    injected = constructor or any(isinstance(option, External) for option in options(value))
    if run.position.language.binds_by_packages:  # types are checked there, so that it is such an object
        injected = injected or any(_unseen(option) and not _is_inert(option) for option in options(value))
    classes = [one for one in declared if isinstance(one, ClassValue)]
    if found := _given(run, classes):
        return join(*known, *found)
    if classes and injected:
        kept = [option for option in options(value) if isinstance(option, External) or not _unseen(option)]
        return join(*kept, *(injection.of_class(run, class_, place) for class_ in classes))
    if len(classes) == 1 and run.position.language.data_has_classes and not classes[0].definition.abstract:
        return join(*(_of(classes[0], option) for option in options(value)))
    return value


def _converted(run: Machine, activation: Activation, annotation: ir.Expr, value: Value) -> Value:
    """A text, a number or null, as the class that it is declared as has it: made by a conversion of the class, compared
    by its operators, or the member of an enumeration."""
    name = run.position.language.conversion
    if name is None or not any(isinstance(option, Const | TextValue) for option in options(value)):
        return value
    if isinstance(annotation, ir.Name) and annotation.id in _NUMBERS:  # a character, the member of an enumeration
        number = UnknownValue("a name as a number", run.place(annotation.at), inert=True)
        return join(
            *(number if isinstance(one, Const) and isinstance(one.value, str) else one for one in options(value))
        )
    classes = [one for one in _declared(run, activation, annotation) if isinstance(one, ClassValue)]
    return join(*(_as_one_of(run, classes, name, one, run.place(annotation.at)) for one in options(value)))


def _as_one_of(run: Machine, classes: list[ClassValue], name: str, value: Value, place: Place) -> Value:
    if not isinstance(value, Const | TextValue):
        return value
    number = isinstance(value, Const) and isinstance(value.value, int | float)
    for cls in classes:
        if isinstance(value, Const) and value.value is None:
            if f"{name} ==" in cls.fields:
                return join(value, UnknownValue("what an operator of a class compares", place, inert=True))
        elif (conversion := cls.fields.get(name)) is not None:
            return run.call(conversion, (value,), place)
        elif number:
            return UnknownValue("a number as a member of an enumeration", place, inert=True)
    return value


def _given(run: Machine, classes: list[ClassValue]) -> list[Value]:
    """Objects that the code made of these classes, where frameworks give them back by their type."""
    return [made for one in classes for made in run.position.language.given(one, run)]


def _of(cls: ClassValue, value: Value) -> Value:
    """Data is known to be of a class."""
    if isinstance(value, UnknownValue) and value.inert and not isinstance(value, Datum):
        return Datum(value.reason, value.place, inert=True, cls=cls)
    return value


def scope(cls: ClassValue, this: Value | None = None) -> Frame:
    """Where the types of a class's members are named: the classes inside of it are known there."""
    frame = cls.frame
    return Frame(frame.file, frozenset(), frame, this, owner=cls, language=frame.language)


def named(run: Machine, activation: Activation, annotation: ir.Expr) -> list[Value]:
    """The types that an annotation names."""
    return list(_declared(run, activation, annotation))


def supplied(run: Machine, activation: Activation, parameter: ir.Parameter, default: Value) -> Value:
    """A parameter's default: one that asks for something (``Depends(f)``) is what it gets."""
    if not any(isinstance(option, injection.Wanted) for option in options(default)):
        return default
    place = run.place(parameter.annotation.at if parameter.annotation is not None else _at(parameter))
    declared = () if parameter.annotation is None else tuple(_declared(run, activation, parameter.annotation))
    return injection.supply(run, default, declared, place) or UnknownValue(
        "a value from a dependency-injection container", place
    )


def _at(parameter: ir.Parameter) -> ir.At:
    """Where a parameter without an annotation stands."""
    return parameter.default.at if parameter.default is not None else (1, 1)


def decorated(
    run: Machine, activation: Activation, decorators: tuple[ir.Expr, ...], annotation: ir.Expr | None
) -> Value | None:
    """What the decorators of a constructor's parameter or of a field ask for, or None where they ask for nothing."""
    place = run.place(decorators[0].at)
    declared = () if annotation is None else tuple(_declared(run, activation, annotation))
    return injection.wanted(run, activation, decorators, declared, place)


def field(
    run: Machine, activation: Activation, decorators: tuple[ir.Expr, ...], annotation: ir.Expr | None
) -> Value | None:
    """What a decorated field gets, which nothing in the class writes. A decorator that is not seen supplies an object
    of the declared class where its name says so (``@Autowired()``)."""
    found = decorated(run, activation, decorators, annotation)
    if found is not None or annotation is None:
        return found
    names = [decorator.function if isinstance(decorator, ir.Call) else decorator for decorator in decorators]
    written = [
        name.id if isinstance(name, ir.Name) else name.name if isinstance(name, ir.Attr) else "" for name in names
    ]
    if any("inject" in one.lower() or "autowire" in one.lower() for one in written):
        return injection.of_types(run, tuple(_declared(run, activation, annotation)), run.place(annotation.at))
    return None


def _bound(run: Machine, declared: list[Value], place: Place) -> Value | None:
    """What a container has bound to one of the types."""
    found = [bound for value in declared if (bound := injection.bound_to(run, value, place)) is not None]
    return join(*found) if found else None


def member(run: Machine, cls: ClassValue, name: str, value: Value) -> Value:
    """A member of an object whose value is not known, as its class declares it."""
    key = (id(cls), name)
    clients = run.heap.declared.get(key)
    if clients is None:
        run.heap.declared[key] = ()  # a type that leads to itself tells nothing
        clients = run.heap.declared[key] = tuple(_declared_member(run, cls, name, value))
    return join(*clients) if clients else value


def _declared_member(run: Machine, cls: ClassValue, name: str, value: Value) -> Iterator[Value]:
    for one in cls.ancestry():
        if not isinstance(one, ClassValue):
            continue
        annotation = _annotation(one.definition, name)
        if annotation is not None:
            yield from _clients(run, scope(one), annotation, value, MAX_NESTED)
            return


def _annotation(definition: ir.Class, name: str) -> ir.Expr | None:
    for declared, annotation in definition.types:
        if declared == name:
            return annotation
    for statement in definition.body:
        if (
            isinstance(statement, ir.Assign)
            and statement.annotation is not None
            and isinstance(statement.target, ir.Name)
            and statement.target.id == name
        ):
            return statement.annotation
    return None


def _clients(run: Machine, frame: Frame, annotation: ir.Expr, value: Value, depth: int) -> Iterator[Value]:
    """The clients that an annotation names, which stands in another file than the one that is run, perhaps."""
    with within(run, frame):
        place = run.place(annotation.at)
        for one in _declared(run, Activation(frame, False), annotation):
            if (made := _client(run, one, place, value, depth)) is not None:
                yield made


def _client(run: Machine, declared: Value, place: Place, value: Value, depth: int = MAX_NESTED) -> Value | None:
    """A client, or a record that holds some, of a declared type."""
    if isinstance(declared, Record) and depth > 0:
        fields: dict[str, Value] = {}
        for name, annotation in declared.node.members:
            if found := list(_clients(run, declared.frame, annotation, value, depth - 1)):
                fields[name] = join(*found)
        bases = Activation(declared.frame, False)
        for base in declared.node.bases:
            for one in _declared(run, bases, base):
                if isinstance(inherited := _client(run, one, place, value, depth - 1), Object):
                    fields = {**inherited.fields, **fields}
        return Object(fields, next(option for option in options(value) if _unseen(option))) if fields else None
    if isinstance(declared, Native) and declared.names_a_client:
        return declared.call(CallSite((), {}, place), run)
    if isinstance(declared, ClassValue) and declared.definition.abstract:
        return run.position.language.client_behind(declared, run, place)
    return None


def _declared(run: Machine, activation: Activation, annotation: ir.Expr) -> Iterator[Value]:
    """The types that an annotation names."""
    match annotation:
        case ir.Name() | ir.Attr() | ir.Shape():
            for named in options(run.evaluate(activation, annotation)):
                yield from named.parts if isinstance(named, AnnotatedType) else (named,)
        case ir.Const(value=str() as name) if _DOTTED.fullmatch(name):
            first, *more = name.split(".")
            written: ir.Expr = ir.Name(first, annotation.at)
            for part in more:
                written = ir.Attr(written, part, annotation.at)
            yield from options(run.evaluate(activation, written))
        case ir.Op(operator="|", operands=operands):
            for operand in operands:
                yield from _declared(run, activation, operand)
        case ir.Index(object=ir.Name(id=name) | ir.Attr(name=name) as generic, index=given):
            if name not in _TRANSPARENT or run.position.language.binds_by_packages:
                yield from _applied(run, activation, generic, given)
            elif isinstance(given, ir.ListExpr):
                for item in given.items[:1] if name == "Annotated" else given.items:
                    yield from _declared(run, activation, item)
                for item in given.items[1:] if name == "Annotated" else ():
                    noted = run.evaluate(activation, item)
                    yield from (asked for asked in options(noted) if isinstance(asked, injection.Wanted))
            else:
                yield from _declared(run, activation, given)
        case _:
            pass


def _applied(run: Machine, activation: Activation, generic: ir.Expr, given: ir.Expr) -> Iterator[Value]:
    """A generic type with its arguments, of which most tell nothing."""
    for one in _declared(run, activation, generic):
        made = None
        if isinstance(one, Native) and type(one).applied is not Native.applied:
            items = given.items if isinstance(given, ir.ListExpr) else (given,)
            arguments = [list(_declared(run, activation, item)) for item in items]
            unknown = UnknownValue("a type", run.place(given.at))
            made = one.applied(tuple(join(*found) if found else unknown for found in arguments), run)
        yield from (one,) if made is None else options(made)


def _unseen(value: Value) -> bool:
    return isinstance(value, UnknownValue | External) or (isinstance(value, Native) and value.is_unseen)


def _is_inert(value: Value) -> bool:
    return isinstance(value, UnknownValue) and value.inert
