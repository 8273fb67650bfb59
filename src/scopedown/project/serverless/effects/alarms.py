"""Plugins that add alarms."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.documents.nodes import as_list, as_map, place_of
from scopedown.documents.scalars import js_text
from scopedown.project.serverless.log_groups import log_group_name
from scopedown.project.serverless.names import Name, concat, function_id, normalized
from scopedown.project.serverless.plugin_effects import Effect
from scopedown.project.serverless.template import Template

_PLUGIN: Final = "serverless-plugin-aws-alerts"
_OUTCOMES: Final = ("ok", "alarm", "insufficientData")
_METRICS: Final = {
    "functionInvocations": "Invocations",
    "functionErrors": "Errors",
    "functionDuration": "Duration",
    "functionThrottles": "Throttles",
}
"""The alarms that the plugin knows, and their metrics (its ``defaults/definitions.js``)."""

Topics = dict[str, Any]


def _aws_alerts(template: Template) -> None:
    """serverless-plugin-aws-alerts 1.7.5 (MIT), ``src/index.js``: alarms of functions, the topics they go to,
    dashboards.

    With ``externalStack`` all of it goes to a stack of its own, which the plugin deploys itself. What a dashboard shows
    is not read, since no permission depends on it.
    """
    service = template.service
    settings = as_map(service.custom.get("alerts"))
    stages = settings.get("stages")
    if not settings or (stages and service.stage not in as_list(stages)):
        return
    place = service.place_in(service.custom, "alerts")
    if settings.get("externalStack"):
        service.report("plugin-stack", place, plugin=_PLUGIN)
        return
    written = as_map(settings.get("definitions"))
    definitions = {
        name: {"enabled": True, **({"metric": _METRICS[name]} if name in _METRICS else {}), **as_map(written.get(name))}
        for name in {**_METRICS, **written}
    }
    topics = _topics(template, settings, place)
    common = [one for key in ("alarms", "global", "function") for one in as_list(settings.get(key))]
    for key, function in service.functions.items():
        alarms = _alarms([*_once(common), *as_list(function.get("alarms"))], definitions)
        _of_function(template, key, alarms, settings, topics)
    _dashboards(template, settings.get("dashboards"), place)


def _once(items: list[Any]) -> list[Any]:
    return [item for index, item in enumerate(items) if isinstance(item, Mapping) or item not in items[:index]]


def _alarms(items: list[Any], definitions: Mapping[str, Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    for item in items:
        if isinstance(item, str):
            yield {"enabled": True, **definitions.get(item, {}), "name": item}
        elif isinstance(item, Mapping):
            known = definitions.get(str(item.get("name")), {})
            yield {"enabled": True, **known, **item}


def _topics(template: Template, settings: Mapping[str, Any], place: Place) -> Topics:
    """The topics by outcome, and those of names of the project's own; topics that are not there yet are added."""
    found: Topics = {}
    for key, written in as_map(settings.get("topics")).items():
        if key in _OUTCOMES:
            found[key] = _topic(template, "", key, written, place)
        else:
            found[key] = {one: _topic(template, key, one, topic, place) for one, topic in as_map(written).items()}
    return found


def _topic(template: Template, group: str, outcome: str, written: Any, place: Place) -> Any:
    given = as_map(written)
    # An intrinsic function is a mapping too, and is no topic to the plugin: it has no ``topic``.
    topic = given.get("topic") if isinstance(written, Mapping) else written
    if not topic:
        return None
    if isinstance(topic, Mapping) or str(topic).startswith("arn:"):
        return topic
    id = f"AwsAlerts{group[:1].upper()}{group[1:]}{outcome[:1].upper()}{outcome[1:]}"
    subscriptions = [
        {"Protocol": as_map(one).get("protocol"), "Endpoint": as_map(one).get("endpoint")}
        for one in as_list(given.get("notifications"))
    ]
    template.add(id, "AWS::SNS::Topic", {"TopicName": topic, "Subscription": subscriptions}, place)
    return {"Ref": id}


