"""Every operation of every service that botocore has is read back from the request that boto3 makes of it.

A twin is an operation of another service (``docdb`` beside ``rds``) or another name (``PutBucketLifecycle``) whose
request is the same (but perhaps for the case of a name) and that the same actions guard: nothing tells them apart, and
nothing needs to.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from botocore.model import OperationModel

from guard.mapping import model_requests
from scopedown.catalog.load import catalog
from scopedown.guard.request import Asked, read

KNOWN = Path(__file__).with_name("not_read.tsv")
"""Operations that are not read back, each with the reason."""
SOME = ("apigatewayv2", "cloudwatchomni", "cognito-idp", "elbv2", "events", "iot-data", "lambda", "s3control", "sns",
        "sqs", "sts")  # fmt: skip
"""One service at least of each protocol and of each difficulty: a quick look."""


def known_of(service: str) -> set[str]:
    rows = [line.split("\t") for line in KNOWN.read_text().splitlines() if line and not line.startswith("#")]
    return {operation for name, operation, _ in rows if name == service}


def actions(service: str, operation: str) -> object:
    known = catalog().operation(service, operation)
    return known and (known.authorised, {one.action for one in known.actions if not one.when})


def is_empty(value: Any) -> bool:
    """Nothing that most protocols could send."""
    if isinstance(value, dict | list):
        return all(map(is_empty, value.values() if isinstance(value, dict) else value))
    return value is None


def is_read(asked: Asked | None, model: OperationModel, parameters: dict[str, Any]) -> bool:
    service = model.service_model.service_name
    if asked is None or not asked.operation:
        return False
    same = (asked.service, asked.operation) == (service, model.name)
    if not same and actions(asked.service, asked.operation) != actions(service, model.name):
        return False
    got = {name.lower(): value for name, value in asked.parameters.items()}
    for name, value in parameters.items():
        if is_empty(value):
            continue
        if name.lower() not in got or (isinstance(value, str) and got[name.lower()] != value):
            return False
    return True


def unread(service: str, full: bool) -> set[str]:
    """The operations of a service that are read as something else, or with other parameters."""
    asking, missed = model_requests.client(service), set()
    for method, model in model_requests.operations(service, asking):
        parameters = model_requests.parameters_of(model, full)
        try:
            request = model_requests.taken(asking, method, parameters)
        except Exception:  # boto3 itself does not make it: the reason stands in the table
            missed.add(model.name)
            continue
        if not is_read(read(request), model, parameters):
            missed.add(model.name)
    return missed


@pytest.mark.parametrize("service", SOME)
def test_operations_of_every_protocol_are_read(service: str) -> None:
    assert unread(service, full=False) == known_of(service)


@pytest.mark.slow
@pytest.mark.parametrize("service", model_requests.services())
def test_every_operation_of_the_service_is_read(service: str) -> None:
    assert unread(service, full=False) == known_of(service)
