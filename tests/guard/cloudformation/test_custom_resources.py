"""Custom resources whose function runs: what it is asked, and what becomes of its answer."""

from __future__ import annotations

import io
import json
import threading
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError

from guard.cloudformation.conftest import EVERYTHING, Local
from scopedown.guard.cloudformation import stacks
from scopedown.guard.lambda_functions import LambdaFunction, Ran
from scopedown.guard.model import ACCOUNT, Principal

ARN = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:serves"
Told = Mapping[str, Any] | bytes | None


def send(gate: Any, url: str, body: bytes) -> int:
    """PUT to the URL as the network of a function leads it to the guard; the status."""
    parts = urlsplit(url)
    assert parts.scheme == "https" and (parts.hostname or "").endswith(".amazonaws.com")
    request = urllib.request.Request(
        f"{gate.address}{parts.path}?{parts.query}", body, {"Host": parts.netloc}, method="PUT"
    )
    try:
        with urllib.request.urlopen(request) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


@dataclass
class Serving:
    """A function that answers as ``told`` says; ``ran`` is what its runner tells."""

    gate: Any
    told: Callable[[Mapping[str, Any]], Told]
    ran: Ran = field(default_factory=Ran)
    asked: list[Mapping[str, Any]] = field(default_factory=list)

    def __call__(
        self, function: LambdaFunction, event: Any, caller: Principal | None, seconds: float | None
    ) -> Ran | None:
        assert (function.name, caller) == ("serves", None)
        self.asked.append({**event, "seconds": seconds})
        answer = self.told(event)
        if answer is not None:
            body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            assert send(self.gate, event["ResponseURL"], body) == 200
        return self.ran

    @property
    def kinds(self) -> list[tuple[str, str]]:
        """The kind of each request, and the physical id in it."""
        return [(one["RequestType"], one.get("PhysicalResourceId", "")) for one in self.asked]


def success(event: Mapping[str, Any], physical: str = "thing", **data: Any) -> dict[str, Any]:
    same = {name: event[name] for name in ("StackId", "RequestId", "LogicalResourceId")}
    return {"Status": "SUCCESS", "PhysicalResourceId": physical, "Data": data, **same}


def failed(event: Mapping[str, Any], reason: str, physical: str = "half") -> dict[str, Any]:
    return {**success(event, physical), "Status": "FAILED", "Reason": reason}


