"""The types that CloudFormation carries out itself: nested stacks, custom resources, and conditions to wait for.

A nested stack is one more stack of the engine's, in the name of its parent's caller. Custom resources are in
:mod:`.custom_resources`. What a wait condition waits for is a stand-in, and noted as one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from scopedown.guard.cloudformation.changes import changes_of, is_same
from scopedown.guard.cloudformation.custom_resources import CustomResource
from scopedown.guard.cloudformation.deployment import Deployment
from scopedown.guard.cloudformation.driver import Calls, Driver, Place
from scopedown.guard.cloudformation.engine import Asking, Engine, random_end
from scopedown.guard.cloudformation.functions import text
from scopedown.guard.cloudformation.model import STACK, Desired, Stack
from scopedown.guard.cloudformation.service_client import AsCaller
from scopedown.guard.cloudformation.sources import desired_of, from_s3
from scopedown.guard.cloudformation.template import Made, TemplateError
from scopedown.guard.cloudformation.transforms import REPOSITORY

NOT_PUBLISHED = "the Serverless Application Repository is not in the local AWS, so nothing of {} was deployed"


def own_types(engine: Engine) -> dict[str, Driver]:
    """By type."""
    return {
        STACK: NestedStack(engine),
        "AWS::CloudFormation::CustomResource": CustomResource(),
        "AWS::CloudFormation::WaitConditionHandle": WaitConditionHandle(),
        "AWS::CloudFormation::WaitCondition": WaitCondition(),
        "AWS::CDK::Metadata": Nothing(),
    }


def _hands(aws: Calls) -> AsCaller:
    assert isinstance(aws, AsCaller)
    return aws


@dataclass
class NestedStack:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-stack.html"""

    engine: Engine
    replaced_by: frozenset[str] = frozenset()

    def create(self, aws: Calls, place: Place, properties: Mapping[str, Any]) -> Made:
        parent = self._stack(aws, place.stack_id)
        name = f"{place.stack}-{place.logical_id}"[: 128 - 14] + f"-{random_end(13)}"
        url = _url(properties)
        aws.ask("cloudformation", "CreateStack", StackName=name, TemplateURL=url)
        if url.startswith(REPOSITORY):
            aws.stand_in(NOT_PUBLISHED.format(url.removeprefix(REPOSITORY)))
            return Made(f"arn:aws:cloudformation:{aws.region}:{aws.account}:stack/{name}/{random_end(13)}", open=True)
        desired = self._desired(aws, place, parent, None, from_s3(_hands(aws), url), properties)
        stack = self.engine.new(aws.account, aws.region, name)
        stack.parent, stack.root = parent.id, parent.root
        aws.ask("cloudformation", "DescribeStacks", StackName=name)
        with self.engine.working(stack):
            Deployment(self.engine, stack, _hands(aws)).create(desired, "DELETE")
        if stack.status != "CREATE_COMPLETE":
            told = next(event.get("ResourceStatusReason", "") for event in stack.events
                        if event["ResourceStatus"] == "CREATE_FAILED" and event["ResourceType"] == STACK
                        and event["PhysicalResourceId"] == stack.id)  # fmt: skip
            raise TemplateError(f"Embedded stack {stack.id} was not successfully created: {told}")
        return Made(stack.id, _outputs(stack))

    def update(
        self, aws: Calls, place: Place, made: Made, properties: Mapping[str, Any], changed: frozenset[str]
    ) -> None:
        if _url(properties).startswith(REPOSITORY):
            return
        stack, parent = self._stack(aws, made.physical), self._stack(aws, place.stack_id)
        url = _url(properties)
        aws.ask("cloudformation", "UpdateStack", StackName=stack.name, TemplateURL=url)
        body = from_s3(_hands(aws), url)
        desired = self._desired(aws, place, parent, stack, body, properties)
        aws.ask("cloudformation", "DescribeStacks", StackName=stack.name)
        changes = changes_of(self.engine, stack, desired, _hands(aws))
        if is_same(stack, desired, changes):
            return
        with self.engine.working(stack):
            Deployment(self.engine, stack, _hands(aws)).update(desired)
        if stack.status != "UPDATE_COMPLETE":
            raise TemplateError(
                f"Embedded stack {stack.id} was not successfully updated. Currently in {stack.status} with reason: "
                f"{stack.reason}"
            )
        made.attributes = _outputs(stack)

    def delete(self, aws: Calls, made: Made) -> None:
        if _url(made.properties).startswith(REPOSITORY):
            return
        stack = self._stack(aws, made.physical)
        aws.ask("cloudformation", "DeleteStack", StackName=stack.name)
        aws.ask("cloudformation", "DescribeStacks", StackName=stack.name)
        if stack.gone:
            return
        with self.engine.working(stack):
            Deployment(self.engine, stack, _hands(aws)).delete()
        if not stack.gone:
            raise TemplateError(f"Embedded stack {stack.id} was not successfully deleted: {stack.reason}")

    def _stack(self, aws: Calls, id: str) -> Stack:
        return self.engine.find(Asking(_hands(aws).who, aws.account, aws.region, {}), id)

    def _desired(
        self, aws: Calls, place: Place, parent: Stack, stack: Stack | None, body: str, properties: Mapping[str, Any]
    ) -> Desired:
        hands = _hands(aws)
        parameters = properties.get("Parameters") or {}
        own = properties.get("Tags") or []
        given = {
            "Parameters": [{"ParameterKey": key, "ParameterValue": text(value)} for key, value in parameters.items()],
            "Capabilities": (*parent.tried.capabilities, "CAPABILITY_AUTO_EXPAND"),
            "Tags": [*({"Key": key, "Value": value} for key, value in place.tags.items()), *own],
            "NotificationARNs": properties.get("NotificationARNs"),
        }  # fmt: skip
        asking = Asking(hands.who, aws.account, aws.region, given)
        return replace(desired_of(self.engine, asking, stack, body, hands), role=hands.role)


def _url(properties: Mapping[str, Any]) -> str:
    url = properties.get("TemplateURL")
    if not isinstance(url, str):
        raise TemplateError("Property TemplateURL cannot be empty.")
    return url


def _outputs(stack: Stack) -> dict[str, Any]:
    return {f"Outputs.{output.key}": output.value for output in stack.outputs}


class Nothing:
    """A type of which nothing is made."""

    replaced_by: frozenset[str] = frozenset()

    def create(self, aws: Calls, place: Place, properties: Mapping[str, Any]) -> Made:
        return Made(f"{place.stack}-{place.logical_id}-{place.random}")

    def update(
        self, aws: Calls, place: Place, made: Made, properties: Mapping[str, Any], changed: frozenset[str]
    ) -> None:
        """Nothing is there to change."""

    def delete(self, aws: Calls, made: Made) -> None:
        """Nothing is there to delete."""


class WaitConditionHandle(Nothing):
    """A signed URL that a signal is sent to; nobody listens there."""

    def create(self, aws: Calls, place: Place, properties: Mapping[str, Any]) -> Made:
        made = f"https://cloudformation-waitcondition-{aws.region}.s3.amazonaws.com/{place.stack}/{place.logical_id}"
        return Made(made, {"Id": made})


class WaitCondition(Nothing):
    """It completes at once, as though every signal had come."""

    def create(self, aws: Calls, place: Place, properties: Mapping[str, Any]) -> Made:
        aws.stand_in("no signal is waited for")
        return Made(f"{place.stack_id}/{place.logical_id}", {"Data": "{}"})
