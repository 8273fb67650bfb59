"""boto3's resources (``boto3.resource("s3").Bucket("b").objects``), from the catalog's resource models."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from scopedown.calls.machine import Machine, Native
from scopedown.calls.sdks.emitting import Target, record
from scopedown.calls.sdks.named_arns import arn_of
from scopedown.calls.sdks.results import queue_url
from scopedown.calls.sdks.shapes.objects import ServiceObject
from scopedown.calls.values import CallSite, Const, Object, Sequence, TextValue, UnknownValue, Value, options
from scopedown.catalog.model import ResourceModel
from scopedown.core.place import Place
from scopedown.languages.python.natives import Function, silent
from scopedown.languages.python.sdk_client import BOTO3, parameters, result


@dataclass(frozen=True, slots=True, eq=False)
class Resource(Native):
    """A resource with its identifiers; ``loaded`` where its data came with a listing: reading it then calls nothing."""

    label = "{self.target.service} {self.model.name}"
    ignores_assignments = True
    client_of = "{self.target.service}"
    target: Target
    model: ResourceModel
    identifiers: Mapping[str, Value]
    loaded: bool = False

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """An identifier, action, collection, sub-resource, waiter, or data of the resource."""
        model = self.model
        if name in self.identifiers:
            return self.identifiers[name]
        if name == "meta":
            return ServiceObject(BOTO3, self.target, "meta")
        if (found := self._injected(name, run)) is not None:
            return found
        if name in model.collections:
            operation, _, filled = model.collections[name]
            return Collection(self, name, operation, filled)
        if name in model.resources:
            return self._related(name, run, place)
        if name in model.operations:
            return Function(name, lambda site, run: self._act(name, site, run), self)
        for identifier in self.identifiers:  # ``table.table_name`` is ``table.name``
            if name == f"{_snake(model.name)}_{identifier}":
                return self.identifiers[identifier]
        if name.startswith("_") or name == "get_available_subresources":
            return silent(name)
        return self._data(name, run, place)

    def _injected(self, name: str, run: Machine) -> Value | None:
        """Methods that boto3 adds by hand (``boto3/session.py``: s3, dynamodb, ec2)."""
        kind = (self.target.service, self.model.name)
        if kind == ("dynamodb", "Table") and name == "batch_writer":
            return Function(name, lambda site, run: BatchWriter(self), self)
        if kind == ("s3", "Bucket"):
            if name in ("load", "reload", "creation_date"):
                return self._listed_buckets(name)
            return self._transfer(name, {"Bucket": self.identifiers["name"]}, run)
        if kind == ("s3", "Object"):
            known = {"Bucket": self.identifiers["bucket_name"], "Key": self.identifiers["key"]}
            return self._transfer(name, known, run)
        if kind == ("s3", "ObjectSummary") and name == "load":
            known = {"Bucket": self.identifiers["bucket_name"], "Key": self.identifiers["key"]}

            def head(site: CallSite, run: Machine) -> Value:
                record(run, self.target, "HeadObject", known, site.place)
                return Const(None)

            return Function(name, head, self)
        if (
            self.target.service == "ec2"
            and name in ("create_tags", "delete_tags")
            and name not in self.model.operations
        ):
            return Function(name, lambda site, run: self._tags(name, site, run), self)
        return None

    def _transfer(self, name: str, known: Mapping[str, Value], run: Machine) -> Value | None:
        return ServiceObject(BOTO3, self.target, "object", params=Object(dict(known))).known(name, run)

    def _listed_buckets(self, name: str) -> Value | None:
        """A bucket's own data is read from the list of all (``boto3/s3/inject.py: bucket_load``)."""
        if name == "creation_date":
            return None

        def body(site: CallSite, run: Machine) -> Value:
            record(run, self.target, "ListBuckets", {}, site.place)
            return Const(None)

        return Function(name, body, self)

    def _tags(self, name: str, site: CallSite, run: Machine) -> Value:
        arguments = dict(site.keywords)
        if "id" in self.identifiers:
            arguments.setdefault("Resources", Sequence([self.identifiers["id"]]))
        operation = "CreateTags" if name == "create_tags" else "DeleteTags"
        record(run, self.target, operation, arguments, site.place)
        return Sequence([], UnknownValue(f"result of ec2.{operation}", site.place))

    def _act(self, name: str, site: CallSite, run: Machine) -> Value:
        """An action: the operation, with the identifiers filled in; the caller's arguments win."""
        operation, filled = self.model.operations[name]
        arguments = self._parameters(operation, filled, site, run)
        record(run, self.target, operation, arguments, site.place)
        returned = self.model.returns.get(name)
        if returned is None:
            if name in ("load", "reload") or name in self.model.waiters:
                return Const(None)
            return result(self.target.service, operation, arguments, site.place)
        kind, identifiers = returned
        made = self._make(kind, identifiers, replace_keywords(site, arguments), run, loaded=False)
        many = any("[]" in spec for spec in identifiers.values())
        return Sequence([], made) if many else made

    def _parameters(self, operation: str, filled: Mapping[str, str], site: CallSite, run: Machine) -> dict[str, Value]:
        arguments: dict[str, Value] = {}
        for path, spec in filled.items():
            set_path(arguments, path, self._identifier(spec, "", site))
        known = run.catalog.operation(self.target.service, operation)
        arguments.update(parameters(known, replace(site, complete=True)) if known else site.keywords)
        if not site.complete and known is not None:
            for name in known.required:
                arguments.setdefault(name, UnknownValue(f"parameter {name}", site.place))
        return arguments

    def _identifier(self, spec: str, name: str, site: CallSite) -> Value:
        """A value by its specification (see :class:`~scopedown.catalog.model.ResourceModel`)."""
        if spec.startswith("'"):
            return Const(spec.strip("'"))
        if spec.startswith("$"):
            wanted = spec[1:]
            if wanted.isdigit():
                found = site.argument(int(wanted), name)
            else:
                found = site.keywords.get(wanted.partition("[")[0].partition(".")[0])
                found = found if "[" not in wanted and "." not in wanted else None
            return found or UnknownValue(f"{self.target.service} {name or wanted}", site.place)
        if spec.startswith("<"):
            last = spec.rpartition(".")[2].lstrip("<")
            if last == "QueueUrl":
                return queue_url(site.keywords)
            return site.keywords.get(last) or UnknownValue(f"{last} of a response", site.place)
        if spec.startswith("@"):
            return UnknownValue(f"{spec[1:]} of a {self.target.service} {self.model.name}", site.place)
        return self.identifiers.get(spec) or UnknownValue(f"{self.model.name}.{spec}", site.place)

    def _make(self, kind: str, specs: Mapping[str, str], site: CallSite, run: Machine, loaded: bool) -> Value:
        """Another resource of the service."""
        model = run.catalog.resource_model(self.target.service, kind)
        if model is None:
            return UnknownValue(f"a {self.target.service} {kind}", site.place)
        identifiers = {name: self._identifier(specs.get(name, "?"), name, site) for name in model.identifiers}
        return Resource(self.target, model, identifiers, loaded)

    def _related(self, name: str, run: Machine, place: Place) -> Value:
        """A sub-resource is called (``bucket.Object(key)``); a reference is read from the resource's data."""
        kind, specs = self.model.resources[name]
        if not any(spec.startswith("@") for spec in specs.values()):
            return Function(name, lambda site, run: self._make(kind, specs, site, run, False), self)
        self._data(name, run, place)
        made = self._make(kind, specs, CallSite((), {}, place), run, False)
        return Sequence([], made) if any("[]" in spec for spec in specs.values()) else made

    def _data(self, name: str, run: Machine, place: Place) -> Value:
        """Data of the resource: read from AWS on first use, unless it came with a listing."""
        site = CallSite((), {}, place)
        if self.target.service == "s3" and self.model.name == "Bucket":
            if name == "creation_date":
                record(run, self.target, "ListBuckets", {}, place)
        elif self.model.load is not None and not self.loaded:
            _, filled = self.model.operations.get("load", (self.model.load, {}))
            arguments = self._parameters(self.model.load, filled, site, run)
            record(run, self.target, self.model.load, arguments, place)
        if (self.target.service, self.model.name) == ("dynamodb", "Table") and name in _TABLE_ARNS:
            return arn_of(_TABLE_ARNS[name], self.identifiers["name"])
        return UnknownValue(f"{name} of a {self.target.service} {self.model.name}", place)
        """Resources are not changed."""


