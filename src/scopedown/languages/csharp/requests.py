"""Requests of the AWS SDK for .NET, and what they are to the API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from scopedown.calls.interpreter.operators import concatenate
from scopedown.calls.machine import Machine
from scopedown.calls.sdks import emitting
from scopedown.calls.values import CallSite, Const, Object, Sequence, UnknownValue, Value, join, options
from scopedown.catalog.model import Operation
from scopedown.core.place import Place
from scopedown.core.tables import read_rows
from scopedown.languages.csharp.natives import TYPES, Type, arguments

_HERE = Path(__file__).parent


@dataclass(slots=True, eq=False)
class Request(Object):
    """A request, or a structure in one: its members are what code writes to it, and nothing else."""


@dataclass(frozen=True, slots=True, eq=False)
class RequestType(Type):
    """A class of requests, or of what is in them; its constructor may take some of its members."""

    parameters: tuple[str, ...] = ()

    def construct(self, site: CallSite, run: Machine) -> Value:
        """``new PutItemRequest(table, item)``."""
        given = dict(zip(self.parameters, site.positional, strict=False))
        return Request(given, born=run.position.conditional)

    def other(self, name: str, run: Machine, place: Place) -> Value:
        """A static member: the name of a choice."""
        return Const(name)


def attribute_value(site: CallSite, run: Machine) -> Value:
    """``new AttributeValue(text)``, or of a list of texts."""
    first = site.positional[0] if site.positional else None
    if first is None:
        return Request(born=run.position.conditional)
    return Request({"SS" if isinstance(first, Sequence) else "S": first}, born=run.position.conditional)


@cache
def bare() -> Mapping[tuple[str, str], tuple[str, ...]]:
    """The parameters that stand for a request, by service and operation."""
    rows = read_rows(_HERE / "bare_arguments.tsv", ("service", "operation", "parameters"))
    return {(row["service"], row["operation"]): tuple(row["parameters"].split()) for row in rows}


@cache
def _members() -> Mapping[tuple[str, str], str]:
    rows = read_rows(_HERE / "request_members.tsv", ("service", "member", "parameter"))
    return {(row["service"], row["member"]): row["parameter"] for row in rows}


def parameters(service: str, operation: Operation, site: CallSite) -> Value | None:
    """What a call gives the operation: the members of its request, or the parameters that stand for one."""
    given = arguments(site)
    if not given:
        return None
    first = site.keywords.get("request") or site.keywords.get("requestItems") or given[0]
    names = bare().get((service, operation.name), ())
    made: list[Value] = []
    for option in options(first):
        if isinstance(option, Object) and (isinstance(option, Request) or _is_request(option, operation, service)):
            made.append(of_members(service, operation, option))
        elif isinstance(option, Const) and option.value is None:
            continue
        elif names and (len(site.positional) > 1 or not isinstance(option, UnknownValue) or not _may_be_request(site)):
            pairs = dict(zip(names, site.positional, strict=False))
            named = {_capital(name): value for name, value in site.keywords.items() if not name.startswith(TYPES)}
            made.append(
                of_members(service, operation, Object({**pairs, **{k: v for k, v in named.items() if k in names}}))
            )
        else:
            made.append(option)
    return join(*made) if made else None


def _may_be_request(site: CallSite) -> bool:
    return len(site.positional) == 1


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def _is_request(value: Object, operation: Operation, service: str) -> bool:
    """Whether an object's members are those of a request (``new() { TableName = … }``)."""
    members = {emitting.squeezed(name) for name in operation.members}
    known = [_members().get((service, name), name) for name in value.fields]
    return bool(known) and all(emitting.squeezed(name) in members for name in known)


def of_members(service: str, operation: Operation, value: Object) -> Object:
    """A request by the API's names."""
    fields: dict[str, Value] = {}
    for name, held in value.fields.items():
        fields[_members().get((service, name), name)] = held
    if operation.name in ("CopyObject", "UploadPartCopy") and "SourceBucket" in fields:
        key = fields.get("SourceKey") or UnknownValue("a key")
        fields["CopySource"] = concatenate((fields["SourceBucket"], Const("/"), key))
    made = emitting.parameters(operation, fields)
    made.rest = value.rest
    return made
