"""Functions of a stack that run because CloudFormation or another function invokes them."""

from __future__ import annotations

import io
import json
import textwrap
import zipfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from scopedown.catalog.load import catalog
from scopedown.guard.cloudformation.provision import driver_of
from scopedown.guard.lambda_functions import function_of
from scopedown.guard.model import ACCOUNT
from scopedown.project.load import Options, load_project
from scopedown.prove.functions.model import FunctionRun
from scopedown.prove.invocations import DEEPEST, Invocations
from scopedown.prove.local_aws import LocalAws
from scopedown.scan import scan

pytestmark = pytest.mark.slow

TRUST = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}  # fmt: skip
ANSWER = """
import json, os, urllib.request
import boto3

def answer(event, physical, **data):
    told = {"Status": "SUCCESS", "PhysicalResourceId": physical, "Data": data}
    told |= {name: event[name] for name in ("StackId", "RequestId", "LogicalResourceId")}
    urllib.request.urlopen(urllib.request.Request(event["ResponseURL"], json.dumps(told).encode(), method="PUT"))
"""
PUTS = ANSWER + '''
def handler(event, context):
    table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
    if event["RequestType"] == "Create":
        table.put_item(Item={"id": event["ResourceProperties"]["Id"]})
    answer(event, "item", Id=event["ResourceProperties"]["Id"])
'''  # fmt: skip
HIDES = ANSWER + '''
def handler(event, context):
    operation = getattr(boto3.client("dynamodb"), event["ResourceProperties"]["Operation"])
    try:
        operation()
    except Exception as error:
        told = {"Status": "FAILED", "Reason": str(error), "PhysicalResourceId": "item"}
        told |= {name: event[name] for name in ("StackId", "RequestId", "LogicalResourceId")}
        urllib.request.urlopen(urllib.request.Request(event["ResponseURL"], json.dumps(told).encode(), method="PUT"))
'''  # fmt: skip


def function(code: str, role: str = "Role", **more: Any) -> dict[str, Any]:
    return {"Type": "AWS::Lambda::Function", "Properties": {
        "Runtime": "python3.11", "Handler": "index.handler", "Code": {"ZipFile": textwrap.dedent(code)},
        "Role": {"Fn::GetAtt": [f"{role}", "Arn"]}, "Environment": {"Variables": {"TABLE": {"Ref": "Table"}}}, **more,
    }}  # fmt: skip


def template(code: str, **more: Any) -> dict[str, Any]:
    role = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": TRUST}}
    return {"Resources": {
        "Role": role,
        "Table": {"Type": "AWS::DynamoDB::Table", "Properties": {
            "BillingMode": "PAY_PER_REQUEST", "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        }},
        "Serves": function(code),
        "Own": {"Type": "Custom::Item", "Properties": {"ServiceToken": {"Fn::GetAtt": "Serves.Arn"}, "Id": "7",
                                                      "Operation": "list_tables"}},
        **more,
    }, "Outputs": {"Id": {"Value": {"Fn::GetAtt": "Own.Id"}}}}  # fmt: skip


@dataclass
class Stack:
    """A template that is deployed by an administrator while its functions can be invoked."""

    aws: LocalAws
    invocations: Invocations
    body: str

    def create(self) -> Mapping[str, Any]:
        client = self.aws.admin("cloudformation", "us-east-1")
        client.create_stack(StackName="s", TemplateBody=self.body, Capabilities=["CAPABILITY_IAM"])
        found: Mapping[str, Any] = client.describe_stacks(StackName="s")["Stacks"][0]
        return found

    def failed(self) -> list[str]:
        events = self.aws.admin("cloudformation", "us-east-1").describe_stack_events(StackName="s")["StackEvents"]
        return [one["ResourceStatusReason"] for one in events if one["ResourceStatus"] == "CREATE_FAILED"]


@contextmanager
def deployed(folder: Path, written: Mapping[str, Any], declared: bool = False) -> Iterator[Stack]:
    body = json.dumps(written)
    (folder / "template.json").write_text(body)
    project = load_project(folder / "template.json", Options(account=ACCOUNT, region="us-east-1"))
    with (
        LocalAws(driver_of) as aws,
        Invocations(aws, project, folder, scan(project, catalog()), [("s", "us-east-1")], (), declared, 30.0,
                    lambda text: None) as invocations,
    ):  # fmt: skip
        yield Stack(aws, invocations, body)


def test_the_function_of_a_custom_resource_runs_under_its_own_generated_policy(tmp_path: Path) -> None:
    with deployed(tmp_path, template(PUTS)) as stack:
        made = stack.create()
        assert made["StackStatus"] == "CREATE_COMPLETE", stack.failed()
        assert made["Outputs"][0]["OutputValue"] == "7"
        (table,) = stack.aws.admin("dynamodb", "us-east-1").list_tables()["TableNames"]
        assert stack.aws.admin("dynamodb", "us-east-1").scan(TableName=table)["Items"] == [{"id": {"S": "7"}}]
        (holder,) = stack.invocations.holders.values()
        mine = [one for one in stack.aws.record() if one.principal == holder.caller.arn]
        assert [(one.check.action, one.allowed) for one in mine] == [("dynamodb:PutItem", True)]
        (run,) = stack.invocations.taken()[holder.name]
        assert (run.event, run.outcome) == ("Create of Own, by CloudFormation", "ok")
        role = stack.aws.deployed("s", "us-east-1").made["Role"].physical
        assert stack.aws.admin("iam", "us-east-1").list_role_policies(RoleName=role)["PolicyNames"] == []
        stack.aws.admin("cloudformation", "us-east-1").delete_stack(StackName="s")
        ran = stack.invocations.added_to([FunctionRun(holder.name, True)])
        assert [one.event for one in ran[0].events] == ["Delete of Own, by CloudFormation"]
        assert stack.aws.stand_ins() == ()


def test_a_denial_of_the_function_fails_the_resource_and_is_the_functions_own(tmp_path: Path) -> None:
    with deployed(tmp_path, template(HIDES)) as stack:
        assert stack.create()["StackStatus"].startswith("ROLLBACK")
        assert "is not authorized to perform: dynamodb:ListTables" in stack.failed()[0]
        (holder,) = stack.invocations.holders.values()
        denied = [one for one in stack.aws.record() if not one.allowed]
        assert {(one.principal, one.check.action, one.modelled) for one in denied} == {
            (holder.caller.arn, "dynamodb:ListTables", False)
        }


def test_what_the_project_declares_is_enough_where_that_is_proven(tmp_path: Path) -> None:
    written = template(HIDES.replace("operation()", "operation()\n        answer(event, 'item', Id='1')"))
    allow = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "dynamodb:*", "Resource": "*"}]}
    written["Resources"]["Role"]["Properties"]["Policies"] = [{"PolicyName": "own", "PolicyDocument": allow}]
    with deployed(tmp_path, written, declared=True) as stack:
        assert stack.create()["StackStatus"] == "CREATE_COMPLETE", stack.failed()
    with deployed(tmp_path, written) as stack:
        assert stack.create()["StackStatus"].startswith("ROLLBACK")


