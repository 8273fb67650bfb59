"""What a service is told to send to somebody's resource: the resource's own policy must let the service, as in AWS.

In: an allowed request, or a delivery that moto is about to make (:func:`check_deliveries` replaces moto's functions).
Out: whether it may be, or
the error of the service. The one who asks needs no right to the destination; its owner gives one to the service, or a
role that was passed has one. moto, which delivers within one process, would not look for either. What may not be
delivered is dropped, as in AWS, where the one who publishes is not told.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import replace
from functools import partial, wraps
from typing import Any

import moto.awslambda.models
import moto.events.models
import moto.events.notifications
import moto.firehose.models
import moto.logs.models
import moto.s3.models
import moto.s3.notifications
import moto.sns.models
import moto.textract.models
from moto.logs.exceptions import InvalidParameterException
from moto.logs.models import logs_backends
from moto.utilities.arns import parse_arn
from requests.exceptions import RequestException

from scopedown.guard import resource_policies
from scopedown.guard.local_iam import Document, read, role
from scopedown.guard.request import Asked
from scopedown.guard.responses import RefusedError
from scopedown.iam import Caller, Kind, PolicySet, Request, evaluate

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


Original = Callable[..., Any]
_LOG_FILE = "2026-01-01-00-00-00-0123456789ABCDEF"
"""How S3 names an access log (https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html)."""


def check_deliveries() -> None:
    """Replace moto's functions, once for this process."""
    models, notifications = moto.s3.models, moto.s3.notifications
    for owner, name, checked in (
        (moto.sns.models.Subscription, "publish", _subscribed),
        (moto.events.models.Rule, "send_to_targets", _targets),
        (moto.firehose.models.FirehoseBackend, "put_s3_records", _records),
        (moto.firehose.models.FirehoseBackend, "put_http_records", _http_records),
        (moto.logs.models.LogStream, "_send_log_events", _where(_log_events_may)),
        (moto.logs.models.LogsBackend, "create_export_task", _export),
        (moto.awslambda.models.LambdaBackend, "send_sqs_batch", _where(_poll_may, False)),
        (models.S3Backend, "log_incoming_request", _where(_access_log_may)),
        (moto.textract.models.TextractJob, "send_completion_notification", _where(_job_may)),
        (moto.events.notifications, "_invoke_lambda", _where(_never)),
        (moto.events.notifications, "_start_sfn_execution", _where(_never)),
        (notifications, "_send_sqs_message", _where(partial(_event_of_s3_may, "sqs:SendMessage"))),
        (notifications, "_send_sns_message", _where(partial(_event_of_s3_may, "sns:Publish"))),
        (notifications, "_invoke_awslambda", _where(partial(_event_of_s3_may, "lambda:InvokeFunction"))),
    ):
        original = getattr(owner, name)
        if not hasattr(original, "__wrapped__"):
            setattr(owner, name, wraps(original)(checked(original)))


def _where(allowed: Callable[..., bool], refused: Any = None) -> Callable[[Original], Original]:
    """A function that delivers only where ``allowed`` says so of its arguments; else its answer is ``refused``."""

    def checked(original: Original) -> Original:
        def deliver(*given: Any, **named: Any) -> Any:
            return original(*given, **named) if allowed(*given, **named) else refused

        return deliver

    return checked


def _subscribed(original: Original) -> Original:
    """https://docs.aws.amazon.com/sns/latest/dg/subscribe-sqs-queue-to-sns-topic.html,
    https://docs.aws.amazon.com/sns/latest/dg/sns-lambda-as-subscriber.html"""

    def publish(subscription: Any, *given: Any, **named: Any) -> None:
        fields, account = subscription.endpoint.split(":"), subscription.account_id
        action, arn = "", subscription.endpoint
        if subscription.protocol == "sqs":  # moto sends to the queue of this name in the subscriber's account
            action, arn = (
                "sqs:SendMessage",
                f"arn:aws:sqs:{fields[3] if len(fields) > 3 else ''}:{account}:{fields[-1]}",
            )
        elif subscription.protocol == "lambda":
            action = "lambda:InvokeFunction"
        topic = subscription.topic
        if not action or _may(["sns.amazonaws.com"], action, arn, topic.arn, topic.account_id):
            with suppress(RequestException):  # a URL, to which the guard sends nothing
                original(subscription, *given, **named)

    return publish


def _targets(original: Original) -> Original:
    """https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html"""

    def send(rule: Any, *given: Any, **named: Any) -> None:
        kept = copy.copy(rule)
        kept.targets = [target for target in rule.targets if _may_be_target(rule, target)]
        original(kept, *given, **named)

    return send


def _may_be_target(rule: Any, target: dict[str, Any]) -> bool:
    arn, passed = parse_arn(target["Arn"]), target.get("RoleArn")
    by = ["events.amazonaws.com"]
    if arn.service == "sqs":
        queue = f"arn:aws:sqs:{rule.region_name}:{rule.account_id}:{arn.resource_id}"
        return _by_role(passed, ["sqs:SendMessage"], queue) or _may(
            by, "sqs:SendMessage", queue, rule.arn, rule.account_id
        )
    if arn.service == "logs":
        group = f"arn:aws:logs:{rule.region_name}:{rule.account_id}:log-group:{arn.resource_id.removesuffix(':*')}:*"
        documents = [
            Document(str(one.policy_document), Kind.RESOURCE, f"resource policy {one.policy_name}")
            for one in logs_backends[rule.account_id][rule.region_name].describe_resource_policies()
        ]
        by = [*by, "delivery.logs.amazonaws.com"]
        return _may(by, "logs:PutLogEvents", group, rule.arn, rule.account_id, documents)
    if arn.service == "events" and arn.resource_type == "event-bus":
        return _by_role(passed, ["events:PutEvents"], target["Arn"]) or _may(
            by, "events:PutEvents", target["Arn"], rule.arn, rule.account_id
        )
    return True