_TABLE_ARNS = {"table_arn": "dynamodb:R:A:table/{}", "latest_stream_arn": "dynamodb:R:A:table/{}/stream/*"}
"""Data of a table that its name says (https://boto3.amazonaws.com/v1/documentation/api/latest/reference/services/
dynamodb/table/index.html)."""


def replace_keywords(site: CallSite, arguments: Mapping[str, Value]) -> CallSite:
    """The call as if it had been given all of the request's parameters."""
    return CallSite(site.positional, arguments, site.place, site.complete)


@dataclass(frozen=True, slots=True, eq=False)
class Collection(Native):
    """``bucket.objects``: listing happens on the way to its items or to a batch action."""

    resource: Resource
    name: str
    operation: str
    filled: Mapping[str, str]
    arguments: Mapping[str, Value] | None = None
    """The listing's parameters once ``all`` or ``filter`` has been called; it is recorded then."""
    pages: bool = False

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``all``, ``filter``, ``limit``, ``page_size``, ``pages``, and batch actions."""
        if name in ("all", "filter", "limit", "page_size", "pages"):
            return Function(name, lambda site, run: self._list(name, site, run), self)
        model = self._item_model(run)
        if model is not None and f"batch:{name}" in model.operations:
            return Function(name, lambda site, run: self._batch(name, site, run), self)
        return UnknownValue(f"{self.name}.{name}", place)

    def iterate(self, run: Machine, place: Place) -> Value:
        """An item, a resource of its own."""
        if self.arguments is None:
            self._list("all", CallSite((), {}, place), run)
        item = self._item(run, place)
        return Sequence([], item) if self.pages else item

    def _list(self, name: str, site: CallSite, run: Machine) -> Value:
        given = CallSite((), site.keywords if name == "filter" else {}, site.place, site.complete)
        arguments = dict(self.arguments or {})
        for path, spec in self.filled.items() if self.arguments is None else ():
            set_path(arguments, path, self.resource._identifier(spec, "", site))
        for key, value in given.keywords.items():
            old = arguments.get(key)
            if isinstance(old, Sequence) and isinstance(value, Sequence):
                value = Sequence([*old.items, *value.items], value.rest or old.rest)
            arguments[key] = value
        if self.arguments is None or given.keywords:
            record(run, self.resource.target, self.operation, arguments, site.place)
        return replace(self, arguments=arguments, pages=name == "pages")

    def _batch(self, name: str, site: CallSite, run: Machine) -> Value:
        listed = self if self.arguments is not None else self._list("all", site, run)
        assert isinstance(listed, Collection)
        item, model = listed._item(run, site.place), listed._item_model(run)
        if model is None or not isinstance(item, Resource):
            return UnknownValue(f"result of {name}()", site.place)
        operation, filled = model.operations[f"batch:{name}"]
        arguments = item._parameters(operation, filled, site, run)
        record(run, self.resource.target, operation, arguments, site.place)
        return UnknownValue(f"result of {self.resource.target.service}.{operation}", site.place, inert=True)

    def _item_model(self, run: Machine) -> ResourceModel | None:
        kind = self.resource.model.collections[self.name][1]
        return run.catalog.resource_model(self.resource.target.service, kind) if kind else None

    def _item(self, run: Machine, place: Place) -> Value:
        _, kind, _ = self.resource.model.collections[self.name]
        if not kind:
            return UnknownValue(f"result of {self.resource.target.service}.{self.operation}", place, inert=True)
        specs = self.resource.model.collection_items.get(self.name, {})
        return self.resource._make(kind, specs, CallSite((), {}, place), run, loaded=True)


@dataclass(frozen=True, slots=True, eq=False)
class BatchWriter(Native):
    """``table.batch_writer()``: puts and deletes are sent with BatchWriteItem (``boto3/dynamodb/table.py``)."""

    client_of = "{self.table.target.service}"
    table: Resource

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``put_item`` and ``delete_item``."""
        if name in ("put_item", "delete_item"):
            return Function(name, lambda site, run: self._write(name, site, run), self)
        return Function(name, lambda site, run: self) if name == "__enter__" else silent(name)

    def _write(self, name: str, site: CallSite, run: Machine) -> Value:
        request = "PutRequest" if name == "put_item" else "DeleteRequest"
        content = Object({request: Object(dict(site.keywords))})
        items = Sequence([], content)
        table = self.table.identifiers["name"]
        for option in options(table):
            requests = Object()
            if isinstance(option, Const):
                requests.fields[str(option.value)] = items
            else:
                requests.rest = items
                if isinstance(option, TextValue):
                    requests.symbolic[option.text] = items
            record(run, self.table.target, "BatchWriteItem", {"RequestItems": requests}, site.place)
        return Const(None)


