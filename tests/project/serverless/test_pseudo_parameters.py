"""serverless-pseudo-parameters: references in strings of the template."""

from __future__ import annotations

from pathlib import Path

from scopedown.project.load import load_project
from scopedown.project.model import Project
from scopedown.project.options import Options

SERVICE = """\
service: s
plugins: [PLUGIN]
custom: {pseudoParameters: {allowReferences: ALLOWED}}
provider:
  name: aws
  runtime: nodejs20.x
  environment: {PLACE: '#{AWS::Region}', OWNER: 'team'}
  iamRoleStatements:
    - {Effect: Allow, Action: 'sqs:SendMessage', Resource: ['arn:aws:sqs:#{AWS::Region}:#{AWS::AccountId}:jobs']}
functions:
  f: {handler: app.f, environment: {QUEUE: '#{Jobs}'}}
resources:
  Resources:
    Jobs: {Type: 'AWS::SQS::Queue', Properties: {QueueName: {'Fn::Sub': 'jobs-#{AWS::Region}'}}}
"""


def read(folder: Path, plugin: str = "serverless-pseudo-parameters", allowed: str = "true") -> Project:
    (folder / "serverless.yml").write_text(SERVICE.replace("PLUGIN", plugin).replace("ALLOWED", allowed))
    return load_project(folder, Options())


def resources(project: Project) -> list[object]:
    [role] = project.roles.values()
    return [one.statement["Resource"] for one in role.statements if one.added_by == "project"]


def test_references_become_what_cloudformation_fills_in(tmp_path: Path) -> None:
    project = read(tmp_path)
    assert resources(project) == [[{"Fn::Sub": "arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:jobs"}]]
    environment = project.functions[0].environment
    assert [str(environment[name]) for name in ("PLACE", "OWNER", "QUEUE")] == ["${AWS::Region}", "team", "${Jobs}"]
    assert project.resources["Jobs"].properties["QueueName"] == {"Fn::Sub": "jobs-${AWS::Region}"}
    assert not [one for one in project.findings if one.code.startswith("plugin-")]


def test_without_references_only_pseudo_parameters_are_replaced(tmp_path: Path) -> None:
    environment = read(tmp_path, allowed="false").functions[0].environment
    assert [str(environment[name]) for name in ("PLACE", "QUEUE")] == ["${AWS::Region}", "#{Jobs}"]


def test_without_the_plugin_a_string_stays_as_it_is(tmp_path: Path) -> None:
    assert "#{AWS::Region}:#{AWS::AccountId}" in str(resources(read(tmp_path, "serverless-offline")))


def test_a_reference_before_a_mapping_in_a_list_is_replaced(tmp_path: Path) -> None:
    listed = SERVICE.replace(":jobs']}", ":jobs', {Ref: Jobs}]}").replace("PLUGIN", "serverless-cf-vars")
    (tmp_path / "serverless.yml").write_text(listed.replace("ALLOWED", "false"))
    made = load_project(tmp_path, Options())
    assert resources(made) == [[{"Fn::Sub": "arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:jobs"}, {"Ref": "Jobs"}]]
    assert str(made.functions[0].environment["QUEUE"]) == "${Jobs}"
