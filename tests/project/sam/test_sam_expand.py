"""Included files and loops are expanded before SAM's own transform, with places."""

from __future__ import annotations

from pathlib import Path

import pytest
from sam_projects import codes, line, read

from scopedown.documents.nodes import place_of
from scopedown.project.options import Options

LOOP = """\
Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]
Parameters:
  Names: {Type: CommaDelimitedList, Default: "orders, users"}
Mappings:
  Regions: {us-east-1: {Names: [a, b]}}
Resources:
  Fn::ForEach::Functions:
    - Name
    - VALUES
    - ${Name}Function:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.12
          Handler: app.read
          CodeUri: ./${Name}
          Environment: {Variables: {NAME: !Ref Name, TOPIC: !Sub "${Name}-${AWS::Region}"}}
          Policies: [{SQSPollerPolicy: {QueueName: !Sub "${Name}-jobs"}}]
"""


@pytest.mark.parametrize(
    ("values", "names"),
    [
        ("[orders, users]", ["orders", "users"]),
        ("!Ref Names", ["orders", "users"]),
        ("!FindInMap [Regions, us-east-1, Names]", ["a", "b"]),
        ("[]", []),
    ],
)
def test_a_loop_over_resources_makes_one_for_each_value(values: str, names: list[str], tmp_path: Path) -> None:
    template = LOOP.replace("VALUES", values) + "  Q: {Type: AWS::SQS::Queue}\n"
    files = {f"{name}__app_py": "def read(e, c): pass\n" for name in ("orders", "users", "a", "b")}
    project = read(tmp_path, template, **files)
    assert [function.key for function in project.functions] == [f"{name}Function" for name in names]
    assert codes(project) == []
    for name, function in zip(names, project.functions, strict=True):
        assert function.handler is not None and function.handler.file == f"{name}/app.py"
        assert str(function.environment["NAME"]) == name
        assert str(function.environment["TOPIC"]) == f"{name}-${{AWS::Region}}"
        assert function.place == line(template, "${Name}Function")


def test_a_loop_over_a_parameter_takes_the_user_s_value(tmp_path: Path) -> None:
    project = read(tmp_path, LOOP.replace("VALUES", "!Ref Names"), Options(params={"Names": "jobs"}))
    assert [function.key for function in project.functions] == ["jobsFunction"]


def test_a_loop_over_what_is_known_at_the_deployment_only_is_told(tmp_path: Path) -> None:
    template = LOOP.replace("VALUES", "!Ref Unknown") + "  Q: {Type: AWS::SQS::Queue}\n"
    project = read(tmp_path, template)
    assert codes(project) == ["loop-unknown"] and "Q" in project.resources
    assert project.findings[0].place == line(template, "Fn::ForEach")


def test_loops_in_loops_and_letters_of_values_for_logical_ids(tmp_path: Path) -> None:
    template = """\
Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]
Resources:
  Fn::ForEach::Outer:
    - A
    - [x-1, y-2]
    - Fn::ForEach::Inner:
        - B
        - [p, q]
        - Queue&{A}${B}: {Type: AWS::SQS::Queue, Properties: {QueueName: !Sub "${A}${B}"}}
"""
    project = read(tmp_path, template)
    assert sorted(project.resources) == ["Queuex1p", "Queuex1q", "Queuey2p", "Queuey2q"]
    assert project.resources["Queuex1p"].properties["QueueName"] == "x-1p"


@pytest.mark.parametrize("loop", ["5", "[Name]", "[Name, [a], 5]", "[[Name], [a], {}]", "{a: b}"])
def test_a_loop_of_the_wrong_shape_is_one_finding(loop: str, tmp_path: Path) -> None:
    template = f"""\
Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]
Resources:
  Q: {{Type: AWS::SQS::Queue}}
  Fn::ForEach::Broken: {loop}
"""
    project = read(tmp_path, template)
    assert codes(project) == ["loop-broken"] and list(project.resources) == ["Q"]


def test_loops_that_multiply_without_end_end(tmp_path: Path) -> None:
    body = '"X${A}${B}${C}${D}${E}${F}${G}": {Type: AWS::SQS::Queue}'
    for name in "GFEDCBA":
        body = f"'Fn::ForEach::L{name}': [{name}, [0,1,2,3,4,5,6,7,8,9], {{{body}}}]"
    template = f"Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]\nResources: {{{body}}}\n"
    from scopedown.core.finding import ScopedownError

    with pytest.raises(ScopedownError, match="more than"):
        read(tmp_path, template)


API = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::HttpApi
    Properties:
      DefinitionBody:
        Fn::Transform: {Name: AWS::Include, Parameters: {Location: LOCATION}}
"""


def test_an_included_file_stands_in_the_template_with_its_own_places(tmp_path: Path) -> None:
    included = "openapi: 3.0.1\npaths:\n  /jobs: {}\n"
    project = read(tmp_path, API.replace("LOCATION", "./api.yaml"), api_yaml=included)
    body = project.resources["Api"].properties["Body"]
    assert list(body["paths"]) == ["/jobs"]
    assert place_of(body["paths"], "/jobs") == line(included, "/jobs", "api.yaml")
    assert codes(project) == []


@pytest.mark.parametrize(
    ("location", "code"),
    [("nope.yaml", "include-missing"), ("s3://bucket/api.yaml", "include-elsewhere"),
     ("self.yaml", "include-cycle"), ("broken.yaml", "include-broken"), ("!Ref No", "include-elsewhere")],
)  # fmt: skip
def test_an_include_that_cannot_be_read_is_told(location: str, code: str, tmp_path: Path) -> None:
    again = "Fn::Transform: {Name: AWS::Include, Parameters: {Location: self.yaml}}\n"
    project = read(tmp_path, API.replace("LOCATION", location), self_yaml=again, broken_yaml="a: [")
    assert codes(project)[0] == code
    assert project.findings[0].place is not None


def test_a_file_that_the_template_s_transform_includes_adds_to_its_sections(tmp_path: Path) -> None:
    template = """\
Transform:
  - AWS::Serverless-2016-10-31
  - {Name: AWS::Include, Parameters: {Location: more.yaml}}
Resources:
  Q: {Type: AWS::SQS::Queue}
"""
    project = read(tmp_path, template, more_yaml="Resources:\n  T: {Type: AWS::Serverless::SimpleTable}\n")
    assert sorted(project.resources) == ["Q", "T"]
    assert project.resources["T"].place.file == "more.yaml"
    assert codes(project) == []