def service_resource(target: Target, run: Machine, place: Place) -> Value:
    """``boto3.resource("s3")``."""
    model = run.catalog.resource_model(target.service, "ServiceResource")
    if model is None:
        return UnknownValue(f"the {target.service} resource", place)
    return Resource(target, model, {}, loaded=True)


def set_path(arguments: dict[str, Value], path: str, value: Value) -> None:
    """Put a value at ``Delete.Objects[].Key`` or ``InstanceIds[0]`` in an API call's arguments."""
    name, _, rest = path.partition(".")
    name, bracket, position = name.partition("[")
    if not bracket:
        if not rest:
            arguments[name] = value
            return
        inner = arguments.get(name)
        if not isinstance(inner, Object):
            inner = arguments[name] = Object()
        set_path(inner.fields, rest, value)
        return
    items = arguments.get(name)
    if not isinstance(items, Sequence):
        items = arguments[name] = Sequence()
    if position == "]":  # any element
        if not rest:
            items.rest = value
            return
        element = items.rest
        if not isinstance(element, Object):
            element = items.rest = Object()
    else:
        number = int(position.rstrip("]"))
        while len(items.items) <= number:
            items.items.append(Object() if rest else value)
        if not rest:
            items.items[number] = value
            return
        found = items.items[number]
        element = found if isinstance(found, Object) else Object()
    set_path(element.fields, rest, value)


def _snake(name: str) -> str:
    return "".join(f"_{one.lower()}" if one.isupper() and at else one.lower() for at, one in enumerate(name))
