"""What a state machine tells of its executions: alarms on its metrics, and notifications of their status.

In: one machine of ``stepFunctions.stateMachines``, with its ``alarms`` and ``notifications``. Out: alarms of
CloudWatch; rules of EventBridge with what lets them reach their targets: policies of topics and queues, permissions of
functions, and one role for the targets of other kinds. The plugin leaves a malformed section out and deploys the rest;
so it is here, with a finding. Source: serverless-step-functions 3.21.1 (MIT),
``lib/deploy/stepFunctions/{compileAlarms,compileNotifications}{,.schema}.js``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from scopedown.core.text import Text
from scopedown.documents.nodes import as_list, as_map, place_of
from scopedown.project.serverless.conversions import json_text
from scopedown.project.serverless.names import Name, concat
from scopedown.project.serverless.template import Template, allowed, policy

# What serverless-step-functions takes for an ARN in ``alarms`` and ``notifications``.
#
# Source: serverless-step-functions 3.21.1 (MIT), ``lib/deploy/stepFunctions/compile{Alarms,Notifications}.schema.js``.
# ``Fn::Sub`` is not among them.


def is_word(value: Any) -> bool:
    """Text that is not empty (one that is not known counts as such)."""
    return isinstance(value, Text) or (isinstance(value, str) and value != "")


def names_only(value: Any, names: Iterable[str]) -> bool:
    """Whether a value is a mapping with no other keys."""
    return isinstance(value, Mapping) and set(value) <= set(names)


def is_arn(value: Any, imports: bool = False) -> bool:
    """Text, or one of the intrinsic functions that the plugin lets stand for it; ``imports``: Fn::ImportValue too."""
    if is_word(value):
        return True
    if not isinstance(value, Mapping) or len(value) != 1:
        return False
    ((name, argument),) = value.items()
    if name == "Ref":
        return is_word(argument)
    if name == "Fn::GetAtt":
        return isinstance(argument, list) and all(map(is_word, argument))
    if name == "Fn::ImportValue":
        return imports and (is_word(argument) or isinstance(argument, Mapping))
    if name == "Fn::Join":
        return isinstance(argument, list) and all(map(_is_joined, argument))
    return False


def _is_joined(item: Any) -> bool:
    if isinstance(item, list):
        return all(is_word(one) or (names_only(one, ("Ref",)) and all(map(is_word, one.values()))) for one in item)
    return is_word(item)


_METRICS: Final = {
    "executionsTimedOut": "ExecutionsTimedOut",
    "executionsFailed": "ExecutionsFailed",
    "executionsAborted": "ExecutionsAborted",
    "executionThrottled": "ExecutionThrottled",
    "executionsSucceeded": "ExecutionsSucceeded",
}
"""The metrics that there are alarms for: their name in CloudWatch."""
_STATUSES: Final = ("ABORTED", "FAILED", "RUNNING", "SUCCEEDED", "TIMED_OUT")
_TARGETS: Final = ("sns", "sqs", "kinesis", "firehose", "lambda", "stepFunctions")
_BY_ROLE: Final = {
    "kinesis": "kinesis:PutRecord",
    "firehose": "firehose:PutRecord",
    "stepFunctions": "states:StartExecution",
}
"""What EventBridge does to targets that it reaches by a role."""
_VARIABLE: Final = re.compile(r"\$\[([^\][]*)\]")
_EVENTS: Final = "events.amazonaws.com"


def compile_notices(template: Template, key: str, machine: Mapping[str, Any], id: str) -> None:
    """The alarms and notifications of the machine ``key``, whose logical id is ``id``."""
    name = machine.get("name") or key
    _alarms(template, key, machine, id, name)
    _notifications(template, key, machine, id, name)


# Alarms


def _alarms(template: Template, key: str, machine: Mapping[str, Any], id: str, name: Name) -> None:
    settings, service = machine.get("alarms"), template.service
    if not isinstance(settings, Mapping | list):
        return
    place = place_of(machine, "alarms") or service.place
    if wrong := _wrong_alarms(settings):
        service.report("alarms-left-out", place, key=key, why=wrong)
        return
    topics = as_map(as_map(settings).get("topics"))
    pattern = as_map(settings).get("nameTemplate")
    seen: set[str] = set()
    for metric in as_list(as_map(settings).get("metrics")):
        word = as_map(metric).get("metric", metric) if isinstance(metric, Mapping) else metric
        if isinstance(metric, str) and metric in seen:
            continue
        seen.update([metric] if isinstance(metric, str) else [])
        if word not in _METRICS:
            service.report(
                "alarms-left-out metric", place, key=key, metric=repr(str(word)[:60]), known=", ".join(_METRICS)
            )
            continue
        kind = _METRICS[word]
        own = as_map(metric)
        properties = {
            "OKActions": [topics["ok"]] if topics.get("ok") else [],
            "AlarmActions": [topics["alarm"]] if topics.get("alarm") else [],
            "AlarmName": own.get("alarmName", _alarm_name(pattern, name, word, kind)) or None,
        }
        template.add(own.get("logicalId", f"{id}{kind}Alarm"), "AWS::CloudWatch::Alarm", properties, place)


def _alarm_name(pattern: Any, machine: Name, metric: str, kind: str) -> Name | None:
    """A name by the template ``nameTemplate``; None where it holds an unknown variable."""
    if not isinstance(pattern, str):
        return None
    values = {"stateMachineName": machine, "cloudWatchMetricName": kind, "metricName": metric}
    if any(word not in values for word in _VARIABLE.findall(pattern)):
        return None
    parts = _VARIABLE.split(pattern)
    return concat(*(values[part] if index % 2 else part for index, part in enumerate(parts)))


def _wrong_alarms(settings: Any) -> str:
    """Why the plugin does not take the section; empty where it does."""
    if not names_only(settings, ("topics", "metrics", "nameTemplate", "treatMissingData")):
        return "alarms may have topics, metrics, nameTemplate and treatMissingData only"
    topics, metrics = settings.get("topics"), settings.get("metrics")
    if not topics or not names_only(topics, ("ok", "alarm", "insufficientData")):
        return "topics may have ok, alarm and insufficientData only, and needs at least one"
    if not all(is_arn(topic, imports=True) for topic in topics.values()):
        return "a topic must be an ARN, or a Ref, Fn::GetAtt, Fn::ImportValue or Fn::Join of an ARN"
    if not isinstance(metrics, list) or not metrics or not all(map(_is_metric, metrics)):
        return "metrics must be a list of names, or of mappings with metric"
    for setting in ("nameTemplate", "treatMissingData"):
        if setting in settings and not is_word(settings[setting]):
            return f"{setting} must be text"
    pattern = settings.get("nameTemplate")
    if isinstance(pattern, str) and not _VARIABLE.search(pattern):
        return "nameTemplate has no variable, and the plugin needs at least one"
    return ""


def _is_metric(written: Any) -> bool:
    if is_word(written):
        return True
    names = ("metric", "logicalId", "alarmName", "treatMissingData")
    return names_only(written, names) and "metric" in written and all(map(is_word, written.values()))


# Notifications


def _notifications(template: Template, key: str, machine: Mapping[str, Any], id: str, name: Name) -> None:
    written = machine.get("notifications")
    if not isinstance(written, Mapping | list):
        return
    place = place_of(machine, "notifications") or template.service.place
    if wrong := _wrong_notifications(machine, written):
        template.service.report("notifications-left-out", place, key=key, why=wrong)
        return
    settings = as_map(written)
    targets = [(status, target) for status in _STATUSES for target in as_list(settings.get(status))]
    role_id, policies = f"{id}NotificationsIamRole", []
    for index, (status, target) in enumerate(targets):
        if kind := next((one for one in ("sns", "sqs", "kinesis", "lambda") if target.get(one)), None):
            arn = as_map(target[kind]).get("arn", target[kind])
        else:
            kind = next(one for one in _TARGETS if one in target)
            arn = target[kind]
        if kind in _BY_ROLE:
            action = _BY_ROLE[kind]
            name_of_policy = _policy_name(status, next(iter(target)), action, arn)
            policies.append(policy(name_of_policy, allowed(action, arn)))
        else:
            type, properties = _resource_policy(status, kind, arn)
            suffix = _digest({"index": index, "resource": {"Type": type, "Properties": properties}})
            template.add(f"{id}ResourcePolicy{suffix}", type, properties, place)
    if policies:
        trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": _EVENTS}}
        properties = {"AssumeRolePolicyDocument": {"Statement": trust}, "Policies": policies}
        template.add(role_id, "AWS::IAM::Role", properties, place)
    role = {"Fn::GetAtt": [role_id, "Arn"]}
    for status in _STATUSES:
        listed = as_list(settings.get(status))
        if listed:
            properties = {
                "Name": concat(name, f"-{status}-notification"),
                "RoleArn": role if policies else None,
                "Targets": [_target(target, role) for target in listed],
            }
            rule = f"{id}Notifications{status.replace('_', '')}EventRule"
            template.add(rule, "AWS::Events::Rule", properties, place)


def _target(written: Mapping[str, Any], role: Any) -> dict[str, Any]:
    """A target of a rule, with the role that it is reached by."""
    for kind in ("sqs", "kinesis"):
        if "arn" in as_map(written.get(kind)):
            return {"Arn": written[kind]["arn"]}
    if "stepFunctions" in written:
        return {"Arn": written["stepFunctions"], "RoleArn": role}
    return {"Arn": next(written[kind] for kind in _TARGETS if kind in written)}


def _resource_policy(status: str, kind: str, arn: Any) -> tuple[str, dict[str, Any]]:
    """What lets EventBridge reach a topic, a queue or a function: a resource's type and properties."""
    if kind == "lambda":
        permission = {"Action": "lambda:InvokeFunction", "FunctionName": arn, "Principal": _EVENTS}
        return "AWS::Lambda::Permission", permission
    action = "sns:Publish" if kind == "sns" else "sqs:SendMessage"
    statement = {
        "Sid": _policy_name(status, kind, action, arn),
        "Principal": {"Service": _EVENTS},
        "Effect": "Allow",
        "Action": action,
        "Resource": arn,
    }
    document = {"PolicyDocument": {"Version": "2012-10-17", "Statement": statement}}
    if kind == "sns":
        return "AWS::SNS::TopicPolicy", {**document, "Topics": [arn]}
    return "AWS::SQS::QueuePolicy", {**document, "Queues": [_queue_url(arn)]}


