"""boto3's injected methods: S3 transfers and presigned requests.

Transfers need the permissions of the operations that they make: an upload ``PutObject`` (multipart uploads are
authorised by s3:PutObject as well), a download ``HeadObject`` and ``GetObject``, a managed copy ``HeadObject`` of its
source and ``CopyObject``. Sources: boto3 1.34 ``s3/inject.py``; s3transfer 0.10 ``download.py`` and ``copies.py``;
https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html (permissions of multipart uploads).
A presigned request is authorised with the signer's permissions
(https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from scopedown.calls.builtins.python_native import Function, Library
from scopedown.calls.machine import Machine, Native
from scopedown.calls.sdks.boto3_scope import Scope, ScopedClient
from scopedown.calls.sdks.results import IN_PARTS
from scopedown.calls.sdks.unknown_names import named_operations
from scopedown.calls.values import CallSite, Const, Object, UnknownValue, Value, options
from scopedown.catalog.model import Operation
from scopedown.core.place import Place

_SIGNATURES: dict[str, tuple[str, ...]] = {
    "upload_file": ("Filename", "Bucket", "Key", "ExtraArgs"),
    "upload_fileobj": ("Fileobj", "Bucket", "Key", "ExtraArgs"),
    "download_file": ("Bucket", "Key", "Filename", "ExtraArgs"),
    "download_fileobj": ("Bucket", "Key", "Fileobj", "ExtraArgs"),
    "copy": ("CopySource", "Bucket", "Key", "ExtraArgs", "Callback", "SourceClient"),
}
"""The positional parameters of each transfer; on a Bucket without ``Bucket``, on an Object without ``Key`` too."""


_TOKENS: dict[tuple[str, str], tuple[str, str, tuple[str, ...]]] = {
    ("rds", "generate_db_auth_token"): ("rds-db", "connect", ("DBHostname", "Port", "DBUsername", "Region")),
    ("dsql", "generate_db_connect_auth_token"): ("dsql", "DbConnect", ("Hostname", "Region")),
    ("dsql", "generate_db_connect_admin_auth_token"): ("dsql", "DbConnectAdmin", ("Hostname", "Region")),
}
"""Methods that sign a database's token, and the permission that it is worth (botocore 1.44.8 ``signers.py``)."""


def client_method(client: ScopedClient, name: str) -> Value | None:
    """A transfer or presigning method of a client, or None."""
    if name == "generate_presigned_url":
        return Function(name, lambda site, run: _presigned_url(client.scope, site, run), client)
    if (token := _TOKENS.get((client.scope.service, name))) is not None:
        return Function(name, lambda site, run: _token(client.scope, token, site, run), client)
    if client.scope.service != "s3":
        return None
    if name == "generate_presigned_post":
        return Function(name, lambda site, run: _presigned_post(client.scope, site, run), client)
    return transfer(client.scope, name, {}, client)


def _token(scope: Scope, token: tuple[str, str, tuple[str, ...]], site: CallSite, run: Machine) -> Value:
    service, operation, names = token
    given = {name: value for n, name in enumerate(names) if (value := site.argument(n, name)) is not None}
    if not site.complete:
        for name in names:
            given.setdefault(name, UnknownValue(f"parameter {name}", site.place))
    replace(scope, service=service).emit(run, operation, given, site.place)
    return UnknownValue("a database's token", site.place)


def transfer(scope: Scope, name: str, known: Mapping[str, Value], receiver: Value) -> Value | None:
    """A transfer method with the bucket and key that its receiver already knows, or None where it is none."""
    signature = _SIGNATURES.get(name)
    if signature is None:
        return None
    names = tuple(one for one in signature if one not in known)

    def body(site: CallSite, run: Machine) -> Value:
        given = {**known, **dict(zip(names, site.positional, strict=False)), **site.keywords}
        _TRANSFERS[name](scope, given, site.place, run)
        return Const(None)

    return Function(name, body, receiver)


def _target(given: Mapping[str, Value], place: Place) -> dict[str, Value]:
    """Bucket, key and the API parameters among the extra arguments."""
    arguments: dict[str, Value] = {}
    for name in ("Bucket", "Key"):
        arguments[name] = given.get(name) or UnknownValue(f"parameter {name}", place)
    for option in options(given.get("ExtraArgs") or Const(None)):
        if isinstance(option, Object):
            arguments.update(option.fields)
    return arguments


def _upload(scope: Scope, given: Mapping[str, Value], place: Place, run: Machine) -> None:
    scope.emit(run, "PutObject", {**_target(given, place), IN_PARTS: Const(True)}, place)


