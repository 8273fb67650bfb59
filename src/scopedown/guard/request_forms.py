"""Requests whose form botocore's models do not describe: those to a resource's own endpoint.

In: an HTTP request. Out: the service, the operation and the parameters that the catalog knows it by
(``catalog/overlay/requests.tsv``: ``execute-api.Invoke`` and its like, with the request's URL and method).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

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
