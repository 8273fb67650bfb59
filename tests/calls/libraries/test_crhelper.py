"""crhelper: functions under its decorators run when the helper is called; polling makes a rule."""

from __future__ import annotations

from collections.abc import Callable

Calls = Callable[..., list[str]]

SOURCE = """
import boto3
from crhelper import CfnResource
helper = CfnResource(log_level='INFO')
s3 = boto3.client('s3')

@helper.create
@helper.update
def make(event, context):
    s3.put_object(Bucket='b', Key='k')

@helper.delete
def remove(event, context):
    s3.delete_object(Bucket='b', Key='k')
{more}
def handler(event, context):
    helper(event, context)
"""
POLL = """
@helper.poll_create
def ready(event, context):
    return bool(s3.head_bucket(Bucket='b'))
"""


def test_its_functions_run(python_calls: Calls) -> None:
    assert sorted(python_calls(SOURCE.format(more=""))) == [
        "s3.DeleteObject Bucket=b Key=k",
        "s3.PutObject Bucket=b Key=k",
    ]


def test_polling_makes_a_rule_and_removes_it(python_calls: Calls) -> None:
    found = {one.partition(" ")[0] for one in python_calls(SOURCE.format(more=POLL))}
    assert found >= {"s3.HeadBucket", "events.PutRule", "events.PutTargets", "events.RemoveTargets"}
    assert found >= {"events.DeleteRule", "lambda.AddPermission", "lambda.RemovePermission"}


def test_without_a_call_of_the_helper_nothing_runs(python_calls: Calls) -> None:
    assert python_calls(SOURCE.format(more="").replace("helper(event, context)", "return None")) == []
