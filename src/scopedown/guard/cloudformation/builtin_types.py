"""The types that CloudFormation carries out itself: nested stacks, custom resources, and conditions to wait for.

A nested stack is one more stack of the engine's, in the name of its parent's caller. What a wait condition waits for is
a stand-in, and noted as one. For a custom resource, CloudFormation asks the function that ``ServiceToken`` names, which
makes the resource and sends its answer to a URL. Where nothing runs functions (:attr:`.Authority.run_function`), where
the service is a topic, or where the function lacks something that only AWS has, the answer is a stand-in.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requesttypes.html and …/crpg-ref-responses.html;
the texts of failures are those of CloudFormation's events (unverified).
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from scopedown.core.digits import is_count
from scopedown.guard.cloudformation.changes import changes_of, is_same
from scopedown.guard.cloudformation.deployment import Deployment
from scopedown.guard.cloudformation.driver import AsCaller, Driver, Place
from scopedown.guard.cloudformation.engine import Asking, Engine, random_end
from scopedown.guard.cloudformation.functions import text
from scopedown.guard.cloudformation.model import STACK, Desired, Stack
from scopedown.guard.cloudformation.sources import desired_of, from_s3
from scopedown.guard.cloudformation.template import HalfMadeError, Made, TemplateError
from scopedown.guard.cloudformation.transforms import REPOSITORY
from scopedown.guard.lambda_functions import Ran, function_of
from scopedown.guard.response_urls import LARGEST

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


@dataclass
class NestedStack:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-stack.html"""

    engine: Engine
    replaced_by: frozenset[str] = frozenset()

    def create(self, aws: AsCaller, place: Place, properties: Mapping[str, Any]) -> Made:
        parent = self._stack(aws, place.stack_id)
        name = f"{place.stack}-{place.logical_id}"[: 128 - 14] + f"-{random_end(13)}"
        url = _url(properties)
        aws.ask("cloudformation", "CreateStack", StackName=name, TemplateURL=url)
        if url.startswith(REPOSITORY):
            aws.stand_in(NOT_PUBLISHED.format(url.removeprefix(REPOSITORY)))
            return Made(f"arn:aws:cloudformation:{aws.region}:{aws.account}:stack/{name}/{random_end(13)}", open=True)
        desired = self._desired(aws, place, parent, None, from_s3(aws, url), properties)
        stack = self.engine.new(aws.account, aws.region, name)
        stack.parent, stack.root = parent.id, parent.root
        aws.ask("cloudformation", "DescribeStacks", StackName=name)
        with self.engine.working(stack):
            Deployment(self.engine, stack, aws).create(desired, "DELETE")
        if stack.status != "CREATE_COMPLETE":
            told = next(event.get("ResourceStatusReason", "") for event in stack.events
                        if event["ResourceStatus"] == "CREATE_FAILED" and event["ResourceType"] == STACK
                        and event["PhysicalResourceId"] == stack.id)  # fmt: skip
            raise TemplateError(f"Embedded stack {stack.id} was not successfully created: {told}")
        return Made(stack.id, _outputs(stack))

    def update(
        self, aws: AsCaller, place: Place, made: Made, properties: Mapping[str, Any], changed: frozenset[str]
    ) -> None:
        if _url(properties).startswith(REPOSITORY):
            return
        stack, parent = self._stack(aws, made.physical), self._stack(aws, place.stack_id)
        url = _url(properties)
        aws.ask("cloudformation", "UpdateStack", StackName=stack.name, TemplateURL=url)
        body = from_s3(aws, url)
        desired = self._desired(aws, place, parent, stack, body, properties)
        aws.ask("cloudformation", "DescribeStacks", StackName=stack.name)
        changes = changes_of(self.engine, stack, desired, aws)
        if is_same(stack, desired, changes):
            return
        with self.engine.working(stack):
            Deployment(self.engine, stack, aws).update(desired)
        if stack.status != "UPDATE_COMPLETE":
            raise TemplateError(
                f"Embedded stack {stack.id} was not successfully updated. Currently in {stack.status} with reason: "
                f"{stack.reason}"
            )
        made.attributes = _outputs(stack)

    def delete(self, aws: AsCaller, made: Made) -> None:
        if _url(made.properties).startswith(REPOSITORY):
            return
        stack = self._stack(aws, made.physical)
        aws.ask("cloudformation", "DeleteStack", StackName=stack.name)
        aws.ask("cloudformation", "DescribeStacks", StackName=stack.name)
        if stack.gone:
            return
        with self.engine.working(stack):
            Deployment(self.engine, stack, aws).delete()
        if not stack.gone:
            raise TemplateError(f"Embedded stack {stack.id} was not successfully deleted: {stack.reason}")

    def _stack(self, aws: AsCaller, id: str) -> Stack:
        return self.engine.find(Asking(aws.who, aws.account, aws.region, {}), id)

    def _desired(
        self, aws: AsCaller, place: Place, parent: Stack, stack: Stack | None, body: str, properties: Mapping[str, Any]
    ) -> Desired:
        hands = aws
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

    def create(self, aws: AsCaller, place: Place, properties: Mapping[str, Any]) -> Made:
        return Made(f"{place.stack}-{place.logical_id}-{place.random}")

    def update(
        self, aws: AsCaller, place: Place, made: Made, properties: Mapping[str, Any], changed: frozenset[str]
    ) -> None:
        """Nothing is there to change."""

    def delete(self, aws: AsCaller, made: Made) -> None:
        """Nothing is there to delete."""


