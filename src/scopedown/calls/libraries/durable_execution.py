"""The SDK of Lambda's durable functions for Python: steps, children, and functions that a workflow invokes.

Read from the sources of aws-durable-execution-sdk-python 3.0.0 (``context.py``, ``execution.py``). A chained invocation
needs lambda:InvokeFunction on its target (https://docs.aws.amazon.com/lambda/latest/dg/durable-security.html); the
checkpoints are the function's setting ``durableConfig``, not its code.
"""

from __future__ import annotations

from dataclasses import dataclass

from scopedown.calls.builtins.python_native import NOTHING, Function, Library, call, iterate, listed
from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import CallSite, UnknownValue, Value
from scopedown.core.place import Place

LANGUAGE = "python"
PACKAGES = ("aws_durable_execution_sdk_python",)

SDK = "durable-execution"


def module(name: str) -> Value | None:
    """``aws_durable_execution_sdk_python`` or a module of it."""
    wrapping: dict[str, Value] = {
        "durable_step": _preparing("durable_step", 0),
        "durable_with_child_context": _preparing("durable_with_child_context", 0),
        "durable_parallel_branch": _preparing("durable_parallel_branch", 0),
        "durable_wait_for_callback": _preparing("durable_wait_for_callback", 1),
    }
    execution: dict[str, Value] = {"durable_execution": Function("durable_execution", _durable)}
    context, root = Library(f"{name}.context", wrapping), {**wrapping, **execution}
    match name.partition(".")[2]:
        case "":
            return Library(name, {**root, "context": context, "execution": Library(f"{name}.execution", execution)})
        case "context":
            return Library(name, wrapping)
        case "execution":
            return Library(name, execution)
    return Library(name)


def _durable(site: CallSite, run: Machine) -> Value:
    """``@durable_execution``, with or without arguments of its own."""
    function = site.argument(0, "func")
    return (
        Durable(function) if function is not None and function != NOTHING else Function("durable_execution", _durable)
    )


def _preparing(name: str, before: int) -> Function:
    """A decorator: the function is called with its arguments first, and with a context (behind ``before`` values that
    the SDK passes) when the workflow reaches it."""

    def decorate(site: CallSite, run: Machine) -> Value:
        function = site.argument(0, "func")
        if function is None or function == NOTHING:
            return Function(name, decorate)
        return Function(name, lambda given, run: Prepared(function, given))

    return Function(name, decorate)


@dataclass(frozen=True, slots=True, eq=False)
class Prepared(Native):
    """A function with the arguments that follow the context."""

    function: Value
    given: CallSite

    callable_when_escaped = True

    def call(self, site: CallSite, run: Machine) -> Value:
        """What the workflow passes comes first."""
        positional = (*site.positional, *self.given.positional)
        return call(run, self.function, CallSite(positional, self.given.keywords, site.place, self.given.complete))


@dataclass(frozen=True, slots=True, eq=False)
class Durable(Native):
    """A handler that gets a DurableContext in place of Lambda's."""

    function: Value

    callable_when_escaped = True

    def call(self, site: CallSite, run: Machine) -> Value:
        """Lambda's call."""
        event = site.argument(0) or UnknownValue("event", site.place)
        return call(run, self.function, CallSite((event, Context()), {}, site.place))


@dataclass(frozen=True, slots=True, eq=False)
class Context(Native):
    """A DurableContext: of a handler, or of a child."""

    label = "a DurableContext"

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """An operation of the workflow; the rest (waits, loggers, callbacks) runs nothing."""
        body = _OPERATIONS.get(name)
        return Function(name, body, self) if body is not None else Library(f"DurableContext.{name}")


def _invoke(site: CallSite, run: Machine) -> Value:
    named = site.argument(0, "function_name") or UnknownValue("function_name", site.place)
    run.emit("lambda", "Invoke", {"FunctionName": named}, site.place, SDK)
    return UnknownValue("result of an invoked function", site.place)


def _step(site: CallSite, run: Machine) -> Value:
    function = site.argument(0, "func")
    return run.call(function, (Library("StepContext"),), site.place) if function is not None else NOTHING


def _child(site: CallSite, run: Machine) -> Value:
    function = site.argument(0, "func")
    return run.call(function, (Context(),), site.place) if function is not None else NOTHING


def _map(site: CallSite, run: Machine) -> Value:
    inputs, function = site.argument(0, "inputs"), site.argument(1, "func")
    if inputs is not None and function is not None:
        item = iterate(run, inputs, site.place)
        run.call(function, (Context(), item, UnknownValue("an index", site.place), inputs), site.place)
    return Library("BatchResult")


def _parallel(site: CallSite, run: Machine) -> Value:
    functions = listed(run, site.argument(0, "functions") or NOTHING, site.place)
    for function in functions.held():
        run.call(function, (Context(),), site.place)
    return Library("BatchResult")


def _wait_for_callback(site: CallSite, run: Machine) -> Value:
    submitter = site.argument(0, "submitter")
    if submitter is not None:
        run.call(submitter, (UnknownValue("a callback's id", site.place), Library("StepContext")), site.place)
    return UnknownValue("result of a callback", site.place)


def _wait_for_condition(site: CallSite, run: Machine) -> Value:
    check = site.argument(0, "check")
    if check is not None:
        run.call(check, (UnknownValue("a state", site.place), Library("StepContext")), site.place)
    return UnknownValue("a state", site.place)


_OPERATIONS = {
    "invoke": _invoke,
    "map": _map,
    "parallel": _parallel,
    "run_in_child_context": _child,
    "step": _step,
    "wait_for_callback": _wait_for_callback,
    "wait_for_condition": _wait_for_condition,
}
