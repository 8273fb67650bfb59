"""MediatR: a request goes to the classes of the project that handle it

Reference: https://github.com/jbogard/MediatR/wiki.
"""

from __future__ import annotations

from functools import partial

from scopedown.calls.interpreter import injection, members
from scopedown.calls.machine import Function, Machine
from scopedown.calls.machine.functions import first_of
from scopedown.calls.values import CallSite, ClassValue, Instance, UnknownValue, Value, join, options
from scopedown.core.place import Place
from scopedown.languages.csharp import container
from scopedown.languages.csharp.natives import Model, Passing, Type

LANGUAGE = "csharp"
PACKAGES = ("MediatR", "Mediator")
_HANDLERS = {
    "Send": ("IRequestHandler", "ICommandHandler", "IQueryHandler"),
    "Publish": ("INotificationHandler",),
    "CreateStream": ("IStreamRequestHandler",),
}


class Mediator(Model):
    """``IMediator``, ``ISender``, ``IPublisher``."""

    __slots__ = ()
    label = "a mediator"

    def member_named(self, name: str, run: Machine, place: Place) -> Value | None:
        """What sends a request."""
        return Function(f"mediator.{name}", partial(_send, name)) if name in _HANDLERS else None

    def other(self, name: str, run: Machine, place: Place) -> Value:
        """Nothing else."""
        return Passing(f"mediator.{name}")


def _send(name: str, site: CallSite, run: Machine) -> Value:
    request = first_of(site)
    classes = {id(option.cls) for option in options(request) if isinstance(option, Instance)}
    made: list[Value] = []
    for base in _HANDLERS[name]:
        for cls in _deriving(run, base):
            handled = members.attribute(run, cls, f"<{base} 0>", site.place)
            if classes and not any(id(option) in classes for option in options(handled)):
                continue
            owner = injection.single(run, cls, site.place)
            for option in options(owner):
                if isinstance(option, Instance):
                    found = members.member_of_class(run, option.cls, "Handle", option, site.place)
                    if found is not None:
                        made.append(container.call(run, found, (request,), site.place))
    return join(*made) if made else UnknownValue("the result of a request", site.place)


def _deriving(run: Machine, base: str) -> list[ClassValue]:
    """The classes of the unit that handle requests."""
    unit = run.sources.unit(run.position.file) if run.position.file else None
    found: list[ClassValue] = []
    for file in unit.mentioning(base) if unit is not None else ():
        run.load(file)
        module = run.heap.modules.get(file)
        for value in list(module.frame.variables.values()) if module is not None else ():
            inner = (
                [one for one in value.fields.values() if isinstance(one, ClassValue)]
                if isinstance(value, ClassValue)
                else []
            )
            found += [one for one in (value, *inner) if isinstance(one, ClassValue) and f"<{base} 0>" in one.fields]
    return [one for one in found if not one.definition.abstract]


class MediatorType(Type):
    """The types of a mediator."""

    __slots__ = ()

    names_a_client = True

    def construct(self, site: CallSite, run: Machine) -> Value:
        """The mediator."""
        return Mediator()

    def call(self, site: CallSite, run: Machine) -> Value:
        """The mediator."""
        return Mediator()


_TYPES = {name: MediatorType(name) for name in ("IMediator", "ISender", "IPublisher", "Mediator")}


def module(name: str) -> Value | None:
    """A class by its whole name."""
    return _TYPES.get(name.rpartition(".")[2])
