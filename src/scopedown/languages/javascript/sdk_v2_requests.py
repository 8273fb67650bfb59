"""What methods of aws-sdk version 2 do: each emits its call and gives back a request that holds the result."""

from __future__ import annotations

from dataclasses import dataclass

from scopedown.calls.machine import Machine
from scopedown.calls.sdks.emitting import Target, emit
from scopedown.calls.values import CallSite, Object, UnknownValue, Value
from scopedown.core.place import Place
from scopedown.languages.javascript.natives import JavaScriptNative, Quiet, given, method, silent
from scopedown.languages.javascript.sdk_calls import call_back, is_function

PRESIGNED_UPLOAD = "PutObject"
"""What S3 checks for a browser's upload form and for a managed upload.

Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
"""


@dataclass(frozen=True, slots=True, eq=False)
class Request(JavaScriptNative):
    """``AWS.Request``: sent by ``promise``, ``send`` or a stream; it holds what comes back."""

    label = "a request"
    ignores_assignments = True
    result: Value

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """``promise``, ``send``, ``on``, ``eachPage`` …"""
        if name == "promise":
            return method(self, name, lambda site, run: self.result)
        if name in ("send", "eachPage", "eachItem"):

            def send(site: CallSite, run: Machine) -> Value:
                call_back(site.argument(0), self.result, run, site.place)
                return self

            return method(self, name, send)
        if name in ("on", "once", "addListener", "onAsync"):

            def listen(site: CallSite, run: Machine) -> Value:
                listener = site.argument(1)
                if listener is not None and given(listener):
                    run.call(listener, (UnknownValue("a response", site.place),), site.place)
                return self

            return method(self, name, listen)
        if name == "then" or name == "catch":
            return silent(name)  # a request is no promise
        if name == "createReadStream":
            return method(self, name, lambda site, run: UnknownValue("a stream", site.place))
        return Quiet(f"request.{name}") if name in ("httpRequest", "response", "abort") else None


def callback_of(site: CallSite) -> Value | None:
    """The last argument where it is a function (or may be one)."""
    last = site.positional[-1] if site.positional else None
    if is_function(last):
        return last
    return last if len(site.positional) > 1 and isinstance(last, UnknownValue) else None


def params_of(site: CallSite, index: int = 0) -> Value | None:
    """The parameters at a position; none where a callback stands there."""
    value = site.argument(index)
    if value is None:
        return None if site.complete else UnknownValue("parameter")
    return None if is_function(value) else value


def presigned_post(target: Target, site: CallSite, run: Machine) -> Value:
    """``s3.createPresignedPost({Bucket, Fields: {key}})``: an upload form."""
    operation = run.catalog.operation("s3", PRESIGNED_UPLOAD)
    params = params_of(site)
    if operation is not None:
        emit(run, target, operation, upload_of(params, site.place), site.place)
    form = UnknownValue("an upload form", site.place)
    call_back(callback_of(site), form, run, site.place)
    return form


def upload_of(params: Value | None, place: Place) -> Value | None:
    """The upload that a form allows: its bucket and, where the form fixes it, its key."""
    if not isinstance(params, Object):
        return params
    fields = params.fields.get("Fields")
    inner = fields.fields if isinstance(fields, Object) else {}
    key = params.fields.get("Key") or inner.get("key") or inner.get("Key") or UnknownValue("the upload's key", place)
    kept = {name: value for name, value in params.fields.items() if name == "Bucket"}
    return Object({**kept, "Key": key}, params.rest)
