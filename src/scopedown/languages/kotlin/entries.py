"""What Lambda calls for a Kotlin handler."""

from __future__ import annotations

from scopedown.calls.interpreter import members
from scopedown.calls.machine import Machine
from scopedown.calls.values import ClassValue, FunctionValue, Instance, ModuleValue, UnknownValue, Value
from scopedown.core.place import Place
from scopedown.languages.java import entries as java
from scopedown.languages.kotlin.natives import Application


def entry(run: Machine, file: str, symbol: str) -> Value | None:
    """The method of a new object of the class, or of the object, or a function of the file; what a framework's handler
    leads on to. None where the file has no such thing."""
    qualified, _, method = symbol.partition("::")
    place = run.sources.place(file)
    module = run.heap.modules.get(file)
    if not isinstance(module, ModuleValue):
        return None
    outer, *inner = qualified.rpartition(".")[2].split("$")
    found = module.frame.variables.get(outer)
    for name in inner:
        found = None if found is None else members.attribute(run, found, name, place)
    if isinstance(found, Instance | ClassValue) and not method and _loads(found):
        return Application([found])
    if isinstance(found, ClassValue):
        return java.method_of(run, found, method, place)
    if isinstance(found, Instance):
        return _of_object(run, found, method, place)
    function = module.frame.variables.get(method)
    if isinstance(function, FunctionValue):
        return function
    loaders = [one for one in module.frame.variables.values() if isinstance(one, Instance | ClassValue)]
    return Application(loaders) if loaders else None


def _loads(value: Instance | ClassValue) -> bool:
    """Whether an object gives an application where it is called, and has no method of a handler."""
    cls = value.cls if isinstance(value, Instance) else value
    own = {name for one in cls.ancestry() if isinstance(one, ClassValue) for name in one.fields}
    return "invoke" in own and own.isdisjoint(java.METHODS)


def _of_object(run: Machine, value: Instance, method: str, place: Place) -> Value | None:
    """A method of ``object X``."""
    own = method or next(
        (name for name in java.METHODS if members.member_of_class(run, value.cls, name, value, place)), java.METHODS[0]
    )
    found = members.attribute(run, value, own, place)
    return None if isinstance(found, UnknownValue) else found
