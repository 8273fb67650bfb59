"""Interfaces of the code: which of its types have their methods, and which clients of the SDK.

A type has an interface by its methods alone (https://go.dev/ref/spec#Implementing_an_interface). Only packages that the
program imports count, and those are loaded.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from scopedown.calls.machine import Activation, Machine, Native, within
from scopedown.calls.sdks.emitting import squeezed
from scopedown.calls.values import CallSite, ClassValue, FunctionValue, Value
from scopedown.core.place import Place
from scopedown.languages.go.clients import Structure
from scopedown.languages.go.objects import embedded_names
from scopedown.source import ir

MAX_EMBEDDED = 8
"""Embedded types of one type that are asked for a method."""
MAX_DEPTH = 3
"""Embedded types in embedded types that are asked."""
MAX_TYPES = 2_000
"""Types of a program that are asked for the methods of one interface."""


def implementations(run: Machine, interface: ClassValue) -> list[ClassValue]:
    """The types of the program that have all methods of an interface."""
    known = run.heap.implementations.get(id(interface))
    if known is None:
        wanted = set(methods(interface))
        types = islice(_types(run), MAX_TYPES if wanted else 0)
        found = [cls for cls in types if all(_has(run, cls, name) for name in wanted)]
        known = run.heap.implementations[id(interface)] = tuple(found)
    return list(known)


def methods(interface: ClassValue) -> Iterator[str]:
    """The methods of an interface, those of the interfaces in it too."""
    for cls in interface.ancestry():
        if isinstance(cls, ClassValue):
            yield from (name for name, member in cls.fields.items() if isinstance(member, FunctionValue))


def has_all(run: Machine, cls: ClassValue, interface: ClassValue) -> bool:
    """Whether a type has all methods of an interface."""
    return all(_has(run, cls, name) for name in methods(interface))


def _types(run: Machine) -> Iterator[ClassValue]:
    for name, module in list(run.heap.modules.items()):
        if name.endswith("/"):
            for value in list(module.frame.variables.values()):
                if isinstance(value, ClassValue) and not value.definition.abstract:
                    yield value


def _has(run: Machine, cls: ClassValue, name: str, depth: int = MAX_DEPTH) -> bool:
    if isinstance(cls.fields.get(name), FunctionValue):
        return True
    inside = set(islice(embedded_names(cls), MAX_EMBEDDED)) if depth else set()
    for declared, annotation in cls.definition.types if inside else ():
        if declared in inside:
            for type_ in types_of(run, cls, annotation):
                if isinstance(type_, Native) and type_.names_a_client:
                    return True
                if isinstance(type_, ClassValue) and _has(run, type_, name, depth - 1):
                    return True
    return False


def types_of(run: Machine, owner: ClassValue | FunctionValue, annotation: ir.Expr | None) -> list[Value]:
    """The types that an annotation names, where it stands in the code of a type or a function."""
    match annotation:
        case ir.Name() | ir.Attr():
            with within(run, owner.frame):
                return [run.evaluate(Activation(owner.frame, False), annotation)]
        case ir.Op(operator="|", operands=(first, *_)):
            return types_of(run, owner, first)
        case ir.Index(object=generic):
            return types_of(run, owner, generic)
        case _:
            return []


def client_behind(run: Machine, interface: ClassValue, place: Place) -> Value | None:
    """The client whose methods an interface lists: each takes the request of the operation that it is named after."""
    found: dict[tuple[str, str], Structure] = {}
    names = 0
    for cls in interface.ancestry():
        if isinstance(cls, Native) and cls.names_a_client:
            return cls.call(CallSite((), {}, place), run)
        for name, member in cls.fields.items() if isinstance(cls, ClassValue) else ():
            if isinstance(member, FunctionValue):
                names += 1
                request = _request(run, name, member)
                if request is None:
                    return None
                found[request.service, request.sdk] = request
    if not names or len(found) != 1:
        return None
    (structure,) = found.values()
    return structure.client()


def _request(run: Machine, name: str, method: FunctionValue) -> Structure | None:
    for parameter in method.function.parameters:
        for type_ in types_of(run, method, parameter.annotation):
            if isinstance(type_, Structure) and type_.service and type_.name.endswith("Input"):
                operation = squeezed(type_.name.removesuffix("Input"))
                if squeezed(name).startswith(operation):
                    return type_
    return None
