"""The framework's own functions and their role: what existing buckets and user pools make it deploy.

Sources: osls 4.3.1 ``lib/plugins/aws/custom-resources/index.js`` and the s3, cognito-user-pool and api-gateway
events. (osls compiles eventBridge events without one; serverless 3 needs its own function where
``provider.eventBridge.useCloudFormation`` is false.)
"""

from __future__ import annotations

from typing import Any

from scopedown.documents.nodes import as_map
from scopedown.project.model import DeclaredStatement
from scopedown.project.serverless.additions import allow
from scopedown.project.serverless.deployment import bucket_of
from scopedown.project.serverless.event_kinds import kinds_of
from scopedown.project.serverless.frameworks import V4, custom_resources_runtime
from scopedown.project.serverless.log_groups import log_group_id, log_group_name
from scopedown.project.serverless.names import CUSTOM_RESOURCES_ROLE, concat, function_id, log_group_arn, shortened
from scopedown.project.serverless.service import Service, is_text
from scopedown.project.serverless.template import Template, trust

CustomRole = tuple[str, dict[str, Any], list[DeclaredStatement]]


def custom_resources_role(service: Service) -> CustomRole | None:
    """The role of the framework's functions: its id, its properties, its statements; None where there is none."""
    wanted = _wanted(service)
    if not wanted or deployment_role(service):
        return None
    statements: list[DeclaredStatement] = []
    if _writes_logs(service):
        group = concat(service.name, f"-{service.stage}*")
        actions = ("logs:CreateLogStream", "logs:CreateLogGroup", "logs:TagResource")
        statements += [
            allow(actions, [log_group_arn(group, ":*")], service.place),
            allow(("logs:PutLogEvents",), [log_group_arn(group, ":*:*")], service.place),
        ]
    for statement in (statement for needed in wanted.values() for statement in needed):
        # The framework compares resources by identity: texts may be the same, intrinsic functions never are.
        resource = statement.statement["Resource"]
        if is_text(resource) and any(other.statement["Resource"] == resource for other in statements):
            continue
        statements.append(statement)
    properties: dict[str, Any] = {
        "AssumeRolePolicyDocument": trust(["lambda.amazonaws.com"], ["sts:AssumeRole"]),
        "Policies": [{"PolicyName": {"Fn::Join": ["-", [service.stage, service.name, "custom-resources-lambda"]]}}],
    }
    return CUSTOM_RESOURCES_ROLE, properties, statements


def compile_custom_resources(template: Template) -> None:
    """The framework's own functions, with the log groups that ``provider.logs.frameworkLambda`` asks for."""
    service = template.service
    provider = service.provider
    for (name, handler), needed in _wanted(service).items():
        full = concat(service.name, f"-{service.stage}-{name}")
        full = shortened(full) if isinstance(full, str) else full
        place = needed[0].place or service.place
        properties: dict[str, Any] = {
            "Code": {"S3Bucket": bucket_of(service)},
            "FunctionName": full,
            "Handler": handler,
            "Runtime": custom_resources_runtime(service),
            "Role": deployment_role(service) or {"Fn::GetAtt": [CUSTOM_RESOURCES_ROLE, "Arn"]},
        }
        depends = [] if deployment_role(service) else [CUSTOM_RESOURCES_ROLE]
        depends += [log_group_id(name)] if _writes_logs(service) else []
        template.add(function_id(name), "AWS::Lambda::Function", properties, place, DependsOn=depends or None)
        if _writes_logs(service):
            group = {
                "LogGroupName": log_group_name(full),
                "RetentionInDays": provider.get("logRetentionInDays"),
                "DataProtectionPolicy": provider.get("logDataProtectionPolicy"),
            }
            template.add(log_group_id(name), "AWS::Logs::LogGroup", group, place)


def deployment_role(service: Service) -> Any:
    """The role that CloudFormation is given, which the framework's functions then assume too."""
    return as_map(service.provider.get("iam")).get("deploymentRole", service.provider.get("cfnRole"))


def _writes_logs(service: Service) -> bool:
    wanted = as_map(service.provider.get("logs")).get("frameworkLambda")
    return bool(service.framework == V4 if wanted is None else wanted)  # by default in v4 only


def _wanted(service: Service) -> dict[tuple[str, str], list[DeclaredStatement]]:
    """What each of the framework's functions (name, handler) must be allowed where it is needed, in its order."""
    functions = (kind.own_function for kind in kinds_of(service))
    found = {(own.name, own.handler): list(own.statements(service)) for own in functions if own is not None}
    return {function: statements for function, statements in found.items() if statements}
