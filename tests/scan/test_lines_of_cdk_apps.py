"""A scan of a CDK app shows the lines of the app that make its constructs, and not those of the templates."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from command_line import run

PROGRAM = """\
from aws_cdk import Stack, aws_sqs as sqs
class Shop(Stack):
    def __init__(self, scope, id):
        super().__init__(scope, id)
        jobs = sqs.Queue(self, "Jobs")
        work = lambda_.Function(self, "Work")
        work.add_event_source(SqsEventSource(jobs))
"""


def resource(type: str, path: str, **properties: Any) -> dict[str, Any]:
    return {"Type": type, "Properties": properties, "Metadata": {"aws:cdk:path": f"{path}/Resource"}}


@pytest.fixture
def app(tmp_path: Path) -> Path:
    queue = {"Fn::GetAtt": ["Jobs", "Arn"]}
    resources = {
        "Jobs": resource("AWS::SQS::Queue", "Shop/Jobs"),
        "Role": resource("AWS::IAM::Role", "Shop/Work/ServiceRole", AssumeRolePolicyDocument={}),
        "Work": resource(
            "AWS::Lambda::Function", "Shop/Work", Runtime="python3.12", Handler="index.f",
            Code={"ZipFile": "def f(event, context): pass"}, Role={"Fn::GetAtt": ["Role", "Arn"]},
        ),
        "Mapping": resource(
            "AWS::Lambda::EventSourceMapping", "Shop/Work/Source", FunctionName={"Ref": "Work"}, EventSourceArn=queue
        ),
    }  # fmt: skip
    out = tmp_path / "cdk.out"
    out.mkdir()
    stack = {"type": "aws:cloudformation:stack", "properties": {"templateFile": "Shop.template.json"}}
    (out / "manifest.json").write_text(json.dumps({"version": "48.0.0", "artifacts": {"Shop": stack}}))
    (out / "Shop.template.json").write_text(json.dumps({"Resources": resources}, indent=1))
    (tmp_path / "cdk.json").write_text('{"app": "python3 app.py"}')
    (tmp_path / "app.py").write_text(PROGRAM)
    return tmp_path


def test_a_function_is_shown_with_the_line_that_makes_it(app: Path) -> None:
    shown = run(command="scan", cwd=app).stdout
    assert "made at app.py:6" in shown
    assert "app.py:6 events[0].sqs" in shown


def test_an_explanation_names_constructs_and_their_lines(app: Path) -> None:
    shown = run("sqs:ReceiveMessage", command="explain", cwd=app).stdout
    assert "Jobs is the AWS::SQS::Queue Shop/Jobs of app.py:5:16" in shown
    assert "app.py:6:16 the setting events[0].sqs" in shown


def test_without_the_program_the_template_s_places_are_shown(app: Path) -> None:
    (app / "app.py").unlink()
    shown = run(command="scan", cwd=app).stdout
    assert "made at cdk.out/Shop.template.json:" in shown
