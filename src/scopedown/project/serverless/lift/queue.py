"""``queue``: a queue with its dead letters, an alarm, and the function at work on it (``constructs/aws/Queue.js``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scopedown.core.place import Place
from scopedown.documents.nodes import ListNode, MapNode, as_list, place_of
from scopedown.project.serverless.lift.model import REMOVED, RETAINED, Construct, attribute
from scopedown.project.serverless.service import noded

_ACTIONS = ("sqs:SendMessage", "sqs:ChangeMessageVisibility")


def make(construct: Construct) -> None:
    """Add what a queue makes."""
    settings = construct.settings
    queue, dead = construct.id("Queue"), construct.id("Dlq")
    fifo = settings.get("fifo")
    shared = {"KmsMasterKeyId": _key(construct)}
    ending = ".fifo" if fifo is True else ""
    construct.add(dead, "AWS::SQS::Queue", {
        "QueueName": construct.named(f"-dlq{ending}"), **shared,
    }, REMOVED)  # fmt: skip
    construct.add(queue, "AWS::SQS::Queue", {
        "QueueName": construct.named(ending),
        **shared,
    }, REMOVED)  # fmt: skip
    construct.extensible |= {"queue": queue, "dlq": dead}
    if settings.get("alarm") is not None:
        _alarm(construct, dead, settings["alarm"])
    construct.allows.append((list(_ACTIONS), [attribute(queue)]))
    _worker(construct, queue)


def _key(construct: Construct) -> Any:
    """The key that encrypts the messages, made where the queue asks for one of its own."""
    kind = construct.settings.get("encryption")
    if kind == "kmsManaged":
        return "alias/aws/sqs"
    if kind != "kms":
        return None
    id = construct.id(str(construct.settings.get("encryptionKey")))
    account = {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":iam::", {"Ref": "AWS::AccountId"}, ":root"]]}
    statement = {"Action": "kms:*", "Effect": "Allow", "Principal": {"AWS": account}, "Resource": "*"}
    policy = {"Statement": [statement], "Version": "2012-10-17"}
    construct.add(id, "AWS::KMS::Key", {"KeyPolicy": policy}, RETAINED)
    return attribute(id)


def _alarm(construct: Construct, dead: str, email: Any) -> None:
    topic, alarm = construct.id("AlarmTopic"), construct.id("Alarm")
    construct.add(topic, "AWS::SNS::Topic", {"TopicName": construct.named("-dlq-alarm-topic")})
    subscription = {"Endpoint": email, "TopicArn": {"Ref": topic}}
    construct.add(construct.id("AlarmTopicSubscription"), "AWS::SNS::Subscription", subscription)
    construct.add(alarm, "AWS::CloudWatch::Alarm", {
        "AlarmName": construct.named("-dlq-alarm"), "AlarmActions": [{"Ref": topic}],
    })  # fmt: skip
    construct.extensible["alarm"] = alarm


def _worker(construct: Construct, queue: str) -> None:
    service, settings, place = construct.service, construct.settings, construct.place
    worker = settings.get("worker")
    key = worker if isinstance(worker, str) else f"{construct.name}Worker"
    if isinstance(worker, Mapping):
        add_function(construct, key, worker, place_of(settings, "worker") or place)
    function = service.functions.get(key)
    if not isinstance(function, MapNode):
        what = f"the construct {construct.name} has no worker function"
        service.tell("construct-worker", what, place, "set its worker")
        return
    size, window, several = (settings.get(key) for key in ("batchSize", "maxBatchingWindow", "maxConcurrency"))
    event = {
        "arn": attribute(queue),
        "batchSize": 1 if size is None else size,
        "maximumBatchingWindow": 0 if window is None else window,
        "functionResponseType": "ReportBatchItemFailures",
        **({} if several is None else {"maximumConcurrency": several}),
    }
    before = function.get("events")
    events = ListNode([*as_list(before), noded({"sqs": event}, place)], place)
    events.items_at = [place_of(before, index) or place for index in range(len(events) - 1)] + [place]
    function["events"] = events


def add_function(construct: Construct, key: str, function: Mapping[str, Any], place: Place) -> None:
    """Add a function that a construct brings."""
    functions = construct.service.functions
    functions[key] = MapNode(function, place)
    if isinstance(functions, MapNode):
        functions.keys_at[key] = place
