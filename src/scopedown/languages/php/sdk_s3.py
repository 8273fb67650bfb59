"""What the AWS SDK for PHP has for S3 beside its operations: uploads, copies, transfers, posts and the stream wrapper.

Source: https://docs.aws.amazon.com/aws-sdk-php/v3/api/class-Aws.S3.S3ClientInterface.html and the pages of the classes
named here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from scopedown.calls.machine import Machine
from scopedown.calls.sdks.emitting import Target, emit, in_parts, parameters
from scopedown.calls.sdks.shapes.objects import CLIENT, Body, Methods, ServiceObject
from scopedown.calls.values import CallSite, Const, Object, UnknownValue, Value, as_text, from_text
from scopedown.core.place import Place
from scopedown.core.text import Literal, Part, Text
from scopedown.languages.php.native import Library, argument, first_of
from scopedown.languages.php.sdk_client import SDK, Php, Promise, Result

STREAMS: Final = "<s3 streams>"
"""Under which the program keeps the client whose streams are registered."""
_ASYNC: Final = "Async"


def call(run: Machine, target: Target, name: str, given: Mapping[str, Value], place: Place) -> Value:
    """Record a call of an operation."""
    operation = run.catalog.operation("s3", name)
    known = {key: value for key, value in given.items() if value is not None}
    if operation is None:
        return UnknownValue(name, place)
    return Result(emit(run, target, operation, parameters(operation, known), place))


Helper = Callable[[Target, CallSite, Machine], Value]


def _given(site: CallSite, *names: str) -> dict[str, Value]:
    return dict(zip(names, site.all(), strict=False))


def _options(site: CallSite, index: int) -> dict[str, Value]:
    """The parameters among a helper's options."""
    given = argument(site, index)
    params = given.fields.get("params") if isinstance(given, Object) else None
    return dict(params.fields) if isinstance(params, Object) else {}


def _upload(target: Target, site: CallSite, run: Machine) -> Value:
    """``upload($bucket, $key, $body, $acl = "private", $options)``: the ACL is always sent."""
    given = {"ACL": Const("private"), **_options(site, 4), **_given(site, "Bucket", "Key", "Body", "ACL")}
    return call(run, in_parts(target), "PutObject", given, site.place)


def _copy(target: Target, site: CallSite, run: Machine) -> Value:
    """``copy($fromBucket, $fromKey, $toBucket, $toKey, $acl = "private", $options)``."""
    bucket, key, to_bucket, to_key, *more = (*site.all(), *([UnknownValue("an argument")] * 4))[:5]
    given = {"Bucket": to_bucket, "Key": to_key, "CopySource": _joined(bucket, key), "ACL": Const("private")}
    if len(site.all()) > 4:
        given["ACL"] = more[0]
    call(run, target, "HeadObject", {"Bucket": bucket, "Key": key}, site.place)
    return call(run, target, "CopyObject", given, site.place)


def _register(target: Target, site: CallSite, run: Machine) -> Value:
    """``registerStreamWrapper()``: files named ``s3://…`` are objects from then on."""
    run.heap.globals.variables[STREAMS] = AWS_SDK.client(target)
    return Const(None)


_HELPERS: Final[Mapping[str, Helper]] = {
    "upload": _upload,
    "copy": _copy,
    "registerStreamWrapper": _register,
    "registerStreamWrapperV2": _register,
}


def _below(prefix: Value | None) -> Value:
    text = as_text(prefix) if prefix is not None else Text.of("")
    return from_text(Text.of(text or Text.unknown("a prefix"), Text.unknown("a key")))


def _joined(bucket: Value, key: Value) -> Value:
    texts = [as_text(one) or Text.unknown("a name") for one in (bucket, key)]
    return from_text(Text.of(texts[0], "/", texts[1]))


# classes


class AwsSdk(Php):
    """``Aws``."""

    def special(self, owner: ServiceObject, name: str, run: Machine) -> Value | None:
        """What clients of S3 have beside their operations."""
        body = _HELPERS.get(name.removesuffix(_ASYNC)) if (owner.target.service, owner.kind) == ("s3", CLIENT) else None
        if body is None:
            return None

        def called(site: CallSite, run: Machine) -> Value:
            made = body(owner.target, site, run)
            return Promise(made) if name.endswith(_ASYNC) else made

        return self.method(name, called, owner)

    def argument_named(self, site: CallSite, at: int, name: str, run: Machine) -> Value | None:
        """Further parameters are among a helper's options."""
        return Object(_options(site, at)) if name == "Params" else argument(site, at)


AWS_SDK: Final = AwsSdk(SDK, Path(__file__).parent, "namespace")


def _sending(send: Body) -> Value:
    """An object that sends something when one of its methods is called."""
    methods = dict.fromkeys(("upload", "copy", "transfer", "delete"), send)
    return Methods(AWS_SDK, "transfer", {**methods, "promise": lambda site, run: Promise(send(site, run))})


