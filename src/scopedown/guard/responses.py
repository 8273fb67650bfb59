"""Answers and errors in the protocol of the service that is asked, as SDKs expect them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

from botocore.exceptions import UnknownServiceError
from moto.core.request import Request
from moto.core.serialize import SerializationContext, get_serializer_class
from moto.core.utils import get_service_model
from werkzeug.wrappers import Response

from scopedown.guard import cbor
from scopedown.guard.request import Asked

REQUEST_ID = "00000000-0000-4000-8000-000000000000"
ACCESS_DENIED = {"query": "AccessDenied", "ec2": "UnauthorizedOperation", "rest-xml": "AccessDenied"}
"""The code of a denial by protocol; the JSON protocols say AccessDeniedException
(https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html; measured with boto3's classes)."""
OWN_CODES = {"sns": "AuthorizationError"}
"""Services with a code of their own (https://docs.aws.amazon.com/sns/latest/api/CommonErrors.html lists the common
ones; https://docs.aws.amazon.com/sns/latest/api/API_Publish.html#API_Publish_Errors AuthorizationError)."""

_INVALID = "The security token included in the request is invalid."
_EXPIRED = "The security token included in the request is expired"
_WRONG = (
    "The request signature we calculated does not match the signature you provided. "
    "Check your AWS Secret Access Key and signing method. Consult the service documentation for details."
)
_SKEWED = "The difference between the request time and the current time is too large."
_NO_CREDENTIALS = "AWS was not able to validate the provided access credentials"
REFUSALS: Mapping[str, Mapping[str, tuple[str, int, str]]] = {
    "unknown key": {
        "s3": ("InvalidAccessKeyId", 403, "The AWS Access Key Id you provided does not exist in our records."),
        "ec2": ("AuthFailure", 401, _NO_CREDENTIALS),
        "query": ("InvalidClientTokenId", 403, _INVALID),
        "json": ("UnrecognizedClientException", 400, _INVALID),
    },
    "wrong token": {
        "s3": ("InvalidToken", 400, "The provided token is malformed or otherwise invalid."),
        "ec2": ("AuthFailure", 401, _NO_CREDENTIALS),
        "query": ("InvalidClientTokenId", 403, _INVALID),
        "json": ("UnrecognizedClientException", 400, _INVALID),
    },
    "expired token": {
        "s3": ("ExpiredToken", 400, "The provided token has expired."),
        "ec2": ("RequestExpired", 400, "Request has expired."),
        "query": ("ExpiredToken", 403, _EXPIRED),
        "json": ("ExpiredTokenException", 400, _EXPIRED),
    },
    "wrong signature": {
        "s3": ("SignatureDoesNotMatch", 403, f"{_WRONG[:80]} Check your key and signing method."),
        "ec2": ("AuthFailure", 401, _NO_CREDENTIALS),
        "query": ("SignatureDoesNotMatch", 403, _WRONG),
        "json": ("InvalidSignatureException", 400, _WRONG),
    },
    "wrong time": {
        "s3": ("RequestTimeTooSkewed", 403, _SKEWED),
        "ec2": ("RequestExpired", 400, "Request has expired."),
        "query": ("SignatureDoesNotMatch", 403, "{}"),
        "json": ("InvalidSignatureException", 400, "{}"),
    },
    "expired URL": {
        "s3": ("AccessDenied", 403, "Request has expired"),
        "query": ("SignatureDoesNotMatch", 403, "{}"),
        "rest-json": ("InvalidSignatureException", 403, "{}"),
    },
    "malformed": {
        "s3": ("AuthorizationHeaderMalformed", 400, "The authorization header is malformed; {}"),
        "query": ("IncompleteSignature", 400, "{}"),
        "json": ("IncompleteSignatureException", 400, "{}"),
    },
    "other version": {
        "s3": ("InvalidRequest", 400, "{}"),
        "query": ("InvalidClientTokenId", 403, "{}"),
        "json": ("InvalidSignatureException", 400, "{}"),
    },
    "other body": {
        "s3": ("XAmzContentSHA256Mismatch", 400, "The provided 'x-amz-content-sha256' header does not match what was "
               "computed."),
        "query": ("SignatureDoesNotMatch", 403, _WRONG),
        "json": ("InvalidSignatureException", 400, _WRONG),
    },
    "unsigned headers": {
        "s3": ("AccessDenied", 403, "There were headers present in the request which were not signed. {}"),
        "ec2": ("AuthFailure", 401, "{}"),
        "query": ("SignatureDoesNotMatch", 403, "{}"),
        "json": ("InvalidSignatureException", 400, "{}"),
    },
    "unsigned": {
        "s3": ("AccessDenied", 403, "Access Denied"),
        "ec2": ("MissingParameter", 400, "The request must contain the parameter AWSAccessKeyId"),
        "query": ("MissingAuthenticationToken", 403, "Request is missing Authentication Token"),
        "json": ("MissingAuthenticationTokenException", 400, "Missing Authentication Token"),
    },
}  # fmt: skip
"""Why a request is not taken as anybody's, and what each protocol says: code, status, message. Sources:
https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html
Where a protocol has no row, the one of ``query`` holds (unverified for the rarer ones). ``rest-json`` has the codes of
``json`` with the status 403."""


class RefusedError(Exception):
    """A request that ends in an error: the code that the service gives it, and its status."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code, self.message, self.status = code, message, status


def refusal(why: str, protocol: str, service: str, detail: str = "") -> RefusedError:
    """A request that is nobody's (a row of :data:`REFUSALS`), as the service tells it."""
    row = REFUSALS[why]
    json_like = protocol in ("rest-json", *cbor.PROTOCOLS)
    like = "s3" if service in ("s3", "s3control") else "json" if json_like else protocol
    code, status, message = row.get(like) or row.get(protocol) or row["query"]
    return RefusedError(
        code, message.replace("{}", detail), 403 if (like, protocol) == ("json", "rest-json") else status
    )


def denial(protocol: str, message: str, status: int = 403, service: str = "") -> RefusedError:
    """A denial as a service of this protocol tells it."""
    if service in OWN_CODES:
        return RefusedError(OWN_CODES[service], message, status)
    if protocol == "ec2":
        message = f"You are not authorized to perform this operation. {message}"
    status = 400 if protocol in ("json", *cbor.PROTOCOLS) else status
    return RefusedError(ACCESS_DENIED.get(protocol, "AccessDeniedException"), message, status)


def not_implemented(operation: str) -> RefusedError:
    """What is authorised and not there: no denial. The code is S3's
    (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html), the message the guard's own."""
    return RefusedError("NotImplemented", f"{operation} is allowed, but the local AWS does not support it", 501)


def success(asked: Asked, result: Mapping[str, Any]) -> Response:
    """What an operation gives back, by the shape of its output."""
    assert asked.model is not None
    if asked.protocol in cbor.PROTOCOLS:
        return in_cbor(cbor.written(asked.model.output_shape, result, asked.protocol), asked.protocol)
    made = get_serializer_class(asked.service, asked.protocol)(asked.model, SerializationContext(REQUEST_ID))
    found = made.serialize(dict(result))
    members = asked.model.output_shape.members if asked.model.output_shape is not None else {}
    own = (result.get(name) for name, one in members.items() if one.serialization.get("location") == "statusCode")
    return Response(found["body"], next(own, None) or found["status_code"], dict(found["headers"]))


def response(error: RefusedError, protocol: str, service: str, request: Request) -> Response:
    """The error as the service would answer it."""
    headers = {"x-amzn-RequestId": REQUEST_ID}
    body: str | bytes
    if protocol == "rest-json":
        headers["x-amzn-errortype"] = error.code
        body, kind = json.dumps({"message": error.message}), "application/json"
    elif protocol in cbor.PROTOCOLS:
        body = cbor.texts({"__type": error.code, "message": error.message})
        return in_cbor(body, protocol, error.status, _query_compatible(error, service))
    elif protocol == "json":
        # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html#Programming.Errors.MessagesAndCodes
        type = f"com.amazon.coral.service#{error.code}" if service == "dynamodb" else error.code
        body, kind = json.dumps({"__type": type, "message": error.message}), "application/x-amz-json-1.1"
        headers |= _query_compatible(error, service)
    elif service == "s3":
        headers["x-amz-request-id"] = REQUEST_ID
        body = f"<Error>{_tags(error)}<RequestId>{REQUEST_ID}</RequestId><HostId>local</HostId></Error>"
        kind = "application/xml"
    elif protocol == "ec2":
        inner = f"<Errors><Error>{_tags(error)}</Error></Errors>"
        body, kind = f"<Response>{inner}<RequestID>{REQUEST_ID}</RequestID></Response>", "text/xml"
    else:
        fault = "Sender" if error.status < 500 else "Receiver"
        inner = f"<Error><Type>{fault}</Type>{_tags(error)}</Error><RequestId>{REQUEST_ID}</RequestId>"
        body, kind = f"<ErrorResponse>{inner}</ErrorResponse>", "text/xml"
    if request.method == "HEAD":
        body = ""  # https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html: no body, only the status
    elif kind.endswith("xml"):
        body = f'<?xml version="1.0" encoding="UTF-8"?>\n{body!s}'
    return Response(body, error.status, headers, content_type=kind)


def _query_compatible(error: RefusedError, service: str) -> dict[str, str]:
    """Services that spoke the query protocol before tell its code beside (botocore's ``awsQueryCompatible``; SQS)."""
    try:
        if not service or "awsQueryCompatible" not in get_service_model(service).metadata:
            return {}
    except UnknownServiceError:  # the name in a signature that no operation fits
        return {}
    fault = "Sender" if error.status < 500 else "Receiver"
    return {"x-amzn-query-error": f"{error.code.removesuffix('Exception')};{fault}"}


def _tags(error: RefusedError) -> str:
    return f"<Code>{escape(error.code)}</Code><Message>{escape(error.message)}</Message>"


def in_cbor(body: bytes, protocol: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A body in one of the protocols of CBOR, with the headers that its clients look for."""
    more = {"smithy-protocol": "rpc-v2-cbor"} if protocol == cbor.RPC_V2 else {}
    told = {"x-amzn-RequestId": REQUEST_ID, **more, **(headers or {})}
    return Response(body, status, told, content_type=cbor.CONTENT_TYPES[protocol])


def protocol_of(request: Request, asked: Asked | None) -> tuple[str, str]:
    """The protocol and service that an error is told in; by the request's form where no operation fits it."""
    if asked is not None and asked.protocol:
        return asked.protocol, asked.service
    service = asked.service if asked else ""
    if protocol := cbor.protocol_of(request):
        return protocol, service
    if "X-Amz-Target" in request.headers:
        return "json", service
    if (request.content_type or "").startswith("application/x-www-form-urlencoded"):
        return ("ec2" if service == "ec2" else "query"), service
    if (request.content_type or "").startswith("application/json"):
        return "rest-json", service
    return "rest-xml", service or "s3"
