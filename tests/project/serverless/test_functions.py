"""A function is what the framework makes of its own settings over the provider's."""

from __future__ import annotations

from pathlib import Path

import pytest

from scopedown.core.place import Place
from scopedown.core.text import Att, Ref, Text
from scopedown.project.load import load_project
from scopedown.project.model import Function, Project
from scopedown.project.options import Options


@pytest.fixture
def read(tmp_path: Path):  # type: ignore[no-untyped-def]
    def reader(text: str, *files: str, options: Options | None = None) -> Project:
        (tmp_path / "serverless.yml").write_text(text)
        for name in files:
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text("")
        return load_project(tmp_path, options or Options())

    return reader


def by_key(project: Project) -> dict[str, Function]:
    return {function.key: function for function in project.functions}


def test_environments_are_merged_and_null_removes(read) -> None:  # type: ignore[no-untyped-def]
    project = read(
        """service: s
provider: {name: aws, environment: {A: one, B: two, C: 3, D: true}}
functions:
  f:
    handler: h.main
    environment: {B: !Ref Table, C: ~, E: !GetAtt Q.Arn}
"""
    )
    assert dict(project.functions[0].environment) == {
        "A": Text.of("one"),
        "B": Text.of(Ref("Table")),
        "D": Text.of("true"),
        "E": Text.of(Att("Q", "Arn")),
    }


def test_settings_know_where_they_were_written(read) -> None:  # type: ignore[no-untyped-def]
    project = read(
        """service: s
provider:
  name: aws
  kmsKeyArn: arn:aws:kms:us-east-1:1:key/a
  tracing: {lambda: true}
  vpc: {securityGroupIds: [sg-1], subnetIds: [subnet-1]}
functions:
  f:
    handler: h.main
    onError: arn:aws:sns:us-east-1:1:t
    vpc: {subnetIds: [subnet-2]}
  g: {handler: h.main, vpc: ~, kmsKeyArn: arn:aws:kms:us-east-1:1:key/b}
"""
    )
    f, g = project.functions
    assert f.settings["vpc"] == {"securityGroupIds": ["sg-1"], "subnetIds": ["subnet-2"]}
    assert f.settings["tracing"] is True
    assert f.setting_places["kmsKeyArn"] == Place("serverless.yml", 4, 3)
    assert f.setting_places["tracing"] == Place("serverless.yml", 5, 13)
    assert f.setting_places["onError"] == Place("serverless.yml", 10, 5)
    assert "vpc" not in g.settings
    assert g.settings["kmsKeyArn"] == "arn:aws:kms:us-east-1:1:key/b"
    assert (f.place, g.place) == (Place("serverless.yml", 8, 3), Place("serverless.yml", 12, 3))


def test_events_keep_their_places(read) -> None:  # type: ignore[no-untyped-def]
    project = read(
        """service: s
provider: {name: aws}
functions:
  f:
    handler: h.main
    events:
      - alexaSkill
      - http: GET /x
      - sqs: {arn: !GetAtt Q.Arn}
"""
    )
    assert [(event.kind, event.settings, event.place.line) for event in project.functions[0].events] == [
        ("alexaSkill", None, 7),
        ("http", "GET /x", 8),
        ("sqs", {"arn": {"Fn::GetAtt": ["Q", "Arn"]}}, 9),
    ]


def test_languages_follow_runtime_and_source(read) -> None:  # type: ignore[no-untyped-def]
    functions = by_key(
        read(
            """service: s
provider: {name: aws, runtime: nodejs20.x}
functions:
  js: {handler: a.main}
  ts: {handler: b.main}
  py: {handler: c.main, runtime: python3.12}
  go: {handler: bin/d, runtime: go1.x}
  own: {handler: e.main, runtime: provided.al2}
""",
            "a.js",
            "b.ts",
            "c.py",
        )
    )
    assert {key: function.language for key, function in functions.items()} == {
        "js": "javascript", "ts": "typescript", "py": "python", "go": "go", "own": None,
    }  # fmt: skip
    assert functions["js"].runtime == "nodejs20.x" and functions["py"].runtime == "python3.12"


