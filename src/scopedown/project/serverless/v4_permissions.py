"""What serverless 4 adds by itself to the role of a single function, in its order.

It differs from what it adds to a shared role: one statement for the function's own log group, a dead letter target of
any kind, brokers of both kinds together, and so on. Source: serverless at b9d7ea5 (v4),
``packages/serverless/lib/plugins/aws/package/lib/roles-per-function-permissions.js``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from scopedown.core.text import Text
from scopedown.documents.nodes import as_map
from scopedown.project.model import DeclaredStatement
from scopedown.project.serverless.additions import allow, destination_of, file_actions
from scopedown.project.serverless.event_kinds import kinds_in_roles_of_v4
from scopedown.project.serverless.log_groups import own_log_group
from scopedown.project.serverless.names import concat
from scopedown.project.serverless.service import Service, is_text


def permissions(service: Service, key: str) -> Iterator[DeclaredStatement]:
    """The statements for one function: logs, events, then settings."""
    function = service.functions[key]
    alone = replace(service, functions={key: function})
    yield from _logs(service, key)
    kinds = kinds_in_roles_of_v4()
    for added, _ in kinds:
        if added.position < 0:
            yield from added.statements(alone)
    dead_letters = function.get("onError")
    if dead_letters:
        yield allow(("sns:Publish",), dead_letters, service.place_in(function, "onError"))
    for added, _ in kinds:
        if added.position > 0:
            yield from added.statements(alone)
    yield from _settings(service, function)
    yield from _destinations(service, key)


def _logs(service: Service, key: str) -> Iterator[DeclaredStatement]:
    function = service.functions[key]
    place = service.place_in(service.functions, key)
    prefix = "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:"
    group = {"Fn::Sub": concat(prefix, own_log_group(service, key), ":*:*")}
    yield allow(("logs:CreateLogStream", "logs:CreateLogGroup", "logs:PutLogEvents"), [group], place)
    if function.get("disableLogs"):
        yield allow(("logs:PutLogEvents",), [group], service.place_in(function, "disableLogs"), effect="Deny")


def _settings(service: Service, function: Mapping[str, Any]) -> Iterator[DeclaredStatement]:
    tracing = function.get("tracing") or as_map(service.provider.get("tracing")).get("lambda")
    if tracing:
        place = service.place_in(function, "tracing")
        yield allow(("xray:PutTraceSegments", "xray:PutTelemetryRecords"), ["*"], place)
    holder = function if function.get("kmsKeyArn") else service.provider
    encrypted_by = holder.get("kmsKeyArn")
    if encrypted_by and is_text(encrypted_by):
        yield allow(("kms:Decrypt",), [encrypted_by], service.place_in(holder, "kmsKeyArn"))
    files = as_map(function.get("fileSystemConfig"))
    if files.get("arn"):
        yield allow(file_actions(service, files), [files["arn"]], service.place_in(function, "fileSystemConfig"))


def _destinations(service: Service, key: str) -> Iterator[DeclaredStatement]:
    destinations = as_map(service.functions[key].get("destinations"))
    for outcome in ("onSuccess", "onFailure"):
        target = destinations.get(outcome)
        if not isinstance(target, str | Text | Mapping) or not target:
            continue
        action, resource = destination_of(service, target)
        if action is not None:
            yield allow(action, resource, service.place_in(destinations, outcome))
            continue
        service.tell(
            "destination-unknown", f"scopedown cannot tell the type of the {outcome} destination of {key}",
            service.place_in(destinations, outcome), "write it as {type: sqs, arn: …}",
        )  # fmt: skip
