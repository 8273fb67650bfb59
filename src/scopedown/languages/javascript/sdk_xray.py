"""AWS X-Ray for JavaScript: what it captures stays what it is.

Its segments go to the daemon, under the permission that the project's tracing setting brings.
Source: https://docs.aws.amazon.com/xray-sdk-for-nodejs/latest/reference/
"""

from __future__ import annotations

from dataclasses import dataclass

from scopedown.calls.machine import Machine
from scopedown.calls.values import CallSite, UnknownValue, Value
from scopedown.core.place import Place
from scopedown.languages.javascript.natives import NOTHING, JavaScriptNative, Quiet, function, given, identity

LANGUAGE = "javascript"
PACKAGES = ("aws-xray-sdk", "aws-xray-sdk-core")

_WRAPPERS = frozenset(
    {
        "captureAWS",
        "captureAWSClient",
        "captureAWSv3Client",
        "captureHTTPs",
        "capturePromise",
        "captureMySQL",
        "capturePostgres",
        "captureFetch",
    }
)


def module(name: str) -> Value | None:
    """The package."""
    return XRay()


def _captured(site: CallSite, run: Machine) -> Value:
    """``captureAsyncFunc(name, f)``: ``f`` is called with a segment, its result is given back."""
    wrapped = site.argument(1)
    if wrapped is None or not given(wrapped):
        return NOTHING
    return run.call(wrapped, (UnknownValue("a segment", site.place),), site.place)


def _callback(site: CallSite, run: Machine) -> Value:
    """``captureCallbackFunc(name, f)``: ``f`` itself."""
    return site.argument(1) or NOTHING


@dataclass(frozen=True, slots=True, eq=False)
class XRay(JavaScriptNative):
    """``AWSXRay``."""

    label = "AWSXRay"

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """Its functions; settings and segments do nothing."""
        if name in _WRAPPERS:
            return identity(name)
        if name in ("captureFunc", "captureAsyncFunc"):
            return function(name, _captured)
        if name == "captureCallbackFunc":
            return function(name, _callback)
        return None if name == "default" else Quiet(name)
