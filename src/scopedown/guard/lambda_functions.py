"""Lambda functions of the local AWS, and what runs them where something does.

In: a function's name or ARN, or a request to invoke it. Out: the function as it is deployed (:class:`LambdaFunction`),
and the answer of whoever starts its process (:data:`RunFunction`). The guard itself starts none: without a runner, moto
answers every Invoke. The same runner serves what a function invokes, and CloudFormation's custom resources
(:mod:`.cloudformation.builtin_types`).

An environment that is encrypted with a customer's key is shown to who may decrypt it. For others the error that Lambda
puts in its place stands in the answer: the request itself does not fail
(https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html,
https://docs.aws.amazon.com/lambda/latest/api/API_EnvironmentResponse.html).
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from werkzeug.wrappers import Response

from scopedown.guard.context_state import backend, known
from scopedown.guard.encryption_keys import customers_key, encryption_context
from scopedown.guard.model import REGION, Check, Principal
from scopedown.guard.request import Asked
from scopedown.guard.responses import RefusedError

LARGEST_LOG = 4096
"""Bytes of a log's end that Invoke answers (https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html, LogType)."""


@dataclass(frozen=True, slots=True)
class LambdaFunction:
    """A function as it is deployed. ``code`` and ``layers`` are archives; ``code`` is empty for a container image.
    ``timeout`` is in seconds, ``memory`` in MB."""

    arn: str
    name: str
    account: str
    region: str
    role: str
    runtime: str
    handler: str
    timeout: int
    memory: int
    environment: Mapping[str, str] = field(default_factory=dict)
    code: bytes = field(default=b"", repr=False)
    layers: tuple[bytes, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of a function. ``payload`` is its answer as JSON, or the error that it ended with (``failed``)."""

    payload: str = "null"
    failed: bool = False
    error: str = ""
    """Where it failed: the error in one line."""
    log: str = ""
    why_not: str = ""
    """Why it could not be run at all; empty where it ran."""
    lacks: str = ""
    """What it asked for and the machine, or the local AWS, does not have: its failure may come of that."""
    missing: str = ""
    """The ARN of something outside of the stacks that it asked for and that is not there: the same."""
    denied: bool = False
    """Whether it, or what it invoked, was denied something."""


RunFunction = Callable[[LambdaFunction, Any, Principal | None, float | None], Ran | None]
"""Runs a function on an event, for a principal (None: CloudFormation), for at most so many seconds (None: the usual
limit). None: it is not for this runner, and moto answers."""


@known
def function_of(name: str, account: str, region: str, qualifier: str | None = None) -> LambdaFunction | None:
    """The function of a name or ARN, with or without a qualifier; None where the local AWS has none."""
    fields = name.split(":")
    if name.startswith("arn:"):
        region, account = fields[3], fields[4]
    elif len(fields) > 2:  # 123456789012:function:name
        account, name = fields[0], ":".join(fields[2:])
    found = backend("lambda", account, region).get_function(name, qualifier)
    layers = (_layer(layer["Arn"], found) for layer in found.layers)
    return LambdaFunction(
        found.function_arn, found.function_name, found.account_id, found.region, found.role, found.run_time or "",
        found.handler or "", int(found.timeout), int(found.memory_size),
        {str(key): str(value) for key, value in found.environment_vars.items()},
        b"" if found.package_type == "Image" else found.code_bytes,
        tuple(layer for layer in layers if layer),
    )  # fmt: skip


def _layer(arn: str, function: Any) -> bytes:
    found = backend("lambda", function.account_id, function.region).layers_versions_by_arn(arn)
    return found.code_bytes if found is not None else b""


def invoked(run: RunFunction, who: Principal, asked: Asked) -> Mapping[str, Any] | None:
    """The answer to an allowed Invoke; None where moto is to give it. A function that is invoked as an event has run
    when that is answered. Raises RefusedError.
    https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
    """
    given = asked.parameters
    kind = given.get("InvocationType") or "RequestResponse"
    function = function_of(str(given.get("FunctionName", "")), who.account, asked.region, given.get("Qualifier"))
    if function is None or kind == "DryRun":
        return None
    try:
        body = given.get("Payload") or b"{}"
        event = json.loads(body)
    except (ValueError, RecursionError):
        raise RefusedError("InvalidRequestContentException", "Could not parse request body into json") from None
    ran = run(function, event, who, None)
    if ran is None or ran.why_not:
        return None
    if kind == "Event":
        return {"StatusCode": 202, "Payload": b""}
    told: dict[str, Any] = {"StatusCode": 200, "ExecutedVersion": "$LATEST", "Payload": ran.payload.encode()}
    if ran.failed:
        told["FunctionError"] = "Unhandled"
    if given.get("LogType") == "Tail":
        told["LogResult"] = base64.b64encode(ran.log.encode()[-LARGEST_LOG:]).decode()
    return told


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
