"""What a declared type tells where a value is not known.

Containers, frameworks and tests inject what a constructor or a handler declares: an unknown value whose declared type
is an SDK's client is such a client; what is injected into a constructor under a class of the analysed code is an object
of that class, made by code that is not seen. The types of parameters, variables, fields, casts and of the members of
record types count. An annotation that names anything else tells nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from scopedown.calls import expressions, ir
from scopedown.calls.activation import Activation
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    External,
    Frame,
    Native,
    Object,
    UnknownValue,
    Value,
    join,
    options,
)
from scopedown.core.place import Place

if TYPE_CHECKING:
    from scopedown.calls.interpret import Interpreter

CONSTRUCTORS = ("constructor", "__init__")

_TRANSPARENT = {
    "Optional", "Union", "Annotated", "Final", "ClassVar", "Awaitable", "Coroutine",  # Python
    "Promise", "Readonly", "Required", "Partial", "NonNullable", "PromiseLike",  # TypeScript
}  # fmt: skip
"""Generic types whose argument is the type of the value (``await`` is transparent)."""

_DOTTED = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
MAX_NESTED = 3
"""Record types in record types that are followed."""


class Record(Native):
    """A record type of the analysed code."""

    __slots__ = ("frame", "node")

    def __init__(self, node: ir.Shape, frame: Frame) -> None:
        self.node = node
        self.frame = frame

    def describe(self) -> str:
        """For messages."""
        return "a type"


def refine(
    run: Interpreter, activation: Activation, annotation: ir.Expr, value: Value, constructor: bool = False
) -> Value:
    """A value, as its annotation has it where nothing else is known. ``constructor``: it is a constructor's argument,
    which a container may make."""
    if not any(_unseen(one) for one in options(value)):
        return value
    place = run.place(annotation.at)
    declared = list(_declared(run, activation, annotation))
    known = [one for one in options(value) if not _unseen(one)]
    clients = [made for one in declared if (made := _client(run, one, place, value)) is not None]
    if clients:
        return join(*known, *clients)
    injected = constructor or any(isinstance(one, External) for one in options(value))
    classes = [one for one in declared if isinstance(one, ClassValue)]
    if classes and injected:
        kept = [one for one in options(value) if not isinstance(one, UnknownValue)]
        return join(*kept, *(_made(run, one, place) for one in classes))
    return value


def member(run: Interpreter, cls: ClassValue, name: str, value: Value) -> Value:
    """A member of an object whose value is not known, as its class declares it."""
    key = (id(cls), name)
    clients = run.declared.get(key)
    if clients is None:
        run.declared[key] = ()  # a type that leads to itself tells nothing
        clients = run.declared[key] = tuple(_declared_member(run, cls, name, value))
    return join(*clients) if clients else value


def _declared_member(run: Interpreter, cls: ClassValue, name: str, value: Value) -> Iterator[Value]:
    for one in cls.ancestry():
        if not isinstance(one, ClassValue):
            continue
        annotation = _annotation(one.definition, name)
        if annotation is not None:
            yield from _clients(run, one.frame, annotation, value, MAX_NESTED)
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


def _clients(run: Interpreter, frame: Frame, annotation: ir.Expr, value: Value, depth: int) -> Iterator[Value]:
    """The clients that an annotation names, which stands in another file than the one that is run, perhaps."""
    before = run.file, run.language
    run.file, run.language = frame.file, frame.language
    try:
        place = run.place(annotation.at)
        for one in _declared(run, Activation(frame, False), annotation):
            if (made := _client(run, one, place, value, depth)) is not None:
                yield made
    finally:
        run.file, run.language = before


def _client(run: Interpreter, declared: Value, place: Place, value: Value, depth: int = MAX_NESTED) -> Value | None:
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
        return Object(fields, next(one for one in options(value) if _unseen(one))) if fields else None
    if isinstance(declared, Native) and declared.names_a_client:
        return declared.call(CallSite((), {}, place), run)
    return None


def _declared(run: Interpreter, activation: Activation, annotation: ir.Expr) -> Iterator[Value]:
    """The types that an annotation names."""
    match annotation:
        case ir.Name() | ir.Attr() | ir.Shape():
            yield from options(expressions.evaluate(run, activation, annotation))
        case ir.Const(value=str() as name) if _DOTTED.fullmatch(name):
            first, *more = name.split(".")
            written: ir.Expr = ir.Name(first, annotation.at)
            for part in more:
                written = ir.Attr(written, part, annotation.at)
            yield from options(expressions.evaluate(run, activation, written))
        case ir.Op(operator="|", operands=operands):
            for one in operands:
                yield from _declared(run, activation, one)
        case ir.Index(object=ir.Name(id=name) | ir.Attr(name=name) as generic, index=given):
            if name not in _TRANSPARENT:
                yield from _declared(run, activation, generic)
            elif isinstance(given, ir.ListExpr):
                for one in given.items[:1] if name == "Annotated" else given.items:
                    yield from _declared(run, activation, one)
            else:
                yield from _declared(run, activation, given)
        case _:
            pass


def _unseen(value: Value) -> bool:
    return isinstance(value, UnknownValue | External)


def _made(run: Interpreter, cls: ClassValue, place: Place) -> Value:
    """An object that unseen code makes: one for each class, as containers have it."""
    known = run.injected.get(id(cls))
    if known is None:
        run.injected[id(cls)] = UnknownValue("an object that is being made", place)
        known = run.injected[id(cls)] = run.construct(cls, CallSite((), {}, place, complete=False))
    return known