def test_names_of_functions_are_those_of_the_framework(read) -> None:  # type: ignore[no-untyped-def]
    project = read(
        "service: my-shop\nprovider: {name: aws, stage: '${opt:stage, \"qa\"}'}\n"
        "functions:\n  - get-item_1: {handler: h.a}\n  - put: {handler: h.b, name: 'own-${sls:stage}'}\n"
    )
    assert [(item.name.literal, item.logical_id) for item in project.functions] == [
        ("my-shop-qa-get-item_1", "GetDashitemUnderscore1LambdaFunction"),
        ("own-qa", "PutLambdaFunction"),
    ]


def test_a_service_of_an_unknown_name_still_has_functions(read) -> None:  # type: ignore[no-untyped-def]
    project = read("service: '${env:TEAM}-shop'\nprovider: {name: aws}\nfunctions: {f: {handler: h.main}}\n")
    assert project.service == "${env:TEAM}-shop"
    assert str(project.functions[0].name) == "*-shop-dev-f"
    resources = project.roles["IamRoleLambdaExecution"].statements[0].statement["Resource"]
    assert str(resources[0]["Fn::Sub"]).endswith(":log-group:/aws/lambda/*-shop-dev*:*")


def test_wsgi_and_rack_lead_to_the_application(read) -> None:  # type: ignore[no-untyped-def]
    functions = by_key(
        read(
            """service: s
provider: {name: aws, runtime: python3.12}
plugins: [serverless-wsgi]
custom: {wsgi: {app: api.server.app}}
functions:
  web: {handler: wsgi_handler.handler}
  ruby: {handler: rack_adapter.handler, runtime: ruby3.2}
""",
            "api/server.py",
            "config.ru",
        )
    )
    assert functions["web"].handler is not None and functions["web"].handler.file == "api/server.py"
    assert functions["web"].handler.symbol == "app"
    assert functions["ruby"].handler is not None and functions["ruby"].handler.file == "config.ru"


def test_a_module_of_its_own_is_where_a_python_handler_stands(read) -> None:  # type: ignore[no-untyped-def]
    project = read(
        "service: s\nprovider: {name: aws, runtime: python3.12}\nfunctions: {f: {handler: h.main, module: one}}\n",
        "one/h.py",
    )
    assert project.functions[0].handler is not None and project.functions[0].handler.file == "one/h.py"


def test_an_image_built_in_the_project_is_read(read, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "Dockerfile").write_text('FROM public.ecr.aws/lambda/nodejs:20\nCOPY app.js ./\nCMD ["app.handler"]\n')
    project = read(
        "service: s\nprovider: {name: aws, ecr: {images: {mine: {path: ./}}}}\nfunctions:\n"
        "  f: {image: {name: mine}}\n  g: {image: {name: mine, command: [app.other]}}\n"
        "  h: {image: 111122223333.dkr.ecr.us-east-1.amazonaws.com/x@sha256:abc}\n",
        "app.js",
    )
    f, g, h = project.functions
    assert f.handler is not None and (f.handler.file, f.handler.symbol) == ("app.js", "handler")
    assert g.handler is not None and g.handler.symbol == "other"
    assert h.handler is None and [finding.code for finding in project.findings] == ["image-not-read"]


def test_resources_and_parameters_are_those_of_the_merged_template(read) -> None:  # type: ignore[no-untyped-def]
    project = read(
        """service: s
provider: {name: aws}
resources:
  - Parameters: {Size: {Type: String, Default: big}}
    Conditions: {Never: !Equals [a, b]}
  - Resources:
      Table: {Type: AWS::DynamoDB::Table, Properties: {TableName: t}}
  - Resources:
      Table: {Properties: {BillingMode: PAY_PER_REQUEST}}
      Broken: text
"""
    )
    table = project.resources["Table"]
    assert (table.type, dict(table.properties)) == (
        "AWS::DynamoDB::Table", {"TableName": "t", "BillingMode": "PAY_PER_REQUEST"},
    )  # fmt: skip
    assert project.parameters == {"Size": {"Type": "String", "Default": "big"}}
    assert project.conditions == {"Never": {"Fn::Equals": ["a", "b"]}}
    assert [finding.code for finding in project.findings] == ["resource-invalid"]


def test_a_parameter_has_the_value_that_the_stack_is_given(read) -> None:  # type: ignore[no-untyped-def]
    project = read(
        """service: s
provider: {name: aws, stackParameters: [{ParameterKey: Size, ParameterValue: small}, {ParameterKey: Gone}, text]}
resources:
  Parameters: {Size: {Type: String, Default: big}}
"""
    )
    assert project.parameters["Size"]["Default"] == "small"
