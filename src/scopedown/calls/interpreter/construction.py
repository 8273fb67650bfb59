"""Objects: what ``new`` and the call of a class make."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.calls.interpreter import declared_types, escape, members
from scopedown.calls.interpreter import dunder_methods as special
from scopedown.calls.interpreter import implicit_calls as implicit
from scopedown.calls.machine import Activation, Machine, within
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    External,
    FunctionValue,
    Instance,
    Object,
    TextValue,
    UnknownValue,
    Value,
    join,
    options,
)
from scopedown.source import ir


def construct(run: Machine, cls: ClassValue, site: CallSite) -> Value:
    """A new instance of a class of the analysed code."""
    for one in (instances := special.new(run, cls, site)):
        implicit.keep(run, one)
        call_constructor(run, (cls,), one, site)
    if instances:
        return join(*instances)
    instance = Instance(cls, born=run.position.conditional)
    run.carried(len(cls.ancestry()))
    implicit.keep(run, instance)
    for ancestor in reversed([one for one in cls.ancestry() if isinstance(one, ClassValue)]):
        for key, value in ancestor.definition.fields:
            frame = declared_types.scope(ancestor, instance)
            activation = Activation(frame, True)
            with within(run, frame):
                name = run.evaluate(activation, key)
                made = Const(None) if value is None else run.evaluate(activation, value)
            if isinstance(name, Const):
                instance.fields[str(name.value)] = made
        for named, decorators, annotation in ancestor.definition.supplied:
            _supply(run, ancestor, instance, named, decorators, annotation)
    made = call_constructor(run, (cls,), instance, site)
    return made if run.position.language.constructors_return else instance


def _supply(
    run: Machine,
    cls: ClassValue,
    instance: Instance,
    name: str,
    decorators: tuple[ir.Expr, ...],
    annotation: ir.Expr | None,
) -> None:
    """A field that a container fills in (``@Inject() store: Store``)."""
    frame = declared_types.scope(cls, instance)
    with within(run, frame):
        value = declared_types.field(run, Activation(frame, True), decorators, annotation)
    if value is not None:
        instance.fields[name] = value


def call_constructor(
    run: Machine, classes: tuple[Value, ...], this: Value, site: CallSite, inherited: bool = True
) -> Value:
    """Run the constructor of the first of the classes that has one, on an object that exists."""
    if site.complete and run.heap.bindings.automatic and any(id(cls) in run.heap.bindings.automatic for cls in classes):
        site = CallSite(site.positional, site.keywords, site.place, complete=False)
    for cls in classes:
        for name in ("__init__", "constructor"):
            found = members.member_of_class(run, cls, name, this, site.place, inherited)
            if found is not None:
                result = run.call_value(found, site)
                if isinstance(found, FunctionValue):
                    returns = run.position.language.constructors_return
                    return _constructed(found, result, this) if returns else this
                others = [one for one in options(result) if isinstance(one, Object | Instance) and one is not this]
                return join(this, *others) if name == "constructor" else this
    if isinstance(this, Instance):
        # No constructor of our own: a dataclass or a model keeps its keywords as fields.
        this.fields.update(site.keywords)
        names = _field_names if run.position.language.binds_by_packages else annotated_names
        for name, value in zip(names(this.cls), site.positional, strict=False):
            this.fields.setdefault(name, value)
        special.call(run, this, "__post_init__", _given_first(this), site.place)
    if any(isinstance(base, External | UnknownValue) for cls in classes for base in _ancestors(cls)):
        for value in site.all():
            escape.hand_over(run, value, site.place)
    return this


def construct_function(run: Machine, function: FunctionValue, site: CallSite) -> Value:
    """``new F()`` of a plain function: its prototype's members, then the body as constructor."""
    this = Object(born=run.position.conditional)
    prototype = run.heap.prototypes.get((id(function.function), id(function.frame)))
    if prototype is not None:
        this.fields.update(prototype.fields)
    bound = FunctionValue(function.function, function.frame, this, function.owner)
    return _constructed(bound, run.enter(bound, site), this)


def _constructed(function: FunctionValue, result: Value, this: Value) -> Value:
    """What ``new`` gives: the object that the constructor returns, else the new one
    (https://tc39.es/ecma262/#sec-ecmascript-function-objects-construct-argumentslist-newtarget)."""
    found = options(result)
    others = [one for one in found if one is not this and not isinstance(one, Const | TextValue)]
    body = function.function.body
    ends = not body or not isinstance(body[-1], ir.Return | ir.Raise)
    if ends or len(others) < len(found) or any(isinstance(one, UnknownValue) for one in found):
        others.append(this)
    return join(*others)


def _field_names(cls: ClassValue) -> list[str]:
    """The fields of a record in their order."""
    return [name for name, _ in cls.definition.types]


def annotated_names(cls: ClassValue) -> list[str]:
    """The fields in the order of a dataclass's parameters by position: those of its bases first
    (https://docs.python.org/3/library/dataclasses.html)."""
    names: dict[str, bool] = {}
    for value in reversed([value for value in cls.ancestry() if isinstance(value, ClassValue)]):
        by_position = True
        for name, annotation, given in _declared(value):
            kind = _annotated_as(annotation)
            if kind == "KW_ONLY":
                by_position = False
            elif kind != "ClassVar":
                names[name] = by_position and not _is_left_out(given)
    return [name for name, by_position in names.items() if by_position]


def _declared(cls: ClassValue) -> Iterator[tuple[str, ir.Expr, ir.Expr]]:
    for statement in cls.definition.body:
        match statement:
            case ir.Assign(target=ir.Name(id=name), value=value, annotation=annotation) if annotation is not None:
                yield name, annotation, value


def _annotated_as(annotation: ir.Expr) -> str:
    """The last part of an annotation's name, without its arguments."""
    match annotation:
        case ir.Index(object=ir.Name(id=name) | ir.Attr(name=name)) | ir.Name(id=name) | ir.Attr(name=name):
            return name
        case ir.Const(value=str() as text):
            return text.partition("[")[0].rpartition(".")[2]
        case _:
            return ""


def _is_left_out(given: ir.Expr) -> bool:
    """``field(init=False)``, ``field(kw_only=True)``."""
    wanted = {"init": False, "kw_only": True}
    return isinstance(given, ir.Call) and any(
        name in wanted and isinstance(value, ir.Const) and value.value is wanted[name] for name, value in given.keywords
    )


def _given_first(this: Instance) -> tuple[Value, ...]:
    """What ``__post_init__`` gets: the fields that are no more than parameters."""
    fields: dict[str, Value] = {}
    for value in reversed([value for value in this.cls.ancestry() if isinstance(value, ClassValue)]):
        for name, annotation, _ in _declared(value):
            if _annotated_as(annotation) == "InitVar":
                fields[name] = this.fields.get(name) or value.fields.get(name) or UnknownValue(f"parameter {name}")
    return tuple(fields.values())


def _ancestors(value: Value) -> tuple[Value, ...]:
    return tuple(value.ancestry()) if isinstance(value, ClassValue) else options(value)
