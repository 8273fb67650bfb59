"""Answers and errors in the protocol of the service that is asked, as SDKs expect them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

from moto.core.request import Request
from moto.core.serialize import SerializationContext, get_serializer_class
from werkzeug.wrappers import Response

from scopedown.guard.asked import Asked

REQUEST_ID = "00000000-0000-4000-8000-000000000000"
ACCESS_DENIED = {"query": "AccessDenied", "ec2": "UnauthorizedOperation", "rest-xml": "AccessDenied"}
"""The code of a denial by protocol; the JSON protocols say AccessDeniedException
(https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html; measured with boto3's classes)."""


class RefusedError(Exception):
    """A request that ends in an error: the code that the service gives it, and its status."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code, self.message, self.status = code, message, status


def denial(protocol: str, message: str, status: int = 403) -> RefusedError:
    """A denial as a service of this protocol tells it."""
    return RefusedError(ACCESS_DENIED.get(protocol, "AccessDeniedException"), message, status)


def success(asked: Asked, result: Mapping[str, Any]) -> Response:
    """What an operation gives back, by the shape of its output."""
    assert asked.model is not None
    made = get_serializer_class(asked.service, asked.protocol)(asked.model, SerializationContext(REQUEST_ID))
    found = made.serialize(dict(result))
    return Response(found["body"], found["status_code"], dict(found["headers"]))


def response(error: RefusedError, protocol: str, service: str, request: Request) -> Response:
    """The error as the service would answer it."""
    headers = {"x-amzn-RequestId": REQUEST_ID}
    if protocol == "rest-json":
        headers["x-amzn-errortype"] = error.code
        body, kind = json.dumps({"message": error.message}), "application/json"
    elif protocol == "json":
        body, kind = json.dumps({"__type": error.code, "message": error.message}), "application/x-amz-json-1.1"
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
        body = f'<?xml version="1.0" encoding="UTF-8"?>\n{body}'
    return Response(body, error.status, headers, content_type=kind)


def _tags(error: RefusedError) -> str:
    return f"<Code>{escape(error.code)}</Code><Message>{escape(error.message)}</Message>"
