"""Which actions a call may need, by how it is written with the JavaScript SDKs, versions 2 and 3
(:class:`~scopedown.calls.machine.SdkNames`)."""

from __future__ import annotations

from scopedown.calls.interpreter.trail import called_name
from scopedown.calls.machine import Native
from scopedown.calls.machine.state import OpenCall
from scopedown.calls.sdks.operation_names import TRANSFERRED, OperationNames, fitting
from scopedown.calls.values import Const, Object, Sequence, TextValue, UnknownValue, Value, options
from scopedown.catalog.action_patterns import of_operations, of_service
from scopedown.catalog.model import Operation
from scopedown.languages.javascript.sdk_calls import document_operations
from scopedown.languages.javascript.sdk_v2 import V2
from scopedown.source import ir

_V2_BY_NAME = frozenset({"getSignedUrl", "getSignedUrlPromise", "makeRequest"})
"""The same of the JavaScript SDK 2
(https://docs.aws.amazon.com/AWSJavaScriptSDK/latest/AWS/S3.html#getSignedUrl-property)."""
_V2_TRANSFERS = frozenset({"upload", "createPresignedPost"})
"""Methods of its client of S3 that are no operations; each takes a Bucket
(https://docs.aws.amazon.com/AWSJavaScriptSDK/latest/AWS/S3.html#upload-property)."""


class JavaScriptNames(OperationNames):
    """Version 2's methods are operations that begin with a small letter, and take an object; version 3 has a class for
    each command."""

    def of_open(self, call: OpenCall) -> tuple[str, ...]:
        """A method of a client, or ``send`` of a command."""
        name, site = call.name or "", call.site
        first = site.positional[0] if site.positional else None
        if name == "send":
            return ("*",) if first is not None and any(map(_is_command, options(first))) else ()
        if name in _V2_BY_NAME:
            return self._by_name(first)
        if name in _V2_TRANSFERS:
            inputs = options(first) if first is not None else ()
            return of_service(self.catalog, TRANSFERRED) if any(map(_may_have_bucket, inputs)) else ()
        operations = self._operations(name)
        if first is None:
            return fitting(operations, set(), site.complete)
        if not operations or not any(map(_may_be_input, options(first))):
            return ()
        given = [option for option in options(first) if isinstance(option, Object)]
        if not given:
            return fitting(operations, set(), False)
        fit = (
            pattern for object_ in given for pattern in fitting(operations, set(object_.fields), object_.rest is None)
        )
        return tuple(dict.fromkeys(fit))

    def of_written(self, call: ir.Call, data: frozenset[str]) -> tuple[str, ...]:
        """The same by the call's text; a command that is made, too."""
        name = called_name(call)
        if name is None:
            return ()
        if call.new or not isinstance(call.function, ir.Attr):
            made = self._made(name, call.new)
            return of_operations(made) if made else ()
        first = call.positional[0] if call.positional else None
        if isinstance(first, ir.Const | ir.Template | ir.Lambda | ir.ListExpr):
            return ()
        if isinstance(owner := call.function.object, ir.Name) and owner.id in data:
            return ()
        operations = self._operations(name)
        if not isinstance(first, ir.ObjectExpr):
            return fitting(operations, set(), first is None)
        keys = {key.value for key, _ in first.entries if isinstance(key, ir.Const) and isinstance(key.value, str)}
        return fitting(operations, keys, all(isinstance(key, ir.Const) for key, _ in first.entries))

    def _operations(self, name: str) -> tuple[Operation, ...]:
        """The operations of a method, the document client's too."""
        if (short := document_operations(V2).get(name)) is not None:
            operation = self.catalog.operation("dynamodb", short)
            return (operation,) if operation is not None else ()
        return self.named(name[:1].upper() + name[1:]) if name[:1].islower() else ()

    def _made(self, name: str, new: bool) -> tuple[Operation, ...]:
        """What a command's class, a paginator's function or an upload's class calls."""
        if not new:
            return self.named(name.removeprefix("paginate")) if name.startswith("paginate") else ()
        if name == "Upload":
            return self.named("PutObject")
        if not name.endswith("Command") or name == "Command":
            return ()
        short = name.removesuffix("Command")
        return self.named(document_operations(V2).get(short[:1].lower() + short[1:]) or short)

    def _by_name(self, name: Value | None) -> tuple[str, ...]:
        """What a call that takes an operation by its name may call."""
        if not (isinstance(name, Const) and isinstance(name.value, str)):
            return ("*",) if isinstance(name, UnknownValue | TextValue) else ()
        operations = self._operations(name.value)
        return of_operations(operations) if operations else ()


def _is_command(value: Value) -> bool:
    return isinstance(value, Native) and value.unsent() is not None


def _may_be_input(value: Value) -> bool:
    return isinstance(value, Object | UnknownValue) or not isinstance(value, Const | TextValue | Sequence | Native)


def _may_have_bucket(value: Value) -> bool:
    if isinstance(value, Object):
        return "Bucket" in value.fields or value.rest is not None
    return isinstance(value, UnknownValue)
