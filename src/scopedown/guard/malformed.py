"""What is wrong with a request: its form, where nothing else could answer it; and names that do not fit each other.

In: a request that made the guard or moto fail, and what it asks. Out: the error that the service gives to a body that
cannot be read or a parameter that is missing, or None where the request is as its operation's model has it: then it was
no fault of the client's.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html (SerializationException,
ValidationException), https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html (MalformedXML,
InvalidArgument), https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html (ValidationError).

A request that is allowed, and names one thing twice and differently, or by a name that no such thing can have, is
refused as AWS does. moto looks at one of the two names, and which one depends on the operation; what was checked could
be the other.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any
from xml.etree import ElementTree

from moto.core.model import ListShape, MapShape, Shape, StructureShape
from moto.core.request import Request

from scopedown.guard import arn_values
from scopedown.guard import context_state as state
from scopedown.guard.cbor import DEEPEST
from scopedown.guard.model import REGION, Check
from scopedown.guard.request import Asked
from scopedown.guard.responses import RefusedError
from scopedown.iam import RequestError
from scopedown.iam.services import refused

_BRACKETS = re.compile(rb'"(?:[^"\\]|\\.)*+"|[\[{]|[\]}]', re.DOTALL)
_NOT_JSON = "The request body is not the JSON of an object."


def require_readable(asked: Asked, request: Request, body: bytes) -> None:
    """Raise RefusedError for a body in JSON that is none of an object, or has more than ``DEEPEST`` levels; for one in
    CBOR that is not its operation's; and for a form in which, or in whose URL, one name has several values: which of
    them counts is documented nowhere."""
    if asked.unreadable:
        raise RefusedError("SerializationException", asked.unreadable)
    if _is_form(asked):
        for name, values in request.values.lists():
            if len(set(values)) > 1:
                raise RefusedError("ValidationError", f"The parameter '{name}' has several values.")
    if asked.operation:
        if asked.protocol in ("json", "rest-json") and not _is_blob(asked) and _is_too_deep(body):
            raise RefusedError("SerializationException", f"The request body has more than {DEEPEST} levels.")
    elif body.lstrip()[:1] in (b"{", b"[") and _is_too_deep(body):
        raise RefusedError("SerializationException", f"The request body has more than {DEEPEST} levels.")


def require_object(protocol: str, body: bytes) -> None:
    """Raise RefusedError where a service of JSON was given a body that is no object, for which no operation fits."""
    if protocol in ("json", "rest-json") and body.strip() and _object(body) is None:
        raise RefusedError("SerializationException", _NOT_JSON)


def _object(body: bytes) -> Mapping[str, Any] | None:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None


def _is_too_deep(body: bytes) -> bool:
    if body.count(b"[") + body.count(b"{") <= DEEPEST:
        return False
    depth = 0
    for match in _BRACKETS.finditer(body):
        depth += {b"[": 1, b"{": 1, b"]": -1, b"}": -1}.get(match[0], 0)
        if depth > DEEPEST:
            return True
    return False


def malformed(asked: Asked, body: bytes, error: Exception | None = None) -> RefusedError | None:
    """The error of a request's form; None where it has none that the model of its operation shows, and where ``error``,
    which it led to, is not that a condition key has two values: of tags whose keys differ only by case."""
    if isinstance(error, RequestError):
        return RefusedError("ValidationError" if _is_form(asked) else "ValidationException", str(error))
    if asked.model is None or asked.model.input_shape is None:
        return None
    shape = asked.model.input_shape
    if asked.protocol in ("json", "rest-json") and not _is_blob(asked):
        told = _object(body) if body.strip() else {}
        if told is None:
            return RefusedError("SerializationException", _NOT_JSON)
        if why := _unlike(shape, told, ""):
            return RefusedError("SerializationException", why)
        if null := next((name for name, one in told.items() if one is None), ""):
            return RefusedError("ValidationException", _is_null(null))
    elif asked.service == "apigateway" and _object(body) is None:
        return RefusedError("BadRequestException", "Invalid OpenAPI input.")
    elif asked.protocol == "rest-xml" and (said := _unlike_xml(shape, body)):
        return RefusedError("MalformedXML" if asked.service == "s3" else "MalformedInput", said)
    if missing := _missing(shape, asked.parameters, ""):
        why = _is_null(missing)
        if asked.service == "s3":
            return RefusedError("InvalidArgument", why)
        return RefusedError("ValidationError" if _is_form(asked) else "ValidationException", why)
    return None


def _is_form(asked: Asked) -> bool:
    return asked.protocol in ("query", "ec2")


def _is_null(name: str) -> str:
    name = name[0].lower() + name[1:]
    return f"1 validation error detected: Value null at '{name}' failed to satisfy constraint: Member must not be null"


def _is_blob(asked: Asked) -> bool:
    """Whether the body is one parameter as it is."""
    shape = asked.model.input_shape if asked.model is not None else None
    if shape is None:
        return False
    payload = shape.serialization.get("payload")
    return payload is not None and not isinstance(shape.members[payload], StructureShape)


def _unlike(shape: Shape, value: Any, place: str) -> str:
    """Where a value in JSON is not of its shape; nothing where it is. A null member is one that is not there."""
    match shape:
        case StructureShape():
            if not isinstance(value, Mapping):
                return f"Expected an object at '{place}'."
            if payload := shape.serialization.get("payload"):
                return _unlike(shape.members[payload], value, place)
            names = {one.serialization.get("name", name): one for name, one in shape.members.items()}
            for name, one in value.items():
                if name in names and one is None and name in shape.required_members:
                    return f"Unexpected null at '{place}.{name}'."
                if name in names and one is not None and (why := _unlike(names[name], one, f"{place}.{name}")):
                    return why
            return ""
        case ListShape() | MapShape():
            kind = list if isinstance(shape, ListShape) else Mapping
            if not isinstance(value, kind):
                return f"Expected {'a list' if kind is list else 'an object'} at '{place}'."
            member = shape.member if isinstance(shape, ListShape) else shape.value
            values = value if isinstance(value, list) else value.values()
            if any(one is None for one in values):
                return f"Unexpected null in '{place}'."
            return next((why for one in values if (why := _unlike(member, one, place))), "")
    if shape.type_name in ("string", "blob") and not isinstance(value, str) and not _is_document(shape):
        return f"Expected a string at '{place}'."
    return ""


def _is_document(shape: Shape) -> bool:
    """Whether a text may be given as JSON itself (botocore's ``jsonvalue``)."""
    return bool(shape.serialization.get("jsonvalue"))


def _unlike_xml(shape: Shape, body: bytes) -> str:
    payload = shape.serialization.get("payload")
    if payload is None or not isinstance(wanted := shape.members[payload], StructureShape):
        return ""
    try:
        root = ElementTree.fromstring(body)
    except (ElementTree.ParseError, ValueError, RecursionError):
        return "The XML you provided was not well-formed or did not validate against our published schema"
    name = wanted.serialization.get("name", payload)
    if root.tag.rpartition("}")[2] != name:
        return f"The XML you provided does not begin with {name}"
    return ""


def _missing(shape: Shape, value: Any, place: str) -> str:
    """The first required member that is not there."""
    match shape:
        case StructureShape() if isinstance(value, Mapping):
            for name in shape.required_members:
                if value.get(name) is None:
                    return f"{place}{name}"
            inner = (
                (shape.members[name], one, f"{place}{name}.") for name, one in value.items() if name in shape.members
            )
            return next((why for member, one, at in inner if (why := _missing(member, one, at))), "")
        case ListShape() if isinstance(value, list):
            return next((why for one in value if (why := _missing(shape.member, one, place))), "")
        case MapShape() if isinstance(value, Mapping):
            return next((why for one in value.values() if (why := _missing(shape.value, one, place))), "")
    return ""


_UPLOADS = frozenset(
    {"AbortMultipartUpload", "CompleteMultipartUpload", "ListParts", "UploadPart", "UploadPartCopy"}
)  # fmt: skip
_SEPARATORS = re.compile(r"[/:\\?#%\s\x00-\x1f]")
"""Characters at which moto, or a path, divides a name."""


def require_consistent(asked: Asked) -> None:
    """Raise RefusedError where a request's parameters do not fit each other."""
    if asked.service == "s3" and asked.operation in _UPLOADS:
        _require_upload(asked.parameters)
    if asked.service == "s3" and "CopySource" in asked.parameters:
        _require_copy_source(asked.parameters["CopySource"])
    if (asked.service, asked.operation) in _ITERATORS:
        _require_iterator(asked)
    _require_names(asked)
    _require_whole_name(asked)


def require_possible(needed: Iterable[Check]) -> None:
    """Raise RefusedError for what no policy can allow, whoever asks."""
    for one in needed:
        if never := refused(one.action, one.resource):
            raise RefusedError(never.code, f"{one.resource}: {never.reason}", 403)


def _require_upload(given: Mapping[str, Any]) -> None:
    """An upload is its key's (https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html, NoSuchUpload)."""
    if state.key_of_upload(given["Bucket"], given.get("UploadId", "")) != given["Key"]:
        said = "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted."
        raise RefusedError("NoSuchUpload", said, 404)


_ITERATORS = frozenset({("dynamodbstreams", "GetRecords"), ("kinesis", "GetRecords")})


def _require_iterator(asked: Asked) -> None:
    """https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetRecords.html (InvalidArgumentException),
    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetRecords.html."""
    if not state.is_iterator(asked.service, str(asked.parameters.get("ShardIterator", "")), asked.region or REGION):
        code = "InvalidArgumentException" if asked.service == "kinesis" else "ValidationException"
        raise RefusedError(code, "Invalid ShardIterator.")


def _require_copy_source(source: Any) -> None:
    """https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html (x-amz-copy-source)."""
    if not isinstance(source, str) or not re.fullmatch(r"/?[^/]+/.+", source, re.DOTALL):
        raise RefusedError("InvalidArgument", "Invalid copy source object key")


def _require_names(asked: Asked) -> None:
    """A name in a path that has a separator in it, encoded, would be another path once it is decoded. AWS refuses it by
    the pattern of the name."""
    shape = asked.model.input_shape if asked.model is not None else None
    if shape is None or asked.service in ("s3", "s3control"):
        return
    path = asked.model.http.get("requestUri", "") if asked.model is not None else ""
    for name, member in shape.members.items():
        value = asked.parameters.get(name)
        label = member.serialization.get("name", name)
        in_path = member.serialization.get("location") == "uri" and f"{{{label}+}}" not in path
        named = in_path or (asked.service == "lambda" and name == "FunctionName")
        if not isinstance(value, str) or not named or not _SEPARATORS.search(value):
            continue
        pattern = member.metadata.get("pattern")
        if not (_fits(pattern, value) if pattern else arn_values.takes_arns(asked.service, asked.operation, (name,))):
            told = name[0].lower() + name[1:]
            raise RefusedError(
                "ValidationException", f"1 validation error detected: Value '{value}' at '{told}' failed to satisfy "
                f"constraint: Member must satisfy regular expression pattern: {pattern or '[^/:]+'}",
            )  # fmt: skip


_WHOLE: Mapping[tuple[str, str], str] = {("lambda", "CreateFunction"): "FunctionName", ("ssm", "PutParameter"): "Name"}
"""Operations that make what the parameter names, which then has no version or selector behind a colon
(https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html,
https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html)."""


def _require_whole_name(asked: Asked) -> None:
    """The ARN of ``own:other`` would be that of a version of ``own``, and moto would make another thing."""
    name = _WHOLE.get((asked.service, asked.operation))
    value = asked.parameters.get(name, "") if name else ""
    if isinstance(value, str) and ":" in value and not value.startswith("arn:") and not _ACCOUNT.fullmatch(value):
        code = "InvalidParameterValueException" if asked.service == "lambda" else "ValidationException"
        raise RefusedError(code, f"{name} '{value}' names a part of something, not a new thing.")


_ACCOUNT = re.compile(r"(?:\d{12}:)?function:[\w-]+", re.ASCII)
"""The forms of a function's name that have a colon before it."""


def _fits(pattern: str, value: str) -> bool:
    try:
        return re.fullmatch(pattern, value) is not None
    except re.error:  # a construct of Java's regular expressions
        return not _SEPARATORS.search(value)
