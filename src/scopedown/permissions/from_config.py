"""What a function's configuration needs of its role, apart from its code: logs, network, tracing, sources, targets.

Lambda itself uses these permissions, as the function's role, for what the project file sets up
(https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html and the page of each event source). One
row of a table is one setting or one kind of event; every permission names the setting that needs it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from scopedown.core.arn import service_of
from scopedown.core.place import Place
from scopedown.core.text import ANY, Att, ImportValue, Literal, Param, Ref, Text, Unknown
from scopedown.core.text_slicing import service_in
from scopedown.documents.nodes import as_map
from scopedown.permissions.declared import function_arn
from scopedown.permissions.layers import needs_of
from scopedown.permissions.log_groups import actions_on, names_for, tagging
from scopedown.permissions.model import Certainty, ConfigSource, Origin, RequiredPermission, Resource
from scopedown.permissions.parameter_formats import PSEUDO
from scopedown.permissions.resources import EVERYTHING, assess
from scopedown.project.intrinsics import Scope, default_of, to_text
from scopedown.project.model import Function, Project, Tree
from scopedown.project.serverless.event_kinds import Needs, event_kind

VPC_ACTIONS = (
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
)
"""Those of the managed policy AWSLambdaVPCAccessExecutionRole beside its logs
(https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaVPCAccessExecutionRole.html)."""

TRACING = ("xray:PutTelemetryRecords", "xray:PutTraceSegments")

_TARGETS: Mapping[str, str] = {
    "lambda": "lambda:InvokeFunction",
    "sqs": "sqs:SendMessage",
    "sns": "sns:Publish",
    "events": "events:PutEvents",
    "s3": "s3:PutObject",
    "function": "lambda:InvokeFunction",
    "eventBus": "events:PutEvents",
    "AWS::Lambda::Function": "lambda:InvokeFunction",
    "AWS::SQS::Queue": "sqs:SendMessage",
    "AWS::SNS::Topic": "sns:Publish",
    "AWS::Events::EventBus": "events:PutEvents",
    "AWS::S3::Bucket": "s3:PutObject",
}
"""What sending to a target takes, by its ARN's service, the framework's name for it, or its CloudFormation type
(https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html)."""


UNDECIDED: Final = "whether "
"""How the reason of a need begins that is one of several, of which what the ARN turns out to be decides."""
_STREAMS: Final = ("dynamodb", "kinesis")
_OF_STREAMS: Final = "its stream is of DynamoDB or Kinesis is unknown"


@dataclass(frozen=True, slots=True)
class _Need:
    """Actions on one resource, because of one setting."""

    actions: tuple[str, ...]
    arn: Text
    setting: str
    place: Place


@dataclass(frozen=True, slots=True)
class _Reader:
    """A function in its project, with the means to read values."""

    function: Function
    project: Project
    scope: Scope

    def text(self, tree: Tree | None) -> Text:
        """A configuration value as text."""
        return Text.unknown("its ARN is missing") if tree is None else to_text(tree, self.scope)

    def place(self, setting: str) -> Place:
        """Where a setting of the function stands."""
        return self.function.setting_places.get(setting, self.function.place)

    def function_arn(self, suffix: str = "") -> Text:
        """The function's own ARN."""
        return Text.of(function_arn(self.function.name), suffix)

    def sending_to(self, target: Tree) -> Needs:
        """A destination: a function's key, an ARN, or ``{type, arn}``."""
        settings = as_map(target)
        for function in self.project.functions:
            if function.key == target:
                yield ("lambda:InvokeFunction",), function_arn(function.name)
                return
        arn = self.text(settings.get("arn", target))
        written = settings.get("type")
        known = _TARGETS.get(written) if isinstance(written, str) else None
        for action in (known,) if known is not None else _actions_for(arn, self):
            yield (action,), Text.of(arn, "/", ANY) if action == "s3:PutObject" else arn


