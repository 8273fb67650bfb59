"""Requests and answers in CBOR: read within bounds, handed to moto in JSON or as a form, answered in CBOR.

In: a request of Smithy's RPC v2 (:data:`RPC_V2`, which SDKs may speak with CloudWatch, CodeBuild, Textract and some 40
more services: botocore's ``protocols``), or of the older :data:`AWS_CBOR` (Java's SDK 2 with Kinesis): CBOR in the
place of JSON, with ``X-Amz-Target``, times in milliseconds. Out: its parameters; the same request in a protocol that
moto has; the answer, or the error, in the request's own protocol. botocore's parser and serializers do the work; this
module adds the bounds, and checks that each value is of its shape, so that neither moto nor the mapping to actions
meets another.
https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html, https://www.rfc-editor.org/rfc/rfc8949
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlencode

from botocore.parsers import RpcV2CBORParser, create_parser
from botocore.serialize import RpcV2CBORSerializer, create_serializer
from moto.core.model import ListShape, MapShape, OperationModel, Shape, StructureShape
from moto.core.request import Request

RPC_V2: Final = "smithy-rpc-v2-cbor"
AWS_CBOR: Final = "x-amz-cbor-1.1"
PROTOCOLS: Final = frozenset({RPC_V2, AWS_CBOR})
CONTENT_TYPES: Final = {RPC_V2: "application/cbor", AWS_CBOR: "application/x-amz-cbor-1.1"}
DEEPEST: Final = 100
"""Levels of a body; DynamoDB's items, which are the deepest, have 32
(https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html)."""
MOST: Final = 1_000_000
"""Values of a body: PutRecords, the largest, has 500 records, PutMetricData 1,000 metrics of 150 values
(https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html)."""
BEHIND: Final = ("json", "query")
"""What moto may be asked in, in this order."""
_PATH: Final = re.compile(r"/service/([^/]+)/operation/([^/]+)/?$")
_TARGET: Final = re.compile(r"([^./]+)\.([^./]+)")
_MILLISECONDS: Final = 1000


class CborError(ValueError):
    """A body that is not the operation's; the message says where."""


def protocol_of(request: Request) -> str:
    """Which of the two a request is in; empty for another."""
    if request.headers.get("Smithy-Protocol") == "rpc-v2-cbor":
        return RPC_V2
    return AWS_CBOR if (request.content_type or "").startswith(CONTENT_TYPES[AWS_CBOR]) else ""


def operation_of(request: Request) -> tuple[str, str, str] | None:
    """The protocol, the service's name in its model (``targetPrefix``) and the operation; None where it is not in
    CBOR."""
    protocol = protocol_of(request)
    if not protocol:
        return None
    named = (
        _PATH.search(request.path) if protocol == RPC_V2 else _TARGET.fullmatch(request.headers.get("X-Amz-Target", ""))
    )
    return (protocol, named[1], named[2]) if named else None


# Reading


class _Reader(RpcV2CBORParser):  # type: ignore[misc]  # botocore has no types
    """botocore's parser, which by itself follows every nesting and allocates what a length claims."""

    def __init__(self, body: bytes, milliseconds: bool) -> None:
        super().__init__()
        self._size, self._milliseconds = len(body), milliseconds
        self._depth = self._count = 0

    def parse_data_item(self, stream: Any) -> Any:
        self._depth += 1
        self._count += 1
        if self._depth > DEEPEST:
            raise CborError(f"it has more than {DEEPEST} levels")
        if self._count > MOST:
            raise CborError(f"it has more than {MOST} values")
        found = super().parse_data_item(stream)
        self._depth -= 1
        return found

    def _read_from_stream(self, stream: Any, num_bytes: int) -> bytes:
        if num_bytes > self._size:
            raise CborError("it ends before its values do")
        found: bytes = super()._read_from_stream(stream, num_bytes)
        return found

    def _parse_datetime(self, value: Any) -> datetime:
        seconds = value / _MILLISECONDS if self._milliseconds else value
        return datetime.fromtimestamp(seconds, UTC)


def parameters_of(operation: OperationModel, body: bytes, protocol: str) -> dict[str, Any]:
    """The parameters of a body. Raises CborError."""
    if not body or operation.input_shape is None:
        return {}
    stream = io.BufferedReader(io.BytesIO(body))
    try:
        value = _Reader(body, protocol == AWS_CBOR).parse_data_item(stream)
    except CborError as error:
        raise CborError(f"The request body is not CBOR that can be read: {error}.") from None
    except Exception as error:  # botocore raises what it comes across in a broken body
        raise CborError(f"The request body is not CBOR that can be read: {error}") from None
    if stream.read(1):
        raise CborError("The request body goes on after its first value.")
    found = _read(operation.input_shape, value, "")
    assert isinstance(found, dict)
    return found


