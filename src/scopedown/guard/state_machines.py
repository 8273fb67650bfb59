"""State machines that begin with a Lambda task, run where something runs functions: so the CDK's Provider waits.

In: an allowed StartExecution. Out: the task's function is invoked under the machine's role, again while it fails and
the task has a Retry. Nothing else of a state machine is carried out: its other states, waiting, its history. The
execution is over when StartExecution is answered.
https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping
from typing import Any, Final

from scopedown.core.arn import service_of
from scopedown.guard.authority import Authority
from scopedown.guard.context_state import backend, known
from scopedown.guard.lambda_functions import function_of
from scopedown.guard.request import Asked
from scopedown.guard.responses import RefusedError

TRIES: Final = 20
"""Invocations of a task, however many its Retry allows."""
PAUSE: Final = 0.1
"""Seconds between them; the machine's own interval is meant for what takes minutes on AWS."""
LONGEST: Final = 20.0
"""Seconds of all of them."""
SERVICE: Final = "states.amazonaws.com"


def run_task(authority: Authority, asked: Asked) -> None:
    """Run the task that an execution begins with; nothing where it begins with something else."""
    machine = str(asked.parameters.get("stateMachineArn", ""))
    found = _machine(machine)
    task = None if found is None else _task(found[0])
    if found is None or task is None or authority.run_function is None:
        return
    try:
        given = json.loads(asked.parameters.get("input") or "{}")
    except (ValueError, RecursionError):
        return  # moto refuses it
    # A thread of its own: what it asks is not part of the request that is being answered.
    run = threading.Thread(target=_run, args=(authority, machine, found[1], task, given), daemon=True)
    run.start()
    run.join()


@known
def _machine(arn: str) -> tuple[Mapping[str, Any], str] | None:
    """The definition and the role of a state machine."""
    fields = arn.split(":")
    found = backend("stepfunctions", fields[4], fields[3]).describe_state_machine(arn)
    return json.loads(found.definition), found.roleArn


@known
def _task(definition: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The first state, where it is a task of a function."""
    first = definition["States"][definition["StartAt"]]
    return first if first["Type"] == "Task" and service_of(first["Resource"]) == "lambda" else None


def _run(authority: Authority, machine: str, role: str, task: Mapping[str, Any], given: Any) -> None:
    arn, until = str(task["Resource"]), time.monotonic() + LONGEST
    fields = arn.split(":")
    function, run = function_of(arn, fields[4], fields[3]), authority.run_function
    if function is None or run is None:
        return
    try:
        who = authority.assume(role, machine.rpartition(":")[2][:64], SERVICE)
        for _ in range(TRIES if task.get("Retry") else 1):
            if authority.authorise(who, "lambda", "Invoke", {"FunctionName": arn}, region=fields[3]):
                return
            ran = run(function, given, who, None)
            if ran is None or ran.why_not or not ran.failed or time.monotonic() > until:
                return
            time.sleep(PAUSE)
    except RefusedError:
        return  # the role cannot be assumed, or functions wait for each other without an end