class WaitConditionHandle(Nothing):
    """A signed URL that a signal is sent to; nobody listens there."""

    def create(self, aws: AsCaller, place: Place, properties: Mapping[str, Any]) -> Made:
        made = f"https://cloudformation-waitcondition-{aws.region}.s3.amazonaws.com/{place.stack}/{place.logical_id}"
        return Made(made, {"Id": made})


class WaitCondition(Nothing):
    """It completes at once, as though every signal had come."""

    def create(self, aws: AsCaller, place: Place, properties: Mapping[str, Any]) -> Made:
        aws.stand_in("no signal is waited for")
        return Made(f"{place.stack_id}/{place.logical_id}", {"Data": "{}"})


STAND_IN: Final = "its answer is a stand-in"
NOT_RUN: Final = "what ServiceToken names is not run"
LONGEST_ID: Final = 1024
"""Bytes of a PhysicalResourceId (the page of the responses)."""
_SILENT: Final = (
    "CloudFormation did not receive a response from your custom resource. Please check your logs for requestId [{}]. "
    "If you are using the Python cfn-response module, you may need to update your Lambda function code so that "
    "CloudFormation can attach the updated version."
)


@dataclass
class Custom(Made):
    """A custom resource; ``place`` is where it stands, ``tried`` the properties of an update that failed."""

    place: Place = field(default_factory=lambda: Place("", "", "", {}))
    tried: dict[str, Any] | None = None

    @property
    def seen(self) -> dict[str, Any]:
        """The properties that the function was asked for last."""
        return self.properties if self.tried is None else self.tried


@dataclass(frozen=True, slots=True)
class Answer:
    """What a function answered."""

    physical: str
    data: dict[str, Any]


class CustomResource:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-custom-resources.html"""

    replaced_by: frozenset[str] = frozenset()

    def create(self, aws: AsCaller, place: Place, properties: Mapping[str, Any]) -> Made:
        _may_ask(aws, properties)
        made = Custom("", place=place, type=place.type, properties=dict(properties))
        answer = _asked(aws, made, "Create", properties)
        if answer is None:
            made.physical, made.open = f"{place.stack}-{place.logical_id}-{place.random}", True
        else:
            made.physical, made.attributes = answer.physical, answer.data
        return made

    def update(
        self, aws: AsCaller, place: Place, made: Made, properties: Mapping[str, Any], changed: frozenset[str]
    ) -> None:
        assert isinstance(made, Custom)
        if properties == made.seen:
            return  # the stack's tags, which the function is not shown
        if properties.get("ServiceToken") != made.properties.get("ServiceToken"):
            raise TemplateError("Modifying service token is not allowed.")
        _may_ask(aws, properties)
        try:
            answer = None if made.open else _asked(aws, made, "Update", properties)
        except TemplateError:
            made.tried = dict(properties)
            raise
        made.tried = None
        if answer is not None:
            made.physical, made.attributes = answer.physical, answer.data
        elif made.open:
            aws.stand_in(f"{NOT_RUN}, and {STAND_IN}")

    def delete(self, aws: AsCaller, made: Made) -> None:
        _may_ask(aws, made.properties)
        assert isinstance(made, Custom)
        if not made.open:
            _asked(aws, made, "Delete", made.properties)


def _may_ask(aws: AsCaller, properties: Mapping[str, Any]) -> None:
    """Whether the caller may call the function, or the topic, that serves a custom resource. Raises DeniedError."""
    token = properties.get("ServiceToken")
    if not isinstance(token, str) or not token:
        raise TemplateError("Property ServiceToken cannot be empty.")
    if ":sns:" in token:
        aws.ask("sns", "Publish", TopicArn=token)
    else:
        aws.ask("lambda", "Invoke", FunctionName=token)


def _asked(aws: AsCaller, made: Custom, kind: str, properties: Mapping[str, Any]) -> Answer | None:
    """The function's answer to a request of this kind; None where it is stood in for. Raises TemplateError."""
    token, run = properties["ServiceToken"], aws.gate.run_function
    function = None if run is None or ":sns:" in token else function_of(token, aws.account, aws.region)
    if run is None or function is None:
        aws.stand_in(f"{NOT_RUN}, and {STAND_IN}")
        return None
    id = str(uuid.uuid4())
    with aws.gate.response_urls.opened(f"{made.place.stack_id}|{made.place.logical_id}|{id}", aws.region) as waiting:
        request = _request(made, kind, properties, id, waiting.url)
        ran = run(function, request, None, _limit(properties))
    if ran is None or ran.why_not:
        aws.stand_in(f"{NOT_RUN}, and {STAND_IN}{f': {ran.why_not}' if ran else ''}")
        return None
    if waiting.body is None:
        if ran.denied:
            raise _failed(made, kind, _SILENT.format(id))
        ended = f" ({ran.error})" if ran.error else ""
        lacks = _lacks(aws, made, ran) or f"its function ended without an answer{ended}"
        aws.stand_in(f"{STAND_IN}: {lacks}")
        return None
    told = _read(waiting.body, request)
    if told["Status"] == "SUCCESS":
        return Answer(told["PhysicalResourceId"], dict(told.get("Data") or {}))
    if not ran.denied and (lacks := _lacks(aws, made, ran)):
        aws.stand_in(f"{STAND_IN}: {lacks}")
        return None
    message = (
        f"Received response status [FAILED] from custom resource. Message returned: {told.get('Reason', '')} "
        f"(RequestId: {id})"
    )
    raise _failed(made, kind, message, str(told.get("PhysicalResourceId") or ""))


