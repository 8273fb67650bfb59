"""A function's environment, encrypted with a customer's key, is shown to who may decrypt it, and withheld from others.

In: Lambda's answer to an allowed request. Out: the same answer, in which each environment that the caller may not
decrypt is the error that Lambda puts in its place: the request itself does not fail
(https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html,
https://docs.aws.amazon.com/lambda/latest/api/API_EnvironmentResponse.html).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from werkzeug.wrappers import Response

from scopedown.guard.encryption_keys import customers_key, encryption_context
from scopedown.guard.model import REGION, Check
from scopedown.guard.request import Asked

_CODE = "AccessDeniedException"


def withholding(
    asked: Asked, account: str, refuses: Callable[[Check], str], noticed: Callable[[Response], None] | None
) -> Callable[[Response], None] | None:
    """What is shown an answer before it is given, ``noticed`` after it; ``refuses`` says why a check does not pass."""
    if asked.service != "lambda" or asked.operation.startswith(("Invoke", "Delete", "Tag", "Untag")):
        return noticed

    def shown(answer: Response) -> None:
        withhold(answer, account, asked.region or REGION, refuses)
        if noticed is not None:
            noticed(answer)

    return shown


def withhold(answer: Response, account: str, region: str, refuses: Callable[[Check], str]) -> None:
    """Put the error in the place of each environment of an answer that the caller may not decrypt."""
    told = answer.get_data()
    if answer.status_code >= 300 or b'"KMSKeyArn"' not in told or b'"Environment"' not in told:
        return
    found = json.loads(told)
    changed = False
    for function in _functions(found):
        key = customers_key(str(function.get("KMSKeyArn") or ""), account, region)
        if key is None or not function.get("Environment"):
            continue
        context = encryption_context({"aws:lambda:FunctionArn": str(function.get("FunctionArn", ""))})
        via = {"kms:ViaService": f"lambda.{region}.amazonaws.com", "aws:RequestedRegion": region}
        if why := refuses(Check("kms:Decrypt", key, {**via, **context})):
            message = f"Lambda cannot decrypt the environment variables: KMS denies access. {why}"
            function["Environment"] = {"Error": {"ErrorCode": _CODE, "Message": message}}
            changed = True
    if changed:
        answer.set_data(json.dumps(found))


def _functions(value: Any) -> Iterator[dict[str, Any]]:
    """The configurations of functions in an answer."""
    if isinstance(value, Mapping):
        if "KMSKeyArn" in value and "FunctionArn" in value and isinstance(value, dict):
            yield value
        for one in value.values():
            yield from _functions(one)
    elif isinstance(value, list):
        for one in value:
            yield from _functions(one)
