"""What Lombok adds to a class when it is compiled: constructors, methods that read and write fields, builders, loggers.

Source: https://projectlombok.org/features/.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from scopedown.source import ir

BUILDER: Final = "<builder>"
"""The name of what makes a builder of a class."""
_LOGGERS: Final = frozenset({"Slf4j", "XSlf4j", "Log", "Log4j", "Log4j2", "CommonsLog", "JBossLog", "Flogger"})
LOGGER: Final = "org.slf4j.Logger"


@dataclass(frozen=True, slots=True)
class Field:
    """An instance field as it is declared."""

    name: str
    known: str
    """The name under which it is kept."""
    of: ir.Expr | None
    final: bool
    initialised: bool
    marks: tuple[ir.Expr, ...]


@dataclass(frozen=True, slots=True)
class Added:
    """What is added to a class."""

    methods: tuple[tuple[str, ir.Lambda], ...]
    constructors: tuple[ir.Lambda, ...]
    log: bool


def added(name: str, marks: tuple[ir.Expr, ...], fields: list[Field], constructors: int, at: ir.At) -> Added:
    """What the marks of a class and of its fields add; ``constructors``: how many the class has already."""
    names = {_name(mark) for mark in marks}
    made: list[tuple[str, ir.Lambda]] = []
    for field in fields:
        own = names | {_name(mark) for mark in field.marks}
        capital = field.name[:1].upper() + field.name[1:]
        if not own.isdisjoint({"Data", "Value", "Getter"}):
            is_truth = isinstance(field.of, ir.Name) and field.of.id == "boolean"
            made.append((f"{'is' if is_truth else 'get'}{capital}", _getter(field, at)))
        if not own.isdisjoint({"Data", "Setter"}) and not field.final:
            made.append((f"set{capital}", _setter(field, at)))
    if not names.isdisjoint({"Builder", "SuperBuilder"}):
        made.append(("builder", _static("builder", _builder(name, at), at)))
    found = tuple(_constructors(names, fields, constructors, at))
    return Added(tuple(made), found, not names.isdisjoint(_LOGGERS))


def _name(mark: ir.Expr) -> str:
    of = mark.function if isinstance(mark, ir.Call) else mark
    return of.id.rpartition(".")[2] if isinstance(of, ir.Name) else of.name if isinstance(of, ir.Attr) else ""


def _constructors(names: set[str], fields: list[Field], constructors: int, at: ir.At) -> Iterator[ir.Lambda]:
    open_ = [field for field in fields if not (field.final and field.initialised)]
    required = [
        field
        for field in open_
        if not field.initialised and (field.final or any(_name(mark) == "NonNull" for mark in field.marks))
    ]
    if "AllArgsConstructor" in names or (not constructors and not names.isdisjoint({"Value", "Builder"})):
        yield _constructor(open_, at)
    if "RequiredArgsConstructor" in names or (
        not constructors and "Data" in names and names.isdisjoint({"AllArgsConstructor", "NoArgsConstructor"})
    ):
        yield _constructor(required, at)
    if "NoArgsConstructor" in names:
        yield _constructor([], at)


def _constructor(fields: list[Field], at: ir.At) -> ir.Lambda:
    parameters = tuple(
        ir.Parameter(ir.Name(field.name, at), annotation=field.of, decorators=field.marks) for field in fields
    )
    body = tuple(
        ir.Assign(ir.Attr(ir.This(at), field.known, at), ir.Name(field.name, at), at) for field in fields
    )  # fmt: skip
    names = frozenset(field.name for field in fields)
    return ir.Lambda(ir.Function("constructor", parameters, body, names, at, "this"), at)


def _getter(field: Field, at: ir.At) -> ir.Lambda:
    body = (ir.Return(ir.Attr(ir.This(at), field.known, at), at),)
    return ir.Lambda(ir.Function("get", (), body, frozenset(), at, "this", returns=field.of), at)


def _setter(field: Field, at: ir.At) -> ir.Lambda:
    value = ir.Name("value", at)
    body = (ir.Assign(ir.Attr(ir.This(at), field.known, at), value, at),)
    parameter = ir.Parameter(value, annotation=field.of)
    return ir.Lambda(ir.Function("set", (parameter,), body, frozenset({"value"}), at, "this"), at)


def _static(name: str, value: ir.Expr, at: ir.At) -> ir.Lambda:
    return ir.Lambda(ir.Function(name, (), (ir.Return(value, at),), frozenset(), at, "none"), at)


def _builder(name: str, at: ir.At) -> ir.Expr:
    return ir.Call(ir.Name(BUILDER, at), (ir.Name(name, at),), (), at)