def _lacks(aws: AsCaller, made: Custom, ran: Ran) -> str:
    """What a function that failed did not get, and would get on AWS; nothing where its failure is its own."""
    if ran.lacks:
        return ran.lacks
    by = f"the function of {made.place.logical_id}"
    if ran.missing and aws.gate.existence.take("", ran.missing, by):
        return f"its function asks for {ran.missing}, which is not in the local AWS"
    return ""


def _failed(made: Custom, kind: str, message: str, physical: str = "") -> TemplateError:
    """A failure. What fails while it is created is deleted in the rollback, by the id that the function gave it."""
    if kind != "Create":
        return TemplateError(message)
    made.physical = physical or f"{made.place.stack}-{made.place.logical_id}-{made.place.random}"
    return HalfMadeError(message, made)


def _request(made: Custom, kind: str, properties: Mapping[str, Any], id: str, url: str) -> dict[str, Any]:
    """The event that the function gets. Numbers and booleans in it are texts."""
    found: dict[str, Any] = {
        "RequestType": kind, "ServiceToken": properties["ServiceToken"], "ResponseURL": url,
        "StackId": made.place.stack_id, "RequestId": id, "LogicalResourceId": made.place.logical_id,
        "ResourceType": made.type,
    }  # fmt: skip
    if kind != "Create":
        found["PhysicalResourceId"] = made.physical
    found["ResourceProperties"] = _as_texts(properties)
    if kind == "Update":
        found["OldResourceProperties"] = _as_texts(made.seen)
    return found


def _as_texts(tree: Any) -> Any:
    if isinstance(tree, Mapping):
        return {str(key): _as_texts(value) for key, value in tree.items() if value is not None}
    return [_as_texts(one) for one in tree] if isinstance(tree, list) else text(tree)


def _limit(properties: Mapping[str, Any]) -> float | None:
    """``ServiceTimeout`` in seconds; None where none is set."""
    given = str(properties.get("ServiceTimeout", ""))
    return float(given) if is_count(given) and 1 <= int(given) <= 3600 else None


def _read(body: bytes, request: Mapping[str, Any]) -> dict[str, Any]:
    """An answer of the form that CloudFormation takes. Raises TemplateError."""
    if len(body) > LARGEST:
        raise TemplateError("Response object is too long.")
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict) or told.get("Status") not in ("SUCCESS", "FAILED"):
        raise TemplateError("Invalid response from the custom resource: it is not a JSON object with a Status.")
    for name in ("StackId", "RequestId", "LogicalResourceId"):
        if told.get(name) != request[name]:
            raise TemplateError(f"Invalid response from the custom resource: its {name} is not the request's.")
    physical = told.get("PhysicalResourceId")
    if told["Status"] == "SUCCESS" and not (isinstance(physical, str) and 0 < len(physical.encode()) <= LONGEST_ID):
        raise TemplateError("Invalid PhysicalResourceId")
    if not isinstance(told.get("Data") or {}, dict):
        raise TemplateError("Invalid response from the custom resource: its Data is not an object.")
    return told
