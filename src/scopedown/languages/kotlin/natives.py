"""What stands for the code of a framework that starts the program's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scopedown.calls.interpreter import members
from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import CallSite, Instance, UnknownValue, Value
from scopedown.core.place import Place


@dataclass(frozen=True, slots=True, eq=False)
class Application(Native):
    """The classes and objects of a file that a framework's handler leads on to (http4k's ``AppLoader``): whatever they
    do may run."""

    label = "an application"
    parts: Sequence[Value]

    def call(self, site: CallSite, run: Machine) -> Value:
        """Lambda calls the framework."""
        for part in self.parts:
            run.escape(part, site.place)
            cls = part.cls if isinstance(part, Instance) else part
            if members.member_of_class(run, cls, "invoke", part, site.place) is not None:
                loaded = run.attribute(part, "invoke", site.place)
                environment = UnknownValue("the environment", site.place, inert=True)
                run.escape(run.call(loaded, (environment,), site.place), site.place)
        return UnknownValue("a response", site.place, inert=True)

    def escaped(self, run: Machine, place: Place) -> None:
        """It is called."""
        self.call(CallSite((), {}, place), run)
