"""The SDK of Lambda's durable functions for JavaScript and TypeScript: ``withDurableExecution`` and its context.

Every operation may have a name before its other arguments
(https://docs.aws.amazon.com/lambda/latest/dg/durable-basic-concepts.html,
https://docs.aws.amazon.com/lambda/latest/dg/durable-execution-sdk.html). A chained invocation needs
lambda:InvokeFunction on its target (https://docs.aws.amazon.com/lambda/latest/dg/durable-security.html); the
checkpoints are the function's setting ``durableConfig``, not its code.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scopedown.calls.builtins.javascript_native import NOTHING, Function, JavaScriptNative, Quiet, elements, given
from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import (
    CallSite,
    Const,
    FunctionValue,
    Object,
    Sequence,
    TextValue,
    UnknownValue,
    Value,
    options,
)
from scopedown.core.place import Place

LANGUAGE = "javascript"
PACKAGES = ("@aws/durable-execution-sdk-js",)

SDK = "durable-execution"


def module(name: str) -> Value | None:
    """The package."""
    return Quiet(name, {"withDurableExecution": Function("withDurableExecution", _durable)})


def _durable(site: CallSite, run: Machine) -> Value:
    handler = site.argument(0)
    return Durable(handler) if handler is not None else NOTHING


@dataclass(frozen=True, slots=True, eq=False)
class Durable(JavaScriptNative):
    """A handler that gets a DurableContext in place of Lambda's."""

    handler: Value

    callable_when_escaped = True

    def call(self, site: CallSite, run: Machine) -> Value:
        """Lambda's call."""
        event = site.argument(0) or UnknownValue("event", site.place)
        return run.call(self.handler, (event, Context()), site.place)


@dataclass(frozen=True, slots=True, eq=False)
class Context(JavaScriptNative):
    """A DurableContext: of a handler, or of a child."""

    label = "a DurableContext"

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """An operation of the workflow; the rest (waits, loggers, callbacks) runs nothing."""
        body = _OPERATIONS.get(name)
        return Function(name, body, self) if body is not None else Quiet(f"DurableContext.{name}")


def _invoke(site: CallSite, run: Machine) -> Value:
    """``invoke(function, input)`` or ``invoke(name, function, input)``: the second is a text only where it is named."""
    first, second = site.argument(0), site.argument(1)
    named = second is not None and all(isinstance(option, TextValue) or _is_text(option) for option in options(second))
    target = (second if named else first) or UnknownValue("a function's name", site.place)
    run.emit("lambda", "Invoke", {"FunctionName": target}, site.place, SDK)
    return UnknownValue("result of an invoked function", site.place)


def _is_text(value: Value) -> bool:
    return isinstance(value, Const) and isinstance(value.value, str)


def _functions(value: Value) -> Iterator[Value]:
    """The functions that a value is, or that a list of branches (perhaps with names) holds."""
    for option in options(value):
        if isinstance(option, FunctionValue) or (isinstance(option, Native) and option.callable_when_escaped):
            yield option
        elif isinstance(option, Sequence):
            for item in option.held():
                yield from _functions(item)
        elif isinstance(option, Object) and "func" in option.fields:
            yield from _functions(option.fields["func"])


def _running(*arguments: Value) -> Function:
    """An operation that calls the functions among its arguments with these."""

    def body(site: CallSite, run: Machine) -> Value:
        result: Value = UnknownValue("result of a workflow's operation", site.place)
        for value in site.all():
            for function in _functions(value):
                result = run.call(function, arguments, site.place)
        return result

    return Function("operation", body)


def _map(site: CallSite, run: Machine) -> Value:
    """``map(items, function)`` or ``map(name, items, function)``: the function gets the context, item, index, items."""
    items: Value | None = None
    for value in site.positional:
        functions = list(_functions(value)) if not isinstance(value, Sequence) else []
        if functions and items is not None and given(items):
            item = elements(run, items, site.place).element()
            for function in functions:
                run.call(function, (Context(), item, UnknownValue("an index", site.place), items), site.place)
            break
        items = value
    return Quiet("BatchResult")


_STEP = Quiet("StepContext")
_OPERATIONS = {
    "invoke": _invoke,
    "map": _map,
    "parallel": _running(Context()).body,
    "runInChildContext": _running(Context()).body,
    "step": _running(_STEP).body,
    "waitForCallback": _running(UnknownValue("a callback's id"), _STEP).body,
    "waitForCondition": _running(UnknownValue("a state"), _STEP).body,
}
