"""S3's TransferUtility of the AWS SDK for .NET

Reference: https://docs.aws.amazon.com/sdkfornet/v3/apidocs/items/S3/TTransferUtility.html. An upload is sent in parts
above a size; a directory is listed before it is downloaded.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from scopedown.calls.builtins.python_native import Function
from scopedown.calls.interpreter.operators import concatenate
from scopedown.calls.machine import Machine
from scopedown.calls.sdks.emitting import Target, emit, in_parts
from scopedown.calls.sdks.shapes.objects import ServiceObject
from scopedown.calls.values import CallSite, Const, Object, UnknownValue, Value, options
from scopedown.core.place import Place
from scopedown.languages.csharp.clients import NET
from scopedown.languages.csharp.credentials import target_of
from scopedown.languages.csharp.natives import Model, Passing, Type, arguments, unknown
from scopedown.languages.csharp.requests import RequestType, of_members

LANGUAGE = "csharp"
PACKAGES = ("Amazon.S3.Transfer",)

_UPLOADS = frozenset({"Upload", "UploadWithResponse"})
_FOLDERS = {"UploadDirectory": ("PutObject",), "DownloadDirectory": ("ListObjects", "GetObject")}
_OTHERS = {
    "Download": ("GetObject",), "OpenStream": ("GetObject",), "DownloadWithResponse": ("GetObject",),
    "OpenStreamWithResponse": ("GetObject",), "AbortMultipartUploads": ("ListMultipartUploads", "AbortMultipartUpload"),
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Transfer(Model):
    """A ``TransferUtility``."""

    client_of = "s3"
    label = "a TransferUtility"
    target: Target

    def member_named(self, name: str, run: Machine, place: Place) -> Value | None:
        """A transfer, or the client."""
        plain = name.removesuffix("Async")
        if name == "S3Client":
            return NET.client(self.target)
        if plain in _UPLOADS or plain in _FOLDERS or plain in _OTHERS:
            return Function(f"TransferUtility.{name}", partial(self._transfer, plain), self)
        return None

    def other(self, name: str, run: Machine, place: Place) -> Value:
        """Other members call nothing."""
        return Passing(f"TransferUtility.{name}")

    def _transfer(self, name: str, site: CallSite, run: Machine) -> Value:
        target = in_parts(self.target) if name.startswith("Upload") else self.target
        request = _request(name, site)
        for operation_name in _FOLDERS.get(name) or _OTHERS.get(name) or ("PutObject",):
            operation = run.catalog.operation("s3", operation_name)
            if operation is not None:
                for option in options(request):
                    given = of_members("s3", operation, option) if isinstance(option, Object) else option
                    emit(run, target, operation, given, site.place)
        return unknown("a transfer", site)


def _request(name: str, site: CallSite) -> Value:
    """The bucket and the key of a transfer: of its request, or of the arguments in order."""
    given = list(site.positional)
    first = given[0] if given else site.keywords.get("request")
    if first is not None and any(isinstance(option, Object) for option in options(first)):
        if name not in _FOLDERS:
            return first
        return _in_folder(first, site)
    if len(given) == 1 and isinstance(first, UnknownValue):
        return first
    if name in ("Upload", "UploadWithResponse"):  # (path, bucket[, key]) or (stream, bucket, key)
        key = given[2] if len(given) > 2 and _is_known(given[2]) else UnknownValue("a key", site.place)
        return Object({"BucketName": given[1] if len(given) > 1 else UnknownValue("a bucket"), "Key": key})
    if name == "UploadDirectory":  # (directory, bucket)
        return Object(
            {"BucketName": given[1] if len(given) > 1 else UnknownValue("a bucket"), "Key": UnknownValue("a key")}
        )
    if name == "Download":  # (path, bucket, key)
        given = given[1:]
    if name == "DownloadDirectory":  # (bucket, directory, path)
        prefix = concatenate((given[1], UnknownValue("a key"))) if len(given) > 1 else UnknownValue("a key")
        return Object({"BucketName": given[0], "Key": prefix}) if given else UnknownValue("a request", site.place)
    names = ("BucketName", "Key")
    return Object(dict(zip(names, given, strict=False))) if given else UnknownValue("a request", site.place)


def _is_known(value: Value) -> bool:
    return not (isinstance(value, Const) and value.value is None)


def _in_folder(request: Value, site: CallSite) -> Value:
    for option in options(request):
        if isinstance(option, Object):
            prefix = option.fields.get("KeyPrefix") or option.fields.get("S3Directory")
            key: Value = UnknownValue("a key", site.place)
            fields = {"Key": key if prefix is None else concatenate((prefix, key))}
            if (bucket := option.fields.get("BucketName")) is not None:
                fields["BucketName"] = bucket
            return Object(fields, option.rest)
    return request


def _made(site: CallSite, run: Machine) -> Value:
    """``new TransferUtility(client)``, or what a client would be given."""
    for value in arguments(site):
        for option in options(value):
            if isinstance(option, ServiceObject):
                return Transfer(option.target)
    return Transfer(target_of("s3", site, run))


class TransferType(Type):
    """The class, or its interface: where nothing supplies one, it is one."""

    __slots__ = ()

    names_a_client = True

    def construct(self, site: CallSite, run: Machine) -> Value:
        """A transfer utility."""
        return _made(site, run)


def module(name: str) -> Value | None:
    """A class by its whole name."""
    written = name.rpartition(".")[2]
    if written in ("TransferUtility", "ITransferUtility"):
        return TransferType(written)
    return RequestType(written) if written.endswith("Request") else None
