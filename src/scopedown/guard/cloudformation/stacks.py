"""CloudFormation, answered in front of moto: stacks, change sets, events, resources, outputs.

Each operation is authorised as the caller's request, then carried out by its function in :data:`OPERATIONS`. A
template's resources are made, changed and deleted by drivers (:mod:`.driver`), each call of theirs authorised as the
caller, or as the stack's role. A denial ends in CREATE_FAILED or UPDATE_FAILED with AWS's sentence, and the stack is
rolled back, again in that name. All of it happens inside of the request: a client that polls finds it done. Only where
functions run for long, it goes on after the answer.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Any, Final

from scopedown.guard.authority import Answer, Authority
from scopedown.guard.cloudformation import change_sets, reading, stack_operations
from scopedown.guard.cloudformation.builtin_types import own_types
from scopedown.guard.cloudformation.engine import Asking, Drivers, Engine, Operations, unsupported
from scopedown.guard.cloudformation.model import Stack
from scopedown.guard.model import Principal
from scopedown.guard.request import Asked
from scopedown.guard.responses import denial

OPERATIONS: Final[Operations] = {**reading.OPERATIONS, **change_sets.OPERATIONS, **stack_operations.OPERATIONS}
LONG: Final = frozenset({
    "ContinueUpdateRollback", "CreateStack", "DeleteStack", "ExecuteChangeSet", "RollbackStack", "UpdateStack",
})  # fmt: skip
"""Operations during which functions of custom resources may run."""
PATIENCE: Final = 20.0
"""Seconds after which they are answered all the same; boto3 waits for 60, and then asks again."""


class CloudFormation:
    """The service. ``drivers`` give what makes a type."""

    def __init__(self, gate: Authority, drivers: Drivers) -> None:
        self.engine = Engine(gate, drivers)
        self.engine.own = own_types(self.engine)

    def answers(self) -> dict[str, Answer]:
        """What answers the service, by its name."""
        return {"cloudformation": self.answer}

    @property
    def stacks(self) -> list[Stack]:
        """All stacks, those that were deleted as well."""
        return self.engine.stacks

    def answer(self, who: Principal, asked: Asked) -> Mapping[str, Any]:
        """The answer to one operation, authorised. Raises RefusedError."""
        gate = self.engine.gate
        asking = Asking(who, who.account, asked.region, dict(asked.parameters))
        if failed := gate.authorise(who, "cloudformation", asked.operation, self._named(asking), region=asked.region):
            raise denial(asked.protocol, failed[0][1])
        operation = OPERATIONS.get(asked.operation)
        if operation is None:
            raise unsupported(self.engine, asked.operation)
        found = self._done(operation, asking) if asked.operation in LONG else operation(self.engine, asking)
        if gate.stack_denials_at_once and asked.operation in ("CreateStack", "UpdateStack"):
            self._told_at_once(str(found["StackId"]), asked.protocol)
        return found

    def _done(self, operation: Callable[[Engine, Asking], Mapping[str, Any]], asking: Asking) -> Mapping[str, Any]:
        """The answer once it is done; before, where functions of custom resources run for so long that a client might
        ask again. It then goes on, and clients see the stack in progress."""
        if self.engine.gate.run_function is None:
            return operation(self.engine, asking)
        done: Future[Mapping[str, Any]] = Future()

        def work() -> None:
            try:
                done.set_result(operation(self.engine, asking))
            except BaseException as error:
                done.set_exception(error)

        threading.Thread(target=work, name="guard-stack", daemon=True).start()
        try:
            return done.result(PATIENCE)
        except TimeoutError:
            if done.done():  # it ended just now, or with an error of this kind
                return done.result()
            stack = self.engine.standing(asking.account, asking.region, str(asking.given.get("StackName")))
            return {"StackId": stack.id} if stack is not None else {}

    def _told_at_once(self, stack_id: str, protocol: str) -> None:
        """Raise RefusedError with what a stack was denied. AWS answers before it begins, and its events tell it."""
        stack = next(one for one in self.stacks if one.id == stack_id)
        for event in stack.events if stack.status not in ("CREATE_COMPLETE", "UPDATE_COMPLETE") else ():
            if str(event["ResourceStatus"]).endswith("_FAILED") and "not authorized" in event["ResourceStatusReason"]:
                raise denial(protocol, event["ResourceStatusReason"])

    def _named(self, asking: Asking) -> dict[str, Any]:
        """The parameters with the stack's name: an id has it, and so has what a change set's ARN stands for."""
        given = dict(asking.given)
        if str(change_set := given.get("ChangeSetName")).startswith("arn:"):
            for stack in self.engine.here(asking.account, asking.region):
                for group in list(stack.change_sets.values()):
                    if group.id == change_set:
                        given |= {"ChangeSetName": group.name, "StackName": stack.name}
        if str(name := given.get("StackName")).startswith("arn:"):
            given["StackName"] = str(name).split("/")[1] if str(name).count("/") else name
        return given