@pytest.fixture
def serve(local: Local) -> Callable[..., Serving]:
    """Deploys the function, and has it answer."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("index.py", "")
    role = local.gate.client("iam").create_role(
        RoleName="serves", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": []})
    )
    local.gate.client("lambda").create_function(
        FunctionName="serves", Runtime="python3.12", Handler="index.handler", Role=role["Role"]["Arn"],
        Code={"ZipFile": archive.getvalue()}, Environment={"Variables": {"A": "1"}},
    )  # fmt: skip

    def answering(told: Callable[[Mapping[str, Any]], Told], **ran: Any) -> Serving:
        local.gate.run_function = serving = Serving(local.gate, told, Ran(**ran))
        return serving

    return answering


@pytest.fixture(autouse=True)
def nothing_runs(local: Local) -> Any:
    yield
    local.gate.run_function = None


def custom(outputs: Mapping[str, Any] | None = None, **properties: Any) -> dict[str, Any]:
    own = {"Type": "Custom::Thing", "Properties": {"ServiceToken": ARN, **properties}}
    return {"Resources": {"Own": own}, **({"Outputs": outputs} if outputs else {})}


def reasons(local: Local, name: str = "s") -> list[str]:
    return [reason for id, status, reason in local.events(name) if id == "Own" and status.endswith("_FAILED")]


OUTPUTS = {"Id": {"Value": {"Ref": "Own"}}, "Color": {"Value": {"Fn::GetAtt": "Own.Color"}},
           "Deep": {"Value": {"Fn::GetAtt": "Own.Item.id"}}}  # fmt: skip


def test_the_answer_of_the_function_is_what_ref_and_get_att_give(local: Local, serve: Callable[..., Serving]) -> None:
    serving = serve(lambda event: success(event, "id-1", Color="red", **{"Item.id": "7"}))
    assert local.create("s", custom(OUTPUTS, Size=3, Deep={"On": [True, "x"]}, ServiceTimeout=20)) == "CREATE_COMPLETE"
    assert local.outputs("s") == {"Id": "id-1", "Color": "red", "Deep": "7"}
    (asked,) = serving.asked
    assert asked["StackId"] == local.stack("s")["StackId"]
    assert (asked["RequestType"], asked["LogicalResourceId"], asked["ResourceType"], asked["seconds"]) == (
        "Create", "Own", "Custom::Thing", 20.0,
    )  # fmt: skip
    assert "PhysicalResourceId" not in asked and "OldResourceProperties" not in asked
    assert asked["ResourceProperties"] == {
        "ServiceToken": ARN, "Size": "3", "Deep": {"On": ["true", "x"]}, "ServiceTimeout": "20",
    }  # fmt: skip
    assert local.gate.stand_ins == []
    local.aws.delete_stack(StackName="s")
    assert serving.kinds == [("Create", ""), ("Delete", "id-1")]


def test_an_update_is_asked_for_only_where_properties_change(local: Local, serve: Callable[..., Serving]) -> None:
    serving = serve(lambda event: success(event, "thing", Color=event["ResourceProperties"]["Size"]))
    local.create("s", custom(OUTPUTS["Color"] and {"Color": OUTPUTS["Color"]}, Size=1))
    local.update("s", custom({"Color": OUTPUTS["Color"]}, Size=1), Tags=[{"Key": "team", "Value": "a"}])
    assert serving.kinds == [("Create", "")]
    assert local.update("s", custom({"Color": OUTPUTS["Color"]}, Size=2)) == "UPDATE_COMPLETE"
    assert serving.kinds == [("Create", ""), ("Update", "thing")]
    assert serving.asked[1]["OldResourceProperties"]["Size"] == "1"
    assert local.outputs("s") == {"Color": "2"}


def test_a_new_physical_id_replaces_the_resource_and_the_old_one_is_deleted(
    local: Local, serve: Callable[..., Serving]
) -> None:
    serving = serve(lambda event: success(event, f"thing-{event['ResourceProperties']['Size']}"))
    local.create("s", custom(Size=1))
    local.update("s", custom(Size=2))
    assert serving.kinds == [("Create", ""), ("Update", "thing-1"), ("Delete", "thing-1")]
    assert serving.asked[2]["ResourceProperties"]["Size"] == "1"
    local.aws.delete_stack(StackName="s")
    assert serving.kinds[3:] == [("Delete", "thing-2")]


def test_a_failure_is_told_with_its_reason_and_what_was_half_made_is_deleted(
    local: Local, serve: Callable[..., Serving]
) -> None:
    serving = serve(lambda e: failed(e, "no such color") if e["RequestType"] == "Create" else success(e, "half"))
    assert local.create("s", custom()) == "ROLLBACK_COMPLETE"
    (told,) = reasons(local)
    assert told.startswith(
        "Received response status [FAILED] from custom resource. Message returned: no such color (Re"
    )
    assert serving.kinds == [("Create", ""), ("Delete", "half")]


def test_a_failed_update_goes_back_to_the_properties_before(local: Local, serve: Callable[..., Serving]) -> None:
    serving = serve(lambda e: failed(e, "2 is too much") if e["ResourceProperties"]["Size"] == "2" else success(e))
    local.create("s", custom(Size=1))
    assert local.update("s", custom(Size=2)) == "UPDATE_ROLLBACK_COMPLETE"
    assert [(one["RequestType"], one["ResourceProperties"]["Size"]) for one in serving.asked] == [
        ("Create", "1"), ("Update", "2"), ("Update", "1"),
    ]  # fmt: skip
    assert serving.asked[2]["OldResourceProperties"]["Size"] == "2"


def test_a_failed_deletion_leaves_the_stack(local: Local, serve: Callable[..., Serving]) -> None:
    serve(lambda e: failed(e, "it is in use") if e["RequestType"] == "Delete" else success(e))
    local.create("s", custom())
    local.aws.delete_stack(StackName="s")
    assert local.status("s") == "DELETE_FAILED"


def test_the_function_of_a_custom_resource_is_not_another_one_later(
    local: Local, serve: Callable[..., Serving]
) -> None:
    serve(success)
    local.create("s", custom())
    other = custom()
    other["Resources"]["Own"]["Properties"]["ServiceToken"] = f"{ARN}-2"
    assert local.update("s", other) == "UPDATE_ROLLBACK_COMPLETE"
    assert reasons(local)[0] == "Modifying service token is not allowed."


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        (b"[", "it is not a JSON object"),
        (b"[" * 4000, "it is not a JSON object"),
        (b'"' + b"x" * 5000 + b'"', "too long"),
        ({"Status": "DONE"}, "with a Status"),
        ({"Status": "SUCCESS", "StackId": "another"}, "its StackId is not the request's"),
        ({"PhysicalResourceId": ""}, "Invalid PhysicalResourceId"),
        ({"PhysicalResourceId": "x" * 2000}, "Invalid PhysicalResourceId"),
        ({"Data": "text"}, "its Data is not an object"),
    ],
    ids=["cut", "deep", "long", "status", "stack", "no id", "long id", "data"],
)
def test_an_answer_of_another_form_fails_the_resource(
    told: Told, reason: str, local: Local, serve: Callable[..., Serving]
) -> None:
    serve(lambda event: told if isinstance(told, bytes) else {**success(event), **(told or {})})
    assert local.create("s", custom()) == "ROLLBACK_COMPLETE"
    assert reason in reasons(local)[0]


def test_without_an_answer_a_denied_function_fails_and_another_is_stood_in_for(
    local: Local, serve: Callable[..., Serving]
) -> None:
    serve(lambda event: None, failed=True, error="AccessDenied: no", denied=True)
    assert local.create("denied", custom()) == "ROLLBACK_FAILED"  # its deletion gets no answer either
    assert "CloudFormation did not receive a response from your custom resource" in reasons(local, "denied")[0]
    serving = serve(lambda event: None, failed=True, error="KeyError: 'Size'")
    local.gate.stand_ins.clear()
    assert local.create("s", custom(OUTPUTS)) == "CREATE_COMPLETE"
    assert local.gate.stand_ins == [
        ("Own", "its answer is a stand-in: its function ended without an answer (KeyError: 'Size')")
    ]
    local.aws.delete_stack(StackName="s")
    assert serving.kinds == [("Create", "")]  # what was never made is not deleted


def test_a_failure_for_lack_of_what_only_aws_has_is_a_stand_in(local: Local, serve: Callable[..., Serving]) -> None:
    serve(lambda event: failed(event, "getaddrinfo"), lacks="its function asks example.com:443")
    assert local.create("s", custom()) == "CREATE_COMPLETE"
    assert local.gate.stand_ins == [("Own", "its answer is a stand-in: its function asks example.com:443")]
    serve(lambda event: failed(event, "AccessDenied"), lacks="its function asks example.com:443", denied=True)
    assert local.create("t", custom()) == "ROLLBACK_FAILED"


def test_what_cannot_run_is_a_stand_in_with_its_reason(local: Local, serve: Callable[..., Serving]) -> None:
    serve(lambda event: None, why_not="java21 was not run")
    local.create("s", custom())
    assert local.gate.stand_ins == [
        ("Own", "what ServiceToken names is not run, and its answer is a stand-in: java21 was not run")
    ]


def test_only_the_secret_of_a_url_gives_an_answer_and_only_once(local: Local, serve: Callable[..., Serving]) -> None:
    seen: list[str] = []

    def told(event: Mapping[str, Any]) -> Told:
        url = event["ResponseURL"]
        seen.append(url)
        forged = json.dumps(success(event, "forged")).encode()
        assert send(local.gate, url.split("Signature=")[0] + "Signature=guess", forged) == 200
        assert send(local.gate, url, json.dumps(success(event, "first")).encode()) == 200
        return success(event, "second")

    serve(told)
    local.create("s", custom({"Id": OUTPUTS["Id"]}))
    assert local.outputs("s") == {"Id": "first"}
    assert send(local.gate, seen[0], b"{}") == 200  # later: dropped


def test_a_bucket_whose_name_begins_like_the_host_of_the_urls_is_s3s(local: Local) -> None:
    url = "https://cloudformation-custom-resource-responses.s3.us-east-1.amazonaws.com/key?Signature=guess"
    assert send(local.gate, url, b"{}") == 403
    assert send(local.gate, url.replace("responses", "response-ours").partition("?")[0], b"{}") == 403


def test_a_denied_caller_runs_nothing(local: Local, serve: Callable[..., Serving]) -> None:
    serving = serve(success)
    poor = local.user(EVERYTHING, {"Effect": "Deny", "Action": "lambda:InvokeFunction", "Resource": "*"})
    assert local.create("s", custom(), local.gate.client("cloudformation", poor)) == "ROLLBACK_COMPLETE"
    assert serving.asked == []


def test_a_long_deployment_goes_on_after_the_answer(
    local: Local, serve: Callable[..., Serving], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stacks, "PATIENCE", 0.05)
    seen, goes_on = threading.Event(), threading.Event()

    def told(event: Mapping[str, Any]) -> Told:
        seen.set()
        assert goes_on.wait(60)
        return success(event, "late")

    serve(told)
    try:
        assert local.create("s", custom({"Id": OUTPUTS["Id"]})) == "CREATE_IN_PROGRESS"
        assert seen.wait(60)
        with pytest.raises(ClientError, match="is in CREATE_IN_PROGRESS state and can not be updated"):
            local.aws.update_stack(StackName="s", TemplateBody=json.dumps(custom()))
    finally:
        goes_on.set()
    local.aws.get_waiter("stack_create_complete").wait(StackName="s", WaiterConfig={"Delay": 1, "MaxAttempts": 60})
    assert local.outputs("s") == {"Id": "late"}
