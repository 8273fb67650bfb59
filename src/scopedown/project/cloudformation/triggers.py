"""Resources that call functions by themselves: rules, schedules, topics, buckets, log groups, user pools, and so on.

Each reader gives (the function's logical id, the event) pairs in the shapes that the Serverless Framework writes.
Reference: each type's page in https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from scopedown.documents.nodes import as_list, as_map, place_of
from scopedown.project.cloudformation.stack import Stack
from scopedown.project.model import DeclaredResource, Event, Tree

Found = Iterator[tuple[str, Event]]


def _rule(stack: Stack, resource: DeclaredResource) -> Found:
    properties = resource.properties
    settings: dict[str, Tree]
    for index, target in enumerate(targets := stack.sequence(properties, "Targets", resource.logical_id)):
        for id in stack.functions_in(as_map(target).get("Arn")):
            place = place_of(targets, index) or resource.place
            if properties.get("ScheduleExpression") is not None:
                settings = {"rate": [properties["ScheduleExpression"]], **_input(as_map(target))}
                yield id, Event("schedule", settings, place)
            if properties.get("EventPattern") is not None:
                settings = {"pattern": properties["EventPattern"], **_input(as_map(target))}
                if properties.get("EventBusName") is not None:
                    settings["eventBus"] = properties["EventBusName"]
                yield id, Event("eventBridge", settings, place)


def _schedule(stack: Stack, resource: DeclaredResource) -> Found:
    """A schedule calls with a role of its own. Where that is the function's own role, the event says so as the
    framework does (``method: scheduler``)."""
    target = stack.mapping(resource.properties, "Target", resource.logical_id)
    for id in stack.functions_in(target.get("Arn")):
        settings: dict[str, Tree] = {"rate": [resource.properties.get("ScheduleExpression")], **_input(target)}
        role = target.get("RoleArn")
        own = stack.resources[id].properties.get("Role")
        if role is not None and own is not None and stack.text(role) == stack.text(own):
            settings["method"] = "scheduler"
        yield id, Event("schedule", settings, resource.place)


def _input(target: Mapping[str, Tree]) -> dict[str, Tree]:
    """The event that a target is given in the place of the usual one."""
    return {"input": target["Input"]} if target.get("Input") is not None else {}


def _subscription(stack: Stack, resource: DeclaredResource) -> Found:
    if stack.text(resource.properties.get("Protocol")).literal in ("lambda", None):
        for id in stack.functions_in(resource.properties.get("Endpoint")):
            yield id, Event("sns", {"arn": resource.properties.get("TopicArn")}, resource.place)


def _topic(stack: Stack, resource: DeclaredResource) -> Found:
    for one in stack.sequence(resource.properties, "Subscription", resource.logical_id):
        if as_map(one).get("Protocol") == "lambda":
            for id in stack.functions_in(as_map(one).get("Endpoint")):
                yield id, Event("sns", {"arn": {"Ref": resource.logical_id}}, place_of(one) or resource.place)


def _bucket(stack: Stack, resource: DeclaredResource) -> Found:
    written = stack.mapping(resource.properties, "NotificationConfiguration", resource.logical_id)
    for one in as_list(written.get("LambdaConfigurations")):
        for id in stack.functions_in(as_map(one).get("Function")):
            settings: dict[str, Tree] = {"bucket": {"Ref": resource.logical_id}, "event": as_map(one).get("Event")}
            yield id, Event("s3", settings, place_of(one) or resource.place)


def _bucket_notifications(stack: Stack, resource: DeclaredResource) -> Found:
    """CDK's custom resource, which sets a bucket's notifications when the bucket exists."""
    written = as_map(resource.properties.get("NotificationConfiguration"))
    for one in as_list(written.get("LambdaFunctionConfigurations")):
        for id in stack.functions_in(as_map(one).get("LambdaFunctionArn")):
            event = (as_list(as_map(one).get("Events")) or [None])[0]
            settings: dict[str, Tree] = {"bucket": resource.properties.get("BucketName"), "event": event}
            yield id, Event("s3", settings, resource.place)


def _log_subscription(stack: Stack, resource: DeclaredResource) -> Found:
    for id in stack.functions_in(resource.properties.get("DestinationArn")):
        settings: dict[str, Tree] = {
            "logGroup": resource.properties.get("LogGroupName"),
            "filter": resource.properties.get("FilterPattern"),
        }
        yield id, Event("cloudwatchLog", settings, resource.place)


def _user_pool(stack: Stack, resource: DeclaredResource) -> Found:
    config = stack.mapping(resource.properties, "LambdaConfig", resource.logical_id)
    for trigger, written in config.items():
        if trigger != "KMSKeyID":
            target = written.get("LambdaArn", written) if isinstance(written, Mapping) else written
            for id in stack.functions_in(target):
                settings: dict[str, Tree] = {"pool": {"Ref": resource.logical_id}, "trigger": trigger}
                yield id, Event("cognitoUserPool", settings, place_of(config, trigger) or resource.place)


def _topic_rule(stack: Stack, resource: DeclaredResource) -> Found:
    payload = stack.mapping(resource.properties, "TopicRulePayload", resource.logical_id)
    for action in [*as_list(payload.get("Actions")), payload.get("ErrorAction")]:
        for id in stack.functions_in(as_map(as_map(action).get("Lambda")).get("FunctionArn")):
            yield id, Event("iot", {"sql": payload.get("Sql")}, place_of(action) or resource.place)


def _provisioning(stack: Stack, resource: DeclaredResource) -> Found:
    hook = as_map(resource.properties.get("PreProvisioningHook"))
    for id in stack.functions_in(hook.get("TargetArn")):
        yield id, Event("iotFleetProvisioning", {"templateName": {"Ref": resource.logical_id}}, resource.place)


def _target_group(stack: Stack, resource: DeclaredResource) -> Found:
    if resource.properties.get("TargetType") == "lambda":
        for target in stack.sequence(resource.properties, "Targets", resource.logical_id):
            for id in stack.functions_in(as_map(target).get("Id")):
                yield id, Event("alb", {"targetGroup": {"Ref": resource.logical_id}}, resource.place)


def _distribution(stack: Stack, resource: DeclaredResource) -> Found:
    config = stack.mapping(resource.properties, "DistributionConfig", resource.logical_id)
    for behavior in [config.get("DefaultCacheBehavior"), *as_list(config.get("CacheBehaviors"))]:
        for one in as_list(as_map(behavior).get("LambdaFunctionAssociations")):
            for id in stack.functions_in(as_map(one).get("LambdaFunctionARN")):
                settings: dict[str, Tree] = {"eventType": as_map(one).get("EventType")}
                yield id, Event("cloudFront", settings, place_of(one) or resource.place)


READERS: Final[Mapping[str, Callable[[Stack, DeclaredResource], Found]]] = {
    "AWS::Events::Rule": _rule,
    "AWS::Scheduler::Schedule": _schedule,
    "AWS::SNS::Subscription": _subscription,
    "AWS::SNS::Topic": _topic,
    "AWS::S3::Bucket": _bucket,
    "Custom::S3BucketNotifications": _bucket_notifications,
    "AWS::Logs::SubscriptionFilter": _log_subscription,
    "AWS::Cognito::UserPool": _user_pool,
    "AWS::IoT::TopicRule": _topic_rule,
    "AWS::IoT::ProvisioningTemplate": _provisioning,
    "AWS::ElasticLoadBalancingV2::TargetGroup": _target_group,
    "AWS::CloudFront::Distribution": _distribution,
}
