"""AWS's X-Ray SDK for Go: wrappers that give back what they were given, and run what they trace.

Source: https://github.com/aws/aws-xray-sdk-go (xray/aws.go, xray/capture.go, instrumentation/awsv2)
"""

from __future__ import annotations

from scopedown.calls.machine import Machine
from scopedown.calls.values import CallSite, Value
from scopedown.languages.go.clients import argument
from scopedown.languages.go.natives import (
    Body,
    Package,
    Thing,
    data,
    error,
    first,
    function,
    given,
    results,
    with_error,
)

LANGUAGE = "go"
PACKAGES = ("github.com/aws/aws-xray-sdk-go",)


def module(name: str) -> Value | None:
    """``xray``; the others have nothing that gives anything."""
    if name.rpartition("/")[2] != "xray":
        return Package(name)
    known: dict[str, Body] = {
        "AWSSession": given(),
        "AWSSessionWithWhitelist": given(),
        "Client": given(),
        "RoundTripper": given(),
        "Handler": given(1),
        "HandlerWithContext": given(2),
        "Capture": _capture,
        "CaptureAsync": _capture,
        "BeginSegment": _begin,
        "BeginSubsegment": _begin,
        "BeginSegmentWithSampling": _begin,
        "ContextWithConfig": lambda site, run: with_error(first(site), site.place),
        "DetachContext": given(),
        "SQLContext": lambda site, run: with_error(Thing("sql.DB", sends=True), site.place),
    }
    return Package("xray", {key: function(f"xray.{key}", body) for key, body in known.items()})


def _capture(site: CallSite, run: Machine) -> Value:
    """``xray.Capture(ctx, name, func(ctx context.Context) error {…})``."""
    traced = argument(site, 2)
    run.call_value(traced, CallSite((first(site),), {}, site.place))
    return error(site.place)


def _begin(site: CallSite, run: Machine) -> Value:
    return results(first(site), data("xray.Segment", site.place))
