"""serverless-plugin-canary-deployments 0.8.0 (ISC): functions that CodeDeploy shifts traffic to, by aliases.

A function with ``deploymentSettings`` gets an alias, which its events call instead of it, and a deployment group;
CodeDeploy gets a role unless the settings name one. The shared role may report what hooks find.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.documents.nodes import MapNode, as_list, as_map
from scopedown.project.serverless.names import SHARED_ROLE, alphanumeric, concat, function_id
from scopedown.project.serverless.plugin_effects import Effect
from scopedown.project.serverless.template import Template

_CALLS: Final = (
    "AWS::ApiGateway::Method", "AWS::ApiGatewayV2::Authorizer", "AWS::ApiGatewayV2::Integration",
    "AWS::AppSync::DataSource", "AWS::Events::Rule", "AWS::IoT::TopicRule", "AWS::Lambda::EventSourceMapping",
    "AWS::Lambda::Permission", "AWS::Logs::SubscriptionFilter", "AWS::S3::Bucket", "AWS::SNS::Subscription",
    "AWS::SNS::Topic",
)  # fmt: skip
"""The types of what calls functions."""
_MANAGED: Final = "arn:aws:iam::aws:policy/"


def _finish(template: Template) -> None:
    service = template.service
    common = as_map(service.custom.get("deploymentSettings"))
    stages = as_list(common.get("stages"))
    own = {
        key: {**common, **as_map(function["deploymentSettings"])}
        for key, function in service.functions.items() if "deploymentSettings" in function
    }  # fmt: skip
    if not own or (stages and service.stage not in stages):
        return
    place = service.place_in(service.custom, "deploymentSettings")
    stack = service.provider.get("stackName")
    stack = stack if isinstance(stack, str | Text) and stack else concat(service.name, f"-{service.stage}")
    application = f"{alphanumeric(stack)}DeploymentApplication"
    template.add(application, "AWS::CodeDeploy::Application", {"ComputePlatform": "Lambda"}, place)
    if not common.get("codeDeployRole"):
        _role(template, common, any(settings.get("triggerConfigurations") for settings in own.values()))
    hooked: list[Any] = []
    for key, settings in own.items():
        id = function_id(key)
        group = f"{id}DeploymentGroup"
        name = concat(stack, f"-{group}")
        name = name[:100] if isinstance(name, str) else name
        if settings.get("preTrafficHook") or settings.get("postTrafficHook"):
            hooked.append(name)
        _group(template, key, group, application, name, settings)
        _alias(template, key, group, application, settings)
    if hooked:
        _report(template, application, hooked)


def _role(template: Template, common: Mapping[str, Any], notifies: bool) -> None:
    trust = {"Effect": "Allow", "Action": ["sts:AssumeRole"], "Principal": {"Service": ["codedeploy.amazonaws.com"]}}
    names = ["service-role/AWSCodeDeployRoleForLambdaLimited", "AWSLambda_FullAccess"]
    properties = {
        "ManagedPolicyArns": [f"{_MANAGED}{name}" for name in (*names, *(["AmazonSNSFullAccess"] if notifies else []))],
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
        "PermissionsBoundary": common.get("codeDeployRolePermissionsBoundary"),
    }
    place = template.service.place_in(template.service.custom, "deploymentSettings")
    template.add("CodeDeployServiceRole", "AWS::IAM::Role", properties, place)


def _group(template: Template, key: str, id: str, application: str, name: Any, settings: Mapping[str, Any]) -> None:
    kind = {"Fn::Sub": ["CodeDeployDefault.Lambda${ConfigName}", {"ConfigName": settings.get("type")}]}
    template.add(id, "AWS::CodeDeploy::DeploymentGroup", {
        "ApplicationName": {"Ref": application}, "DeploymentGroupName": name, "DeploymentConfigName": kind,
        "ServiceRoleArn": settings.get("codeDeployRole") or {"Fn::GetAtt": ["CodeDeployServiceRole", "Arn"]},
    }, template.service.place_in(template.service.functions, key))  # fmt: skip


def _alias(template: Template, key: str, group: str, application: str, settings: Mapping[str, Any]) -> None:
    id = function_id(key)
    alias = f"{id}Alias{settings.get('alias')}"
    update = {"ApplicationName": {"Ref": application}, "DeploymentGroupName": {"Ref": group}}
    for name, hook in (("AfterAllowTrafficHook", "postTrafficHook"), ("BeforeAllowTrafficHook", "preTrafficHook")):
        if settings.get(hook):
            update[name] = {"Ref": function_id(str(settings[hook]))}
    for called in [*template.all().values()]:
        if called.type in _CALLS:
            template.put(called.logical_id, _instead(called.properties, id, {"Ref": alias}))
    properties = {"FunctionName": {"Ref": id}, "Name": settings.get("alias")}
    place = template.service.place_in(template.service.functions, key)
    template.add(alias, "AWS::Lambda::Alias", properties, place, UpdatePolicy={"CodeDeployLambdaAliasUpdate": update})


def _instead(value: Any, id: str, alias: Any) -> Any:
    """A copy that calls the alias of a function where it calls the function."""
    if value in ({"Fn::GetAtt": [id, "Arn"]}, {"Ref": id}):
        return alias
    if isinstance(value, Mapping):
        copy = MapNode(value, getattr(value, "place", Place("")))
        copy.update({key: _instead(item, id, alias) for key, item in value.items()})
        return copy
    return [_instead(item, id, alias) for item in value] if isinstance(value, list) else value


def _report(template: Template, application: str, groups: list[Any]) -> None:
    role = template.all().get(SHARED_ROLE)
    policies = as_list(role.properties.get("Policies")) if role else []
    if not policies:
        return
    arn = "arn:${AWS::Partition}:codedeploy:${AWS::Region}:${AWS::AccountId}:deploymentgroup:${" + application + "}/"
    statement = {
        "Action": ["codedeploy:PutLifecycleEventHookExecutionStatus"],
        "Effect": "Allow",
        "Resource": [{"Fn::Sub": concat(arn, group)} for group in groups],
    }
    template.allow(SHARED_ROLE, statement)


EFFECT: Final = Effect(finish=_finish, settings="deploymentSettings")
