"""Over every operation: a value that begins with ``arn:`` never takes the other parameters out of what is checked."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from botocore.exceptions import UnknownServiceError
from moto.core.utils import get_service_model

from scopedown.catalog.load import catalog
from scopedown.guard.checks import UnmappedError, checks
from scopedown.guard.model import ACCOUNT, REGION


def operations() -> Iterator[tuple[str, str, list[str]]]:
    """Service, operation and the names of its texts, of operations that have several."""
    for service in catalog().services():
        try:
            model = get_service_model(service.name)
        except UnknownServiceError:
            continue
        for operation in catalog().operations_of(service.name):
            shape = (
                model.operation_model(operation.name).input_shape if operation.name in model.operation_names else None
            )
            members = shape.members.items() if shape is not None else ()
            texts = [name for name, one in members if one.type_name == "string" and not one.enum]
            if len(texts) > 1:
                yield service.name, operation.name, texts


def arns(service: str, operation: str, given: dict[str, str]) -> list[tuple[str, str]]:
    try:
        return [(one.action, one.resource) for one in checks(service, operation, given, ACCOUNT, REGION)]
    except UnmappedError:
        return []


@pytest.mark.slow
def test_an_arn_in_one_parameter_leaves_the_others_in_what_is_checked() -> None:
    wrong, seen = [], 0
    for service, operation, texts in operations():
        plain = {name: f"zz{name}" for name in texts}
        named = arns(service, operation, plain)
        known = catalog().service(service)
        for name in texts:
            value = f"arn:aws:{known.prefix if known else service}:{REGION}:{ACCOUNT}:own/OWN"
            for action, arn in named:
                others = [one for one in texts if one != name and re.search(rf"zz{one}(?![A-Za-z])", arn)]
                if f"zz{name}" not in arn or not others:
                    continue
                seen += 1
                found = arns(service, operation, {**plain, name: value})
                if not any(one == action and all(f"zz{other}" in that for other in others) for one, that in found):
                    wrong.append((service, operation, name, found))
    assert seen > 1500
    assert wrong == []


@pytest.mark.parametrize(
    ("service", "operation", "given", "resource"),
    [
        ("dynamodb", "GetItem", {"TableName": "arn:aws:dynamodb:us-east-1:123456789012:table/t"}, None),
        ("lambda", "Invoke", {"FunctionName": "arn:aws:lambda:us-east-1:123456789012:function:f", "Qualifier": "1"},
         "arn:aws:lambda:us-east-1:123456789012:function:f:1"),
        ("ssm", "GetParameter", {"Name": "arn:aws:ssm:us-east-1:123456789012:parameter/a/b"}, None),
        ("secretsmanager", "GetSecretValue",
         {"SecretId": "arn:aws:secretsmanager:us-east-1:123456789012:secret:a/b-AbCdEf"}, None),
        ("ecs", "UpdateService", {"cluster": "arn:aws:ecs:us-east-1:123456789012:cluster/c",
                                  "service": "arn:aws:ecs:us-east-1:123456789012:service/c/s"},
         "arn:aws:ecs:us-east-1:123456789012:service/c/s"),
        ("stepfunctions", "StartExecution",
         {"stateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:m"}, None),
        ("sns", "Publish", {"TopicArn": "arn:aws:sns:us-east-1:123456789012:t", "Message": "arn:a"},
         "arn:aws:sns:us-east-1:123456789012:t"),
        ("ecs", "StopTask", {"cluster": "arn:aws:ecs:us-east-1:123456789012:cluster/c",
                             "task": "arn:aws:ecs:us-east-1:123456789012:task/c/t"},
         "arn:aws:ecs:us-east-1:123456789012:task/c/t"),
        ("events", "PutRule", {"Name": "r", "EventBusName": "arn:aws:events:us-east-1:123456789012:event-bus/b"},
         "arn:aws:events:us-east-1:123456789012:rule/b/r"),
        ("kms", "Encrypt", {"KeyId": "arn:aws:kms:us-east-1:123456789012:key/k", "Plaintext": b""},
         "arn:aws:kms:us-east-1:123456789012:key/k"),
    ],
)  # fmt: skip
def test_an_arn_is_one_where_aws_takes_it(
    service: str, operation: str, given: dict[str, str], resource: str | None
) -> None:
    wanted = resource or next(iter(given.values()))
    assert {one for _, one in arns(service, operation, given)} == {wanted}
