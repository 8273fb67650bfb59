"""crhelper, a frame around handlers of CloudFormation's custom resources.

Read from the sources of crhelper 2.0.12 (``resource_helper.py``): the functions under its decorators run when the
helper is called; where one polls, the helper makes a rule that calls the function again, and takes it away at the end.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from scopedown.calls.builtins.python_native import NOTHING, Function, Library
from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import CallSite, UnknownValue, Value
from scopedown.core.place import Place

LANGUAGE = "python"
PACKAGES = ("crhelper",)

SDK = "crhelper"

_WORK = frozenset({"create", "update", "delete"})
_POLLS = frozenset({"poll_create", "poll_update", "poll_delete"})


def module(name: str) -> Value | None:
    """The package or a module of it."""
    made = Function("CfnResource", lambda site, run: Helper())
    return Library(name, {"CfnResource": made, "resource_helper": Library(name, {"CfnResource": made})})


@dataclass(slots=True, eq=False)
class Helper(Native):
    """``CfnResource(…)``, with the functions that it was given."""

    label = "a CfnResource"
    ignores_assignments = True
    functions: list[Value] = field(default_factory=list)
    polls: bool = False

    callable_when_escaped = True

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A decorator, which gives the function back; the rest (``Data``, ``init_failure``) calls nothing."""
        if name not in _WORK and name not in _POLLS:
            return Library(f"CfnResource.{name}")

        def keep(site: CallSite, run: Machine) -> Value:
            function = site.argument(0, "func") or NOTHING
            self.functions.append(function)
            self.polls = self.polls or name in _POLLS
            return function

        return Function(name, keep, self)

    def call(self, site: CallSite, run: Machine) -> Value:
        """One event: any of the functions runs."""
        event = site.argument(0, "event") or UnknownValue("event", site.place)
        context = site.argument(1, "context") or UnknownValue("context", site.place)
        for function in tuple(self.functions):
            run.call(function, (event, context), site.place)
        if self.polls:
            self._poll(run.attribute(context, "function_name", site.place), site.place, run)
        return NOTHING

    def _poll(self, named: Value, place: Place, run: Machine) -> None:
        name = UnknownValue("the logical id and eight random characters", place)
        rule: dict[str, Value] = {"Name": name}
        function: dict[str, Value] = {"FunctionName": named}
        for operation, arguments in (
            ("PutRule", rule),
            ("PutTargets", {"Rule": name}),
            ("RemoveTargets", {"Rule": name}),
        ):
            run.emit("events", operation, arguments, place, SDK)
        run.emit("events", "DeleteRule", rule, place, SDK)
        run.emit("lambda", "AddPermission", function, place, SDK)
        run.emit("lambda", "RemovePermission", function, place, SDK)