def from_config(function: Function, project: Project) -> tuple[RequiredPermission, ...]:
    """The permissions of ``function`` that its settings and events need, each with the settings that need it."""
    read = _Reader(function, project, Scope.of(project))
    found: dict[tuple[str, str], RequiredPermission] = {}
    needs = [*_needs(read)]
    streams = {(need.setting, need.actions[0].partition(":")[0]) for need in needs if need.arn != EVERYTHING}
    for need in needs:
        for action in need.actions:
            arn = need.arn.replace(project.given_for)
            resource = _resource(arn, action)
            if action in _SENDING and len(_actions_for(need.arn, read)) > 1:
                resource = Resource(
                    arn, Certainty.UNKNOWN, f"{UNDECIDED}{arn} is a queue, a topic or another target is unknown"
                )
            elif need.arn != EVERYTHING and {(need.setting, one) for one in _STREAMS} <= streams:
                resource = replace(resource, certainty=Certainty.UNKNOWN, reason=f"{UNDECIDED}{_OF_STREAMS}")
            key = (action, str(resource.arn))
            reason = ConfigSource(need.place, need.setting)
            because = (*found[key].because, reason) if key in found else (reason,)
            found[key] = RequiredPermission(action, (resource,), because, Origin.CONFIG)
    return tuple(found[key] for key in sorted(found))


def _needs(read: _Reader) -> Iterator[_Need]:
    for setting, needs in _SETTINGS.items():
        value = read.function.settings.get(setting)
        for actions, arn, name in needs(value, read):
            yield _Need(actions, arn, name, read.place(setting))
    for actions, arn, layer in needs_of(read.function, read.project):
        yield _Need(actions, EVERYTHING if arn == Text.of(ANY) else arn, "layers", layer.place)
    for number, event in enumerate(read.function.events):
        for actions, arn in event_kind(event.kind).needs(event, read):
            yield _Need(actions, arn, f"events[{number}].{event.kind}", event.place)


_PATTERNS: Mapping[str, str] = {
    "dynamodb": "table/*/stream/*",
    "elasticfilesystem": "access-point/*",
    "events": "event-bus/*",
    "kafka": "cluster/*",
    "kinesis": "stream/*",
    "kms": "key/*",
    "lambda": "function:*",
    "mq": "broker:*",
    "s3files": "file-system/*",
    "secretsmanager": "secret:*",
    "sns": "*",
    "sqs": "*",
}
"""What stands for an ARN of which nothing is known: any of its service's resources of that kind, in the own account."""


def _resource(arn: Text, action: str) -> Resource:
    """What an action acts on; an ARN that is unknown altogether is the narrowest pattern of its kind."""
    if arn == EVERYTHING:
        return Resource(arn, Certainty.RESOLVED)
    if len(arn.parts) > 1 or (arn.parts and not arn.unknowns):
        return assess(arn, ())
    unknown = arn.unknowns[0] if arn.parts else Unknown("its ARN is empty")
    service = action.partition(":")[0]
    pieces = _PATTERNS.get(service, "*").split("*")
    head = Text.of("arn:", PSEUDO["Partition"], f":{service}:", PSEUDO["Region"], ":", PSEUDO["Account"], ":")
    any_of_them = Text.of(head, pieces[0], *(one for piece in pieces[1:] for one in (unknown, piece)))
    return Resource(any_of_them, Certainty.UNKNOWN, unknown.reason)


# Settings: (its value, the reader) → (actions, ARN, the setting's name)

_SettingNeeds = Iterator[tuple[tuple[str, ...], Text, str]]


def _logs(disabled: Tree | None, read: _Reader) -> _SettingNeeds:
    """Logs go to the function's own group, or to the one that ``logs.logGroup`` names, in the streams that Lambda makes
    in it."""
    if disabled is True:
        return
    own = as_map(read.function.settings.get("logs")).get("logGroup")
    names = (read.text(own),) if own else names_for(read.function)
    head = Text.of("arn:", PSEUDO["Partition"], ":logs:", PSEUDO["Region"], ":", PSEUDO["Account"], ":log-group:")
    group = Text.of(head, names[0])
    actions = (*actions_on(names, read.function, read.project), *tagging(read.project))
    yield actions, Text.of(group, ":*"), "logs"
    yield ("logs:PutLogEvents",), Text.of(group, ":*:*"), "logs"


def _vpc(value: Tree | None, read: _Reader) -> _SettingNeeds:
    if value:
        yield VPC_ACTIONS, EVERYTHING, "vpc"


def _tracing(value: Tree | None, read: _Reader) -> _SettingNeeds:
    if value:
        yield TRACING, EVERYTHING, "tracing"


def _kms_key(value: Tree | None, read: _Reader) -> _SettingNeeds:
    if value:
        yield ("kms:Decrypt",), read.text(value), "kmsKeyArn"