ASKS = """
import boto3, json

def handler(event, context):
    answered = boto3.client("lambda").invoke(FunctionName="worker", Payload=json.dumps(event).encode())
    return json.load(answered["Payload"])
"""
WORKS = "def handler(event, context):\n    return {'n': event['n'] * 100_000}\n"


def invoking(worker: str) -> dict[str, Any]:
    written = template(PUTS, Worker=function(worker, "Other", FunctionName="worker"),
                       Other={"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": TRUST}},
                       Asks=function(ASKS, "Third", FunctionName="asks"),
                       Third={"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": TRUST}})  # fmt: skip
    del written["Resources"]["Own"], written["Outputs"]
    return written


def test_what_a_function_invokes_runs_and_answers_in_whole(tmp_path: Path) -> None:
    with deployed(tmp_path, invoking(WORKS)) as stack:
        stack.create()
        asks = function_of("asks", ACCOUNT, "us-east-1")
        assert asks is not None
        event = {"n": [1] * 1, "RequestType": "Create", "LogicalResourceId": "Own"}
        ran = stack.invocations.run(asks, event, None, None)
        assert ran is not None and not ran.failed and not ran.denied, ran
        assert len(json.loads(ran.payload)["n"]) == 100_000
        events = {key: [one.event for one in runs] for key, runs in stack.invocations.taken().items()}
        assert events == {"Asks": ["Create of Own, by CloudFormation"], "Worker": ["invoked by Asks"]}


def test_functions_that_invoke_themselves_are_stopped(tmp_path: Path) -> None:
    with deployed(tmp_path, invoking(ASKS)) as stack:
        stack.create()
        asks = function_of("asks", ACCOUNT, "us-east-1")
        assert asks is not None
        ran = stack.invocations.run(asks, {"RequestType": "Create", "LogicalResourceId": "Own"}, None, None)
        assert ran is not None and "RecursiveInvocationException" in ran.payload
        assert len(stack.invocations.taken()["Worker"]) == DEEPEST - 1


def test_a_function_of_another_language_is_not_run_and_says_so(tmp_path: Path) -> None:
    written = template(PUTS)
    written["Resources"]["Serves"]["Properties"] |= {"Runtime": "ruby3.3"}
    with deployed(tmp_path, written) as stack:
        assert stack.create()["StackStatus"] == "CREATE_COMPLETE", stack.failed()
        (told,) = stack.aws.stand_ins()
        assert told.startswith("Own: what ServiceToken names is not run, and its answer is a stand-in: ruby3.3 was not")


