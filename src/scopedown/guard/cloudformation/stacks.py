"""CloudFormation, answered in front of moto: stacks, change sets, events, resources, outputs.

Each operation is authorised as the caller's request; a template's resources are then made, changed and deleted by
:mod:`.drivers`, each call of theirs authorised as the caller (or the stack's role) with ``aws:CalledVia``. A denial
ends in CREATE_FAILED or UPDATE_FAILED with AWS's sentence, and the stack is rolled back, again as the caller. All of it
happens inside of the request: a client that polls finds it done.
"""

from __future__ import annotations

import json
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from botocore.exceptions import ClientError

from scopedown.guard.answers import RefusedError, denial
from scopedown.guard.asked import Asked
from scopedown.guard.cloudformation.driver import DeniedError, Driver, Place
from scopedown.guard.cloudformation.template import Made, TemplateError, ordered, resolve
from scopedown.guard.gate import Gate
from scopedown.guard.model import ACCOUNT, REGION, Check, Principal

CLOUDFORMATION = "cloudformation.amazonaws.com"
NO_CHANGES = "The submitted information didn't contain changes. Submit different information to create a change set."
Template = Mapping[str, Any]


@dataclass
class Stack:
    """A stack as far as it was deployed."""

    name: str
    id: str
    template: Template = field(default_factory=dict)
    made: dict[str, Made] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    status: str = "REVIEW_IN_PROGRESS"
    outputs: dict[str, str] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    change_sets: dict[str, dict[str, Any]] = field(default_factory=dict)
    role: str = ""
    created: datetime = field(default_factory=lambda: datetime.now(UTC))

    def event(self, id: str, type: str, physical: str, status: str, reason: str = "") -> None:
        """Note what happened."""
        self.events.append({
            "StackId": self.id, "StackName": self.name, "EventId": str(uuid.uuid4()), "LogicalResourceId": id,
            "PhysicalResourceId": physical, "ResourceType": type, "ResourceStatus": status,
            "Timestamp": datetime.now(UTC), **({"ResourceStatusReason": reason} if reason else {}),
        })  # fmt: skip

    def becomes(self, status: str, reason: str = "") -> None:
        """The stack's own status, with its event."""
        self.status = status
        self.event(self.name, "AWS::CloudFormation::Stack", self.id, status, reason)


@dataclass
class AsCaller:
    """CloudFormation's calls for a resource (:class:`.driver.Calls`)."""

    gate: Gate
    who: Principal
    account: str = ACCOUNT
    region: str = REGION
    logical_id: str = ""

    def ask(self, service: str, operation: str, /, **parameters: Any) -> None:
        failed = self.gate.authorise(
            self.who, service, operation, parameters, CLOUDFORMATION, logical_id=self.logical_id, modelled=True
        )
        if failed:
            raise DeniedError(failed[0][1])

    def check(self, one: Check, operation: str = "") -> None:
        why = self.gate.check(
            self.who, operation or one.action, one, CLOUDFORMATION, logical_id=self.logical_id, modelled=True
        )
        if why:
            raise DeniedError(why)

    def stand_in(self, reason: str) -> None:
        self.gate.stand_ins.append((self.logical_id, reason))

    def call(self, service: str, operation: str, /, **parameters: Any) -> Any:
        self.ask(service, operation, **parameters)
        return self.gate.perform(service, operation, parameters)


