"""Requests that name one thing twice, and differently, or by a name that no such thing can have: refused as AWS does.

In: a request that is allowed. Out: nothing, or the error of the service. moto looks at one of the two names, and which
one depends on the operation; what was checked could be the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from scopedown.guard import arn_values
from scopedown.guard import context_state as state
from scopedown.guard.model import REGION, Check
from scopedown.guard.request import Asked
from scopedown.guard.responses import RefusedError
from scopedown.iam.refused import refused

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
