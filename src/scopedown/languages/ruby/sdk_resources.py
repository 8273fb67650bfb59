"""The resources of the AWS SDK for Ruby (``Aws::S3::Bucket.new("b").object("k")``).

They are generated from the same models as boto3's (aws/aws-sdk-ruby@0077a45d63531e5b0ab761cdadc9ba18df726347,
apis/*/resources-1.json), with names in snake case; every member is a method. What gems add by hand for S3 is in
``sdk_s3.py``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from scopedown.calls.machine import Function, Machine, Native
from scopedown.calls.sdks.emitting import Target, api_name, parameters
from scopedown.calls.sdks.shapes.objects import Body
from scopedown.calls.values import CallSite, Object, Sequence, UnknownValue, Value
from scopedown.core.place import Place
from scopedown.languages.python import sdk_resources as boto3
from scopedown.languages.ruby import sdk_s3
from scopedown.languages.ruby.collections import BUILTINS
from scopedown.languages.ruby.native import Library, block_of, options_of
from scopedown.languages.ruby.sdk_client import AWS_SDK, Response, client_of

_WRITTEN_OF_OBJECTS: Final = """
    is_a? respond_to? class nil? inspect hash object_id data_loaded? identifiers to_s
"""
_OF_OBJECTS = frozenset(_WRITTEN_OF_OBJECTS.split())


class ResourceClass(Native):
    """``Aws::S3::Bucket``, ``Aws::S3::Resource``."""

    __slots__ = ("kind", "service")

    names_a_client = False

    def __init__(self, service: str, kind: str) -> None:
        self.service = service
        self.kind = kind

    def construct(self, site: CallSite, run: Machine) -> Value:
        """``Bucket.new("name", client: …)``, ``Object.new(bucket_name: "b", key: "k")``."""
        given = options_of(site)
        target = client_of(given, self.service, run)
        model = run.catalog.resource_model(self.service, self.kind)
        if model is None:
            return UnknownValue(f"a {self.service} {self.kind}", site.place)
        found: dict[str, Value] = {}
        positional = [value for value in site.positional if value is not given]
        for number, name in enumerate(model.identifiers):
            value = positional[number] if number < len(positional) else None
            if value is None:
                value = given.fields.get(name) or given.fields.get(f"{snake(self.kind)}_{name}")
            found[name] = value or UnknownValue(f"{self.kind}.{name}", site.place)
        inner = boto3.Resource(target, model, found, loaded=self.kind == "ServiceResource")
        return Resource(target, inner)

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """Members of the class itself call nothing."""
        return Library(f"{self.service}::{self.kind}.{name}")


def snake(name: str) -> str:
    """``ObjectSummary`` as ``object_summary``, ``MultipartUpload`` as ``multipart_upload``."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])|(?<!^)([A-Z])(?=[a-z])", r"_\1\2", name).lower()


@dataclass(frozen=True, slots=True, eq=False)
class Resource(Native):
    """An object of a resource's class."""

    client_of = "{self.target.service}"
    target: Target
    inner: boto3.Resource

    @property
    def identifiers(self) -> Mapping[str, Value]:
        """What it is known by."""
        return self.inner.identifiers

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A method."""
        return Function(name, lambda site, run: self._called(name, site, run), self)

    def _called(self, name: str, site: CallSite, run: Machine) -> Value:
        inner, model = self.inner, self.inner.model
        if name == "client":
            return AWS_SDK.client(self.target)
        added = self._added(name)
        if added is not None:
            return added(site, run)
        if name in inner.identifiers:
            return inner.identifiers[name]
        if name in _OF_OBJECTS:
            return UnknownValue(f"result of {name}", site.place, inert=True)
        if name == "exists?":
            name = "wait_until_exists"
        for kind in model.resources:
            if name in (snake(kind), kind):
                return self._related(kind, site, run)
        if name in model.collections:
            return self._collection(name, site, run)
        found = inner.attribute(name.rstrip("!?"), run, site.place)
        if isinstance(found, Function):
            operation = model.operations.get(name.rstrip("!?"))
            return self._wrap(found.call(_adapted(site, operation[0] if operation else "", self.target, run), run))
        return self._wrap(found)

    def _added(self, name: str) -> Body | None:
        """What gems add by hand."""
        known = self.inner.identifiers
        if self.target.service != "s3":
            return None
        if self.inner.model.name in ("Object", "ObjectSummary"):
            return sdk_s3.object_method(self.target, known["bucket_name"], known["key"], name)
        if self.inner.model.name == "Bucket":
            return sdk_s3.bucket_method(self.target, known["name"], name)
        return None

    def _related(self, kind: str, site: CallSite, run: Machine) -> Value:
        found = self.inner.attribute(kind, run, site.place)
        return self._wrap(found.call(site, run) if isinstance(found, Function) else found)

    def _collection(self, name: str, site: CallSite, run: Machine) -> Value:
        """``bucket.objects(prefix: "a")``."""
        found = self.inner.attribute(name, run, site.place)
        if not isinstance(found, boto3.Collection):
            return self._wrap(found)
        given = _adapted(site, found.operation, self.target, run)
        listed = found.attribute("filter" if given.keywords else "all", run, site.place)
        return Collection(self, run.call_value(listed, CallSite((), given.keywords, site.place, site.complete)))

    def _wrap(self, value: Value) -> Value:
        """A value of the shared resources as Ruby's."""
        if isinstance(value, boto3.Resource):
            return Resource(self.target, value)
        if isinstance(value, Sequence):
            rest = None if value.rest is None else self._wrap(value.rest)
            return Sequence([self._wrap(item) for item in value.items], rest)
        return Response(value) if isinstance(value, Object | UnknownValue) else value

    def describe(self) -> str:
        """For messages."""
        return self.inner.describe()


def _adapted(site: CallSite, operation: str, target: Target, run: Machine) -> CallSite:
    """A call with its parameters by the API's names."""
    given = options_of(site)
    known = run.catalog.operation(target.service, operation)
    made = parameters(known, given.fields).fields if known is not None else {
        api_name(name): value for name, value in given.fields.items()
    }  # fmt: skip
    positional = tuple(value for value in site.positional if value is not given)
    return CallSite(positional, made, site.place, site.complete and given.rest is None)


@dataclass(frozen=True, slots=True, eq=False)
class Collection(Native):
    """``bucket.objects``: what was listed."""

    owner: Resource
    inner: Value

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """What is done with the items, one by one or all at once."""
        return Function(name, lambda site, run: self._called(name, site, run), self)

    def _called(self, name: str, site: CallSite, run: Machine) -> Value:
        if name in ("limit", "batches", "each_batch"):
            return self
        inner = self.inner
        if isinstance(inner, boto3.Collection) and name.startswith("batch_"):
            batch = inner.attribute(name.removeprefix("batch_").rstrip("!"), run, site.place)
            if isinstance(batch, Function):
                return batch.call(CallSite((), {}, site.place), run)
        item = self.iterate(run, site.place)
        if name == "first":
            return item
        method = BUILTINS.member(Sequence([], item), name, run, site.place)
        if method is not None:
            return run.call_value(method, site)
        block = block_of(site)
        if block is not None:
            run.call(block, (item,), site.place)
        return UnknownValue(f"result of {name}", site.place, inert=True)

    def iterate(self, run: Machine, place: Place) -> Value:
        """One of the items."""
        if isinstance(self.inner, boto3.Collection):
            return self.owner._wrap(self.inner.iterate(run, place))
        return UnknownValue("an item", place, inert=True)
