"""The X-Ray SDK for Python: patching, segments and capturing decorators change nothing about the calls beneath them.

Source: https://docs.aws.amazon.com/xray/latest/devguide/xray-sdk-python.html. What the SDK itself sends goes to the
X-Ray daemon, whose permissions follow from the function's tracing configuration.
"""

from __future__ import annotations

from scopedown.calls.builtins.python_native import Function, Library, identity, silent
from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import Value
from scopedown.core.place import Place

LANGUAGE = "python"
PACKAGES = ("aws_xray_sdk",)


class Recorder(Native):
    """``xray_recorder``."""

    __slots__ = ()
    label = "xray_recorder"

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``capture`` gives a decorator that leaves the function as it is."""
        if name in ("capture", "capture_async"):
            return Function(name, lambda site, run: identity(name))
        if name in ("in_segment", "in_subsegment", "in_segment_async", "in_subsegment_async"):
            return Function(name, lambda site, run: Library("xray_segment"))
        return silent(name)


def module(name: str) -> Value | None:
    """``aws_xray_sdk`` or a module of it."""
    patches: dict[str, Value] = {name: silent(name) for name in ("patch_all", "patch")}
    core = Library("aws_xray_sdk.core", {"xray_recorder": Recorder(), **patches})
    if name == "aws_xray_sdk.core":
        return core
    return Library(name, {"core": core} if name == "aws_xray_sdk" else {})
