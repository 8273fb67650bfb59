"""The framework's own functions and their role: what existing buckets and user pools make it deploy.

Sources: osls 4.3.1 ``lib/plugins/aws/custom-resources/index.js`` and the s3, cognito-user-pool and api-gateway
events. (osls compiles eventBridge events without one; serverless 3 needs its own function where
``provider.eventBridge.useCloudFormation`` is false.)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from scopedown.project.model import DeclaredStatement, Tree
from scopedown.project.serverless.additions import allow
from scopedown.project.serverless.deployment import bucket_of
from scopedown.project.serverless.events import event_bridge
from scopedown.project.serverless.events.conversions import boolean, truthy
from scopedown.project.serverless.events.http_stage import logs_access
from scopedown.project.serverless.frameworks import V4, custom_resources_runtime, goes_on_from_v3
from scopedown.project.serverless.log_groups import log_group_id, log_group_name
from scopedown.project.serverless.names import CUSTOM_RESOURCES_ROLE, concat, function_id, log_group_arn, shortened
from scopedown.project.serverless.service import Service, as_map, is_text
from scopedown.project.serverless.template import Template

_KINDS: Final = {
    "s3": ("custom-resource-existing-s3", "s3/handler.handler"),
    "cognitoUserPool": ("custom-resource-existing-cup", "cognito-user-pool/handler.handler"),
    "apiGateway": ("custom-resource-apigw-cw-role", "api-gateway-cloud-watch-role/handler.handler"),
    "eventBridge": ("custom-resource-event-bridge", "event-bridge/handler.handler"),
}
CUSTOM_SENDERS: Final = ("CustomSMSSender", "CustomEmailSender")
"""The triggers of a user pool that need its KMS key."""
_ANY_FUNCTION: Final = {"Fn::Sub": "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:*"}

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
    trust = {"Effect": "Allow", "Principal": {"Service": ["lambda.amazonaws.com"]}, "Action": ["sts:AssumeRole"]}
    properties: dict[str, Any] = {
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
        "Policies": [{"PolicyName": {"Fn::Join": ["-", [service.stage, service.name, "custom-resources-lambda"]]}}],
    }
    return CUSTOM_RESOURCES_ROLE, properties, statements


def compile_custom_resources(template: Template) -> None:
    """The framework's own functions, with the log groups that ``provider.logs.frameworkLambda`` asks for."""
    service = template.service
    provider = service.provider
    for kind, needed in _wanted(service).items():
        name, handler = _KINDS[kind]
        full = concat(service.name, f"-{service.stage}-{name}")
        full = shortened(full) if isinstance(full, str) else full
        built_for = provider.get("architecture") if not goes_on_from_v3(service) else None
        place = needed[0].place or service.place
        properties: dict[str, Any] = {
            "Code": {"S3Bucket": bucket_of(service)},
            "FunctionName": full,
            "Handler": handler,
            "MemorySize": 1024,
            "Runtime": custom_resources_runtime(service),
            "Timeout": 180,
            "Architectures": [built_for] if built_for else None,
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


def _wanted(service: Service) -> dict[str, list[DeclaredStatement]]:
    """What each of the framework's functions must be allowed, where it is needed, in the framework's order."""
    found = {
        "s3": _existing_buckets(service),
        "apiGateway": _api_logs(service),
        "cognitoUserPool": _existing_pools(service),
        "eventBridge": event_bridge.own_function_statements(service),
    }
    return {kind: statements for kind, statements in found.items() if statements}


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


def _existing_pools(service: Service) -> list[DeclaredStatement]:
    found: list[DeclaredStatement] = []
    for key in service.functions:
        for event in service.events(key):
            settings = event.settings
            if event.kind == "cognitoUserPool" and isinstance(settings, Mapping) and boolean(settings, "existing"):
                if settings.get("trigger") in CUSTOM_SENDERS and settings.get("kmsKeyId"):
                    found.append(allow(("kms:CreateGrant",), settings["kmsKeyId"], event.place))
                actions = (
                    "cognito-idp:ListUserPools", "cognito-idp:DescribeUserPool", "cognito-idp:UpdateUserPool",
                )  # fmt: skip
                found.append(allow(actions, "*", event.place))
                if goes_on_from_v3(service):
                    function = concat("arn:${AWS::Partition}:lambda:*:*:function:", service.function_name(key))
                    both = ("lambda:AddPermission", "lambda:RemovePermission")
                    found.append(allow(both, {"Fn::Sub": function}, event.place))
                break
    if found:
        place = found[0].place
    if found and not goes_on_from_v3(service):
        add = allow(("lambda:AddPermission",), _ANY_FUNCTION, place)
        condition = {"StringEquals": {"lambda:Principal": "cognito-idp.amazonaws.com"}}
        found.append(DeclaredStatement({**add.statement, "Condition": condition}, place, "framework"))
        found.append(allow(("lambda:RemovePermission",), _ANY_FUNCTION, place))
    if found:
        found.append(allow(("iam:PassRole",), {"Fn::Sub": "arn:${AWS::Partition}:iam::*:role/*"}, place))
    return found


def _api_logs(service: Service) -> list[DeclaredStatement]:
    """Logs of an API need a role of API Gateway's account, which the framework sets by a function of its own."""
    logs = as_map(service.provider.get("logs"))
    rest, websocket = logs.get("restApi"), logs.get("websocket")
    if as_map(service.provider.get("apiGateway")).get("websocketApiId"):
        websocket = None  # its stage, and what it logs, are another stack's
    kinds = {event.kind for key in service.functions for event in service.events(key)}
    needed = ("http" in kinds and logs_access(service)) or ("websocket" in kinds and truthy(websocket))
    if not needed or as_map(rest).get("roleManagedExternally"):
        return []
    place = service.place_in(logs, "restApi" if truthy(rest) else "websocket")
    roles = {"Fn::Join": [":", ["arn", {"Ref": "AWS::Partition"}, "iam:", {"Ref": "AWS::AccountId"}, "role/*"]]}
    account = {"Fn::Join": [":", ["arn", {"Ref": "AWS::Partition"}, "apigateway:*::/account"]]}
    actions = ("iam:AttachRolePolicy", "iam:CreateRole", "iam:ListAttachedRolePolicies", "iam:PassRole")
    return [allow(actions, roles, place), allow(("apigateway:GET", "apigateway:PATCH"), account, place)]
