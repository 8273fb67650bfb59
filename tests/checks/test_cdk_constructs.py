"""A problem of a CDK app is told where its construct is written, and nothing in cdk.out is mended."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from command_line import run
from scopedown.catalog.load import catalog
from scopedown.checks.model import Problem
from scopedown.checks.run import problems
from scopedown.project.load import Options, load_project
from scopedown.scan import scan

BASIC = {"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"}


def resource(kind: str, path: str, **properties: object) -> dict[str, object]:
    return {"Type": kind, "Properties": properties, "Metadata": {"aws:cdk:path": path}}


TEMPLATE = {
    "Resources": {
        "ReadRole1": resource(
            "AWS::IAM::Role", "Shop/Read/ServiceRole/Resource", AssumeRolePolicyDocument={}, ManagedPolicyArns=[BASIC]
        ),
        "ReadPolicy1": resource(
            "AWS::IAM::Policy",
            "Shop/Read/ServiceRole/DefaultPolicy/Resource",
            PolicyName="p",
            Roles=[{"Ref": "ReadRole1"}],
            PolicyDocument={"Statement": [{"Effect": "Allow", "Action": "sqs:PurgeQueue", "Resource": "*"}]},
        ),
        "Read1": resource(
            "AWS::Lambda::Function",
            "Shop/Read/Resource",
            Runtime="python3.12",
            Handler="index.f",
            Code={"ZipFile": "import boto3\ndef f(event, context):\n    boto3.client('sns').list_topics()\n"},
            Role={"Fn::GetAtt": ["ReadRole1", "Arn"]},
        ),
    }
}


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """A synthesized app of one stack; what made its constructs is not told."""
    out = tmp_path / "cdk.out"
    out.mkdir()
    stack = {"type": "aws:cloudformation:stack", "properties": {"templateFile": "Shop.template.json"}}
    (out / "manifest.json").write_text(json.dumps({"version": "36.0.0", "artifacts": {"Shop": stack}}))
    (out / "Shop.template.json").write_text(json.dumps(TEMPLATE, indent=1))
    (tmp_path / "cdk.json").write_text('{"app": "node app.js"}')
    (tmp_path / "app.js").write_text("// the app\n" * 20)
    return tmp_path


def made(app: Path, stacks: dict[str, list[str]], name: str = "Shop.metadata.json") -> None:
    found = {path: [{"type": "aws:cdk:creationStack", "data": frames}] for path, frames in stacks.items()}
    (app / "cdk.out" / name).write_text(json.dumps(found))


def told(app: Path) -> dict[str, Problem]:
    return {one.rule: one for one in problems(scan(load_project(app, Options()), catalog()), catalog())}


def test_a_problem_names_the_construct_and_has_no_fix(app: Path) -> None:
    found = told(app)
    assert set(found) == {"SD101", "SD201"}
    assert found["SD201"].message.endswith("(construct Shop/Read/ServiceRole/DefaultPolicy)")
    assert found["SD101"].message.endswith("(construct Shop/Read)")
    assert {one.place.file for one in found.values()} == {"cdk.out/Shop.template.json"}
    assert {one.fix for one in found.values()} == {None}


def test_a_problem_is_told_at_the_line_that_made_its_construct(app: Path) -> None:
    inside = "...new Function2 in aws-cdk-lib..."
    made(app, {"/Shop/Read/Resource": [inside, f"new Shop ({app}/app.js:7:16)", f"<anonymous> ({app}/app.js:15:28)"]})
    found = told(app)
    assert (found["SD101"].place.file, found["SD101"].place.line, found["SD101"].place.column) == ("app.js", 7, 16)
    assert found["SD101"].related[-1][0].file == "cdk.out/Shop.template.json"
    assert found["SD201"].place.line == 7  # the policy's own stack has no line: that of the construct around it


@pytest.mark.parametrize(
    "frame",
    ["new Shop (/elsewhere/app.js:7:16)", "new Shop (ROOT/node_modules/x/app.js:1:1)", "new Shop (ROOT/gone.js:1:1)",
     "...node internals..."],
)  # fmt: skip
def test_what_is_no_file_of_the_app_is_no_place(app: Path, frame: str) -> None:
    (app / "node_modules" / "x").mkdir(parents=True)
    (app / "node_modules" / "x" / "app.js").write_text("")
    made(app, {"/Shop/Read/Resource": [frame.replace("ROOT", str(app))]})
    assert told(app)["SD101"].place.file == "cdk.out/Shop.template.json"


@pytest.mark.parametrize(
    "metadata", ["[]", "{", '{"/Shop/Read/Resource": 1}', '{"/Shop/Read/Resource": [{"data": 1}]}']
)
def test_metadata_that_cannot_be_read_changes_nothing(app: Path, metadata: str) -> None:
    (app / "cdk.out" / "Shop.metadata.json").write_text(metadata)
    assert told(app)["SD101"].place.file == "cdk.out/Shop.template.json"


def test_fix_leaves_what_synth_writes_alone_and_says_so(app: Path) -> None:
    before = (app / "cdk.out" / "Shop.template.json").read_bytes()
    ran = run("--fix", "--yes", command="check", cwd=app)
    assert ran.returncode == 0 and "change the constructs that check names" in ran.stderr
    assert (app / "cdk.out" / "Shop.template.json").read_bytes() == before
