"""The log groups of functions.

Source: osls 4.3.1 ``lib/plugins/aws/package/lib/merge-iam-templates.js``.
"""

from __future__ import annotations

from typing import Any

from scopedown.project.serverless.frameworks import condition_beside
from scopedown.project.serverless.names import Name, concat, normalized
from scopedown.project.serverless.template import Template


def log_group_id(key: str) -> str:
    """The logical id of a function's log group.

    >>> log_group_id("hello-world")
    'HelloDashworldLogGroup'
    """
    return f"{normalized(key)}LogGroup"


def log_group_name(function_name: Name) -> Name:
    """The name of the log group that Lambda writes a function's logs to."""
    return concat("/aws/lambda/", function_name)


def compile_log_groups(template: Template) -> None:
    """A log group for every function that does not switch its logs off."""
    service = template.service
    for key, function in service.functions.items():
        if function.get("disableLogs"):
            continue
        kept = ("logRetentionInDays", "RetentionInDays"), ("logDataProtectionPolicy", "DataProtectionPolicy")
        properties: dict[str, Any] = {"LogGroupName": log_group_name(service.function_name(key))}
        for setting, name in kept:
            properties[name] = function.get(setting) or service.provider.get(setting) or None
        template.add(
            log_group_id(key), "AWS::Logs::LogGroup", properties, service.place_in(service.functions, key),
            Condition=condition_beside(service, function),
        )  # fmt: skip
