"""A handler as Lambda's library calls it: with the context and the event, as its parameters ask
(https://docs.aws.amazon.com/lambda/latest/dg/golang-handler.html)."""

from __future__ import annotations

from scopedown.calls.interpreter import members
from scopedown.calls.interpreter.dispatch import HINT
from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import CallSite, FunctionValue, Instance, UnknownValue, Value, options
from scopedown.core.coverage import Cause, Unseen
from scopedown.core.place import Place
from scopedown.languages.go.natives import Named, data
from scopedown.source import ir


class Entry(Native):
    """A function that is called as a handler, whatever it is given."""

    __slots__ = ("handler",)
    label = "the handler"

    def __init__(self, handler: Value) -> None:
        self.handler = handler

    def call(self, site: CallSite, run: Machine) -> Value:
        """Lambda calls it."""
        return handle(run, self.handler, site.place)


def handle(run: Machine, handler: Value, place: Place) -> Value:
    """Lambda calls a handler: a function, or an object that has ``Invoke``."""
    for option in options(handler):
        match option:
            case FunctionValue():
                run.call_value(option, _site(option.function, place))
            case Named() if isinstance(option.value, FunctionValue):
                run.call_value(option.value, _site(option.value.function, place))
            case Instance() | Named():
                invoke = members.attribute(run, option, "Invoke", place)
                if isinstance(invoke, FunctionValue):
                    run.call_value(invoke, _site(invoke.function, place))
                else:
                    run.escape(option, place)
            case Native():
                run.call_value(option, CallSite((context(place), event(place)), {}, place, False, outside=True))
            case UnknownValue():
                what = "scopedown does not know the function that is started as the handler"
                run.found.unseen.setdefault(("handler", place), Unseen(Cause.DISPATCH, what, place, remedy=HINT))
            case _:
                run.escape(option, place)
    return data("lambda.Start", place)


def _site(function: ir.Function, place: Place) -> CallSite:
    """The arguments that a function takes: the context where it asks for it, then the event."""
    parameters = function.parameters[1:] if function.receiver == "first" else function.parameters
    wanted = [parameter for parameter in parameters if parameter.kind == "positional"]
    given: list[Value] = []
    for position, parameter in enumerate(wanted):
        is_context = position == 0 and (len(wanted) > 1 or _is_context(parameter.annotation))
        given.append(context(place) if is_context else event(place))
    return CallSite(tuple(given), {}, place, complete=False, outside=True)


def _is_context(annotation: ir.Expr | None) -> bool:
    return isinstance(annotation, ir.Attr) and annotation.name == "Context"


def context(place: Place) -> Value:
    """The context of an invocation."""
    return UnknownValue("context", inert=True)


def event(place: Place) -> Value:
    """The event."""
    return UnknownValue("event", inert=True)
