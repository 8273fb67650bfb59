"""What a service is told to send to somebody's resource: the resource's own policy must let the service, as in AWS.

In: an allowed request. Out: nothing, or the error of the service. The one who asks needs no right to the destination;
its owner gives one to the service, and moto, which delivers within one process, would not look for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scopedown.guard import resource_policies
from scopedown.guard.local_iam import read
from scopedown.guard.request import Asked
from scopedown.guard.responses import RefusedError
from scopedown.iam import Caller, PolicySet, Request, evaluate

_DESTINATIONS = {
    "LambdaFunctionConfigurations": ("LambdaFunctionArn", "lambda:InvokeFunction"),
    "QueueConfigurations": ("QueueArn", "sqs:SendMessage"),
    "TopicConfigurations": ("TopicArn", "sns:Publish"),
}
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html"""


def require_deliverable(asked: Asked, account: str) -> None:
    """Raise RefusedError where S3 may not send a bucket's events to a destination: S3 tries each when the notification
    is set (https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketNotificationConfiguration.html). It is refused
    with ``SkipDestinationValidation`` as well: AWS then takes it and delivers nothing."""
    if (asked.service, asked.operation) != ("s3", "PutBucketNotificationConfiguration"):
        return
    context = {"aws:SourceArn": f"arn:aws:s3:::{asked.parameters['Bucket']}", "aws:SourceAccount": account}
    for action, arn in _destinations(asked.parameters.get("NotificationConfiguration") or {}):
        owned = resource_policies.of(action, arn)
        caller = Caller.service("s3.amazonaws.com")
        request = Request(caller, action, arn, owned.account or None, context=context)
        if evaluate(request, PolicySet(resource=read(owned.policy) if owned.policy else None)).value != "allowed":
            raise RefusedError("InvalidArgument", "Unable to validate the following destination configurations")


def _destinations(told: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for kind, (name, action) in _DESTINATIONS.items():
        for one in told.get(kind) or ():
            yield action, str(one.get(name, ""))
