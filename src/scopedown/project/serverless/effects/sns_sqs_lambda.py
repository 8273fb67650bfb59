"""@agiledigital/serverless-sns-sqs-lambda 0.1.8 (MIT): a queue between a topic and a function, for ``snsSqs`` events.

It adds the queue, one for dead letters, the subscription and the mapping, and lets the shared role read the queue.
"""

from __future__ import annotations

from typing import Any, Final

from scopedown.documents.nodes import as_map
from scopedown.project.serverless.names import SHARED_ROLE, concat
from scopedown.project.serverless.plugin_effects import Effect
from scopedown.project.serverless.template import Template

_ACTIONS: Final = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]


def _extend(template: Template) -> None:
    service = template.service
    for key, event in service.events_of("snsSqs"):
        settings = as_map(event.settings)
        name, topic = str(settings.get("name")), settings.get("topicArn")
        function = f"{key[:1].upper()}{key[1:]}"
        prefix = settings.get("prefix") or concat(service.name, f"-{service.stage}-{function}")
        arn = {"Fn::GetAtt": [f"{name}Queue", "Arn"]}

        def add(id: str, kind: str, properties: dict[str, Any], place: Any = event.place) -> None:
            template.add(id, kind, properties, place)

        add(f"{function}EventSourceMappingSQS{name}Queue", "AWS::Lambda::EventSourceMapping", {
            "EventSourceArn": arn, "FunctionName": {"Fn::GetAtt": [f"{function}LambdaFunction", "Arn"]},
        })  # fmt: skip
        add(f"{name}DeadLetterQueue", "AWS::SQS::Queue", {"QueueName": concat(prefix, f"{name}DeadLetterQueue")})
        add(f"{name}Queue", "AWS::SQS::Queue", {"QueueName": concat(prefix, f"{name}Queue")})
        statement = {
            "Sid": concat(prefix, f"{name}Sid"), "Effect": "Allow", "Principal": {"AWS": "*"},
            "Action": "SQS:SendMessage", "Resource": arn,
            "Condition": {"ArnEquals": {"aws:SourceArn": [topic]}},
        }  # fmt: skip
        document = {"Version": "2012-10-17", "Id": concat(prefix, f"{name}Queue"), "Statement": [statement]}
        queues = [{"Ref": f"{name}Queue"}]
        add(f"{name}QueuePolicy", "AWS::SQS::QueuePolicy", {"PolicyDocument": document, "Queues": queues})
        add(f"Subscribe{name}Topic", "AWS::SNS::Subscription", {"Endpoint": arn, "TopicArn": topic})


def _finish(template: Template) -> None:
    for _, event in template.service.events_of("snsSqs"):
        arn = {"Fn::GetAtt": [f"{as_map(event.settings).get('name')}Queue", "Arn"]}
        if SHARED_ROLE in template.all():
            template.allow(SHARED_ROLE, {"Effect": "Allow", "Action": list(_ACTIONS), "Resource": [arn]})


EFFECT: Final = Effect(extend=_extend, finish=_finish)
