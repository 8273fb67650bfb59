"""The log groups of functions.

v4 makes none where the project names one (``logs.logGroup``), and a second one, which the function then writes to, of
the class INFREQUENT_ACCESS.

Sources: osls 4.3.1 ``lib/plugins/aws/package/lib/merge-iam-templates.js``; serverless at b9d7ea5 (v4),
``packages/serverless/lib/plugins/aws/package/lib/function-log-groups.js``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.documents.nodes import as_map
from scopedown.project.serverless.conversions import integer
from scopedown.project.serverless.frameworks import V4, condition_beside
from scopedown.project.serverless.names import Name, concat, normalized
from scopedown.project.serverless.service import Service, is_text
from scopedown.project.serverless.template import Template

_INFREQUENT: Final = "INFREQUENT_ACCESS"


def log_group_id(key: str) -> str:
    """The logical id of a function's log group.

    >>> log_group_id("hello-world")
    'HelloDashworldLogGroup'
    """
    return f"{normalized(key)}LogGroup"


def log_group_name(function_name: Name) -> Name:
    """The name of the log group that Lambda writes a function's logs to."""
    return concat("/aws/lambda/", function_name)


def given_log_group(service: Service, function: Mapping[str, Any]) -> Any:
    """The log group that the project names for a function (v4); None where the framework makes one."""
    return as_map(function.get("logs")).get("logGroup") or _of_provider(service).get("logGroup") or None


def is_infrequent(service: Service, function: Mapping[str, Any]) -> bool:
    """Whether a function writes to a log group for infrequent access (v4)."""
    own = as_map(function.get("logs")).get("logGroupClass")
    kind = own if own is not None else _of_provider(service).get("logGroupClass")
    return is_text(kind) and str(kind).upper() == _INFREQUENT


def own_log_group(service: Service, key: str) -> Name:
    """The name of the log group that a function writes to in v4."""
    function = service.functions[key]
    given = given_log_group(service, function)
    if is_text(given):
        return concat(given)
    return log_group_name(concat(service.function_name(key), "-ia" if is_infrequent(service, function) else ""))


def _of_provider(service: Service) -> Mapping[str, Any]:
    return as_map(as_map(service.provider.get("logs")).get("lambda"))


def log_groups_of(service: Service, key: str) -> list[str]:
    """The logical ids of the log groups that are made for a function."""
    function = service.functions[key]
    if function.get("disableLogs") or (service.framework == V4 and given_log_group(service, function)):
        return []
    second = service.framework == V4 and is_infrequent(service, function)
    return [log_group_id(key), *([f"{log_group_id(key)}IA"] if second else [])]


def add_log_group(template: Template, id: str, name: Name, place: Place) -> None:
    """A log group of an API, with what the provider says of logs."""
    provider = template.service.provider
    properties = {
        "LogGroupName": name,
        "RetentionInDays": integer(provider.get("logRetentionInDays")) or None,
        "DataProtectionPolicy": provider.get("logDataProtectionPolicy") or None,
    }
    template.add(id, "AWS::Logs::LogGroup", properties, place)


def compile_log_groups(template: Template) -> None:
    """A log group for every function that does not switch its logs off."""
    service = template.service
    for key, function in service.functions.items():
        ids = log_groups_of(service, key)
        if not ids:
            continue
        kept = ("logRetentionInDays", "RetentionInDays"), ("logDataProtectionPolicy", "DataProtectionPolicy")
        properties: dict[str, Any] = {"LogGroupName": log_group_name(service.function_name(key))}
        for setting, name in kept:
            properties[name] = function.get(setting) or service.provider.get(setting) or None
        place = service.place_in(service.functions, key)
        template.add(
            log_group_id(key), "AWS::Logs::LogGroup", properties, place, Condition=condition_beside(service, function)
        )
        for id in ids[1:]:
            second = {**properties, "LogGroupName": own_log_group(service, key), "LogGroupClass": _INFREQUENT}
            template.add(id, "AWS::Logs::LogGroup", second, place, DeletionPolicy="Retain")
