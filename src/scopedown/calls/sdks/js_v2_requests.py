"""What methods of aws-sdk version 2 do: each emits its call and gives back a request that holds the result."""

from __future__ import annotations

from dataclasses import dataclass

from scopedown.calls.builtins.javascript_native import NOTHING, JavaScriptNative, Quiet, given, method, silent
from scopedown.calls.machine import Machine
from scopedown.calls.sdks.emitting import Target, emit, in_parts
from scopedown.calls.sdks.js_calls import call_back, find_operation, is_function
from scopedown.calls.sdks.unknown_names import named_operations
from scopedown.calls.values import CallSite, Object, UnknownValue, Value, join
from scopedown.catalog.model import Operation
from scopedown.core.place import Place

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


def _callback(site: CallSite) -> Value | None:
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


def request(target: Target, operation: Operation, site: CallSite, run: Machine) -> Value:
    """An operation's method: ``client.operation(params, callback)``."""
    found = emit(run, target, operation, params_of(site), site.place)
    call_back(_callback(site), found, run, site.place)
    return Request(found)


def upload(target: Target, site: CallSite, run: Machine) -> Value:
    """``s3.upload(params, options, callback)``: one PutObject, or a multipart upload under the same permission."""
    operation = run.catalog.operation("s3", PRESIGNED_UPLOAD)
    return request(in_parts(target), operation, site, run) if operation is not None else NOTHING


def signed_url(target: Target, site: CallSite, run: Machine) -> Value:
    """``s3.getSignedUrl(operation, params, callback)``: whoever uses the URL acts as the function's role."""
    for operation in _named(target, site, run, "signs a request whose operation is computed"):
        emit(run, target, operation, params_of(site, 1), site.place)
    url = UnknownValue("a signed URL", site.place)
    call_back(_callback(site), url, run, site.place)
    return url


def _named(target: Target, site: CallSite, run: Machine, does: str) -> list[Operation]:
    """The operations of methods that the first argument names."""
    service = target.service

    def find(name: str) -> Operation | None:
        return find_operation(run, service, name)

    return named_operations(run, service, site.argument(0), find, does, site, target.elsewhere)


def presigned_post(target: Target, site: CallSite, run: Machine) -> Value:
    """``s3.createPresignedPost({Bucket, Fields: {key}})``: an upload form."""
    operation = run.catalog.operation("s3", PRESIGNED_UPLOAD)
    params = params_of(site)
    if operation is not None:
        emit(run, target, operation, upload_of(params, site.place), site.place)
    form = UnknownValue("an upload form", site.place)
    call_back(_callback(site), form, run, site.place)
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


def wait_for(target: Target, site: CallSite, run: Machine) -> Value:
    """``client.waitFor('tableExists', params, callback)``."""

    def find(name: str) -> Operation | None:
        return run.catalog.waiter_operation(target.service, name[:1].upper() + name[1:])

    does = "waits for a state whose name is computed"
    waited = named_operations(run, target.service, site.argument(0), find, does, site, target.elsewhere)
    results = [emit(run, target, operation, _waiting(params_of(site, 1)), site.place) for operation in waited]
    found = join(*results) if results else UnknownValue("result of a waiter", site.place)
    call_back(_callback(site), found, run, site.place)
    return Request(found)


def _waiting(params: Value | None) -> Value | None:
    """A waiter's own settings are no parameters of the operation."""
    if isinstance(params, Object) and "$waiter" in params.fields:
        return Object({name: value for name, value in params.fields.items() if name != "$waiter"}, params.rest)
    return params


def make_request(target: Target, site: CallSite, run: Machine) -> Value:
    """``client.makeRequest('operation', params, callback)``."""
    asked = _named(target, site, run, "calls an operation whose name is computed")
    results = [emit(run, target, operation, params_of(site, 1), site.place) for operation in asked]
    found = join(*results) if results else UnknownValue("result of a request", site.place)
    call_back(_callback(site), found, run, site.place)
    return Request(found)
