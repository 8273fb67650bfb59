"""Change sets: what would change, told before it is done.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-changesets.html
"""

from __future__ import annotations

import uuid
from typing import Any, Final

from scopedown.guard.cloudformation import parameters
from scopedown.guard.cloudformation.changes import changes_of, is_same
from scopedown.guard.cloudformation.deployment import Deployment
from scopedown.guard.cloudformation.driver import DeniedError
from scopedown.guard.cloudformation.engine import Answer, Asking, Engine, InvalidError, Operations, unsupported
from scopedown.guard.cloudformation.model import Change, ChangeSet, Desired, Stack
from scopedown.guard.cloudformation.reading import page
from scopedown.guard.cloudformation.sources import body_of, desired_of
from scopedown.guard.cloudformation.stack_operations import may_change
from scopedown.guard.cloudformation.template import TemplateError, section
from scopedown.guard.responses import RefusedError

NO_CHANGES: Final = (
    "The submitted information didn't contain changes. Submit different information to create a change set."
)


def create_change_set(engine: Engine, asking: Asking) -> Answer:
    """Compare a stack with what it would become, and keep that. A stack that is not there begins in review."""
    given = asking.given
    stack_name, name, kind = str(given["StackName"]), str(given["ChangeSetName"]), given.get("ChangeSetType", "UPDATE")
    if kind == "IMPORT":
        raise unsupported(engine, "CreateChangeSet of type IMPORT")
    stack = engine.standing(asking.account, asking.region, stack_name)
    if kind == "CREATE" and stack is not None and stack.status != "REVIEW_IN_PROGRESS":
        raise InvalidError(
            f"Stack [{stack.name}] already exists and cannot be created again with the changeSet [{name}]."
        )
    if kind == "UPDATE" and stack is None:
        raise InvalidError(f"Stack [{stack_name}] does not exist")
    if kind != "CREATE" and stack is not None:
        may_change(stack)
    body = body_of(engine, asking, stack)
    role = given.get("RoleARN") or (stack.deployed.role if stack else "")
    hands = engine.hands(asking.who, role, asking.account, asking.region)
    desired, reason = Desired(body), ""
    changes: tuple[Change, ...] = ()
    if stack is not None and name in stack.change_sets and not stack.change_sets[name].executed:
        raise RefusedError("AlreadyExistsException", f"ChangeSet {stack.change_sets[name].id} already exists")
    try:
        desired = desired_of(engine, asking, stack, body, hands, acknowledged=True)
    except RefusedError as error:
        if not error.message.startswith("Transform "):
            raise
        reason = error.message  # transforms are done after the answer: the change set fails
    if stack is None:
        stack = engine.new(asking.account, asking.region, stack_name)
        stack.becomes("REVIEW_IN_PROGRESS", "User Initiated")
    if not reason:
        try:
            changes = changes_of(engine, stack, desired, hands)
            same = stack.status != "REVIEW_IN_PROGRESS" and is_same(stack, desired, changes)
            reason = NO_CHANGES if same else ""
        except (TemplateError, DeniedError) as error:
            reason = str(error)
        except RecursionError:
            reason = "Template format error: the template is nested too deeply."
    id = f"arn:aws:cloudformation:{asking.region}:{asking.account}:changeSet/{name}/{uuid.uuid4()}"
    stack.change_sets[name] = ChangeSet(
        name, id, desired, changes, str(given.get("Description") or ""), reason,
        on_failure=str(given.get("OnStackFailure") or ""),
    )  # fmt: skip
    return {"Id": id, "StackId": stack.id}


def find(engine: Engine, asking: Asking) -> tuple[Stack, ChangeSet]:
    """A change set by its name and its stack, or by its ARN alone. Raises RefusedError."""
    name, stack_name = str(asking.given.get("ChangeSetName")), asking.given.get("StackName")
    if name.startswith("arn:"):
        for stack in engine.here(asking.account, asking.region):
            for group in list(stack.change_sets.values()):
                if group.id == name:
                    return stack, group
        raise RefusedError("ChangeSetNotFound", f"ChangeSet [{name}] does not exist", 404)
    if not stack_name:
        raise InvalidError("StackName must be specified if ChangeSetName is not specified as an ARN.")
    stack = engine.find(asking, str(stack_name), "Stack [{}] does not exist")
    found = stack.change_sets.get(name)
    if found is None:
        raise RefusedError("ChangeSetNotFound", f"ChangeSet [{name}] does not exist", 404)
    return stack, found


