"""Each tool answers what its command prints, in the form that its schema says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from command_line import run
from scopedown import __version__

from .client import TODOS, Client, talking, text

ALLOWED: dict[str, Any] = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
DENIED: dict[str, Any] = {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}
ANYTHING_OF_S3 = {"Version": "2012-10-17", "Statement": [ALLOWED]}
NOTHING_OF_S3 = {"Version": "2012-10-17", "Statement": [DENIED]}
OF_ANYBODY = {"Version": "2012-10-17", "Statement": [{**DENIED, "Principal": "*"}]}


@pytest.fixture(scope="module")
def todos() -> Iterator[Client]:
    with talking("--root", str(TODOS), cwd=TODOS.parent) as client:
        yield client


def printed(command: str, *arguments: str, cwd: Path = TODOS) -> Any:
    return json.loads(run(*arguments, "--format", "json", cwd=cwd, command=command).stdout)


def test_the_server_says_who_it_is_and_what_its_tools_are_for(todos: Client) -> None:
    greeting = todos.greeting
    assert (greeting.serverInfo.name, greeting.serverInfo.version) == ("scopedown", __version__)
    assert greeting.capabilities.tools is not None
    assert greeting.instructions is not None
    assert all(f"{one.name}:" in greeting.instructions for one in todos.tools())


def test_every_tool_only_reads_and_describes_itself_and_each_argument(todos: Client) -> None:
    tools = todos.tools()
    assert [one.name for one in tools] == [
        "scan", "deploy_policy", "check", "explain", "denied", "compare", "validate", "simulate", "catalog",
    ]  # fmt: skip
    for one in tools:
        hints = one.annotations
        assert hints is not None
        told = (hints.readOnlyHint, hints.destructiveHint, hints.idempotentHint, hints.openWorldHint)
        assert told == (True, False, True, False)
        assert one.title and one.description and one.outputSchema
        for schema in (one.inputSchema, one.outputSchema):
            jsonschema.Draft202012Validator.check_schema(schema)
        assert one.inputSchema["additionalProperties"] is False
        for name, argument in one.inputSchema["properties"].items():
            assert len(argument["description"]) > 10, (one.name, name)


def test_no_tool_has_an_argument_that_runs_writes_or_asks_aws(todos: Client) -> None:
    names = {name for one in todos.tools() for name in one.inputSchema["properties"]}
    assert not names & {"run_framework", "output", "write", "fix", "apply", "profile", "user", "yes", "baseline"}


def test_a_scan_is_what_the_command_prints(todos: Client) -> None:
    result = todos.call("scan")
    assert result.structuredContent == printed("scan") == json.loads(text(result))
    assert result.structuredContent["functions"][0]["permissions"][0]["action"] == "dynamodb:PutItem"


def test_a_scan_of_some_functions_has_no_others(todos: Client) -> None:
    found = todos.answer("scan", functions=["list", "attach"], stage="prod", account="123456789012")
    assert [one["name"] for one in found["functions"]] == ["list", "attach"]
    assert found["project"]["stage"] == "prod"
    assert "123456789012" in json.dumps(found["functions"][0]["policy"])


def test_a_check_is_what_the_command_prints_and_a_gate_that_objects_is_an_answer(todos: Client) -> None:
    found = todos.answer("check", select=["SD203"], fail_on="warning")
    assert found == printed("check", "--select", "SD203", "--fail-on", "warning")
    assert found["failed"] is True
    assert {one["rule"] for one in found["problems"]} == {"SD203"}


def test_an_explanation_leads_from_the_action_to_the_line(todos: Client) -> None:
    found = todos.answer("explain", action="dynamodb:PutItem")
    assert found == printed("explain", "dynamodb:PutItem")
    assert "todos/store.py:13" in json.dumps(found)


def test_that_no_function_needs_an_action_is_an_answer(todos: Client) -> None:
    assert todos.answer("explain", action="sqs:SendMessage")["functions"] == []


def test_the_policy_of_who_deploys_comes_whole_with_what_it_still_allows(todos: Client) -> None:
    found = todos.answer("deploy_policy", account="123456789012")
    alone = run("--account", "123456789012", "--output", "-", cwd=TODOS, command="deploy-policy")
    assert found["policies"] == [json.loads(alone.stdout)]
    assert any("Become administrator?" in line for line in found["notes"])


def test_a_policy_that_is_larger_than_awss_quota_comes_in_several_documents(todos: Client) -> None:
    assert len(todos.answer("deploy_policy", strict=True)["policies"]) == 2


def test_the_reasons_of_a_deployment_name_command_and_resource(todos: Client) -> None:
    found = todos.answer("deploy_policy", explain=True, commands=["deploy"])
    assert "policies" not in found
    assert any(line.startswith("    to create TodosTable, AWS::DynamoDB::Table") for line in found["explanation"])


def test_a_policy_is_audited_as_it_is_given(todos: Client) -> None:
    found = todos.answer("deploy_policy", audit=ANYTHING_OF_S3)
    assert (found["schema"], found["administrator"]) == ("scopedown.deploy-policy-audit/1", False)
    assert "cloudformation:DescribeStacks" in {one["action"] for one in found["lacking"]}
    assert "s3:*" in {one["pattern"] for one in found["beyond"]}


def test_a_request_is_decided_and_a_denial_is_an_answer(todos: Client, tmp_path: Path) -> None:
    (tmp_path / "policy-1.json").write_text(json.dumps(ANYTHING_OF_S3))
    found = todos.answer("simulate", policies=[ANYTHING_OF_S3], actions=["s3:GetObject", "sqs:SendMessage"])
    asked = ("--policy", "policy-1.json", "--action", "s3:GetObject", "--action", "sqs:SendMessage")
    assert found == printed("simulate", *asked, cwd=tmp_path)
    assert found["decision"] == "implicitDeny"
    assert [one["decision"] for one in found["results"]] == ["allowed", "implicitDeny"]


@pytest.mark.parametrize(
    ("layer", "decision", "by"),
    [
        ({"boundary": NOTHING_OF_S3}, "explicitDeny", "boundary-1.json"),
        ({"session_policies": [NOTHING_OF_S3]}, "explicitDeny", "session-1.json"),
        ({"resource_policy": OF_ANYBODY}, "explicitDeny", "resource-policy-1.json"),
        ({"service_control_policies": [[ANYTHING_OF_S3], [NOTHING_OF_S3]]}, "explicitDeny", "scp-2.json"),
        ({"vpc_endpoint_policy": OF_ANYBODY}, "explicitDeny", "vpce-1.json"),
        ({}, "allowed", "policy-1.json"),
    ],
)
def test_every_layer_of_policies_counts(todos: Client, layer: dict[str, Any], decision: str, by: str) -> None:
    found = todos.answer(
        "simulate", policies=[ANYTHING_OF_S3], actions=["s3:GetObject"], resources=["arn:aws:s3:::b/k"], **layer
    )
    assert found["decision"] == decision
    assert found["results"][0]["decidedBy"].startswith(by)


def test_condition_keys_are_given_as_text_numbers_truths_and_lists(todos: Client) -> None:
    conditions = {
        "Bool": {"aws:SecureTransport": "true"},
        "NumericEquals": {"s3:max-keys": "10"},
        "ForAnyValue:StringEquals": {"aws:TagKeys": "b"},
    }
    policy = {"Version": "2012-10-17", "Statement": [{**ALLOWED, "Condition": conditions}]}
    context = {"aws:SecureTransport": True, "s3:max-keys": 10, "aws:TagKeys": ["a", "b"]}
    asked = {"policies": [policy], "actions": ["s3:ListBucket"], "resources": ["arn:aws:s3:::b"]}
    assert todos.answer("simulate", **asked, context=context)["decision"] == "allowed"
    assert todos.answer("simulate", **asked, context={**context, "s3:max-keys": 11})["decision"] == "implicitDeny"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("dynamodb:PutItem", "action"),
        ("s3.HeadObject", "operation"),
        ("AWS::SQS::Queue", "cloudformation"),
        ("sqs", "service"),
    ],
)
def test_the_catalog_knows_every_kind_of_name(todos: Client, name: str, kind: str) -> None:
    found = todos.answer("catalog", name=name)
    assert found == printed("catalog", name)
    assert (found["kind"], found["name"]) == (kind, name)


def test_an_error_tells_the_remedy(todos: Client) -> None:
    assert "did you mean dynamodb:PutItem" in todos.error("catalog", name="dynamodb:PutItme")
    assert "it has attach, create, list" in todos.error("scan", functions=["creat"])
    assert "'GetObject' is not an action" in todos.error("simulate", actions=["GetObject"])
    assert "policy-1.json:1" in todos.error("simulate", policies=[{"Statement": 7}], actions=["s3:GetObject"])
    assert "there are scan, deploy_policy, check" in todos.error("no_such_tool")


def test_arguments_that_do_not_fit_are_told_by_their_name(todos: Client) -> None:
    assert "'run_framework' was unexpected" in todos.error("scan", run_framework=True)
    assert "wrong arguments of scan: functions" in todos.error("scan", functions="create")
    assert "'action' is a required property" in todos.error("explain")
    assert "framework: 'webpack' is not one of" in todos.error("check", framework="webpack")
    assert "account: " in todos.error("scan", account="12345")


def test_a_denial_is_explained_with_the_project(todos: Client) -> None:
    message = (
        "User: arn:aws:iam::111122223333:user/ci is not authorized to perform: dynamodb:CreateTable on resource: "
        "arn:aws:dynamodb:eu-west-1:111122223333:table/t because no identity-based policy allows the "
        "dynamodb:CreateTable action"
    )
    (alone,) = todos.answer("denied", message=message)["denials"]
    assert alone["statement"]["Action"] == "dynamodb:CreateTable" and alone["steps"] == []
    (inside,) = todos.answer("denied", message=message, path=".")["denials"]
    assert inside["steps"]
    assert "no denial" in todos.error("denied", message="all is well")


def test_policies_are_compared(todos: Client) -> None:
    reads, all_of_s3 = (
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]}
        for action in ("s3:GetObject", "s3:*")
    )
    found = todos.answer("compare", old=reads, new=all_of_s3)
    assert found["result"] == "FAIL" and found["changes"][0]["new"][0]["witness"]["action"].startswith("s3:")
    assert todos.answer("compare", old=all_of_s3, new=reads)["result"] == "PASS"
    assert todos.answer("compare", new=reads, not_granted=["s3:Delete*"])["result"] == "PASS"
    assert "no policy names a principal" in todos.error("compare", new=reads, no_public=True)


def test_policies_are_validated(todos: Client) -> None:
    found = todos.answer("validate", policies=[{"Version": "2012-10-17", "Statement": []}])
    assert found["failed"] and [one["code"] for one in found["findings"]] == ["MISSING_STATEMENT"]
