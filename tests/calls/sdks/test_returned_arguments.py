"""What a batch of DynamoDB has not done comes back as it was asked: the next call names the same tables."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from scopedown.calls.model import CallReport

SOURCE = """
import boto3
dynamodb = boto3.{kind}("dynamodb")

def handler(event, context):
    answer = dynamodb.{method}(RequestItems={{"orders": event["items"]}})
    while answer.get("{member}"):
        answer = dynamodb.{method}(RequestItems=answer["{member}"])
"""


@pytest.mark.parametrize("kind", ["client", "resource"])
@pytest.mark.parametrize(
    ("method", "member"), [("batch_get_item", "UnprocessedKeys"), ("batch_write_item", "UnprocessedItems")]
)
def test_a_batch_asked_again(python_report: Callable[..., CallReport], kind: str, method: str, member: str) -> None:
    report = python_report(SOURCE.format(kind=kind, method=method, member=member))
    assert len(report.calls) == 2
    for call in report.calls:
        tables = call.arguments["RequestItems"]
        assert isinstance(tables, dict) and set(tables) == {"orders"}
