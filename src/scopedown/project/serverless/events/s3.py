"""The event ``s3`` (osls 4.3.1, ``lib/plugins/aws/package/compile/events/s3``)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.documents.nodes import as_map
from scopedown.project.model import DeclaredStatement, Event, Tree
from scopedown.project.serverless.additions import allow
from scopedown.project.serverless.conversions import boolean, string
from scopedown.project.serverless.event_kinds import EventKind, OwnFunction
from scopedown.project.serverless.events.parts.targets import add_custom, add_permission, target_of
from scopedown.project.serverless.names import Name, alphanumeric, concat, function_id, normalized
from scopedown.project.serverless.service import Service, is_text
from scopedown.project.serverless.template import Template

_HANDLER: Final = "custom-resource-existing-s3"
_HANDLER_ID: Final = function_id(_HANDLER)
"""The framework's own function that sets the notifications of buckets which it does not create."""
_BUCKET_NAME: Final = re.compile(
    r"(?!(\d{1,3}\.){3}\d{1,3}\Z)(([a-z0-9]|[a-z0-9][a-z0-9-]*[a-z0-9])\.)*([a-z0-9]|[a-z0-9][a-z0-9-]*[a-z0-9])\Z"
)


@dataclass(slots=True)
class _Bucket:
    """A bucket to create: ``key`` is its name as events write it, which ``provider.s3`` may say more about."""

    name: Name
    key: Name
    place: Place
    configured: Mapping[str, Any] | None
    notifications: list[Mapping[str, Any]] = field(default_factory=list)


def compile(template: Template) -> None:
    """The buckets to create with their notifications and permissions, then the notifications of existing ones."""
    buckets: dict[Name, _Bucket] = {}
    callers: list[tuple[str, _Bucket, Place]] = []
    for key, event in template.service.events_of("s3"):
        settings = event.settings if isinstance(event.settings, Mapping) else {"bucket": event.settings}
        name = string(settings.get("bucket"))
        if _exists(settings):
            continue
        if not name or not is_text(name):
            what = "a bucket that the service creates needs a name as plain text"
            template.service.refuse(key, what, event.place, "write its name, or set existing: true")
            continue
        bucket = _bucket(template.service, name, event.place)
        if isinstance(bucket.name, str) and not _BUCKET_NAME.match(bucket.name):
            template.service.refuse(
                key,
                f"{bucket.name!r} is not a valid bucket name",
                event.place,
                "correct the bucket's name",
            )
        bucket = buckets.setdefault(bucket.name, bucket)
        target = target_of(template.service, key)
        bucket.notifications.append({"Function": target.arn})
        callers.append((key, bucket, event.place))
    for bucket in buckets.values():
        _add_bucket(template, bucket)
    for key, bucket, place in callers:
        add_permission(
            template, _permission_id(key, bucket), target_of(template.service, key), "s3.amazonaws.com", place,
            SourceArn={"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, concat(":s3:::", bucket.name)]]},
            SourceAccount={"Ref": "AWS::AccountId"},
        )  # fmt: skip
    _compile_existing(template)


def _exists(settings: Mapping[str, Any]) -> bool:
    return bool(boolean(settings, "existing"))


def _permission_id(key: str, bucket: _Bucket) -> str:
    return f"{normalized(key)}LambdaPermission{alphanumeric(bucket.key)}S3"


def _bucket(service: Service, key: Name, place: Place) -> _Bucket:
    configured = as_map(service.provider.get("s3")).get(key) if isinstance(key, str) else None
    if not isinstance(configured, Mapping):
        return _Bucket(key, key, place, None)
    name = string(configured.get("name"))
    return _Bucket(name if name and isinstance(name, str | Text) else key, key, place, configured)


def _add_bucket(template: Template, bucket: _Bucket) -> None:
    configured = {
        name[:1].upper() + name[1:]: value for name, value in (bucket.configured or {}).items() if name != "name"
    }
    notifications = {
        "LambdaConfigurations": bucket.notifications, **as_map(configured.pop("NotificationConfiguration", None))
    }  # fmt: skip
    template.add(
        f"S3Bucket{alphanumeric(bucket.key)}",
        "AWS::S3::Bucket",
        {"BucketName": bucket.name, "NotificationConfiguration": notifications, **configured},
        bucket.place,
    )


def _compile_existing(template: Template) -> None:
    """One custom resource a function, which the framework's own function answers."""
    service = template.service
    for key in service.functions:
        events = [
            event
            for event in service.events(key)
            if event.kind == "s3" and isinstance(event.settings, Mapping) and _exists(event.settings)
        ]
        for event in events:
            if as_map(event.settings).get("bucket") != as_map(events[0].settings).get("bucket"):
                what = "a function can have events of one existing bucket only"
                service.refuse(key, what, event.place, "use a separate function for each bucket")
        if events:
            add_custom(template, f"{normalized(key)}CustomS31", "Custom::S3", _HANDLER_ID, events[0].place)


def _existing_buckets(service: Service) -> list[DeclaredStatement]:
    found: list[DeclaredStatement] = []
    for key in service.functions:
        for event in service.events(key):
            settings = event.settings
            if event.kind == "s3" and isinstance(settings, Mapping) and settings.get("existing"):
                arn = {"Fn::Join": [":", ["arn", {"Ref": "AWS::Partition"}, "s3", "", "", settings.get("bucket")]]}
                actions = ("s3:PutBucketNotification", "s3:GetBucketNotification")
                found.append(allow(actions, arn, event.place))
                break  # one bucket a function
    if found:
        here: list[Tree] = [{"Ref": "AWS::Region"}, {"Ref": "AWS::AccountId"}]
        arn = {"Fn::Join": [":", ["arn", {"Ref": "AWS::Partition"}, "lambda", *here, "function", "*"]]}
        found.append(allow(("lambda:AddPermission", "lambda:RemovePermission"), arn, found[0].place))
    return found


def _sending(event: Event) -> Iterator[Tree]:
    settings = event.settings
    yield settings.get("bucket") if isinstance(settings, Mapping) else settings


KIND: Final = EventKind(
    "s3",
    20,
    label="S3",
    compile=compile,
    own_function=OwnFunction(_HANDLER, "s3/handler.handler", _existing_buckets),
    buckets=_sending,
)
