"""Methods of values whose type is not known: those of the program's own types that have the name.

The compiler knows the type where the analysis does not (an element of an event, a generic parameter). A method that
only one type of the program has, or the implementations of one trait, is meant then.
"""

from __future__ import annotations

from typing import Final

from scopedown.calls.bounds import IMPLEMENTING
from scopedown.calls.interpreter import members
from scopedown.calls.machine import Machine
from scopedown.calls.values import ClassValue, FunctionValue, Value, join, options
from scopedown.core.place import Place

MAX_FILES: Final = 20
"""Files that declare a method of one name; more are not loaded for it."""
MAX_TYPES: Final = 8
"""Types that have a method of one name; of more, none is meant."""


def by_name(run: Machine, value: Value, name: str) -> Value | None:
    """The methods of the program that a call on an unknown value means; None where there are none, or unlike ones."""
    key = f"<methods of {len(run.heap.modules)}> {run.position.file}", name
    if key not in run.heap.names:
        methods = _methods(run, name)
        key = f"<methods of {len(run.heap.modules)}> {run.position.file}", name  # of all that is loaded now
        run.heap.names[key] = join(*methods) if methods else None
    found = run.heap.names[key]
    if found is None:
        return None
    methods = [one for one in options(found) if isinstance(one, FunctionValue)]
    return join(*(FunctionValue(one.function, one.frame, value, one.owner) for one in methods))


def _methods(run: Machine, name: str) -> list[FunctionValue]:
    unit = run.sources.unit(run.position.file)
    files = unit.declared.get(name, ()) if unit is not None else ()
    if not files or len(files) > MAX_FILES:
        return []
    found: dict[int, tuple[ClassValue, FunctionValue]] = {}
    for file in files:
        run.load(file)
        module = run.heap.modules.get(file)
        for owner in list(module.frame.variables.values()) if module is not None else ():
            if not isinstance(owner, ClassValue):
                continue
            for cls in (owner, *run.heap.subclasses.get(id(owner), ())):
                method = cls.fields.get(name)
                if isinstance(method, FunctionValue) and method.function.receiver == "first":
                    found[id(method.function)] = (cls, method)
    methods = [method for cls, method in found.values() if not cls.definition.abstract] or [
        method for _, method in found.values()
    ]
    if not methods or len(methods) > MAX_TYPES:
        return []
    if len(methods) > 1 and not _share(run, [cls for cls, _ in found.values() if not cls.definition.abstract], name):
        return []
    return methods


def _share(run: Machine, classes: list[ClassValue], name: str) -> bool:
    """Whether types have the method of one trait."""
    shared: set[int] | None = None
    for cls in classes:
        traits = {id(one) for one in cls.ancestry() if isinstance(one, ClassValue) and one.definition.abstract}
        shared = traits if shared is None else shared & traits
    return bool(shared)


def implemented(trait: ClassValue, name: str, run: Machine, place: Place) -> Value | None:
    """``T::NAME`` of a type parameter: that of the types that implement what bounds it."""
    types = run.heap.subclasses.get(id(trait), ())
    if len(types) > IMPLEMENTING.most:
        run.bound(IMPLEMENTING, place, trait.definition.name)
    found = [
        member
        for cls in types[: IMPLEMENTING.most]
        if isinstance(cls, ClassValue) and not cls.definition.abstract
        if (member := members.member_of_class(run, cls, name, cls, place)) is not None
    ]
    return join(*found) if found else None
