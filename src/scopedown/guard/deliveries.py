"""What a service is told to send to somebody's resource: the resource's own policy must let the service, as in AWS.

In: an allowed request, or a delivery that moto is about to make (:mod:`.moto_deliveries`). Out: whether it may be, or
the error of the service. The one who asks needs no right to the destination; its owner gives one to the service, or a
role that was passed has one. moto, which delivers within one process, would not look for either.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import replace
from typing import Any

from scopedown.guard import resource_policies
from scopedown.guard.local_iam import Document, read, role
from scopedown.guard.request import Asked
from scopedown.guard.responses import RefusedError
from scopedown.iam import Caller, PolicySet, Request, evaluate

ENFORCED: ContextVar[bool] = ContextVar("ENFORCED", default=True)
"""Whether deliveries are checked that the request in this thread makes; not while the guard learns."""

_DESTINATIONS = {
    "LambdaFunctionConfigurations": ("LambdaFunctionArn", "lambda:InvokeFunction"),
    "QueueConfigurations": ("QueueArn", "sqs:SendMessage"),
    "TopicConfigurations": ("TopicArn", "sns:Publish"),
}
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html"""


def service_may(
    services: Iterable[str], action: str, arn: str, source: str, account: str, further: Iterable[Document] = ()
) -> bool:
    """Whether a policy of the resource (or one of ``further``) lets one of these services do an action for ``source``,
    an ARN of ``account``."""
    owned = resource_policies.of(action, arn)
    context = {"aws:SourceArn": source, "aws:SourceAccount": account}
    policies = [*([owned.policy] if owned.policy else []), *further]
    return any(
        _allowed(Request(Caller.service(one), action, arn, owned.account or None, context=context),
                 PolicySet(resource=read(policy)))
        for one in services
        for policy in policies
    )  # fmt: skip


def role_may(arn: str | None, actions: Iterable[str], resource: str) -> bool:
    """Whether a role that a service was passed may do one of these actions, by its own policies and the resource's."""
    found = role(arn) if arn else None
    if arn is None or found is None:
        return False
    caller = Caller.role_session(found[0].account_id, arn.split(":role/", 1)[1], "delivery")
    for action in actions:
        owned = resource_policies.of(action, resource)
        policies = replace(found[1], resource=read(owned.policy)) if owned.policy else found[1]
        if _allowed(Request(caller, action, resource, owned.account or None), policies):
            return True
    return False


def _allowed(request: Request, policies: PolicySet) -> bool:
    return evaluate(request, policies).value == "allowed"


def require_deliverable(asked: Asked, account: str) -> None:
    """Raise RefusedError where S3 may not send a bucket's events to a destination: S3 tries each when the notification
    is set (https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketNotificationConfiguration.html). It is refused
    with ``SkipDestinationValidation`` as well: AWS then takes it and delivers nothing."""
    if (asked.service, asked.operation) != ("s3", "PutBucketNotificationConfiguration"):
        return
    source = f"arn:aws:s3:::{asked.parameters['Bucket']}"
    for action, arn in _destinations(asked.parameters.get("NotificationConfiguration") or {}):
        if not service_may(["s3.amazonaws.com"], action, arn, source, account):
            raise RefusedError("InvalidArgument", "Unable to validate the following destination configurations")


def _destinations(told: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for kind, (name, action) in _DESTINATIONS.items():
        for one in told.get(kind) or ():
            yield action, str(one.get(name, ""))