def _download(scope: Scope, given: Mapping[str, Value], place: Place, run: Machine) -> None:
    arguments = _target(given, place)
    scope.emit(run, "HeadObject", arguments, place)
    scope.emit(run, "GetObject", arguments, place)


def _copy(scope: Scope, given: Mapping[str, Value], place: Place, run: Machine) -> None:
    source = given.get("CopySource")
    arguments = _target(given, place)
    if source is not None:
        arguments["CopySource"] = source
    reader = given.get("SourceClient")
    reading = reader.scope if isinstance(reader, ScopedClient) else scope
    for option in options(source or UnknownValue("parameter CopySource", place)):
        fields = option.fields if isinstance(option, Object) else {}
        unknown = UnknownValue("the source of a copy", place)
        copied = {name: fields.get(name, unknown) for name in ("Bucket", "Key")}
        reading.emit(run, "HeadObject", copied, place)
    scope.emit(run, "CopyObject", arguments, place)


_TRANSFERS: dict[str, Callable[[Scope, Mapping[str, Value], Place, Machine], None]] = {
    "upload_file": _upload,
    "upload_fileobj": _upload,
    "download_file": _download,
    "download_fileobj": _download,
    "copy": _copy,
}


def _presigned_url(scope: Scope, site: CallSite, run: Machine) -> Value:
    """``generate_presigned_url(ClientMethod, Params)``: whoever uses the URL acts with the signer's permissions."""
    given = site.argument(1, "Params")
    arguments: dict[str, Value] = {}
    for option in options(given or Const(None)):
        if isinstance(option, Object):
            arguments.update(option.fields)
    method, does = site.argument(0, "ClientMethod"), "signs a request whose operation is computed"

    def find(name: str) -> Operation | None:
        return run.catalog.operation_of_method(scope.service, name)

    for operation in named_operations(run, scope.service, method, find, does, site, scope.elsewhere):
        for name in operation.required:
            arguments.setdefault(name, UnknownValue(f"parameter {name}", site.place))
        scope.emit(run, operation.name, arguments, site.place)
    return UnknownValue("a presigned URL", site.place)


def _presigned_post(scope: Scope, site: CallSite, run: Machine) -> Value:
    """``generate_presigned_post(Bucket, Key, …)``: the form uploads with PutObject."""
    given = {**dict(zip(("Bucket", "Key"), site.positional, strict=False)), **site.keywords}
    arguments = {name: given.get(name) or UnknownValue(f"parameter {name}", site.place) for name in ("Bucket", "Key")}
    scope.emit(run, "PutObject", arguments, site.place)
    return UnknownValue("a presigned form", site.place)


class Transfer(Native):
    """``boto3.s3.transfer.S3Transfer(client)`` and s3transfer's ``TransferManager(client)``."""

    __slots__ = ("client",)

    def __init__(self, client: ScopedClient) -> None:
        self.client = client

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``S3Transfer.upload_file(filename, bucket, key)``, ``TransferManager.upload(fileobj, bucket, key)``."""
        known = {"upload": "upload_fileobj", "download": "_manager_download"}.get(name, name)
        if known == "_manager_download":

            def body(site: CallSite, run: Machine) -> Value:
                names = ("Bucket", "Key", "Fileobj", "ExtraArgs")
                given = {**dict(zip(names, site.positional, strict=False)), **_capitalised(site.keywords)}
                _download(self.client.scope, given, site.place, run)
                return Library("s3transfer.futures")

            return Function(name, body, self)
        found = transfer(self.client.scope, known, {}, self)
        if found is None:
            return Library(f"s3transfer.{name}")
        return Function(name, lambda site, run: _forward(found, site, run), self)


def _capitalised(keywords: Mapping[str, Value]) -> dict[str, Value]:
    """S3Transfer's own methods name their parameters ``bucket``, ``key``, ``extra_args``."""
    names = {"bucket": "Bucket", "key": "Key", "extra_args": "ExtraArgs", "filename": "Filename", "fileobj": "Fileobj"}
    return {names.get(name, name): value for name, value in keywords.items()}


def _forward(target: Value, site: CallSite, run: Machine) -> Value:
    if isinstance(target, Native):
        target.call(CallSite(site.positional, _capitalised(site.keywords), site.place, site.complete), run)
    return Library("s3transfer.futures")


def s3_transfer(site: CallSite, run: Machine) -> Value:
    """``S3Transfer(client)``."""
    for option in options(site.argument(0, "client") or Const(None)):
        if isinstance(option, ScopedClient):
            return Transfer(option)
    return UnknownValue("a transfer", site.place)