def _target(value: Value | None) -> Target:
    return value.target if isinstance(value, ServiceObject) else Target("s3", SDK)


def _object_uploader(site: CallSite, run: Machine) -> Value:
    """``new ObjectUploader($client, $bucket, $key, $body, $acl, $options)``."""
    _, *more = site.all() or (UnknownValue("a client"),)
    given = {"ACL": Const("private"), **_options(site, 5), **dict(zip(("Bucket", "Key", "Body", "ACL"), more,
                                                                      strict=False))}  # fmt: skip
    target = in_parts(_target(first_of(site)))
    return _sending(lambda site, run: call(run, target, "PutObject", given, site.place))


def _multipart(site: CallSite, run: Machine) -> Value:
    """``new MultipartUploader($client, $source, ["bucket" => …, "key" => …])``."""
    held = argument(site, 2)
    fields = held.fields if isinstance(held, Object) else {}
    unknown = UnknownValue("an option", site.place)
    given: dict[str, Value] = {"Bucket": fields.get("bucket", unknown), "Key": fields.get("key", unknown)}
    if "acl" in fields:
        given["ACL"] = fields["acl"]
    target = in_parts(_target(first_of(site)))
    return _sending(lambda site, run: call(run, target, "PutObject", given, site.place))


def _transfer(site: CallSite, run: Machine) -> Value:
    """``new Transfer($client, $source, $destination)``: one of both begins with ``s3://``."""
    target = _target(first_of(site))
    source, destination = argument(site, 1), argument(site, 2)

    def send(site: CallSite, run: Machine) -> Value:
        if (there := s3_path(destination)) is not None:
            return call(run, in_parts(target), "PutObject", {"Bucket": there[0], "Key": _below(there[1])}, site.place)
        here = s3_path(source) or (UnknownValue("a bucket"), UnknownValue("a key"))
        call(run, target, "ListObjectsV2", {"Bucket": here[0], "Prefix": here[1]}, site.place)
        return call(run, target, "GetObject", {"Bucket": here[0], "Key": _below(here[1])}, site.place)

    return _sending(send)


def s3_path(value: Value | None) -> tuple[Value, Value] | None:
    """The bucket and the key of ``s3://bucket/key``; None for any other path."""
    text = as_text(value) if value is not None else None
    if text is None or not text.parts:
        return None
    first = text.parts[0]
    if not isinstance(first, Literal) or not first.value.startswith("s3://"):
        return None
    bucket: list[Part | str] = []
    key: list[Part | str] = []
    into = bucket
    for part in (Literal(first.value[len("s3://") :]), *text.parts[1:]):
        if into is bucket and isinstance(part, Literal) and "/" in part.value:  # a variable is a name of its own
            start, _, rest = part.value.partition("/")
            bucket.append(start)
            into = key
            key.append(rest)
        else:
            into.append(part)
    return from_text(Text.of(*bucket)), from_text(Text.of(*key))


def _copier(site: CallSite, run: Machine) -> Value:
    """``new ObjectCopier($client, ["Bucket" => …, "Key" => …], ["Bucket" => …, "Key" => …])``."""
    target = _target(first_of(site))
    source, destination = argument(site, 1), argument(site, 2)
    unknown = UnknownValue("an object", site.place)
    here = source.fields if isinstance(source, Object) else {}
    there = destination.fields if isinstance(destination, Object) else {}

    def send(site: CallSite, run: Machine) -> Value:
        place_ = {name: here.get(name, unknown) for name in ("Bucket", "Key")}
        call(run, target, "HeadObject", place_, site.place)
        given = {name: there.get(name, unknown) for name in ("Bucket", "Key")}
        return call(run, target, "CopyObject", {**given, "CopySource": _joined(place_["Bucket"], place_["Key"])},
                    site.place)  # fmt: skip

    return _sending(send)


def _post(site: CallSite, run: Machine) -> Value:
    """``new PostObjectV4($client, $bucket, $formInputs, $options)``: the form uploads with PutObject."""
    inputs = argument(site, 2)
    fields = inputs.fields if isinstance(inputs, Object) else {}
    given: dict[str, Value] = {"Bucket": argument(site, 1) or UnknownValue("a bucket")}
    given["Key"] = fields.get("key", UnknownValue("a key", site.place))
    if "acl" in fields:
        given["ACL"] = fields["acl"]
    call(run, _target(first_of(site)), "PutObject", given, site.place)
    return Library("a form")


OF_S3: Final[Mapping[str, Body]] = {
    "S3\\ObjectUploader": _object_uploader,
    "S3\\MultipartUploader": _multipart,
    "S3\\Transfer": _transfer,
    "S3\\ObjectCopier": _copier,
    "S3\\PostObjectV4": _post,
    "S3\\PostObject": _post,
}
