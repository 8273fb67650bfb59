"""Variables of the environment (https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/lang/System.html)."""

from __future__ import annotations

from typing import Final

from scopedown.calls.values import Const, TextValue, UnknownValue, Value, join, options
from scopedown.core.place import Place
from scopedown.core.text import EnvVar, Text

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
