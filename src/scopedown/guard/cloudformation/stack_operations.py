"""The operations that create, change and delete stacks.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Operations.html
"""

from __future__ import annotations

from typing import Final

from scopedown.guard.cloudformation.changes import changes_of, is_same
from scopedown.guard.cloudformation.deployment import Deployment
from scopedown.guard.cloudformation.driver import AsCaller, DeniedError
from scopedown.guard.cloudformation.engine import Answer, Asking, Engine, InvalidError, Operations
from scopedown.guard.cloudformation.model import Desired, Stack
from scopedown.guard.cloudformation.sources import body_of, desired_of, from_s3
from scopedown.guard.cloudformation.template import NoExportError, TemplateError
from scopedown.guard.responses import RefusedError

CHANGEABLE: Final = frozenset({
    "CREATE_COMPLETE", "CREATE_FAILED", "UPDATE_COMPLETE", "UPDATE_FAILED", "UPDATE_ROLLBACK_COMPLETE",
})  # fmt: skip
"""Statuses in which a stack can be updated."""


def may_change(stack: Stack) -> None:
    """Raise RefusedError where a stack cannot be updated as it stands."""
    if stack.status not in CHANGEABLE:
        raise InvalidError(f"Stack:{stack.id} is in {stack.status} state and can not be updated.")


def create_stack(engine: Engine, asking: Asking) -> Answer:
    """Make a stack. One that cannot be carried out at all leaves no trace."""
    given = asking.given
    name = str(given["StackName"])
    if engine.standing(asking.account, asking.region, name) is not None:
        raise RefusedError("AlreadyExistsException", f"Stack [{name}] already exists")
    hands = engine.hands(asking.who, given.get("RoleARN") or "", asking.account, asking.region)
    desired = desired_of(engine, asking, None, body_of(engine, asking, None), hands)
    _skip_policy(engine, asking, "StackPolicy")
    stack = engine.new(asking.account, asking.region, name)
    try:
        with engine.working(stack):
            _plan(engine, stack, desired, hands)
            stack.protected = bool(given.get("EnableTerminationProtection"))
            stack.disable_rollback = bool(given.get("DisableRollback")) or given.get("OnFailure") == "DO_NOTHING"
            action = given.get("OnFailure") or ("DO_NOTHING" if stack.disable_rollback else "ROLLBACK")
            Deployment(engine, stack, hands).create(desired, str(action))
    except RefusedError:
        engine.forget(stack)
        raise
    return {"StackId": stack.id}


def _plan(engine: Engine, stack: Stack, desired: Desired, hands: AsCaller) -> bool:
    """Whether anything differs. Raises RefusedError for a template that cannot be carried out at all."""
    try:
        return not is_same(stack, desired, changes_of(engine, stack, desired, hands))
    except NoExportError:
        return True  # told by the stack's events
    except (TemplateError, DeniedError) as error:
        raise InvalidError(str(error)) from None
    except RecursionError:
        raise InvalidError("Template format error: the template is nested too deeply.") from None


def update_stack(engine: Engine, asking: Asking) -> Answer:
    """Bring a stack to another template, other parameters or other tags."""
    given = asking.given
    stack = engine.standing(asking.account, asking.region, str(given["StackName"]))
    if stack is None:
        raise InvalidError(f"Stack [{given['StackName']}] does not exist")
    with engine.working(stack):
        may_change(stack)
        hands = engine.hands(asking.who, given.get("RoleARN") or stack.deployed.role, asking.account, asking.region)
        desired = desired_of(engine, asking, stack, body_of(engine, asking, stack), hands)
        if not _plan(engine, stack, desired, hands) and stack.status != "UPDATE_FAILED":
            raise InvalidError("No updates are to be performed.")
        _skip_policy(engine, asking, "StackPolicy")
        _skip_policy(engine, asking, "StackPolicyDuringUpdate")
        stack.disable_rollback = bool(given.get("DisableRollback"))
        Deployment(engine, stack, hands).update(desired, stack.disable_rollback)
    return {"StackId": stack.id}


