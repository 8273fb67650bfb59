"""What the gem aws-sdk-s3 has beside its client: transfers, presigned requests and posts.

Source: aws/aws-sdk-ruby@0077a45d63531e5b0ab761cdadc9ba18df726347, gems/aws-sdk-s3/lib/aws-sdk-s3 (presigner.rb,
presigned_post.rb, file_uploader.rb, file_downloader.rb, customizations/object.rb, customizations/bucket.rb). A
presigned request is authorised with the signer's permissions
(https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html).
"""

from __future__ import annotations

from collections.abc import Mapping

from scopedown.calls.machine import Machine
from scopedown.calls.sdks.emitting import Target, emit, find_operation, in_parts, parameters
from scopedown.calls.sdks.shapes import credentials
from scopedown.calls.sdks.shapes.objects import Body, Methods
from scopedown.calls.values import CallSite, Const, Object, UnknownValue, Value, as_text, from_text, join, options
from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.languages.ruby.native import NOTHING, Library, block_of, first_of, options_of
from scopedown.languages.ruby.sdk_client import AWS_SDK, client_of


def call(run: Machine, target: Target, name: str, given: Mapping[str, Value], place: Place) -> Value:
    """Record a call of an operation; ``given`` are parameters in Ruby's names."""
    operation = run.catalog.operation(target.service, name)
    return UnknownValue(name, place) if operation is None else emit(run, target, operation,
                                                                    parameters(operation, given), place)  # fmt: skip


# presigned requests


def presigner(service: str, site: CallSite, run: Machine) -> Value:
    """``Aws::S3::Presigner.new(client: …)``."""
    target = client_of(options_of(site), service, run)

    def sign(site: CallSite, run: Machine) -> Value:
        given = dict(options_of(site).fields)
        for option in options(first_of(site)):
            name = option.value if isinstance(option, Const) else None
            operation = find_operation(run, service, name) if isinstance(name, str) else None
            if operation is not None:
                emit(run, target, operation, parameters(operation, _complete(given, site)), site.place)
            else:
                run.escape(AWS_SDK.client(target), site.place)
        return UnknownValue("a presigned URL", site.place, inert=True)

    return Methods(AWS_SDK, target.service, {"presigned_url": sign, "presigned_request": sign}, target)


def _complete(given: dict[str, Value], site: CallSite) -> dict[str, Value]:
    if site.complete:
        return given
    unknown = UnknownValue("further arguments", site.place)
    return {"bucket": unknown, "key": unknown, **given}


def presigned_post(service: str, site: CallSite, run: Machine) -> Value:
    """``Aws::S3::PresignedPost.new(credentials, region, bucket, key: …)``: the form uploads with PutObject."""
    given = dict(options_of(site).fields)
    if len(site.positional) > 2:
        given["bucket"] = site.positional[2]
    owner = credentials.owner_of(first_of(site))
    return post(run, Target(service, AWS_SDK.name, credentials=owner), given, site.place)


def post(run: Machine, target: Target, given: Mapping[str, Value], place: Place) -> Value:
    """A form of which the key may be said by its beginning."""
    known = dict(given)
    for name in ("key_starts_with", "key_starts_with:"):
        if name in known and "key" not in known:
            start = as_text(known[name])
            known["key"] = UnknownValue("a key") if start is None else from_text(Text.of(start, Text.unknown("a key")))
    call(run, target, "PutObject", known, place)
    return Methods(AWS_SDK, target.service, {}, target)


# objects and buckets as resources


