"""Plugins that change how functions are deployed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.documents.nodes import MapNode, as_list, as_map
from scopedown.project.serverless.names import SHARED_ROLE, alphanumeric, concat, function_id
from scopedown.project.serverless.plugin_effects import Effect
from scopedown.project.serverless.policies import allowed, trust
from scopedown.project.serverless.template import Template

_CALLS: Final = (
    "AWS::ApiGateway::Method", "AWS::ApiGatewayV2::Authorizer", "AWS::ApiGatewayV2::Integration",
    "AWS::AppSync::DataSource", "AWS::Events::Rule", "AWS::IoT::TopicRule", "AWS::Lambda::EventSourceMapping",
    "AWS::Lambda::Permission", "AWS::Logs::SubscriptionFilter", "AWS::S3::Bucket", "AWS::SNS::Subscription",
    "AWS::SNS::Topic",
)  # fmt: skip
"""The types of what calls functions."""
_MANAGED: Final = "arn:aws:iam::aws:policy/"


def _canary_deployments(template: Template) -> None:
    """serverless-plugin-canary-deployments 0.8.0 (ISC): functions that CodeDeploy shifts traffic to, by aliases.

    A function with ``deploymentSettings`` gets an alias, which its events call instead of it, and a deployment group;
    CodeDeploy gets a role unless the settings name one. The shared role may report what hooks find.
    """
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
    application = f"{alphanumeric(service.stack)}DeploymentApplication"
    template.add(application, "AWS::CodeDeploy::Application", {"ComputePlatform": "Lambda"}, place)
    if not common.get("codeDeployRole"):
        _role(template, common, any(settings.get("triggerConfigurations") for settings in own.values()))
    hooked: list[Any] = []
    for key, settings in own.items():
        id = function_id(key)
        group = f"{id}DeploymentGroup"
        name = concat(service.stack, f"-{group}")
        name = name[:100] if isinstance(name, str) else name
        if settings.get("preTrafficHook") or settings.get("postTrafficHook"):
            hooked.append(name)
        _group(template, key, group, application, name, settings)
        _alias(template, key, group, application, settings)
    if hooked:
        _report(template, application, hooked)


def _role(template: Template, common: Mapping[str, Any], notifies: bool) -> None:
    names = ["service-role/AWSCodeDeployRoleForLambdaLimited", "AWSLambda_FullAccess"]
    properties = {
        "ManagedPolicyArns": [f"{_MANAGED}{name}" for name in (*names, *(["AmazonSNSFullAccess"] if notifies else []))],
        "AssumeRolePolicyDocument": trust(["codedeploy.amazonaws.com"], ["sts:AssumeRole"]),
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
    resources = [{"Fn::Sub": concat(arn, group)} for group in groups]
    template.allow(SHARED_ROLE, allowed(["codedeploy:PutLifecycleEventHookExecutionStatus"], resources))


def _dependson(template: Template) -> None:
    """serverless-dependson-plugin 1.1.2 (MIT), ``index.js``: functions that are made one after another, in chains."""
    custom = as_map(template.service.custom.get("dependsOn"))
    if custom.get("enabled") in (False, "false"):
        return
    written = custom.get("chains")
    chains = int(written) if isinstance(written, int | float) and written > 1 else 1
    ids = [function_id(key) for key in template.service.functions]
    for earlier, id in zip(ids, ids[chains:], strict=False):
        resource = template.resource(id)
        before = resource.attributes.get("DependsOn") or []
        listed = before if isinstance(before, list) else [before]
        template.put(id, resource.properties, DependsOn=[earlier, *listed])


_TYPES: Final = frozenset(
    {
        "AWS::ApiGateway::Stage", "AWS::CloudFront::Distribution", "AWS::DynamoDB::Table", "AWS::Kinesis::Stream",
        "AWS::Lambda::Function", "AWS::Logs::LogGroup", "AWS::S3::Bucket", "AWS::SQS::Queue",
    }
)  # fmt: skip


def _resource_tagging(template: Template) -> None:
    """serverless-plugin-resource-tagging 1.2.0 (MIT), ``index.js``: the stack's tags on resources of eight types."""
    written = template.service.provider.get("stackTags")
    tags = [{"Key": name, "Value": value} for name, value in as_map(written).items()]
    for id, resource in template.all().items():
        # One without properties stays without tags.
        if not tags or resource.type not in _TYPES or not _has_properties(template, id):
            continue
        own = as_list(resource.properties.get("Tags"))
        named = [as_map(tag).get("Key") for tag in own]
        template.change(id, Tags=[*own, *(tag for tag in tags if tag["Key"] not in named)])


def _has_properties(template: Template, id: str) -> bool:
    if id in template.resources:
        return True
    declared = as_map(as_map(template.service.resources.get("Resources")).get(id))
    return isinstance(declared.get("Properties"), Mapping)


EFFECTS: Final = {
    "canary_deployments": Effect(finish=_canary_deployments, settings="deploymentSettings"),
    "dependson": Effect(extend=_dependson),
    "resource_tagging": Effect(finish=_resource_tagging),
}
