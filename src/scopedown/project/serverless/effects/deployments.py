"""Plugins that change how functions are deployed, and how tables and provisioned concurrency scale."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.documents.nodes import MapNode, as_list, as_map, place_of
from scopedown.project.serverless.fragments import tree
from scopedown.project.serverless.names import SHARED_ROLE, alphanumeric, concat, function_id, spelled
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


def _dynamodb_autoscaling(template: Template) -> None:
    """serverless-dynamodb-autoscaling 0.6.2 (MIT), ``dist/plugin.js``: scaling of tables and indexes, and a role for
    each.

    ``custom.capacities`` lists tables (logical ids) with ``read`` and ``write``, and ``index``, ``indexOnly``.
    """
    capacities = template.service.custom.get("capacities")
    for number, one in enumerate(as_list(capacities)):
        settings, place = as_map(one), place_of(capacities, number) or template.service.place
        tables, written = settings.get("table"), settings.get("index")
        indexes = [str(index) for index in (written if isinstance(written, list) else [written] if written else [])]
        if settings.get("read") or settings.get("write"):
            for table in tables if isinstance(tables, list) else [tables]:
                for index in [*([] if settings.get("indexOnly") else [""]), *indexes]:
                    _scaled(template, str(table), index, settings, place)


def _scaled(template: Template, table: str, index: str, settings: Mapping[str, Any], place: Place) -> None:
    """The role, then a policy and a target for each direction."""
    service = template.service
    end = "".join(part[:1].upper() + part[1:] for part in (table, index, service.stage, service.region))

    def id(what: str) -> str:
        return _shortened(f"{spelled(service.name)}{what}{end}")

    role = id("DynamoDBAutoscaleRole")
    template.add_fragment(_FILE, "table role", place, role=role, policy=id("DynamoDBAutoscalePolicy"), table=table)
    for direction in ("Read", "Write"):
        if settings.get(direction.lower()):
            scaling, target = id(f"TableScalingPolicy-{direction}"), id(f"AutoScalingTarget-{direction}")
            template.add_fragment(_FILE, "table", place, scaling=scaling, target=target, role=role)


def _provisioned_concurrency_autoscaling(template: Template) -> None:
    """serverless-provisioned-concurrency-autoscaling 2.0.1 (Apache-2.0), ``lib``: scaling of provisioned concurrency.

    Functions with ``concurrencyAutoscaling`` get a target, with the role that AWS has for it, and a policy.
    """
    service = template.service
    for key, function in service.functions.items():
        written, concurrency = function.get("concurrencyAutoscaling"), function.get("provisionedConcurrency")
        settings = as_map(written)
        enabled = written is True or settings.get("enabled") is True
        if enabled and isinstance(concurrency, int | float) and concurrency > 0:
            names = [(spelled(service.name), f"{key}-{what}", service.stage, service.region) for what in _MADE]
            scaling, target = (_shortened("".join(one[:1].upper() + one[1:] for one in parts)) for parts in names)
            template.add_fragment(
                _FILE, "concurrency", service.place_in(function, "concurrencyAutoscaling"),
                scaling=scaling, target=target, usage=settings.get("usage", 0.75),
                scheduled=as_list(settings.get("scheduledActions")) or None,
            )  # fmt: skip


_MADE: Final = ("AutoScalingPolicy", "AutoScalingTarget")


def _shortened(text: str) -> str:
    """A logical id of letters and digits, with a hash where it is too long."""
    text = re.sub(r"[^A-Za-z0-9+]+", "", text)
    return text if len(text) <= 64 else text[:32] + hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


EFFECTS: Final = {
    "canary_deployments": Effect(finish=_canary_deployments, settings="deploymentSettings"),
    "dependson": Effect(extend=_dependson),
    "resource_tagging": Effect(finish=_resource_tagging),
    "dynamodb_autoscaling": Effect(extend=_dynamodb_autoscaling),
    "provisioned_concurrency_autoscaling": Effect(extend=_provisioned_concurrency_autoscaling),
}
