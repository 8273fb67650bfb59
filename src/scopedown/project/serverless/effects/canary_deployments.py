"""serverless-plugin-canary-deployments 0.8.0 (ISC): functions that CodeDeploy shifts traffic to, by aliases.

A function with ``deploymentSettings`` gets an alias, which its events call instead of it, and a deployment group;
CodeDeploy gets a role unless the settings name one. The shared role may report what hooks find.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from scopedown.core.text import Text
from scopedown.documents.nodes import as_list, as_map
from scopedown.project.model import DeclaredResource
from scopedown.project.serverless.names import SHARED_ROLE, alphanumeric, concat, function_id
from scopedown.project.serverless.plugin_effects import Effect
from scopedown.project.serverless.template import Template

_EVENTS: Final = ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"]
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
    alarms = [{"Name": as_map(one).get("name", {"Ref": one})} for one in as_list(settings.get("alarms"))]
    kind = {"Fn::Sub": ["CodeDeployDefault.Lambda${ConfigName}", {"ConfigName": settings.get("type")}]}
    template.add(id, "AWS::CodeDeploy::DeploymentGroup", {
        "ApplicationName": {"Ref": application},
        "AutoRollbackConfiguration": {"Enabled": True, "Events": _EVENTS},
        "DeploymentGroupName": name,
        "DeploymentConfigName": kind,
        "DeploymentStyle": {"DeploymentType": "BLUE_GREEN", "DeploymentOption": "WITH_TRAFFIC_CONTROL"},
        "ServiceRoleArn": settings.get("codeDeployRole") or {"Fn::GetAtt": ["CodeDeployServiceRole", "Arn"]},
        "AlarmConfiguration": {"Alarms": alarms, "Enabled": True} if settings.get("alarms") else None,
        "TriggerConfigurations": settings.get("triggerConfigurations"),
    }, template.service.place_in(template.service.functions, key))  # fmt: skip


def _alias(template: Template, key: str, group: str, application: str, settings: Mapping[str, Any]) -> None:
    id = function_id(key)
    alias = f"{id}Alias{settings.get('alias')}"
    version = next(
        (
            one.logical_id for one in template.resources.values()
            if one.type == "AWS::Lambda::Version" and one.properties.get("FunctionName") == {"Ref": id}
        ), None,
    )  # fmt: skip
    update = {"ApplicationName": {"Ref": application}, "DeploymentGroupName": {"Ref": group}}
    for name, hook in (("AfterAllowTrafficHook", "postTrafficHook"), ("BeforeAllowTrafficHook", "preTrafficHook")):
        if settings.get(hook):
            update[name] = {"Ref": function_id(str(settings[hook]))}
    properties = {
        "FunctionVersion": {"Fn::GetAtt": [version, "Version"]}, "FunctionName": {"Ref": id},
        "Name": settings.get("alias"),
    }  # fmt: skip
    for called in [*template.all().values()]:
        changed = _called(called, id, alias)
        if changed is not None:
            template.put(called.logical_id, changed)
    place = template.service.place_in(template.service.functions, key)
    template.add(alias, "AWS::Lambda::Alias", properties, place, UpdatePolicy={"CodeDeployLambdaAliasUpdate": update})


def _called(resource: DeclaredResource, id: str, alias: str) -> dict[str, Any] | None:
    """The properties of what calls the function, which call its alias instead; None of all else."""
    properties: Any = resource.properties
    arn, to = {"Fn::GetAtt": [id, "Arn"]}, {"Ref": alias}
    kind = resource.type
    if kind in ("AWS::Lambda::Permission", "AWS::Lambda::EventSourceMapping"):
        if properties.get("FunctionName") in (arn, {"Ref": id}):
            return {**properties, "FunctionName": to}
    elif kind == "AWS::ApiGateway::Method":
        integration = as_map(properties.get("Integration"))
        if _mentions(integration, id):
            return {**properties, "Integration": {**integration, "Uri": _uri("arn:aws:apigateway:", alias)}}
    elif kind in ("AWS::ApiGatewayV2::Integration", "AWS::ApiGatewayV2::Authorizer"):
        name = "IntegrationUri" if kind.endswith("Integration") else "AuthorizerUri"
        if _mentions(properties.get(name), id):
            return {**properties, name: _uri(["arn:", {"Ref": "AWS::Partition"}, ":apigateway:"], alias)}
    elif kind == "AWS::SNS::Topic":
        return _topic(properties, arn, to)
    elif kind == "AWS::SNS::Subscription":
        if properties.get("Protocol") == "lambda" and properties.get("Endpoint") == arn:
            return {**properties, "Endpoint": to}
    elif kind == "AWS::Events::Rule":
        targets = as_list(properties.get("Targets"))
        if any(as_map(target).get("Arn") == arn for target in targets):
            changed = [{**target, "Arn": to} if as_map(target).get("Arn") == arn else target for target in targets]
            return {**properties, "Targets": changed}
    elif kind == "AWS::Logs::SubscriptionFilter":
        if properties.get("DestinationArn") == arn:
            return {**properties, "DestinationArn": to}
    elif kind == "AWS::AppSync::DataSource":
        if as_map(properties.get("LambdaConfig")).get("LambdaFunctionArn") == arn:
            return {**properties, "LambdaConfig": {"LambdaFunctionArn": to}}
    elif kind == "AWS::S3::Bucket":
        return _bucket(properties, arn, to)
    elif kind == "AWS::IoT::TopicRule":
        return _rule(properties, arn, to)
    return None


def _topic(properties: Mapping[str, Any], arn: Any, to: Any) -> dict[str, Any] | None:
    subscriptions = as_list(properties.get("Subscription"))
    others = [one for one in subscriptions if as_map(one).get("Endpoint") != arn]
    if len(others) == len(subscriptions):
        return None
    return {**properties, "Subscription": [*others, {"Endpoint": to, "Protocol": "lambda"}]}


def _bucket(properties: Mapping[str, Any], arn: Any, to: Any) -> dict[str, Any] | None:
    notified = as_map(properties.get("NotificationConfiguration"))
    calls = as_list(notified.get("LambdaConfigurations"))
    # The plugin changes the first one that calls the function.
    index = next((number for number, one in enumerate(calls) if as_map(one).get("Function") == arn), None)
    if index is None:
        return None
    calls = [*calls[:index], {**calls[index], "Function": to}, *calls[index + 1 :]]
    return {**properties, "NotificationConfiguration": {**notified, "LambdaConfigurations": calls}}


def _rule(properties: Mapping[str, Any], arn: Any, to: Any) -> dict[str, Any] | None:
    payload = as_map(properties.get("TopicRulePayload"))
    actions = as_list(payload.get("Actions"))
    if not actions or as_map(as_map(actions[0]).get("Lambda")).get("FunctionArn") != arn:
        return None
    first = {**actions[0], "Lambda": {**actions[0]["Lambda"], "FunctionArn": to}}
    return {**properties, "TopicRulePayload": {**payload, "Actions": [first, *actions[1:]]}}


def _mentions(value: Any, id: str) -> bool:
    if isinstance(value, Mapping):
        return any(_mentions(item, id) for item in value.values())
    if isinstance(value, list):
        return any(_mentions(item, id) for item in value)
    return bool(value == id)


def _uri(begin: str | list[Any], alias: str) -> dict[str, Any]:
    parts = [begin] if isinstance(begin, str) else begin
    rest = [{"Ref": "AWS::Region"}, ":lambda:path/2015-03-31/functions/", {"Ref": alias}, "/invocations"]
    return {"Fn::Join": ["", [*parts, *rest]]}


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