def _of_function(
    template: Template, key: str, alarms: Iterator[dict[str, Any]], settings: Mapping[str, Any], topics: Topics
) -> None:
    service, function = template.service, function_id(key)
    place = service.place_in(service.functions, key)
    for alarm in alarms:
        given = {"nameTemplate": settings.get("nameTemplate"), "prefixTemplate": settings.get("prefixTemplate")} | alarm
        name, metric = str(given.get("name")), given.get("metric")
        id = f"{normalized(key)}{normalized(name)}Alarm"
        if not given.get("enabled"):
            template.resources.pop(id, None)
            continue
        if given.get("pattern"):
            metric = f"{str(metric)[:1].upper()}{str(metric)[1:]}{function}"
        shown = {"functionName": key, "functionId": function, "metricName": given.get("metric"), "metricId": metric}
        properties = {
            "OKActions": _actions(given, "ok", topics), "AlarmActions": _actions(given, "alarm", topics),
            "AlarmName": _name(given, shown, service.stack),
        }  # fmt: skip
        template.add(id, "AWS::CloudWatch::Alarm", properties, place)
        for ending in ("ALERT", "OK") if given.get("pattern") else ():
            group = {"LogGroupName": log_group_name(service.function_name(key))}
            id = f"{function}{name[:1].upper()}{name[1:]}LogMetricFilter{ending}"
            template.add(id, "AWS::Logs::MetricFilter", group, place)


def _actions(alarm: Mapping[str, Any], outcome: str, topics: Topics) -> list[Any]:
    """The topics of an outcome: the one for all alarms, and those of the groups that the alarm names."""
    groups = [one for one in as_list(alarm.get(f"{outcome}Actions")) if isinstance(one, str)]
    common = [topics[outcome]] if topics.get(outcome) else []
    return [*common, *(as_map(topics.get(one)).get(outcome) for one in groups)]


def _name(alarm: Mapping[str, Any], shown: dict[str, Any], stack: Name) -> Name | None:
    """An alarm's name, where a template makes one."""
    pattern, prefix = alarm.get("nameTemplate"), alarm.get("prefixTemplate")
    if not pattern:
        if not prefix:
            return None
        pattern = "$[functionName]-$[metricName]"
        shown["metricName"] = alarm.get("name") or shown["metricName"]
    if not isinstance(pattern, str) or not isinstance(prefix, str | None):
        return Text.unknown("the template of the alarm's name is not known")
    for key, value in shown.items():
        pattern = pattern.replace(f"$[{key}]", str(value), 1)
    if prefix is not None and "$[stackName]" not in prefix:
        return f"{prefix}-{pattern}" if prefix else str(pattern)
    before, _, after = (prefix or "$[stackName]").partition("$[stackName]")
    return concat(before, stack, f"{after}-{pattern}")


def _dashboards(template: Template, written: Any, place: Place) -> None:
    service = template.service
    chosen: list[Any] = []
    if isinstance(written, str):
        chosen = [written]
    elif written is True:
        chosen = ["default"]
    elif isinstance(written, Mapping):
        templates = written.get("templates") or "default"
        if service.stage in as_list(written.get("stages")):
            chosen = templates if isinstance(templates, list) else [templates]
    else:
        chosen = as_list(written)
    for one in dict.fromkeys(str(one) for one in chosen):
        ending = "" if one == "default" else one
        name = concat(service.name, f"-{service.stage}-{service.region}", f"-{ending}" if ending else "")
        template.add(f"AlertsDashboard{ending}", "AWS::CloudWatch::Dashboard", {"DashboardName": name}, place)


def _sqs_alarms(template: Template) -> None:
    """serverless-sqs-alarms-plugin 0.1.7 (MIT), ``src/plugin.js``: alarms for queues that hold too many messages."""
    alarms = template.service.custom.get("sqs-alarms")
    for index, one in enumerate(as_list(alarms)):
        alarm = as_map(one)
        queue, name = str(alarm.get("queue")), alarm.get("name")
        topic = f"arn:aws:sns:{template.service.region}:"
        target = {"Fn::Join": ["", [topic, {"Ref": "AWS::AccountId"}, f":{alarm.get('topic')}"]]}
        for threshold in as_list(alarm.get("thresholds")):
            value = js_text((as_map(threshold) or {"value": threshold}).get("value"))
            properties: dict[str, Any] = {
                "AlarmActions": [target], "OKActions": [target],
                "AlarmName": f"{name}-{queue}-{value}" if name else None,
            }  # fmt: skip
            id = f"{re.sub(r'[^0-9a-zA-Z]', '', queue)}MessageAlarm{value}"
            template.add(id, "AWS::CloudWatch::Alarm", properties, place_of(alarms, index) or template.service.place)


EFFECTS: Final = {
    "aws_alerts": Effect(extend=_aws_alerts),
    "sqs_alarms": Effect(extend=_sqs_alarms),
}
