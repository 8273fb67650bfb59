"""ARNs in results that follow from the call's own arguments: ``DescribeTable`` gives that of the table it is asked for.

One row is an operation, the parameter that names the resource, where in the result its name and its ARN stand, and
the ARN's form, ``{}`` for the name. A name that is an ARN already stays one. Sources: each operation's page in its
service's API reference, ``Response Syntax``; the ARNs' forms:
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

from collections.abc import Mapping

from scopedown.calls.machine import Native
from scopedown.calls.values import Object, TextValue, UnknownValue, Value, as_text, from_text, join, options
from scopedown.core.text import ANY, Literal, Pseudo, Text

_TABLE = "dynamodb:R:A:table/{}"
_STREAM = f"{_TABLE}/stream/*"
_FUNCTION = "lambda:R:A:function:{}"

_ROWS: Mapping[tuple[str, str], tuple[str, Mapping[str, str]]] = {
    ("dynamodb", "CreateTable"): (
        "TableName",
        {"TableDescription.TableArn": _TABLE, "TableDescription.LatestStreamArn": _STREAM},
    ),
    ("dynamodb", "DescribeTable"): ("TableName", {"Table.TableArn": _TABLE, "Table.LatestStreamArn": _STREAM}),
    ("dynamodb", "UpdateTable"): (
        "TableName",
        {"TableDescription.TableArn": _TABLE, "TableDescription.LatestStreamArn": _STREAM},
    ),
    ("events", "CreateEventBus"): ("Name", {"EventBusArn": "events:R:A:event-bus/{}"}),
    ("events", "DescribeEventBus"): ("Name", {"Arn": "events:R:A:event-bus/{}"}),
    ("firehose", "CreateDeliveryStream"): (
        "DeliveryStreamName",
        {"DeliveryStreamARN": "firehose:R:A:deliverystream/{}"},
    ),
    ("firehose", "DescribeDeliveryStream"): (
        "DeliveryStreamName",
        {"DeliveryStreamDescription.DeliveryStreamARN": "firehose:R:A:deliverystream/{}"},
    ),
    ("kinesis", "DescribeStream"): ("StreamName", {"StreamDescription.StreamARN": "kinesis:R:A:stream/{}"}),
    ("kinesis", "DescribeStreamSummary"): (
        "StreamName",
        {"StreamDescriptionSummary.StreamARN": "kinesis:R:A:stream/{}"},
    ),
    ("lambda", "CreateFunction"): ("FunctionName", {"FunctionArn": _FUNCTION}),
    ("lambda", "GetFunction"): ("FunctionName", {"Configuration.FunctionArn": _FUNCTION}),
    ("lambda", "GetFunctionConfiguration"): ("FunctionName", {"FunctionArn": _FUNCTION}),
    ("secretsmanager", "CreateSecret"): ("Name", {"ARN": "", "Name": ""}),
    ("secretsmanager", "DescribeSecret"): ("SecretId", {"ARN": ""}),
    ("secretsmanager", "GetSecretValue"): ("SecretId", {"ARN": ""}),
    ("secretsmanager", "PutSecretValue"): ("SecretId", {"ARN": ""}),
    ("sns", "CreateTopic"): ("Name", {"TopicArn": "sns:R:A:{}"}),
    ("stepfunctions", "CreateStateMachine"): ("name", {"stateMachineArn": "states:R:A:stateMachine:{}"}),
    ("stepfunctions", "DescribeStateMachine"): ("stateMachineArn", {"stateMachineArn": ""}),
}
"""An empty form: the argument itself, which the service's operations take in the place of the ARN."""


def named_arns(service: str, operation: str, arguments: Mapping[str, Value]) -> dict[str, Value]:
    """The members of a result that are the ARN of what the arguments name; nested where the result is."""
    row = _ROWS.get((service, operation))
    named = arguments.get(row[0]) if row is not None else None
    if row is None or named is None:
        return {}
    found: dict[str, Value] = {}
    for path, form in row[1].items():
        parent, _, member = path.rpartition(".")
        value = arn_of(form, named)
        if not parent:
            found[member] = value
            continue
        held = found.setdefault(parent, Object({}, UnknownValue(f"result of {service}.{operation}", inert=True)))
        if isinstance(held, Object):
            held.fields[member] = value
            held.fields.setdefault(row[0], named)
    return found


def arn_of(form: str, name: Value) -> Value:
    """The ARN of a resource by its name: in the function's own region and account."""
    if not form:
        return name
    return join(*(_arn(form, option) for option in options(name)))


def _arn(form: str, name: Value) -> Value:
    text = as_text(name)
    if text is None or not text.parts or (isinstance(name, Native) and text.unknowns):
        return UnknownValue("the ARN of something that is not named")
    tail = form.partition("{}")[2].removesuffix("*")
    first = text.parts[0]
    if isinstance(first, Literal) and first.value.startswith("arn:"):
        return from_text(Text.of(text, tail, ANY) if tail else text)
    service, _, rest = form.partition(":R:A:")
    head = ("arn:", Pseudo("AWS::Partition"), f":{service}:", Pseudo("AWS::Region"), ":", Pseudo("AWS::AccountId"), ":")
    before = rest.partition("{}")[0]
    found = Text.of(*head, before, text, tail, *((ANY,) if tail else ()))
    return from_text(found) if found.literal is not None else TextValue(found)
