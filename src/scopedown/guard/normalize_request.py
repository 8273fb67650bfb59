"""An authorised request as moto is to see it: one that can be read in no other way than the gate has read it.

In: the WSGI environment, the request and what it asks (:class:`~.asked.Asked`). Out: the environment for moto. Left to
itself moto takes the service from the first field of the Authorization header (S3 where there is none, as in a
presigned URL), the operation from any parameter ``Action`` or header ``X-Amz-Target``, the region from the user agent,
and a parameter from the query before it looks into the body or the path: measured, each of them a way around what was
checked. :mod:`.moto_once` has the other half: there moto does the operation that stands in :data:`OPERATION`.
"""

from __future__ import annotations

import io
import json
import zlib
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode

from moto.core.model import MapShape, OperationModel
from moto.core.request import Request

from scopedown.guard.model import REGION
from scopedown.guard.request import Asked, signed_as

OPERATION, REGION_ASKED, SERVICE = "scopedown.operation", "scopedown.region", "scopedown.service"
"""Keys of the environment: the operation of all services but S3, the region, botocore's name of the service."""
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_COPY = "HTTP_X_AMZ_COPY_SOURCE"


def unpacked(environ: dict[str, Any], body: bytes, limit: int) -> tuple[dict[str, Any], bytes]:
    """The request with its body unpacked where it is compressed, as moto would unpack it: the SDKs compress what is
    large for CloudWatch (botocore's ``requestcompression``). An object of S3 is stored as it comes."""
    if environ.get("HTTP_CONTENT_ENCODING", "").lower() != "gzip" or signed_as(Request(dict(environ)))[2] in ("", "s3"):
        return environ, body
    try:
        body = zlib.decompressobj(wbits=31).decompress(body, limit)
    except zlib.error:
        return environ, body  # it is read as it is, and fits no operation
    given = {key: value for key, value in environ.items() if key != "HTTP_CONTENT_ENCODING"}
    return given | {"CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body)}, body


def handed_over(environ: dict[str, Any], request: Request, asked: Asked, body: bytes, account: str) -> dict[str, Any]:
    """The environment for moto."""
    given = dict(environ)
    region = asked.region or REGION
    signing_name = "s3" if asked.service in ("s3", "s3control") else signed_as(request)[2] or asked.service
    key_id = asked.key_id or "AKIA0000000000000000"
    given["HTTP_AUTHORIZATION"] = (
        f"AWS4-HMAC-SHA256 Credential={key_id}/20000101/{region}/{signing_name}/aws4_request, "
        "SignedHeaders=host, Signature=0"
    )
    given["HTTP_X_MOTO_ACCOUNT_ID"] = account
    given[REGION_ASKED], given[SERVICE] = region, asked.service
    if asked.service != "s3":
        given[OPERATION] = asked.operation
    if asked.protocol != "json":
        given.pop("HTTP_X_AMZ_TARGET", None)
    if asked.protocol in ("query", "ec2"):
        body = _form(given, request, body)
    elif asked.protocol == "json":
        given["QUERY_STRING"] = ""
    elif asked.model is not None:
        body = _rest(given, asked.model, body)
    if asked.service == "s3" and given.get("CONTENT_TYPE", "").startswith(_FORMS):
        given["CONTENT_TYPE"] = "application/octet-stream"  # moto would take the object's bytes for fields of a form
    given["wsgi.input"], given["CONTENT_LENGTH"] = io.BytesIO(body), str(len(body))
    return given


def _form(given: dict[str, Any], request: Request, body: bytes) -> bytes:
    """Parameters of the query and of the body as one list, in the order in which the gate looks at them."""
    if not given.get("QUERY_STRING"):
        return body
    text = urlencode({name: value for name, value in request.values.items() if not name.startswith("X-Amz-")})
    if request.method not in ("POST", "PUT", "PATCH"):
        given["QUERY_STRING"] = text
        return b""
    given["QUERY_STRING"], given["CONTENT_TYPE"] = "", _FORMS[0]
    return text.encode()


def _copy_source(source: str) -> str:
    """A copy's source in one form: moto takes it for a URL, whose host or fragment is no part of a path."""
    path, _, version = source.partition("?versionId=")
    bucket, _, key = unquote(path).removeprefix("/").partition("/")
    whole = f"{quote(bucket, safe='')}/{quote(key.split('?versionId=')[0], safe='')}"
    return f"{whole}?versionId={quote(unquote(version), safe='')}" if version else whole


def _rest(given: dict[str, Any], model: OperationModel, body: bytes) -> bytes:
    """Only the parameters of the query, and of a JSON body, that the operation has there."""
    shape = model.input_shape
    members = {} if shape is None else shape.members
    places = {name: one.serialization.get("location", "body") for name, one in members.items()}
    names = {name: one.serialization.get("name", name) for name, one in members.items()}
    if given.get("QUERY_STRING"):
        known = {names[name] for name, place in places.items() if place == "querystring"}
        known |= set(model.http_trait.query_args)
        elsewhere = {"Action", *members, *names.values()} - known
        any_name = any(isinstance(one, MapShape) and places[name] == "querystring" for name, one in members.items())
        given["QUERY_STRING"] = "&".join(
            pair for pair in given["QUERY_STRING"].split("&")
            for name, _ in parse_qsl(pair, keep_blank_values=True)[:1]
            if name in known or (any_name and name not in elsewhere)
        )  # fmt: skip
    if _COPY in given:
        if "x-amz-copy-source" in names.values():
            given[_COPY] = _copy_source(given[_COPY])
        else:
            del given[_COPY]
    if model.service_model.protocol != "rest-json" or not body.startswith(b"{"):
        return body
    beside = {one for name, place in places.items() if place != "body" for one in (name, names[name])}
    beside -= {names[name] for name, place in places.items() if place == "body"}
    if shape is not None and shape.serialization.get("payload"):
        return body  # the whole body is one parameter, with names of its own
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return body
    if not isinstance(told, dict) or not beside & told.keys():
        return body
    return json.dumps({name: value for name, value in told.items() if name not in beside}).encode()