FAILS = ANSWER + '''
def handler(event, context):
    try:
        OPERATION
        answer(event, "item", Id="1")
    except Exception as error:
        told = {"Status": "FAILED", "Reason": str(error), "PhysicalResourceId": "item"}
        told |= {name: event[name] for name in ("StackId", "RequestId", "LogicalResourceId")}
        urllib.request.urlopen(urllib.request.Request(event["ResponseURL"], json.dumps(told).encode(), method="PUT"))
'''  # fmt: skip


@pytest.mark.parametrize(
    ("operation", "why"),
    [
        ("boto3.client('s3').get_bucket_location(Bucket='of-somebody')",
         "its function asks for arn:aws:s3:::of-somebody, which is not in the local AWS"),
        ("urllib.request.urlopen('https://example.com/')",
         "its function asks example.com:443, which is outside of the local AWS"),
        ("boto3.client('translate').list_terminologies()",
         "its function calls translate.ListTerminologies, which the local AWS does not support"),
        ("boto3.client('dynamodb').get_item(TableName=os.environ['TABLE'], Key={})", ""),
    ],
    ids=["outside of the stack", "outside of AWS", "not in the local AWS", "its own error"],
)  # fmt: skip
def test_a_failure_is_the_functions_own_unless_something_was_lacking(operation: str, why: str, tmp_path: Path) -> None:
    with deployed(tmp_path, template(FAILS.replace("OPERATION", operation))) as stack:
        status = stack.create()["StackStatus"]
        taken = [one for one in stack.aws.taken_as_existing() if "of-somebody" in one]
        if why:
            assert (status, stack.aws.stand_ins()) == (
                "CREATE_COMPLETE", (f"Own: its answer is a stand-in: {why}",)
            ), stack.failed()  # fmt: skip
            assert taken == ["taken as existing: arn:aws:s3:::of-somebody (named by the function of Own)"] * (
                "s3" in why
            )
        else:
            assert status.startswith("ROLLBACK") and "FAILED" in stack.failed()[0]


def test_what_a_function_makes_where_it_is_missing_is_not_taken_as_existing(tmp_path: Path) -> None:
    looks = "\n        ".join([
        "s3 = boto3.client('s3')", "try:", "    s3.head_bucket(Bucket='of-mine')", "except s3.exceptions.ClientError:",
        "    s3.create_bucket(Bucket='of-mine')",
    ])  # fmt: skip
    with deployed(tmp_path, template(FAILS.replace("OPERATION", looks))) as stack:
        assert stack.create()["StackStatus"] == "CREATE_COMPLETE", stack.failed()
        assert (stack.aws.stand_ins(), stack.aws.taken_as_existing()) == ((), ())


def test_invocations_at_the_same_time_leave_the_role_as_it_was(tmp_path: Path) -> None:
    written = invoking("import time\n\ndef handler(event, context):\n    time.sleep(event['n'])\n")
    allow = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}]}
    written["Resources"]["Other"]["Properties"]["Policies"] = [{"PolicyName": "own", "PolicyDocument": allow}]
    with deployed(tmp_path, written) as stack:
        stack.create()
        worker = function_of("worker", ACCOUNT, "us-east-1")
        assert worker is not None
        events = [{"n": n / 2, "RequestType": "Create", "LogicalResourceId": "Own"} for n in range(4)]
        with ThreadPoolExecutor(4) as pool:
            ran = list(pool.map(lambda event: stack.invocations.run(worker, event, None, None), events))
        assert all(one is not None and not one.failed for one in ran), ran
        iam, role = stack.aws.admin("iam", "us-east-1"), stack.aws.deployed("s", "us-east-1").made["Other"].physical
        assert iam.list_role_policies(RoleName=role)["PolicyNames"] == ["own"]


def test_the_functions_that_a_tool_adds_are_told_apart_from_the_projects(tmp_path: Path) -> None:
    with deployed(tmp_path, template(WORKS)) as stack:
        stack.create()
        iam, functions = stack.aws.admin("iam", "us-east-1"), stack.aws.admin("lambda", "us-east-1")
        role = iam.create_role(RoleName="tools", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as file:
            file.writestr("index.py", "import boto3\n\ndef handler(event, context):\n"
                                      "    return boto3.client('sts').get_caller_identity()['Arn']\n")  # fmt: skip
        functions.create_function(FunctionName="tool", Runtime="python3.11", Handler="index.handler", Role=role,
                                  Code={"ZipFile": archive.getvalue()})  # fmt: skip
        tool = function_of("tool", ACCOUNT, "us-east-1")
        assert tool is not None
        ran = stack.invocations.run(tool, {"RequestType": "Create", "LogicalResourceId": "Seed"}, None, None)
        assert ran is not None and json.loads(ran.payload) == f"arn:aws:sts::{ACCOUNT}:assumed-role/tools/tool"
        assert list(stack.invocations.told()) == ["ran too: the functions that the tool itself adds for Seed"]
        assert "tool" not in stack.invocations.taken()
