"""What Lambda calls for a Java handler."""

from __future__ import annotations

from scopedown.calls.interpreter import members
from scopedown.calls.machine import Machine
from scopedown.calls.values import CallSite, ClassValue, Const, ModuleValue, UnknownValue, Value
from scopedown.core.place import Place

METHODS = ("handleRequest", "apply", "accept", "get", "execute")
"""What a handler's method is called where the setting names its class alone: that of Lambda's interfaces, else those of
Java's functional interfaces and of frameworks
(https://docs.aws.amazon.com/lambda/latest/dg/java-handler.html, https://docs.spring.io/spring-cloud-function/reference/,
https://micronaut-projects.github.io/micronaut-aws/latest/guide/#lambda)."""


def entry(run: Machine, file: str, symbol: str) -> Value | None:
    """The method of a new object of the class, or a static method; None where the file has no such class."""
    qualified, _, method = symbol.partition("::")
    place = run.sources.place(file)
    cls = class_in(run, file, qualified, place)
    if cls is None:
        return None
    return method_of(run, cls, method, place)


def class_in(run: Machine, file: str, qualified: str, place: Place) -> ClassValue | None:
    """A class of a file by its full name; ``Outer$Inner`` is the class inside."""
    module = run.heap.modules.get(file)
    if not isinstance(module, ModuleValue):
        return None
    outer, *inner = qualified.rpartition(".")[2].split("$")
    found = module.frame.variables.get(outer)
    for name in inner:
        found = None if found is None else members.attribute(run, found, name, place)
    return found if isinstance(found, ClassValue) else None


def method_of(run: Machine, cls: ClassValue, method: str, place: Place) -> Value | None:
    """A handler's method, bound to a new object of its class unless it is static."""
    own = next((one for one in (method,) if one), None) or next(
        (name for name in METHODS if members.member_of_class(run, cls, name, cls, place) is not None), METHODS[0]
    )
    made = run.construct(cls, CallSite((), {}, place))
    found = members.attribute(run, made, own, place)
    if isinstance(found, Const) or (isinstance(found, UnknownValue) and not _is_inherited_unseen(cls)):
        return None
    return found


def _is_inherited_unseen(cls: ClassValue) -> bool:
    """Whether a class derives from one that was not read, which may have the method."""
    return any(not isinstance(one, ClassValue) for one in cls.ancestry())