def object_method(target: Target, bucket: Value, key: Value, name: str) -> Body | None:
    """A method that the gem adds to ``Aws::S3::Object``; None where it adds none of the name."""
    here: dict[str, Value] = {"bucket": bucket, "key": key}

    def uploaded(site: CallSite, run: Machine) -> Value:
        block = block_of(site)
        if block is not None:
            run.call(block, (UnknownValue("a stream", site.place, inert=True),), site.place)
        call(run, in_parts(target), "PutObject", {**options_of(site).fields, **here}, site.place)
        return Const(True)

    def downloaded(site: CallSite, run: Machine) -> Value:
        call(run, target, "GetObject", {**options_of(site).fields, **here}, site.place)
        return Const(True)

    def signed(site: CallSite, run: Machine) -> Value:
        given = {**options_of(site).fields, **here}
        for option in options(first_of(site)):
            if isinstance(option, Const) and isinstance(option.value, str):
                method = option.value.lower()
                operation = find_operation(run, "s3", method) or find_operation(run, "s3", f"{method}_object")
                if operation is not None:
                    emit(run, target, operation, parameters(operation, given), site.place)
                    continue
            run.escape(AWS_SDK.client(target), site.place)
        return UnknownValue("a presigned URL", site.place, inert=True)

    def copied_from(site: CallSite, run: Machine) -> Value:
        call(run, target, "CopyObject", {**_extra(site), **here, "copy_source": _source(_named(site))}, site.place)
        return Library("an object")

    def copied_to(site: CallSite, run: Machine) -> Value:
        to = _place_of(_named(site))
        call(run, target, "CopyObject", {**_extra(site), **to, "copy_source": _joined(bucket, key)}, site.place)
        return Library("an object")

    def moved(site: CallSite, run: Machine) -> Value:
        copied_to(site, run)
        call(run, target, "DeleteObject", here, site.place)
        return Library("an object")

    bodies: dict[str, Body] = {
        "upload_file": uploaded,
        "upload_stream": uploaded,
        "multipart_upload": uploaded,
        "download_file": downloaded,
        "presigned_url": signed,
        "presigned_request": signed,
        "presigned_post": lambda site, run: post(run, target, {**options_of(site).fields, **here}, site.place),
        "copy_from": copied_from,
        "copy_to": copied_to,
        "move_to": moved,
        "rename_to": moved,
        "public_url": lambda site, run: UnknownValue("a URL", site.place, inert=True),
        "exists?": lambda site, run: call(run, target, "HeadObject", here, site.place),
    }
    return bodies.get(name)


def bucket_method(target: Target, bucket: Value, name: str) -> Body | None:
    """A method that the gem adds to ``Aws::S3::Bucket``."""
    here: dict[str, Value] = {"bucket": bucket}

    def cleared(site: CallSite, run: Machine) -> Value:
        call(run, target, "ListObjectVersions", here, site.place)
        call(run, target, "DeleteObjects", here, site.place)
        return NOTHING

    def deleted(site: CallSite, run: Machine) -> Value:
        call(run, target, "ListObjectsV2", here, site.place)
        call(run, target, "DeleteObjects", here, site.place)
        call(run, target, "DeleteBucket", here, site.place)
        return NOTHING

    bodies: dict[str, Body] = {
        "clear!": cleared,
        "delete!": deleted,
        "url": lambda site, run: UnknownValue("a URL", site.place, inert=True),
        "presigned_post": lambda site, run: post(run, target, {**options_of(site).fields, **here}, site.place),
        "exists?": lambda site, run: call(run, target, "HeadBucket", here, site.place),
    }
    return bodies.get(name)


def _named(site: CallSite) -> Value:
    """The other object of a copy: the first argument, or the keywords that say it."""
    return first_of(site) if site.positional else options_of(site)


def _extra(site: CallSite) -> dict[str, Value]:
    """The options of a copy that are parameters of the operation."""
    return {
        name: value for name, value in site.keywords.items() if name not in ("&", "multipart_copy", "bucket", "key")
    }


def _source(value: Value) -> Value:
    """Where a copy comes from: ``bucket/key``, a hash, or another object."""
    found: list[Value] = []
    for option in options(value):
        if isinstance(option, Object) and "bucket" in option.fields:
            found.append(_joined(option.fields["bucket"], option.fields.get("key", UnknownValue("a key"))))
        elif (known := getattr(option, "identifiers", None)) and "bucket_name" in known:
            found.append(_joined(known["bucket_name"], known["key"]))
        else:
            found.append(option)
    return join(*found)


def _place_of(value: Value) -> dict[str, Value]:
    """Where a copy goes: ``bucket/key``, a hash, or another object."""
    for option in options(value):
        if isinstance(option, Object):
            return {name: option.fields[name] for name in ("bucket", "key") if name in option.fields}
        if (known := getattr(option, "identifiers", None)) and "bucket_name" in known:
            return {"bucket": known["bucket_name"], "key": known["key"]}
        if isinstance(option, Const) and isinstance(option.value, str) and "/" in option.value:
            bucket, _, key = option.value.partition("/")
            return {"bucket": Const(bucket), "key": Const(key)}
    return {"bucket": UnknownValue("the target of a copy"), "key": UnknownValue("the target of a copy")}


def _joined(bucket: Value, key: Value) -> Value:
    texts = [as_text(one) or Text.unknown("a name") for one in (bucket, key)]
    return from_text(Text.of(texts[0], "/", texts[1]))
