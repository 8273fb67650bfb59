"""Variables of the environment (https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/lang/System.html)."""

from __future__ import annotations

from typing import Final

from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import CallSite, Const, TextValue, UnknownValue, Value, join, options
from scopedown.core.place import Place
from scopedown.core.text import EnvVar, Text
from scopedown.languages.java.natives import bound, computed, first_of, given, otherwise

_LOCAL: Final = ("AWS_SAM_LOCAL", "IS_OFFLINE")
"""Variables that only a developer's machine has: those of ``sam local`` and of serverless-offline
(https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/using-sam-cli-local-invoke.html,
https://github.com/dherault/serverless-offline)."""


def environment_variable(name: Value, place: Place) -> Value:
    """``System.getenv(name)``."""
    found: list[Value] = []
    for option in options(name):
        if isinstance(option, Const) and option.value in _LOCAL:
            found.append(Const(None))
        elif isinstance(option, Const) and isinstance(option.value, str):
            found.append(TextValue(Text((EnvVar(option.value),))))
        else:
            found.append(UnknownValue("an environment variable with a computed name", place, inert=True))
    return join(*found)


class Environment(Native):
    """``System.getenv()``: all variables, as a map."""

    __slots__ = ()
    label = "System.getenv()"

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """The methods of a map."""
        if name in ("get", "getValue"):
            return bound(self, name, lambda site, run: environment_variable(first_of(site), site.place))
        if name == "getOrDefault":
            return bound(self, name, _or_default)
        return computed(name)

    def index(self, key: Value, run: Machine, place: Place) -> Value:
        """Kotlin's ``getenv()[name]``."""
        return environment_variable(key, place)


def _or_default(site: CallSite, run: Machine) -> Value:
    return otherwise(environment_variable(first_of(site), site.place), given(site, 1))


def getenv(site: CallSite, run: Machine) -> Value:
    """``System.getenv``, with a name or without one."""
    return environment_variable(site.positional[0], site.place) if site.positional else Environment()
