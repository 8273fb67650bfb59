"""Plugins that change how functions are deployed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.documents.nodes import MapNode, as_list, as_map
from scopedown.project.serverless.fragments import tree
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
_FILE: Final = "effects/deployments.yml"


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
    application, role = f"{alphanumeric(service.stack)}DeploymentApplication", common.get("codeDeployRole")
    notifies = any(settings.get("triggerConfigurations") for settings in own.values())
    template.add_fragment(_FILE, "service", service.place_in(service.custom, "deploymentSettings"), **{
        "application": application, "makes role": not role, "boundary": common.get("codeDeployRolePermissionsBoundary"),
        "notifies": "arn:aws:iam::aws:policy/AmazonSNSFullAccess" if notifies else None,
    })  # fmt: skip
    hooked: list[Any] = []
    for key, settings in own.items():
        name = concat(service.stack, f"-{function_id(key)}DeploymentGroup")
        name = name[:100] if isinstance(name, str) else name
        if settings.get("preTrafficHook") or settings.get("postTrafficHook"):
            hooked.append(name)
        _shifted(template, key, application, name, settings)
    if hooked:
        arn = "arn:${AWS::Partition}:codedeploy:${AWS::Region}:${AWS::AccountId}:deploymentgroup:${"
        groups = [{"Fn::Sub": concat(arn, application, "}/", group)} for group in hooked]
        template.allow(SHARED_ROLE, tree(_FILE, "reports", {"groups": groups}))


def _shifted(template: Template, key: str, application: str, name: Any, settings: Mapping[str, Any]) -> None:
    """The deployment group of a function, and the alias that everything calls instead of it."""
    id, place = function_id(key), template.service.place_in(template.service.functions, key)
    alias = f"{id}Alias{settings.get('alias')}"
    role = settings.get("codeDeployRole") or {"Fn::GetAtt": ["CodeDeployServiceRole", "Arn"]}
    given = {"function": id, "application": application}
    template.add_fragment(_FILE, "function", place, name=name, type=settings.get("type"), role=role, **given)
    for called in [*template.all().values()]:
        if called.type in _CALLS:
            template.put(called.logical_id, _instead(called.properties, id, {"Ref": alias}))
    hooks = [settings.get(hook) for hook in ("postTrafficHook", "preTrafficHook")]
    after, before = ({"Ref": function_id(str(hook))} if hook else None for hook in hooks)
    template.add_fragment(
        _FILE, "alias", place, id=alias, alias=settings.get("alias"), after=after, before=before, **given
    )


def _instead(value: Any, id: str, alias: Any) -> Any:
    """A copy that calls the alias of a function where it calls the function."""
    if value in ({"Fn::GetAtt": [id, "Arn"]}, {"Ref": id}):
        return alias
    if isinstance(value, Mapping):
        copy = MapNode(value, getattr(value, "place", Place("")))
        copy.update({key: _instead(item, id, alias) for key, item in value.items()})
        return copy
    return [_instead(item, id, alias) for item in value] if isinstance(value, list) else value


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