def _queue_url(arn: Any) -> Any:
    if isinstance(arn, Mapping):
        return {"Ref": arn["Fn::GetAtt"][0]}
    name = arn.rsplit(":", 1)[-1] if isinstance(arn, str) else Text.unknown("the end of an unknown ARN")
    url = "https://sqs.${AWS::Region}.amazonaws.com/${AWS::AccountId}/${QueueName}"
    return {"Fn::Sub": [url, {"QueueName": name}]}


def _policy_name(status: str, kind: str, action: str, resource: Any) -> str:
    return f"{status}-{kind}-{_digest({'action': action, 'resource': resource})}"


def _digest(value: Any) -> str:
    """The five characters that the plugin tells its names apart by."""
    return hashlib.md5(str(json_text(value)).encode(), usedforsecurity=False).hexdigest()[:5]


def _wrong_notifications(machine: Mapping[str, Any], settings: Any) -> str:
    """Why the plugin does not take the section; empty where it does."""
    if machine.get("type") == "EXPRESS":
        return "a machine of type EXPRESS has no notifications"
    if not names_only(settings, _STATUSES):
        return f"notifications may have {', '.join(_STATUSES)} only"
    for targets in settings.values():
        if not isinstance(targets, list) or not all(map(_is_target, targets)):
            return f"a status needs a list of targets, each with one of {', '.join(_TARGETS)}"
    for arn in _queues(settings):
        if isinstance(arn, Mapping) and "Fn::GetAtt" not in arn:
            return "a queue must be text or Fn::GetAtt"
    return ""


def _queues(settings: Mapping[str, Any]) -> Iterator[Any]:
    for target in (target for targets in settings.values() for target in targets):
        if target.get("sqs") and not target.get("sns"):
            yield as_map(target["sqs"]).get("arn", target["sqs"])


def _is_target(written: Any) -> bool:
    return bool(written) and names_only(written, _TARGETS) and all(_reaches(*item) for item in written.items())


def _reaches(kind: str, written: Any) -> bool:
    more = {"sqs": "messageGroupId", "kinesis": "partitionKeyPath"}.get(kind)
    if more and names_only(written, ("arn", more)) and "arn" in written:
        word = is_word(written[more]) if more in written else kind == "kinesis"
        return is_arn(written["arn"]) and word
    return is_arn(written)
