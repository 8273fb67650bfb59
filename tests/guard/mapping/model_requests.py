"""Requests made from botocore's models: for each operation of a service the HTTP request that boto3 would send.

Nothing is sent: a hook takes the request away just before.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import boto3
import botocore.session
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.config import Config
from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape
from botocore.tokens import FrozenAuthToken
from moto.core.request import Request

ENDPOINT = "https://127.0.0.1:5000"
TEXTS = {
    ("s3", "Bucket"): "pail", ("s3", "CopySource"): "pail/key", ("s3control", "Bucket"): "pail",
    ("s3control", "AccountId"): "123456789012",
    ("s3control", "Name"): "pail", ("machinelearning", "PredictEndpoint"): "https://realtime.machinelearning.example",
    ("cloudfront-keyvaluestore", "KvsARN"): "arn:aws:cloudfront::123456789012:key-value-store/one",
}  # fmt: skip
"""What botocore itself looks at before it sends."""


def services() -> list[str]:
    """Every service that botocore has."""
    return botocore.session.get_session().get_available_services()


def value_of(shape: Shape, name: str, service: str, full: bool, seen: tuple[str, ...] = ()) -> Any:
    """A value that fits a shape: its required members, or with ``full`` all of them, once each."""
    match shape:
        case StructureShape():
            if getattr(shape, "is_document_type", False):
                return {"a": "b"}
            if getattr(shape, "is_tagged_union", False):
                names = [one for one in shape.members if shape.members[one].name not in seen][:1]
            elif full and shape.name not in seen:
                names = list(shape.members)
            else:
                names = list(shape.required_members)
            inner = (*seen, shape.name)
            return {one: value_of(shape.members[one], one, service, full, inner) for one in names
                    if not (one not in shape.required_members and shape.members[one].name in inner)}  # fmt: skip
        case ListShape():
            return [value_of(shape.member, name, service, full, seen)] * max(1, int(shape.metadata.get("min", 1)))
        case MapShape():
            key = value_of(shape.key, "key", service, full, seen)
            return {key: value_of(shape.value, name, service, full, seen)}
    low = shape.metadata.get("min", 1)
    match shape.type_name:
        case "boolean":
            return True
        case "integer" | "long":
            return max(1, int(low))
        case "float" | "double":
            return max(1.5, float(low))
        case "timestamp":
            return datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
        case "blob":
            return b"blob"
        case _:
            enum = getattr(shape, "enum", None)
            if enum:
                return enum[0]
            return TEXTS.get((service, name)) or "text".ljust(int(low), "x")


def parameters_of(model: OperationModel, full: bool = False) -> dict[str, Any]:
    """Parameters that the operation takes; of those that are not required none unless ``full``."""
    if model.input_shape is None:
        return {}
    made = value_of(model.input_shape, "", model.service_model.service_name, full)
    if model.has_event_stream_input:
        made.pop(model.get_event_stream_input().name, None)
    return dict(made)


class Bearer:
    """A token for the services that take one."""

    def load_token(self, **_: Any) -> FrozenAuthToken:
        return FrozenAuthToken("token")


def client(service: str, **settings: Any) -> Any:
    """boto3's client of a local endpoint, with made-up credentials."""
    session = boto3.Session()
    session._session.register_component("token_provider", Bearer())
    return session.client(
        service, region_name="eu-west-1", aws_access_key_id="AKIAIOSFODNN7EXAMPLE", aws_secret_access_key="x",
        endpoint_url=ENDPOINT,
        config=Config(retries={"total_max_attempts": 1}, inject_host_prefix=False, parameter_validation=False,
                      s3={"addressing_style": "path"}, **settings),
    )  # fmt: skip


class Taken(Exception):
    """The request that would have been sent."""

    def __init__(self, request: AWSPreparedRequest) -> None:
        self.request = request


def taken(asking: Any, method: str, parameters: Mapping[str, Any]) -> Request:
    """The request that a call makes, as the guard's server gets it."""
    found: list[AWSPreparedRequest] = []

    def take(request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        found.append(request)
        raise Taken(request)

    asking.meta.events.register_first("before-send", take)
    try:
        getattr(asking, method)(**parameters)
    except Taken:
        pass
    finally:
        asking.meta.events.unregister("before-send", take)
    return arrived(found[0].method, found[0].url, dict(found[0].headers.items()), found[0].body)


def arrived(method: str, url: str, headers: Mapping[str, Any], body: Any = b"") -> Request:
    """A request as the server hands it on."""
    if hasattr(body, "read"):
        body = body.read()
    data = body.encode() if isinstance(body, str) else bytes(body or b"")
    plain = {name: value.decode() if isinstance(value, bytes) else str(value) for name, value in headers.items()}
    request = Request.from_primitives(method, url, plain, data)
    environ = dict(request.environ, RAW_URI=url.partition("://")[2].partition("/")[2])
    environ["RAW_URI"] = "/" + environ["RAW_URI"]
    environ["wsgi.input"] = io.BytesIO(data)
    environ["CONTENT_LENGTH"] = str(len(data))
    return Request(environ)


def operations(service: str, asking: Any) -> Iterator[tuple[str, OperationModel]]:
    """The methods of a client with the operations that they call."""
    for method, name in sorted(asking.meta.method_to_api_mapping.items()):
        yield method, asking.meta.service_model.operation_model(name)