def _dead_letters(value: Tree | None, read: _Reader) -> _SettingNeeds:
    if value:
        arn = read.text(value)
        for action in _actions_for(arn, read):
            if action in ("sns:Publish", "sqs:SendMessage"):  # what a dead letter queue can be
                yield (action,), arn, "onError"


def _destinations(value: Tree | None, read: _Reader) -> _SettingNeeds:
    for outcome, target in as_map(value).items():
        if outcome in ("onSuccess", "onFailure") and target:
            for actions, arn in read.sending_to(target):
                yield actions, arn, f"destinations.{outcome}"


def _files(value: Tree | None, read: _Reader) -> _SettingNeeds:
    """A file system of EFS by its access point; one of S3 Files, whose access point's ARN begins with the file system's
    (https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonS3FilesClientReadWriteAccess.html)."""
    if arn := as_map(value).get("arn"):
        text = read.text(arn)
        prefix = (
            "s3files" if as_map(value).get("type") == "s3files" or _is_of_s3_files(text, read) else "elasticfilesystem"
        )
        whole = (
            Text.unknown("scopedown cannot tell the file system of the access point") if prefix == "s3files" else text
        )
        yield (f"{prefix}:ClientMount", f"{prefix}:ClientWrite"), whole, "fileSystemConfig"


def _is_of_s3_files(arn: Text, read: _Reader) -> bool:
    declared = [read.project.resources.get(part.id) for part in arn.parts if isinstance(part, Ref | Att)]
    named = any(isinstance(part, Literal) and ":s3files:" in part.value for part in arn.parts)
    return named or any(resource is not None and resource.type.startswith("AWS::S3Files::") for resource in declared)


def _durable(value: Tree | None, read: _Reader) -> _SettingNeeds:
    """Its checkpoints, of executions of every version
    (https://docs.aws.amazon.com/lambda/latest/dg/durable-security.html)."""
    if value:
        actions = ("lambda:CheckpointDurableExecution", "lambda:GetDurableExecutionState")
        yield actions, Text.of(function_arn(read.function.name), ":*"), "durableConfig"


_SETTINGS: Mapping[str, Callable[[Any, _Reader], _SettingNeeds]] = {
    "disableLogs": _logs,
    "vpc": _vpc,
    "tracing": _tracing,
    "kmsKeyArn": _kms_key,
    "onError": _dead_letters,
    "destinations": _destinations,
    "fileSystemConfig": _files,
    "durableConfig": _durable,
}


# Targets


_SENDING = ("events:PutEvents", "lambda:InvokeFunction", "sns:Publish", "sqs:SendMessage")
_WORDS: tuple[tuple[str, str], ...] = (
    ("queue", "sqs:SendMessage"),
    ("sqs", "sqs:SendMessage"),
    ("dlq", "sqs:SendMessage"),
    ("deadletter", "sqs:SendMessage"),
    ("topic", "sns:Publish"),
    ("sns", "sns:Publish"),
    ("lambda", "lambda:InvokeFunction"),
    ("function", "lambda:InvokeFunction"),
    ("bus", "events:PutEvents"),
    ("bucket", "s3:PutObject"),
)
"""What names of parameters and outputs say of the target whose ARN they hold, the first that does."""


def _actions_for(arn: Text, read: _Reader) -> tuple[str, ...]:
    """What sending to this ARN takes. Where nothing shows what it is of, each of the actions: an ARN is of one service,
    so that the others allow nothing. None where it is something that Lambda does not send to by its role."""
    if (action := _sending(arn, read)) is not None:
        return (action,)
    match arn.parts:
        case (Param(name),):
            default = default_of(read.scope.parameters.get(name), Param(name))
            if isinstance(default, str) and default.startswith("arn:"):
                known = _TARGETS.get(service_of(default))
                return (known,) if known else ()
            said = name
        case (ImportValue(name),):
            said = str(name)
        case (Att(id, name),) if id not in read.project.resources or name.startswith("Outputs."):
            said = name
        case (Unknown(),):
            said = ""
        case _:
            return ()
    plain = re.sub(r"[^a-z]", "", said.lower())
    return next(((action,) for word, action in _WORDS if word in plain), _SENDING)


def _sending(arn: Text, read: _Reader) -> str | None:
    """What sending to this ARN takes, or None where its kind is not known."""
    for part in arn.parts:
        if isinstance(part, Ref | Att) and (known := read.project.resources.get(part.id)) is not None:
            return _TARGETS.get(known.type)
    return _TARGETS.get(service_in(arn))
