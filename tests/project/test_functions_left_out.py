"""Functions that a condition or a plugin leaves out are named, with what brings them in."""

from __future__ import annotations

from pathlib import Path

from scopedown.core.finding import Finding, Severity
from scopedown.project.load import Options, load_project

TEMPLATE = """\
Parameters:
  WithJobs: {Type: String, Default: 'no'}
Conditions:
  Jobs: {'Fn::Equals': [{Ref: WithJobs}, 'yes']}
  JobsHere: {'Fn::And': [{Condition: Jobs}, {'Fn::Equals': [{Ref: 'AWS::Region'}, eu-west-1]}]}
Resources:
  F:
    Type: AWS::Lambda::Function
    Condition: JobsHere
    Properties: {Runtime: python3.12, Handler: app.f, Code: ., Role: 'arn:aws:iam::111122223333:role/r'}
  T: {Type: 'AWS::SNS::Topic', Condition: Jobs}
"""
SERVICE = """\
service: s
plugins: [serverless-plugin-conditional-functions]
provider: {name: aws, runtime: python3.12}
functions:
  f: {handler: app.f}
  g: {handler: app.f, enabled: '"${sls:stage}" === "prod"'}
"""


def left_out(folder: Path, options: Options) -> list[Finding]:
    (folder / "app.py").write_text("def f(event, context):\n    pass\n")
    return [one for one in load_project(folder, options).findings if one.code == "function-left-out"]


def test_a_function_behind_a_false_condition_is_named_with_the_options_that_decide_it(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    (note,) = left_out(tmp_path, Options())
    assert note.severity is Severity.NOTE and "the function F: its condition JobsHere is false" in note.message
    assert "--param WithJobs=VALUE" in note.remedy and "--region REGION" in note.remedy
    assert left_out(tmp_path, Options(params={"WithJobs": "yes"}, region="eu-west-1")) == []


def test_a_function_that_a_plugin_leaves_out_of_the_stage_is_named(tmp_path: Path) -> None:
    (tmp_path / "serverless.yml").write_text(SERVICE)
    (note,) = left_out(tmp_path, Options())
    assert "the function g: the plugin serverless-plugin-conditional-functions" in note.message
    assert "--stage STAGE" in note.remedy and note.place is not None
    assert left_out(tmp_path, Options(stage="prod")) == []
