"""Invoke, where something runs functions."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from scopedown.guard.gate import Gate
from scopedown.guard.lambda_functions import LambdaFunction, Ran, function_of
from scopedown.guard.model import ACCOUNT, Principal

WORKS = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:works"
ALLOWED = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": WORKS}]}  # fmt: skip


@pytest.fixture(scope="module")
def running() -> Iterator[Gate]:
    with Gate() as one:
        yield one


@pytest.fixture
def gate(running: Gate) -> Iterator[Gate]:
    running.reset()
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("index.py", "x = 1")
    trust = {"Version": "2012-10-17", "Statement": []}
    role = running.client("iam").create_role(RoleName="works", AssumeRolePolicyDocument=json.dumps(trust))
    layer = running.client("lambda").publish_layer_version(LayerName="own", Content={"ZipFile": archive.getvalue()})
    for name in ("works", "other"):
        running.client("lambda").create_function(
            FunctionName=name, Runtime="python3.12", Handler="index.handler", Role=role["Role"]["Arn"], Timeout=7,
            Code={"ZipFile": archive.getvalue()}, Layers=[layer["LayerVersionArn"]], MemorySize=256,
            Environment={"Variables": {"A": "1"}},
        )  # fmt: skip
    yield running
    running.run_function = None


def test_a_function_is_found_with_all_that_its_process_needs(gate: Gate) -> None:
    for name in ("works", WORKS, f"{ACCOUNT}:function:works"):
        found = function_of(name, ACCOUNT, "us-east-1")
        assert found is not None and found.arn.endswith(":function:works")
    assert (found.runtime, found.handler, found.timeout, found.memory) == ("python3.12", "index.handler", 7, 256)
    assert found.environment == {"A": "1"} and found.role.endswith(":role/works")
    assert zipfile.ZipFile(io.BytesIO(found.code)).namelist() == ["index.py"] and len(found.layers) == 1
    assert function_of("nothing", ACCOUNT, "us-east-1") is None
    assert function_of("arn:aws", ACCOUNT, "us-east-1") is None


def test_what_is_invoked_runs_on_its_payload_once_it_is_allowed(gate: Gate) -> None:
    asked: list[Any] = []

    def run(function: LambdaFunction, event: Any, caller: Principal | None, seconds: float | None) -> Ran:
        asked.append((function.name, event, caller and caller.name, seconds))
        return Ran('{"made": true}', log="a line")

    gate.run_function = run
    client = gate.client("lambda", gate.make_user("app", [ALLOWED]))
    answer = client.invoke(FunctionName="works", Payload=b'{"a": 1}', LogType="Tail")
    assert (answer["StatusCode"], json.load(answer["Payload"])) == (200, {"made": True})
    assert "FunctionError" not in answer and base64.b64decode(answer["LogResult"]) == b"a line"
    assert client.invoke(FunctionName="works", InvocationType="Event")["StatusCode"] == 202
    assert asked == [("works", {"a": 1}, "app", None), ("works", {}, "app", None)]
    assert client.invoke(FunctionName="works", InvocationType="DryRun")["StatusCode"] == 204
    with pytest.raises(ClientError, match="AccessDenied"):
        client.invoke(FunctionName="other")
    with pytest.raises(ClientError, match="InvalidRequestContentException"):
        client.invoke(FunctionName="works", Payload=b"{")
    assert len(asked) == 2


@pytest.mark.parametrize("ran", [None, Ran(why_not="java21 was not run")], ids=["not for it", "not here"])
def test_what_is_not_run_is_answered_by_moto(ran: Ran | None, gate: Gate) -> None:
    gate.run_function = lambda *given: ran
    client = gate.client("lambda", gate.make_user("app", [ALLOWED]))
    assert client.invoke(FunctionName="works", Payload=b'{"a": 1}')["StatusCode"] == 200


def test_an_error_of_the_function_is_told_as_lambda_tells_it(gate: Gate) -> None:
    gate.run_function = lambda *given: Ran('{"errorType": "KeyError"}', failed=True, error="KeyError")
    answer = gate.client("lambda", gate.make_user("app", [ALLOWED])).invoke(FunctionName="works")
    assert (answer["StatusCode"], answer["FunctionError"]) == (200, "Unhandled")
    assert json.load(answer["Payload"])["errorType"] == "KeyError"


def machine(gate: Gate, states: dict[str, Any], allowed: bool = True) -> str:
    """A state machine whose role may invoke the function, or not; its ARN."""
    trust = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "states.amazonaws.com"}, "Action": "sts:AssumeRole"}]}  # fmt: skip
    role = gate.client("iam").create_role(RoleName="waits", AssumeRolePolicyDocument=json.dumps(trust))
    if allowed:
        gate.client("iam").put_role_policy(RoleName="waits", PolicyName="own", PolicyDocument=json.dumps(ALLOWED))
    made = gate.client("stepfunctions").create_state_machine(
        name="waiter", roleArn=role["Role"]["Arn"], definition=json.dumps({"StartAt": "First", "States": states})
    )
    return str(made["stateMachineArn"])


TASK = {"Type": "Task", "Resource": WORKS, "End": True, "Retry": [{"ErrorEquals": ["States.ALL"]}]}
STARTS = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": "states:StartExecution", "Resource": "*"}]}  # fmt: skip


@pytest.mark.parametrize(
    ("states", "allowed", "runs"),
    [
        ({"First": TASK}, True, 3),
        ({"First": {**TASK, "Retry": []}}, True, 1),
        ({"First": TASK}, False, 0),
        ({"First": {"Type": "Pass", "End": True}}, True, 0),
        ({"First": {**TASK, "Resource": "arn:aws:states:::sqs:sendMessage"}}, True, 0),
    ],
    ids=["again while it fails", "once", "denied", "no task", "no function"],
)
def test_the_function_that_a_state_machine_begins_with_runs_under_its_role(
    states: dict[str, Any], allowed: bool, runs: int, gate: Gate
) -> None:
    asked: list[Any] = []

    def run(function: LambdaFunction, event: Any, caller: Principal | None, seconds: float | None) -> Ran:
        asked.append((function.name, event, caller and caller.name))
        return Ran("{}", failed=len(asked) < 3, error="Retry")

    gate.run_function = run
    arn = machine(gate, states, allowed)
    started = gate.client("stepfunctions", gate.make_user("app", [STARTS])).start_execution(
        stateMachineArn=arn, input='{"a": 1}'
    )
    assert ":execution:waiter:" in started["executionArn"]
    assert asked == [("works", {"a": 1}, "waits")] * runs
    mine = [one for one in gate.decided if one.check.action == "lambda:InvokeFunction"]
    assert {one.allowed for one in mine} == ({allowed} if runs or not allowed else set())
