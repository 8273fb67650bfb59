"""Durable functions: what a workflow calls, invokes and hands on."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Calls = Callable[..., list[str]]

PYTHON = """
import os, boto3
from aws_durable_execution_sdk_python import DurableContext, durable_execution, durable_step, durable_with_child_context
sqs = boto3.client("sqs")
sns = boto3.client("sns")

@durable_step
def tell(step, topic, *, text):
    sns.publish(TopicArn=topic, Message=text)

@durable_with_child_context
def below(context, name):
    return context.invoke(name, {{}})

@durable_execution
def handler(event, context: DurableContext):
    {line}
"""


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("context.invoke(os.environ['F'], event, name='n')", ["lambda.Invoke FunctionName=${env:F}"]),
        ("context.step(tell('t', text='x'), name='n')", ["sns.Publish TopicArn=t"]),
        ("context.step(lambda _: sns.publish(TopicArn='u'))", ["sns.Publish TopicArn=u"]),
        ("context.run_in_child_context(below('f'))", ["lambda.Invoke FunctionName=f"]),
        (
            "context.parallel([lambda c: c.invoke('a', 1), below('b')])",
            ["lambda.Invoke FunctionName=a", "lambda.Invoke FunctionName=b"],
        ),
        (
            "context.map(['q'], lambda c, item, index, items: sqs.purge_queue(QueueUrl=item))",
            ["sqs.PurgeQueue QueueUrl=q"],
        ),
        ("context.wait_for_callback(lambda id, c: sns.publish(TopicArn='v', Message=id))", ["sns.Publish TopicArn=v"]),
        ("context.wait(5); context.logger.invoke('x')", []),
    ],
)
def test_a_workflow_in_python(python_calls: Calls, line: str, expected: list[str]) -> None:
    assert sorted(one.partition(" Message")[0] for one in python_calls(PYTHON.format(line=line))) == expected


JAVASCRIPT = """
const {{ withDurableExecution }} = require('@aws/durable-execution-sdk-js');
const {{ SNS }} = require('@aws-sdk/client-sns');
const sns = new SNS({{}});
exports.handler = withDurableExecution(async (event, context) => {{ {line} }});
"""


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("await context.invoke(process.env.F, {a: 1})", ["lambda.Invoke FunctionName=${env:F}"]),
        ("await context.invoke('step', process.env.F, {a: 1})", ["lambda.Invoke FunctionName=${env:F}"]),
        ("await context.step('n', async (s) => sns.publish({TopicArn: 't'}))", ["sns.Publish TopicArn=t"]),
        ("await context.runInChildContext(async (c) => c.invoke('f'))", ["lambda.Invoke FunctionName=f"]),
        (
            "await context.parallel('n', [async (c) => c.invoke('a'), {name: 'x', func: (c) => c.invoke('b')}])",
            ["lambda.Invoke FunctionName=a", "lambda.Invoke FunctionName=b"],
        ),
        ("await context.map('n', ['t'], async (c, item) => sns.publish({TopicArn: item}))", ["sns.Publish TopicArn=t"]),
        (
            "await context.waitForCallback('n', async (id) => sns.publish({TopicArn: 'v'}), {timeout: 1})",
            ["sns.Publish TopicArn=v"],
        ),
        ("await context.wait({seconds: 1}); context.logger.info('x')", []),
    ],
)
def test_a_workflow_in_javascript(javascript_calls: Calls, line: str, expected: list[str]) -> None:
    assert sorted(javascript_calls(JAVASCRIPT.format(line=line))) == expected
