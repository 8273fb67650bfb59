"""The event ``s3`` (osls 4.3.1, ``lib/plugins/aws/package/compile/events/s3``)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.documents.nodes import as_list, as_map
from scopedown.documents.scalars import js_text
from scopedown.project.model import DeclaredStatement, Event, Tree
from scopedown.project.serverless.additions import allow
from scopedown.project.serverless.event_kinds import EventKind, OwnFunction
from scopedown.project.serverless.events.parts.conversions import boolean, json_text, string
from scopedown.project.serverless.events.parts.refusals import refuse
from scopedown.project.serverless.events.parts.targets import add_permission, target_of
from scopedown.project.serverless.frameworks import goes_on_from_v3
from scopedown.project.serverless.names import Name, alphanumeric, concat, function_id, normalized
from scopedown.project.serverless.service import Service, is_text
from scopedown.project.serverless.template import Template

_ANY_CREATION: Final = "s3:ObjectCreated:*"
_HANDLER: Final = "custom-resource-existing-s3"
_HANDLER_ID: Final = function_id(_HANDLER)
"""The framework's own function that sets the notifications of buckets which it does not create."""
_BUCKET_NAME: Final = re.compile(
    r"(?!(\d{1,3}\.){3}\d{1,3}\Z)(([a-z0-9]|[a-z0-9][a-z0-9-]*[a-z0-9])\.)*([a-z0-9]|[a-z0-9][a-z0-9-]*[a-z0-9])\Z"
)
_WORD: Final = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+")


@dataclass(slots=True)
class _Bucket:
    """A bucket to create: ``key`` is its name as events write it, which ``provider.s3`` may say more about."""

    name: Name
    key: Name
    place: Place
    configured: Mapping[str, Any] | None
    notifications: list[Mapping[str, Any]] = field(default_factory=list)
    depends: list[str] = field(default_factory=list)


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
            refuse(template.service, key, what, event.place, "write its name, or set existing: true")
            continue
        bucket = _bucket(template.service, name, event.place)
        if isinstance(bucket.name, str) and not _BUCKET_NAME.match(bucket.name):
            refuse(
                template.service,
                key,
                f"{bucket.name!r} is not a valid bucket name",
                event.place,
                "correct the bucket's name",
            )
        bucket = buckets.setdefault(bucket.name, bucket)
        target = target_of(template.service, key)
        notification = {"Event": string(settings.get("event")) or _ANY_CREATION, "Function": target.arn}
        rules = [{"Name": name, "Value": value} for name, value in _rules(settings)]
        if isinstance(settings.get("rules"), list):
            notification["Filter"] = {"S3Key": {"Rules": rules}}
        bucket.notifications.append(notification)
        bucket.depends += [id for id in (_permission_id(key, bucket), target.alias_id) if id]
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


def _rules(settings: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The rules of an event: each a mapping of one name."""
    for rule in as_list(settings.get("rules")):
        for name, value in as_map(rule).items():
            yield name, string(value)
            break


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
        DependsOn=bucket.depends,
    )


def _compile_existing(template: Template) -> None:
    """One custom resource a function, which the framework's own function answers.

    They are made one after another, those of the same bucket together.
    """
    service = template.service
    made: dict[str, list[str]] = {}
    for key in service.functions:
        events = [
            event
            for event in service.events(key)
            if event.kind == "s3" and isinstance(event.settings, Mapping) and _exists(event.settings)
        ]
        if not events:
            continue
        bucket = as_map(events[0].settings).get("bucket")
        configs: list[Mapping[str, Any]] = []
        for event in events:
            settings = as_map(event.settings)
            if settings.get("bucket") != bucket:
                what = "a function can have events of one existing bucket only"
                refuse(service, key, what, event.place, "use a separate function for each bucket")
                continue
            rules = [{_start_case(name): value} for name, value in _rules(settings)]
            configs.append({"Event": string(settings.get("event")) or _ANY_CREATION, "Rules": rules})
        target = target_of(service, key)
        properties = {
            "ServiceToken": {"Fn::GetAtt": [_HANDLER_ID, "Arn"]},
            "FunctionName": service.function_name(key),
            "FunctionQualifier": None if goes_on_from_v3(service) else target.alias,
            "BucketName": bucket,
            "BucketConfigs": configs,
        }
        id = f"{normalized(key)}CustomS31"
        depends = [name for name in (function_id(key), target.alias_id, _HANDLER_ID) if name]
        template.add(id, "Custom::S3", properties, events[0].place, DependsOn=depends)
        made.setdefault(js_text(json_text(bucket)), []).append(id)
    ids = [id for group in made.values() for id in group]
    for before, id in pairwise(ids):
        one = template.resources[id]
        depends = [*as_list(one.attributes.get("DependsOn")), before]
        template.add(id, one.type, one.properties, one.place, DependsOn=depends)


def _start_case(name: str) -> str:
    """A name's words, each with a large first letter.

    >>> _start_case("prefix")
    'Prefix'
    """
    return "".join(word[:1].upper() + word[1:] for word in _WORD.findall(name))


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