def delete_stack(engine: Engine, asking: Asking) -> Answer:
    """Delete a stack. One that is not there is deleted already."""
    given = asking.given
    stack = engine.standing(asking.account, asking.region, str(given.get("StackName")))
    if stack is None:
        return {}
    if stack.protected:
        raise InvalidError(f"Stack [{stack.name}] cannot be deleted while TerminationProtection is enabled")
    retain = given.get("RetainResources") or ()
    if retain and stack.status != "DELETE_FAILED":
        raise InvalidError(
            f"Invalid operation on stack [{stack.id}]. Resources can be retained only where the stack is in the "
            "DELETE_FAILED state"
        )
    with engine.working(stack):
        role = given.get("RoleARN") or stack.deployed.role or stack.tried.role
        Deployment(engine, stack, engine.hands(asking.who, role, asking.account, asking.region)).delete(retain)
    return {}


def rollback_stack(engine: Engine, asking: Asking) -> Answer:
    """Undo what failed, where it was left as it was."""
    stack = engine.find(asking, str(asking.given.get("StackName")))
    with engine.working(stack):
        deployment = _deployment(engine, asking, stack)
        if stack.status == "CREATE_FAILED":
            deployment.undo_creation("User Initiated")
        elif stack.status == "UPDATE_FAILED":
            deployment.undo_update("User Initiated")
        else:
            raise InvalidError(f"Stack:{stack.id} is in {stack.status} state and can not be rolled back.")
    return {"StackId": stack.id}


def continue_update_rollback(engine: Engine, asking: Asking) -> Answer:
    """Try the rollback of an update again, without the resources to be skipped."""
    stack = engine.find(asking, str(asking.given.get("StackName")))
    with engine.working(stack):
        if stack.status != "UPDATE_ROLLBACK_FAILED":
            raise InvalidError(f"Stack:{stack.id} is in {stack.status} state and can not continue rollback.")
        _deployment(engine, asking, stack).undo_update("User Initiated", asking.given.get("ResourcesToSkip") or ())
    return {}


def _deployment(engine: Engine, asking: Asking, stack: Stack) -> Deployment:
    role = asking.given.get("RoleARN") or stack.tried.role or stack.deployed.role
    return Deployment(engine, stack, engine.hands(asking.who, role, asking.account, asking.region))


def cancel_update_stack(engine: Engine, asking: Asking) -> Answer:
    """An update is done before its request is answered: there is none to cancel."""
    stack = engine.find(asking, str(asking.given.get("StackName")))
    raise InvalidError(f"CancelUpdateStack cannot be called from current stack status ({stack.status})")


def _skip_policy(engine: Engine, asking: Asking, name: str) -> None:
    """Note that a request's stack policy limits no update here; one in S3 is read in the caller's name.

    Frameworks set one with a deployment (``provider.stackPolicy``), so a refusal would end what AWS carries out.
    Raises RefusedError.
    """
    body, url = asking.given.get(f"{name}Body"), asking.given.get(f"{name}URL")
    if body is None and url:
        from_s3(AsCaller(engine.gate, asking.who, asking.account, asking.region), str(url))
    if body is not None or url:
        engine.gate.stand_ins.append((str(asking.given.get("StackName")), "its stack policy limits no update"))


def set_stack_policy(engine: Engine, asking: Asking) -> Answer:
    """Authorised, and without an effect."""
    engine.find(asking, str(asking.given.get("StackName")))
    _skip_policy(engine, asking, "StackPolicy")
    return {}


def update_termination_protection(engine: Engine, asking: Asking) -> Answer:
    """Whether the stack may be deleted."""
    stack = engine.find(asking, str(asking.given.get("StackName")))
    if stack.parent:
        raise InvalidError("Termination protection cannot be updated on nested stacks.")
    stack.protected = bool(asking.given.get("EnableTerminationProtection"))
    return {"StackId": stack.id}


def signal_resource(engine: Engine, asking: Asking) -> Answer:
    """Nothing waits for it (:mod:`.own_types`)."""
    stack, id = engine.find(asking, str(asking.given.get("StackName"))), asking.given.get("LogicalResourceId")
    if id not in stack.states:
        raise InvalidError(f"Resource {id} does not exist for stack {stack.name}")
    return {}


OPERATIONS: Final[Operations] = {
    "CancelUpdateStack": cancel_update_stack,
    "ContinueUpdateRollback": continue_update_rollback,
    "CreateStack": create_stack,
    "DeleteStack": delete_stack,
    "RollbackStack": rollback_stack,
    "SetStackPolicy": set_stack_policy,
    "SignalResource": signal_resource,
    "UpdateStack": update_stack,
    "UpdateTerminationProtection": update_termination_protection,
}