class CloudFormation:
    """The service; ``gate.answers["cloudformation"]`` is its :meth:`answer`."""

    def __init__(self, gate: Gate, drivers: Mapping[str, Driver]) -> None:
        self.gate = gate
        self.drivers = drivers
        self.stacks: dict[str, Stack] = {}

    def answer(self, who: Principal, asked: Asked) -> Mapping[str, Any]:
        """The answer to one operation, authorised. Raises RefusedError."""
        given = dict(asked.parameters)
        if "ChangeSetName" in given:
            given = self._with_stack(given)
        if name := given.get("StackName"):
            given["StackName"] = _name(name)
        if failed := self.gate.authorise(who, "cloudformation", asked.operation, given):
            raise denial(asked.protocol, failed[0][1])
        if role := given.get("RoleARN"):
            self._pass(who, role, asked)
        operation = getattr(self, f"_{asked.operation}", None)
        if operation is None:
            self.gate.unmapped.append(f"{self.gate.during}: cloudformation.{asked.operation} is not answered")
            raise RefusedError("InvalidAction", f"{asked.operation} is not answered here")
        found: Mapping[str, Any] = operation(who, given)
        return found

    def _pass(self, who: Principal, role: str, asked: Asked) -> None:
        passing = Check("iam:PassRole", role, {"iam:PassedToService": CLOUDFORMATION, "aws:RequestedRegion": REGION})
        if why := self.gate.check(who, f"cloudformation.{asked.operation}", passing):
            raise denial(asked.protocol, why)

    # What the operations do

    def _CreateChangeSet(self, who: Principal, given: dict[str, Any]) -> Mapping[str, Any]:
        name = given["StackName"]
        stack = self.stacks.get(name)
        if stack is None:
            if given.get("ChangeSetType") == "UPDATE":
                raise _missing(name)
            stack = self._new(name)
            stack.becomes("REVIEW_IN_PROGRESS")
        template = self._template(who, given, stack)
        tags = _tags(given, stack.tags)
        same = template == stack.template and tags == stack.tags and stack.status != "REVIEW_IN_PROGRESS"
        set_id = f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:changeSet/{given['ChangeSetName']}/{uuid.uuid4()}"
        stack.change_sets[given["ChangeSetName"]] = {
            "id": set_id, "template": template, "tags": tags, "same": same, "role": given.get("RoleARN", stack.role),
        }  # fmt: skip
        return {"Id": set_id, "StackId": stack.id}

    def _DescribeChangeSet(self, who: Principal, given: dict[str, Any]) -> Mapping[str, Any]:
        stack, found = self._change_set(given)
        return {
            "ChangeSetName": given["ChangeSetName"], "ChangeSetId": found["id"], "StackId": stack.id,
            "StackName": stack.name, "Status": "FAILED" if found["same"] else "CREATE_COMPLETE", "Changes": [],
            "ExecutionStatus": "UNAVAILABLE" if found["same"] else "AVAILABLE",
            **({"StatusReason": NO_CHANGES} if found["same"] else {}),
        }  # fmt: skip

    def _ExecuteChangeSet(self, who: Principal, given: dict[str, Any]) -> Mapping[str, Any]:
        stack, found = self._change_set(given)
        if found["same"]:
            raise RefusedError("InvalidChangeSetStatus", "The change set's status is FAILED")
        stack.change_sets.clear()
        self._bring(who, stack, found["template"], found["tags"], found["role"])
        return {}

    def _DeleteChangeSet(self, who: Principal, given: dict[str, Any]) -> Mapping[str, Any]:
        stack = self.stacks.get(given["StackName"])
        if stack is not None:
            stack.change_sets.pop(given["ChangeSetName"], None)
        return {}

    def _CreateStack(self, who: Principal, given: dict[str, Any]) -> Mapping[str, Any]:
        name = given["StackName"]
        if name in self.stacks:
            raise RefusedError("AlreadyExistsException", f"Stack [{name}] already exists")
        stack = self._new(name)
        template = self._template(who, given, stack)
        self._bring(who, stack, template, _tags(given, {}), given.get("RoleARN", ""))
        return {"StackId": stack.id}

    def _UpdateStack(self, who: Principal, given: dict[str, Any]) -> Mapping[str, Any]:
        stack = self._stack(given["StackName"])
        template, tags = self._template(who, given, stack), _tags(given, stack.tags)
        if template == stack.template and tags == stack.tags:
            raise RefusedError("ValidationError", "No updates are to be performed.")
        self._bring(who, stack, template, tags, given.get("RoleARN", stack.role))
        return {"StackId": stack.id}

    def _DeleteStack(self, who: Principal, given: dict[str, Any]) -> Mapping[str, Any]:
        stack = self.stacks.get(given["StackName"])
        if stack is None:
            return {}
        stack.becomes("DELETE_IN_PROGRESS")
        failed = self._delete(self._hands(who, given.get("RoleARN", stack.role)), stack, list(stack.made))
        stack.becomes("DELETE_FAILED" if failed else "DELETE_COMPLETE", failed)
        if not failed:
            self.stacks[stack.id] = self.stacks.pop(stack.name)
        return {}

    def _ValidateTemplate(self, who: Principal, given: dict[str, Any]) -> Mapping[str, Any]:
        self._template(who, given, None)
        return {"Parameters": [], "Capabilities": ["CAPABILITY_NAMED_IAM"]}

    def _DescribeStacks(self, who: Principal, given: dict[str, Any]) -> Mapping[str, Any]:
        found = [self._stack(given["StackName"])] if given.get("StackName") else list(self.stacks.values())
        return {"Stacks": [
            {
                "StackId": one.id, "StackName": one.name, "StackStatus": one.status, "CreationTime": one.created,
                "Outputs": [{"OutputKey": key, "OutputValue": value} for key, value in one.outputs.items()],
                "Tags": [{"Key": key, "Value": value} for key, value in one.tags.items()],
            }
            for one in found
        ]}  # fmt: skip

    def _DescribeStackEvents(self, who: Principal, given: dict[str, Any]) -> Mapping[str, Any]:
        return {"StackEvents": self._stack(given["StackName"], gone=True).events[::-1]}

    def _ListStackResources(self, who: Principal, given: dict[str, Any]) -> Mapping[str, Any]:
        return {"StackResourceSummaries": self._resources(self._stack(given["StackName"]))}

    def _DescribeStackResources(self, who: Principal, given: dict[str, Any]) -> Mapping[str, Any]:
        return {"StackResources": [
            {**{key: value for key, value in one.items() if key != "LastUpdatedTimestamp"},
             "Timestamp": one["LastUpdatedTimestamp"]}
            for one in self._resources(self._stack(given["StackName"]))
        ]}  # fmt: skip

    def _DescribeStackResource(self, who: Principal, given: dict[str, Any]) -> Mapping[str, Any]:
        stack, wanted = self._stack(given["StackName"]), given["LogicalResourceId"]
        for one in self._resources(stack):
            if one["LogicalResourceId"] == wanted:
                return {"StackResourceDetail": one}
        raise RefusedError("ValidationError", f"Resource {wanted} does not exist for stack {stack.name}")

    def _GetTemplate(self, who: Principal, given: dict[str, Any]) -> Mapping[str, Any]:
        return {"TemplateBody": json.dumps(self._stack(given["StackName"]).template)}

    # How a stack is brought to a template

    def _bring(self, who: Principal, stack: Stack, template: Template, tags: dict[str, str], role: str) -> None:
        verb = "UPDATE" if stack.template else "CREATE"
        stack.role = role
        stack.becomes(f"{verb}_IN_PROGRESS", "User Initiated")
        hands = self._hands(who, role)
        before = (stack.template, dict(stack.made), dict(stack.tags))
        failed = self._change(hands, stack, template, tags)
        if not failed:
            gone = [id for id in stack.made if id not in template["Resources"]]
            if verb == "UPDATE":
                stack.becomes("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
            self._delete(hands, stack, gone)  # what cannot be cleaned up stays, and the update is complete all the same
            stack.template, stack.tags = template, tags
            stack.outputs = self._outputs(stack)
            stack.becomes(f"{verb}_COMPLETE")
        elif verb == "CREATE":
            stack.becomes("ROLLBACK_IN_PROGRESS", failed)
            again = self._delete(hands, stack, list(stack.made))
            stack.template = template
            stack.becomes("ROLLBACK_FAILED" if again else "ROLLBACK_COMPLETE", again)
        else:
            stack.becomes("UPDATE_ROLLBACK_IN_PROGRESS", failed)
            again = self._change(hands, stack, before[0], before[2])
            self._delete(hands, stack, [id for id in stack.made if id not in before[0]["Resources"]])
            stack.becomes("UPDATE_ROLLBACK_FAILED" if again else "UPDATE_ROLLBACK_COMPLETE", again)

    def _change(self, hands: AsCaller, stack: Stack, template: Template, tags: dict[str, str]) -> str:
        """Make and change resources in order; why it failed, or nothing."""
        pseudo = _pseudo(stack)
        resources = template["Resources"]
        for id in ordered(resources):
            type, old = resources[id]["Type"], stack.made.get(id)
            verb = "UPDATE" if old else "CREATE"
            place = Place(stack.name, id, secrets.token_hex(6), tags)
            try:
                properties = resolve(resources[id].get("Properties", {}), stack.made, pseudo)
                driver = self.drivers.get(type)
                if driver is None:
                    self.gate.unmapped.append(f"{self.gate.during}: no driver for {type}")
                    raise TemplateError(f"{type} has no driver")
                changed = frozenset(_changed(old.properties, properties)) if old else frozenset()
                if old and tags != stack.tags:
                    changed |= {"stack tags"}
                if old and not changed:
                    continue
                if old is None or changed & driver.replaced_by:
                    made = driver.create(hands, place, properties)
                    made.type, made.retained = type, resources[id].get("DeletionPolicy") == "Retain"
                    if old is not None and not old.retained:
                        driver.delete(hands, old)
                    stack.made[id] = made
                else:
                    driver.update(hands, place, old, properties, changed)
                stack.made[id].properties = properties
            except (DeniedError, TemplateError, ClientError) as error:
                reason = _reason(error, type)
                stack.event(id, type, old.physical if old else "", f"{verb}_FAILED", reason)
                return f"The following resource(s) failed to {verb.lower()}: [{id}]. "
            stack.event(id, type, stack.made[id].physical, f"{verb}_COMPLETE")
        return ""

    def _delete(self, hands: AsCaller, stack: Stack, ids: list[str]) -> str:
        """Delete resources, the last made first; why it failed, or nothing."""
        failed = []
        for id in sorted(ids, key=list(stack.made).index, reverse=True):
            made = stack.made[id]
            if made.retained:
                stack.event(id, made.type, made.physical, "DELETE_SKIPPED")
                del stack.made[id]
                continue
            try:
                self.drivers[made.type].delete(hands, made)
            except (DeniedError, ClientError) as error:
                stack.event(id, made.type, made.physical, "DELETE_FAILED", _reason(error, made.type))
                failed.append(id)
                continue
            stack.event(id, made.type, made.physical, "DELETE_COMPLETE")
            del stack.made[id]
        return f"The following resource(s) failed to delete: [{', '.join(failed)}]. " if failed else ""

    def _hands(self, who: Principal, role: str) -> AsCaller:
        return AsCaller(self.gate, self.gate.roles[role] if role else who)

    # What is looked up

    def _new(self, name: str) -> Stack:
        id = f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/{name}/{uuid.uuid4()}"
        self.stacks[name] = Stack(name, id)
        return self.stacks[name]

    def _stack(self, name: str, gone: bool = False) -> Stack:
        found = self.stacks.get(_name(name))
        if found is None and gone:
            found = next((one for one in reversed(self.stacks.values()) if one.name == _name(name)), None)
        if found is None:
            raise _missing(name)
        return found

    def _change_set(self, given: Mapping[str, Any]) -> tuple[Stack, dict[str, Any]]:
        stack = self._stack(given["StackName"])
        found = stack.change_sets.get(given["ChangeSetName"])
        if found is None:
            raise RefusedError("ChangeSetNotFound", f"ChangeSet [{given['ChangeSetName']}] does not exist", 404)
        return stack, found

    def _with_stack(self, given: dict[str, Any]) -> dict[str, Any]:
        """A change set may be named by its ARN alone: its name and its stack."""
        for stack in self.stacks.values():
            for name, one in stack.change_sets.items():
                if one["id"] == given["ChangeSetName"]:
                    return {**given, "ChangeSetName": name, "StackName": stack.name}
        return given

    def _template(self, who: Principal, given: Mapping[str, Any], stack: Stack | None) -> Template:
        """The template, read from S3 as the caller where it is there
        (https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html, TemplateURL)."""
        if given.get("UsePreviousTemplate") and stack is not None:
            return stack.template
        if "TemplateBody" in given:
            return dict(json.loads(given["TemplateBody"]))
        url = urlsplit(given["TemplateURL"])
        host, path = url.hostname or "", unquote(url.path.lstrip("/"))
        in_host = host.endswith("amazonaws.com") and not host.startswith("s3.")
        bucket, key = (host.partition(".s3")[0], path) if in_host else path.split("/", 1)
        parameters = {"Bucket": bucket, "Key": key}
        if failed := self.gate.authorise(who, "s3", "GetObject", parameters, CLOUDFORMATION):
            raise RefusedError("ValidationError", f"S3 error: Access Denied ({failed[0][1]})")
        return dict(json.loads(self.gate.perform("s3", "GetObject", parameters)["Body"].read()))

    def _resources(self, stack: Stack) -> list[dict[str, Any]]:
        return [
            {
                "StackId": stack.id, "StackName": stack.name, "LogicalResourceId": id,
                "PhysicalResourceId": one.physical, "ResourceType": one.type, "ResourceStatus": "CREATE_COMPLETE",
                "LastUpdatedTimestamp": datetime.now(UTC),
            }
            for id, one in stack.made.items()
        ]  # fmt: skip

    def _outputs(self, stack: Stack) -> dict[str, str]:
        given = stack.template.get("Outputs", {})
        return {key: str(resolve(one["Value"], stack.made, _pseudo(stack))) for key, one in given.items()}


def _pseudo(stack: Stack) -> dict[str, str]:
    return {
        "AWS::AccountId": ACCOUNT, "AWS::Region": REGION, "AWS::Partition": "aws", "AWS::URLSuffix": "amazonaws.com",
        "AWS::StackName": stack.name, "AWS::StackId": stack.id,
    }  # fmt: skip


def _changed(old: Mapping[str, Any], new: Mapping[str, Any]) -> set[str]:
    return {name for name in {*old, *new} if old.get(name) != new.get(name)}


def _tags(given: Mapping[str, Any], before: dict[str, str]) -> dict[str, str]:
    return {one["Key"]: one["Value"] for one in given["Tags"]} if "Tags" in given else before


def _name(name: str) -> str:
    """A stack's name, which its id has in it."""
    return name.split("/")[1] if name.startswith("arn:") else name


def _missing(name: str) -> RefusedError:
    return RefusedError("ValidationError", f"Stack with id {name} does not exist")


def _reason(error: Exception, type: str) -> str:
    if isinstance(error, DeniedError):
        service = type.split("::")[1]
        return f'Resource handler returned message: "{error} (Service: {service}, Status Code: 403)" ' \
            "(HandlerErrorCode: AccessDenied)"  # fmt: skip
    return str(error)
