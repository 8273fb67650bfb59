"""The class of a class, where it is one of the analysed code (Python's ``metaclass=``)."""

from __future__ import annotations

from scopedown.calls.interpreter.dunder_methods import defined, subclassed
from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    FunctionValue,
    Instance,
    Object,
    Sequence,
    Value,
    join,
    options,
)
from scopedown.core.place import Place

ASKED = frozenset({"__class_getitem__", "__subclasshook__"})
"""Methods of a class itself that Python calls (https://docs.python.org/3/reference/datamodel.html)."""


def metaclass(cls: ClassValue) -> ClassValue | None:
    """The class of a class, where it is one of the analysed code."""
    for value in cls.ancestry():
        meta = value.keywords.get("metaclass") if isinstance(value, ClassValue) else None
        if isinstance(meta, ClassValue):
            return meta
    return None


def made(run: Machine, cls: ClassValue, bases: tuple[Value, ...], place: Place) -> None:
    """A class has been made, by a statement or by ``type``: those that it derives from and its metaclass are asked."""
    run.carried(len(cls.ancestry()))
    for base in bases:
        for option in options(base):
            if isinstance(option, ClassValue):
                run.heap.subclasses.setdefault(id(option), []).append(cls)
    for base in cls.ancestry():
        if isinstance(base, Native):
            base.subclassed(cls, run)
    _made_by_metaclass(run, cls, place)
    subclassed(run, cls, place)


def _made_by_metaclass(run: Machine, cls: ClassValue, place: Place) -> None:
    """A class has been made: its metaclass's ``__prepare__``, ``__new__`` and ``__init__`` run."""
    meta = metaclass(cls)
    parts = (Const(cls.definition.name), Sequence(list(cls.bases)), Object(cls.fields))
    if meta is None:
        if not ASKED.isdisjoint(cls.fields):
            run.heap.with_metaclass.append(cls)
        if (maker := cls.keywords.get("metaclass")) is not None:  # a function, or an object that is called
            rest = {name: value for name, value in cls.keywords.items() if name != "metaclass"}
            run.escape(run.call_value(maker, CallSite(parts, rest, place)), place)
        return
    run.heap.with_metaclass.append(cls)
    run.heap.making.append(cls)
    try:
        if (method := defined(meta, "__prepare__")) is not None:
            bound = FunctionValue(method.function, method.frame, meta, method.owner)
            for option in options(run.enter(bound, CallSite(parts[:2], {}, place))):
                for name, value in option.fields.items() if isinstance(option, Object) else ():
                    cls.fields.setdefault(name, value)
        for name, this in (("__new__", meta), ("__init__", cls)):
            if (method := defined(meta, name)) is not None:
                given = FunctionValue(method.function, method.frame, this, method.owner)
                run.enter(given, CallSite(parts, cls.keywords, place))
    finally:
        run.heap.making.pop()


def call(run: Machine, cls: ClassValue, name: str, site: CallSite) -> Value | None:
    """What a special method of the metaclass gives for a class; None where there is none."""
    meta = metaclass(cls)
    method = None if meta is None else defined(meta, name)
    if method is None:
        return None
    return run.enter(FunctionValue(method.function, method.frame, cls, method.owner), site)


def construct(run: Machine, cls: ClassValue, site: CallSite) -> Value:
    """A call of a class, which its metaclass may answer."""
    made = call(run, cls, "__call__", site)
    if made is None:
        return run.construct(cls, site)
    if any(isinstance(option, Instance) for option in options(made)):
        return made
    return join(made, run.construct(cls, site))
