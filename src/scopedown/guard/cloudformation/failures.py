"""Why a resource failed, in the words of CloudFormation's events (unverified)."""

from __future__ import annotations

import uuid
from typing import Final

from botocore.exceptions import ClientError

from scopedown.guard.cloudformation.driver import DeniedError

HANDLER_CODES: Final = (
    ("AlreadyExist", "AlreadyExists"), ("EntityAlreadyExists", "AlreadyExists"), ("InUse", "AlreadyExists"),
    ("BucketAlready", "AlreadyExists"), ("Conflict", "ResourceConflict"), ("NotFound", "NotFound"),
    ("NoSuch", "NotFound"), ("LimitExceeded", "ServiceLimitExceeded"), ("Throttl", "Throttling"),
)  # fmt: skip
"""A service's error code by its beginning or a part of it, and the code of the registry's handlers
(https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-test-contract-errors.html)."""


def reason_of(error: Exception, type: str) -> str:
    """The reason of a failed event."""
    service = type.split("::")[1] if type.count("::") > 1 else type
    if isinstance(error, DeniedError):
        return _handler(str(error), service, 403, "AccessDenied")
    if isinstance(error, ClientError):
        told, status = error.response.get("Error", {}), error.response.get("ResponseMetadata", {})
        code = str(told.get("Code", ""))
        named = next((name for part, name in HANDLER_CODES if part in code), "InvalidRequest")
        return _handler(str(told.get("Message", error)), service, int(status.get("HTTPStatusCode", 400)), named)
    return str(error)


def _handler(message: str, service: str, status: int, code: str) -> str:
    asked = f"Service: {service}, Status Code: {status}, Request ID: {uuid.uuid4()}"
    return (
        f'Resource handler returned message: "{message} ({asked})" '
        f"(RequestToken: {uuid.uuid4()}, HandlerErrorCode: {code})"
    )
