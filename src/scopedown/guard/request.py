"""What an HTTP request to AWS asks: by whom, of which service, which operation, with which parameters.

moto's routing and parsing of botocore's models do the work. Which service it is comes from what is signed (the
credential's scope, in the header or in a presigned URL); where several services sign with one name, from the request
itself. An unsigned request is anonymous: it has no ``key_id``. Requests to a resource's own endpoint, which botocore's
models do not describe, have the operation and the parameters that the catalog knows them by
(``catalog/overlay/requests.tsv``: ``execute-api.Invoke`` and its like, with the request's URL and method).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from botocore.exceptions import UnknownServiceError
from moto.core.model import OperationModel, ServiceModel
from moto.core.parse import PROTOCOL_PARSERS, RequestDict, RequestParserError
from moto.core.request import Request, determine_request_protocol
from moto.core.routing import get_service_router
from moto.core.utils import get_service_model
from werkzeug.exceptions import HTTPException

from scopedown.catalog.load import catalog
from scopedown.guard import cbor, signature
from scopedown.guard.signature import MalformedError

SIGNED_FOR = {
    "s3express": ("s3",),
    "s3-object-lambda": ("s3",),
    "s3-outposts": ("s3outposts", "s3control", "s3"),
    "cloudsearch": ("cloudsearch", "cloudsearchdomain"),
    "IngestionService": ("importexport",),
    "monitoring": ("cloudwatch",),
    "tagging": ("resourcegroupstaggingapi",),
}
"""Signing names beside the catalog's: of single operations (botocore's endpoint rule sets; measured), of services."""
UNSIGNED = ("cognito-idp", "cognito-identity", "sts", "sso", "sso-oidc", "signin", "sdb", "s3")
"""Services that have operations without a signature of version 4 (botocore's ``authtype``); any path is one of S3."""
BEARER = ("codecatalyst", "account-access-runtime")
"""Services that take a bearer token (botocore's ``auth``)."""
OF_AWS = (".amazonaws.com", ".amazonaws.com.cn", ".api.aws", ".on.aws")
SIGNED_OTHERWISE = {("s3express", "ListBuckets"): "ListDirectoryBuckets"}
"""Operations of which only the signing name differs."""
_AGENT = re.compile(r"\bapi/([\w-]+)#")
_UNREADABLE = (RequestParserError, AttributeError, TypeError, ValueError, KeyError, IndexError, RecursionError)
"""What moto's parsers raise at a body that is not of the operation's form."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request. ``service`` and ``operation`` are botocore's, ``operation`` empty where nothing of its models fits;
    ``key_id`` is empty where it is not signed."""

    key_id: str
    region: str
    service: str
    operation: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    protocol: str = ""
    model: OperationModel | None = None
    unreadable: str = ""
    """Why the body in CBOR cannot be read; then there are no parameters."""


def read(request: Request) -> Asked | None:
    """What a request asks; None where it is not signed and no service's unsigned operation fits."""
    key_id, region, signing_name = signed_as(request)
    if found := to_an_endpoint(request, signing_name):
        return Asked(key_id, found.region or region, found.service, found.operation, found.parameters, "rest-json")
    best: tuple[int, Asked] | None = None
    for service in _candidates(request, signing_name):
        asked = _of_service(request, service, key_id, region)
        if asked is None or asked.model is None or (not signing_name and not _open_to_all(asked)):
            continue
        if other := SIGNED_OTHERWISE.get((signing_name, asked.operation)):
            model = get_service_model(service).operation_model(other)
            asked = replace(asked, operation=other, model=model)
        doubt = _doubt(request, asked)
        if best is None or doubt < best[0]:
            best = (doubt, asked)
        if doubt == 0:
            break
    if best is not None:
        return best[1]
    return Asked(key_id, region, signing_name, "") if signing_name else None


def signed_as(request: Request) -> tuple[str, str, str]:
    """The access key, the region (empty in a signature of version 4A) and the signing name; empty if unsigned, or
    where the signature is not well formed, which :func:`.signature.read` then says."""
    try:
        signed = signature.read(request)
    except MalformedError:
        return "", "", ""
    return (signed.key_id, signed.region, signed.signing_name) if signed is not None else ("", "", "")


@cache
def services_of(signing_name: str) -> tuple[str, ...]:
    """The services, by botocore's names, whose requests are signed with this name; the likeliest first."""
    if known := SIGNED_FOR.get(signing_name):
        return known
    same = {
        service.name
        for service in catalog().services()
        if signing_name in (service.signing_name, service.prefix, service.name)
    }
    return tuple(sorted(same, key=lambda one: (one != signing_name, one)))


def _candidates(request: Request, signing_name: str) -> Iterator[str]:
    if not signing_name:
        bearer = request.headers.get("Authorization", "").startswith("Bearer ")
        unsigned = BEARER if bearer else UNSIGNED
        yield from (name for name in unsigned if name != "s3" or not _is_of_another_service(request.host))
        return
    names = services_of(signing_name)
    if "s3" in names and "x-amz-account-id" in request.headers and request.raw_path.startswith("/v20180820/"):
        yield "s3control"  # a bucket may be named v20180820, but an object's request names no account
        return
    if len(names) > 1 and (agent := _AGENT.search(request.headers.get("User-Agent", ""))):
        meant = agent[1].replace("_", "-").lower()
        names = tuple(sorted(names, key=lambda one: _service_id(one) != meant))
    yield from names


def _is_of_another_service(host: str) -> bool:
    """Whether a host is AWS's and not one of S3's, so that no path of it is a bucket's.

    >>> [_is_of_another_service(host) for host in ("vpclattice.us-east-1.amazonaws.com", "a.s3-website.amazonaws.com")]
    [True, False]
    """
    name = host.partition(":")[0].lower()
    return name.endswith(OF_AWS) and not any(label == "s3" or label.startswith("s3-") for label in name.split("."))


@cache
def _service_id(service: str) -> str:
    known = catalog().service(service)
    return known.service_id.replace(" ", "-").lower() if known else service


def _of_service(request: Request, service: str, key_id: str, region: str) -> Asked | None:
    """The request as one of this service, or None."""
    try:
        model = get_service_model(service)
        if found := cbor.operation_of(request):
            protocol, prefix, name = found
            if model.metadata.get("targetPrefix", service) != prefix or name not in model.operation_names:
                return None
            operation = model.operation_model(name)
            asked = Asked(key_id, region, service, name, {}, protocol, operation)
            try:
                return replace(asked, parameters=cbor.parameters_of(operation, request.data, protocol))
            except cbor.CborError as error:
                return replace(asked, unreadable=str(error))
        operation, in_path = get_service_router(service).match(_with_whole_target(request, model))
        protocol = determine_request_protocol(model, request.content_type)
        parameters = _parsed(operation, protocol, {
            "method": request.method, "values": request.values, "headers": request.headers, "body": request.data,
            "url_path": request.path, "url_params": in_path,
        })  # fmt: skip
    except (HTTPException, NotImplementedError, UnknownServiceError, *_UNREADABLE):
        return None
    return Asked(key_id, region, service, operation.name, parameters, protocol, operation)


def _with_whole_target(request: Request, model: ServiceModel) -> Request:
    """The request with the service's whole name in its target: JavaScript's SDK says ``CloudTrail_20131101`` where
    botocore's model has ``com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101`` (measured, aws-cdk 2.1148.1)."""
    given, _, operation = request.headers.get("X-Amz-Target", "").rpartition(".")
    whole = str(model.metadata.get("targetPrefix", ""))
    if not given or not whole.endswith(f".{given}"):
        return request
    return Request({**request.environ, "HTTP_X_AMZ_TARGET": f"{whole}.{operation}"})


def _parsed(operation: OperationModel, protocol: str, parts: RequestDict) -> dict[str, Any]:
    """The parameters. moto's parsers let a body that has a parameter of the path, the query or a header replace it
    (``FunctionName`` in the body of UpdateFunctionConfiguration); AWS takes each from its place alone
    (https://smithy.io/2.0/spec/http-bindings.html)."""
    parser, shape = PROTOCOL_PARSERS[protocol](operation), operation.input_shape
    parameters: dict[str, Any] = parser.parse(parts)
    if not protocol.startswith("rest-") or shape is None or not parts["body"] or shape.serialization.get("payload"):
        return parameters
    elsewhere = {name for name, one in shape.members.items() if one.serialization.get("location")}
    if not elsewhere:
        return parameters
    placed = parser.parse({**parts, "body": b""})
    return {name: one for name, one in parameters.items() if name not in elsewhere} | {
        name: one for name, one in placed.items() if name in elsewhere
    }


def _doubt(request: Request, asked: Asked) -> int:
    """How little the request looks like one of this operation: 0 where nothing speaks against it.

    moto takes a last label for greedy, forgives a slash at the end, and does not look at the API's version."""
    model = asked.model
    assert model is not None
    version = request.values.get("Version") if model.service_model.protocol in ("query", "ec2") else None
    if version is not None and version != model.service_model.api_version:
        return 3
    if model.service_model.protocol not in ("rest-json", "rest-xml") or model.input_shape is None:
        return 0
    path = model.http.get("requestUri", "/").partition("?")[0]
    if "+}" not in path and path.strip("/").count("/") != request.raw_path.strip("/").count("/"):
        return 2
    missing = (name for name in model.input_shape.required_members if asked.parameters.get(name) is None)
    return int(path.endswith("/") != request.raw_path.endswith("/") or next(missing, None) is not None)


def _open_to_all(asked: Asked) -> bool:
    """Whether an unsigned request may be one of this operation: S3 has anonymous callers, others their own kinds."""
    model = asked.model
    return asked.service in ("s3", "sdb", *BEARER) or (model is not None and model.auth_type == "none")


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