def _records(original: Original) -> Original:
    """https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-s3"""

    def put(backend: Any, stream: str, version: str, destination: dict[str, Any], records: list[Any]) -> Any:
        bucket, prefix = destination["BucketARN"].split(":")[-1], destination.get("Prefix", "")
        path = backend._format_s3_object_path(stream, version, prefix)
        if _by_role(destination.get("RoleARN"), ["s3:PutObject"], f"arn:aws:s3:::{bucket}/{path}"):
            return original(backend, stream, version, destination, records)
        return [{"RecordId": str(number)} for number, _ in enumerate(records)]

    return put


def _http_records(original: Original) -> Original:
    """https://docs.aws.amazon.com/firehose/latest/dev/retry.html: who puts records sees no error of the server that
    is to get them. The guard sends none."""

    def put(*given: Any, **named: Any) -> list[dict[str, str]]:
        destination, records = given[-2:]
        try:
            return list(original(destination, records, **named))
        except RuntimeError as error:
            if not isinstance(error.__cause__, RequestException):
                raise
            return [{"RecordId": str(number)} for number, _ in enumerate(records)]

    return put


_OF_FILTERS = {
    "kinesis": ["kinesis:PutRecord", "kinesis:PutRecords"],
    "firehose": ["firehose:PutRecord", "firehose:PutRecordBatch"],
}


def _log_events_may(stream: Any, service: str, destination_arn: str, filter_name: str, **named: Any) -> bool:
    """https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html; AWS has no log group as the
    destination of a filter."""
    if service == "lambda":
        by = ["logs.amazonaws.com", f"logs.{stream.region}.amazonaws.com"]
        group = f"arn:aws:logs:{stream.region}:{stream.account_id}:log-group:{stream.log_group.name}:*"
        return _may(by, "lambda:InvokeFunction", destination_arn, group, stream.account_id)
    role = stream.log_group.subscription_filters[filter_name].role_arn
    return _by_role(role, _OF_FILTERS.get(service, []), destination_arn)


def _export(original: Original) -> Original:
    """https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/S3ExportTasks.html"""

    def export(backend: Any, **given: Any) -> Any:
        by = ["logs.amazonaws.com", f"logs.{backend.region_name}.amazonaws.com"]
        file = f"arn:aws:s3:::{given['destination']}/{given['destinationPrefix'] or 'exportedlogs'}/"
        group = f"arn:aws:logs:{backend.region_name}:{backend.account_id}:log-group:{given['logGroupName']}:*"
        if not _may(by, "s3:PutObject", file, group, backend.account_id):
            raise InvalidParameterException(
                "PutObject call on the given bucket failed. Please check if CloudWatch Logs has been granted "
                "permission to perform this operation."
            )
        return original(backend, **given)

    return export


def _poll_may(backend: Any, function_arn: str, messages: Any, queue_arn: str) -> bool:
    """https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html: the function's role reads the queue."""
    return _by_role(backend.get_function(function_arn).role, ["sqs:ReceiveMessage"], queue_arn)


def _access_log_may(backend: Any, request: Any, bucket_name: str) -> bool:
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html"""
    bucket = backend.buckets.get(bucket_name)
    target = backend.buckets.get(bucket.logging.get("TargetBucket")) if bucket is not None else None
    if bucket is None or target is None:
        return False
    arn = f"{target.arn}/{bucket.logging.get('TargetPrefix') or ''}{_LOG_FILE}"
    by_acl = bool(bucket._log_permissions_enabled_acl(target_bucket=target))
    return by_acl or _may(["logging.s3.amazonaws.com"], "s3:PutObject", arn, bucket.arn, backend.account_id)


def _job_may(job: Any, *given: Any, **named: Any) -> bool:
    """https://docs.aws.amazon.com/textract/latest/dg/api-async-roles.html"""
    channel = job.notification_channel or {}
    return _by_role(channel.get("RoleArn"), ["sns:Publish"], channel.get("SNSTopicArn", ""))


def _event_of_s3_may(action: str, account_id: str, event_body: Any, destination: str, region_name: str) -> bool:
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html"""
    queue = f"arn:aws:sqs:{region_name}:{account_id}:{destination}"
    arn = queue if action == "sqs:SendMessage" else destination
    return _may(["s3.amazonaws.com"], action, arn, _bucket(event_body), account_id)


def _never(*given: Any, **named: Any) -> bool:
    """EventBridge hears of CreateBucket from CloudTrail alone, and the guard has none
    (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html)."""
    return not ENFORCED.get()


def _bucket(event: Any) -> str:
    records = event.get("Records") or [{}]
    return str(records[0].get("s3", {}).get("bucket", {}).get("arn") or f"arn:aws:s3:::{event.get('Bucket', '')}")


def _may(services: list[str], action: str, arn: str, source: str, account: str, further: Any = ()) -> bool:
    return not ENFORCED.get() or service_may(services, action, arn, source, account, further)


def _by_role(role: str | None, actions: list[str], arn: str) -> bool:
    return not ENFORCED.get() or role_may(role, actions, arn)