def _read(shape: Shape, value: Any, place: str) -> Any:
    """A value of its shape; members that the shape does not have are left out. Raises CborError."""
    match shape:
        case StructureShape():
            if not isinstance(value, Mapping):
                raise CborError(f"Expected an object at '{place}'.")
            return {
                name: _read(member, one, f"{place}.{name}")
                for name, member in shape.members.items()
                if (one := value.get(member.serialization.get("name", name))) is not None
            }
        case ListShape():
            if not isinstance(value, list):
                raise CborError(f"Expected a list at '{place}'.")
            return [_read(shape.member, one, place) for one in value if one is not None]
        case MapShape():
            if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
                raise CborError(f"Expected an object at '{place}'.")
            return {key: _read(shape.value, one, f"{place}.{key}") for key, one in value.items()}
    kinds = _KINDS.get(shape.type_name, (str,))
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        raise CborError(f"Expected a value of the type {shape.type_name} at '{place}'.")
    return _time(value) if shape.type_name == "timestamp" else value


_NUMBER: Final = (int, float)
_KINDS: Final[Mapping[str, tuple[type, ...]]] = {
    "blob": (bytes,), "boolean": (bool,), "integer": (int,), "long": (int,), "float": _NUMBER, "double": _NUMBER,
    "timestamp": (datetime, *_NUMBER),
}  # fmt: skip


def _time(value: Any) -> datetime:
    """A time, where it came without its tag too. Raises CborError."""
    try:
        return value if isinstance(value, datetime) else datetime.fromtimestamp(value, UTC)
    except (OverflowError, OSError, ValueError):
        raise CborError(f"{value} is not a time.") from None


# moto's side


def handed_on(operation: OperationModel, parameters: Mapping[str, Any]) -> tuple[str, dict[str, str], bytes] | None:
    """The protocol of the request that moto gets, what of its environment differs, and its body; None where moto
    can be asked in none."""
    metadata = operation.service_model.metadata
    protocol = next((one for one in BEHIND if one in metadata.get("protocols", ())), "")
    if not protocol or operation.has_event_stream_output or operation.has_event_stream_input:
        return None
    made = create_serializer(protocol, include_validation=False).serialize_to_request(dict(parameters), operation)
    body = made["body"]
    if isinstance(body, Mapping):
        body = urlencode(body)
    headers = {name.lower(): str(value) for name, value in made["headers"].items()}
    environ = {"PATH_INFO": "/", "RAW_URI": "/", "QUERY_STRING": "", "CONTENT_TYPE": headers.pop("content-type", "")}
    environ |= {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    return protocol, environ, body if isinstance(body, bytes) else str(body).encode()


def result_of(operation: OperationModel, protocol: str, status: int, body: bytes) -> dict[str, Any]:
    """moto's answer as a mapping; ``Error`` is in it where it is one."""
    response = {"headers": {}, "status_code": status, "body": body}
    found: dict[str, Any] = create_parser(protocol).parse(response, operation.output_shape)
    found.pop("ResponseMetadata", None)
    return found


# Writing


class _Writer(RpcV2CBORSerializer):  # type: ignore[misc]
    def __init__(self, milliseconds: bool) -> None:
        super().__init__()
        self._milliseconds = milliseconds

    def _convert_timestamp_to_str(self, value: Any, timestamp_format: Any = None) -> int | float:
        seconds = float(value.timestamp())
        if self._milliseconds:
            return round(seconds * _MILLISECONDS)
        return int(seconds) if seconds.is_integer() else seconds


def written(shape: Shape | None, result: Mapping[str, Any], protocol: str) -> bytes:
    """An answer's body."""
    if shape is None:
        return b"\xa0"
    body = bytearray()
    _Writer(protocol == AWS_CBOR)._serialize_data_item(body, _fitting(shape, result), shape)
    return bytes(body)


def _fitting(shape: Shape, value: Any) -> Any:
    """What moto answers, as values of the shape: it gives a number as a text, or the other way round."""
    match shape:
        case StructureShape():
            given = value if isinstance(value, Mapping) else {}
            return {
                name: _fitting(shape.members[name], one)
                for name, one in given.items()
                if one is not None and name in shape.members
            }
        case ListShape():
            return [_fitting(shape.member, one) for one in value if one is not None]
        case MapShape():
            return {str(key): _fitting(shape.value, one) for key, one in value.items() if one is not None}
    match shape.type_name:
        case "integer" | "long":
            return int(value)
        case "float" | "double":
            return float(value)
        case "boolean":
            return value if isinstance(value, bool) else str(value).lower() == "true"
        case "timestamp":
            return value if isinstance(value, datetime) else datetime.fromtimestamp(float(value), UTC)
        case "blob":
            return value if isinstance(value, bytes) else str(value).encode()
    return value if isinstance(value, str) else json.dumps(value)


def texts(given: Mapping[str, str]) -> bytes:
    """A map of texts: the body of an error."""
    out, writer = bytearray([0xA0 + len(given)]), _Writer(False)
    for pair in given.items():
        for one in pair:
            writer._serialize_type_string(out, one, None, None)
    return bytes(out)