def describe_change_set(engine: Engine, asking: Asking) -> Answer:
    """What a change set would change."""
    stack, found = find(engine, asking)
    desired = found.desired
    return {
        "ChangeSetName": found.name, "ChangeSetId": found.id, "StackId": stack.id, "StackName": stack.name,
        "Status": found.status, "ExecutionStatus": found.execution, "CreationTime": found.created,
        **({"StatusReason": found.reason} if found.reason else {}),
        **({"Description": found.description} if found.description else {}),
        "Parameters": parameters.shown(section(desired.template, "Parameters"), desired.given, desired.values),
        "Capabilities": list(desired.capabilities), "NotificationARNs": list(desired.notifications),
        "Tags": [{"Key": key, "Value": value} for key, value in desired.tags.items()],
        "RollbackConfiguration": {}, "IncludeNestedStacks": False,
        **page("Changes", [_shown(change) for change in found.changes], asking),
    }  # fmt: skip


def _shown(change: Change) -> dict[str, Any]:
    details = [
        {
            "Target": {"Attribute": "Tags" if name == "Tags" else "Properties", "Name": name,
                       "RequiresRecreation": "Always" if change.replacement == "True" else "Never"},
            "Evaluation": "Static", "ChangeSource": "DirectModification",
        }
        for name in change.properties
    ]  # fmt: skip
    return {"Type": "Resource", "ResourceChange": {
        "Action": change.action, "LogicalResourceId": change.id, "ResourceType": change.type,
        **({"PhysicalResourceId": change.physical} if change.physical else {}),
        **({"Replacement": change.replacement} if change.replacement else {}),
        "Scope": list(change.scope), "Details": details,
    }}  # fmt: skip


def list_change_sets(engine: Engine, asking: Asking) -> Answer:
    """The change sets of a stack that were not executed."""
    stack = engine.find(asking, str(asking.given.get("StackName")), "Stack [{}] does not exist")
    rows = [
        {
            "StackId": stack.id, "StackName": stack.name, "ChangeSetId": group.id, "ChangeSetName": group.name,
            "ExecutionStatus": group.execution, "Status": group.status, "CreationTime": group.created,
            **({"StatusReason": group.reason} if group.reason else {}),
            **({"Description": group.description} if group.description else {}),
        }
        for group in stack.change_sets.values() if not group.executed
    ]  # fmt: skip
    return page("Summaries", rows, asking)


def execute_change_set(engine: Engine, asking: Asking) -> Answer:
    """Bring the stack to what the change set says."""
    stack, found = find(engine, asking)
    if found.execution != "AVAILABLE":
        raise RefusedError(
            "InvalidChangeSetStatus",
            f"ChangeSet [{found.id}] cannot be executed in its current execution status of [{found.execution}]",
        )
    with engine.working(stack):
        begins = stack.status == "REVIEW_IN_PROGRESS"
        if not begins:
            may_change(stack)
        found.executed = True
        stack.change_sets = {found.name: found}  # those that remain are of a template that is no longer the stack's
        hands = engine.hands(asking.who, found.desired.role, asking.account, asking.region)
        deployment = Deployment(engine, stack, hands)
        stack.disable_rollback = bool(asking.given.get("DisableRollback"))
        action = found.on_failure or ("DO_NOTHING" if stack.disable_rollback else "ROLLBACK")
        if begins:
            deployment.create(found.desired, action)
        else:
            deployment.update(found.desired, action == "DO_NOTHING")
    return {}


def delete_change_set(engine: Engine, asking: Asking) -> Answer:
    """One that is not there is deleted already."""
    try:
        stack, found = find(engine, asking)
    except RefusedError as error:
        if error.code != "ChangeSetNotFound":
            raise
        return {}
    stack.change_sets.pop(found.name, None)
    return {}


OPERATIONS: Final[Operations] = {
    "CreateChangeSet": create_change_set,
    "DeleteChangeSet": delete_change_set,
    "DescribeChangeSet": describe_change_set,
    "ExecuteChangeSet": execute_change_set,
    "ListChangeSets": list_change_sets,
}
