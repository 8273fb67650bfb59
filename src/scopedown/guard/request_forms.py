"""Requests whose form botocore's models do not describe: those to a resource's own endpoint, and RPC v2 in CBOR.

In: an HTTP request. Out: the service, the operation and the parameters that the catalog knows it by
(``catalog/overlay/requests.tsv``: ``execute-api.Invoke`` and its like, with the request's URL and method).
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore.parsers import RpcV2CBORParser
from moto.core.model import ListShape, MapShape, OperationModel, Shape, StructureShape
from moto.core.request import Request

ENDPOINTS = (
    (r"[^.]+\.execute-api\.(?P<region>[^.]+)\.amazonaws\.com", "execute-api", "Invoke"),
    (r"[^.]+\.lambda-url\.(?P<region>[^.]+)\.on\.aws", "lambda", "InvokeFunctionUrl"),
    (r"[^.]+\.appsync-api\.(?P<region>[^.]+)\.amazonaws\.com", "appsync", "GraphQL"),
    (r"[^.]+\.(?P<region>[^.]+)\.es\.amazonaws\.com", "es", "ESHttp"),
    (r"[^.]+\.(?P<region>[^.]+)\.aoss\.amazonaws\.com", "opensearchserverless", "APIAccessAll"),
)
"""Host, service and operation. OpenSearch has an operation for each verb
(https://docs.aws.amazon.com/opensearch-service/latest/developerguide/ac.html)."""
_CONNECTIONS = re.compile(r"(?P<stage>/[^/@]+)?/@connections/(?P<id>[^/]+)/?")
_CONNECTION_OPERATIONS = {"POST": "PostToConnection", "GET": "GetConnection", "DELETE": "DeleteConnection"}
_CBOR_PATH = re.compile(r"/service/([^/]+)/operation/([^/]+)/?$")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A request to an endpoint of the user's own."""

    service: str
    operation: str
    parameters: Mapping[str, Any]
    region: str = ""


def to_an_endpoint(request: Request, signing_name: str) -> Endpoint | None:
    """The request as one to an API, a function's URL or a domain; None where its host (or, for a WebSocket API's
    connections, its path) is none of those."""
    host = request.host.partition(":")[0]
    if signing_name == "execute-api" and (found := _CONNECTIONS.search(request.path)):
        operation = _CONNECTION_OPERATIONS.get(request.method)
        if operation:
            given = {"ConnectionId": found["id"], "$endpoint": f"https://{host}{found['stage'] or ''}"}
            if request.method == "POST":
                given["Data"] = "(data)"
            return Endpoint("apigatewaymanagementapi", operation, given)
    if not host.endswith((".amazonaws.com", ".on.aws")):
        return None
    for pattern, service, operation in ENDPOINTS:
        if match := re.fullmatch(pattern, host):
            name = operation + (request.method.capitalize() if operation == "ESHttp" else "")
            url = f"https://{host}{request.raw_path}"
            return Endpoint(service, name, {"url": url, "method": request.method}, match["region"])
    return None


def cbor_operation(request: Request) -> tuple[str, str] | None:
    """Service and operation as a request of Smithy's RPC v2 names them in its path
    (https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html)."""
    if request.headers.get("Smithy-Protocol") != "rpc-v2-cbor":
        return None
    found = _CBOR_PATH.search(request.path)
    return (found[1], found[2]) if found else None


def from_cbor(operation: OperationModel, body: bytes) -> dict[str, Any]:
    """The parameters of a body in CBOR. Raises ValueError where it is none."""
    if not body or operation.input_shape is None:
        return {}
    stream = io.BufferedReader(io.BytesIO(body))
    try:
        value = RpcV2CBORParser().parse_data_item(stream)
    except Exception as error:  # botocore raises what it comes across in a broken body
        raise ValueError(f"the body is not CBOR: {error}") from None
    found = _shaped(operation.input_shape, value)
    return found if isinstance(found, dict) else {}


def _shaped(shape: Shape, value: Any) -> Any:
    """A decoded value under the names of its shape; what the shape does not have is left out."""
    match shape:
        case StructureShape() if isinstance(value, Mapping):
            return {
                name: _shaped(member, value[name])
                for name, member in shape.members.items()
                if value.get(name) is not None
            }
        case ListShape() if isinstance(value, list):
            return [_shaped(shape.member, one) for one in value]
        case MapShape() if isinstance(value, Mapping):
            return {str(key): _shaped(shape.value, one) for key, one in value.items()}
    return value
