"""How much of a function's code was seen, by its settings: layers, wrappers, placeholders, code that is not here."""

from __future__ import annotations

from pathlib import Path

import pytest

from scopedown.catalog.load import catalog
from scopedown.core.coverage import Cause, Verdict
from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.permissions.layers import known_layer, known_layers
from scopedown.project.load import load_project
from scopedown.project.model import ForeignLayer
from scopedown.project.options import Options
from scopedown.scan import FunctionScan, scan

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src
      Handler: app.run
      Runtime: python3.12
      Environment: {Variables: {VARIABLES}}
      Layers: [LAYERS]
"""
CODE = "import boto3\ndef run(event, context):\n    boto3.client('s3').get_object(Bucket='b', Key='k')\n"


def scanned(root: Path, layers: str = "", variables: str = "", code: str = CODE) -> FunctionScan:
    (root / "src").mkdir()
    (root / "src" / "app.py").write_text(code)
    (root / "template.yaml").write_text(TEMPLATE.replace("LAYERS", layers).replace("VARIABLES", variables))
    return scan(load_project(root, Options()), catalog()).functions[0]


def actions(one: FunctionScan) -> set[str]:
    return {permission.action for permission in one.permissions}


def layer(arn: str) -> ForeignLayer:
    return ForeignLayer(Text.of(arn), Place("t"))


def test_code_without_layers_is_seen_whole(tmp_path: Path) -> None:
    assert scanned(tmp_path).coverage.verdict is Verdict.WHOLE


def test_a_layer_that_nobody_knows_is_code_that_was_not_seen(tmp_path: Path) -> None:
    one = scanned(tmp_path, "arn:aws:lambda:eu-west-1:123456789012:layer:company-tools:7")
    (part,) = one.coverage.unseen
    assert (part.cause, part.may_call, one.coverage.verdict) == (Cause.LAYER, ("*",), Verdict.PARTLY)
    assert "company-tools:7" in part.what
    assert part.place is not None and part.place.line == 11


def test_a_layer_by_a_parameter_is_not_seen_either(tmp_path: Path) -> None:
    one = scanned(tmp_path, "!ImportValue shared-layer")
    assert [part.cause for part in one.coverage.unseen] == [Cause.LAYER]


def test_the_insights_extension_needs_its_logs_and_hides_nothing(tmp_path: Path) -> None:
    arn = '!Sub "arn:aws:lambda:${AWS::Region}:580247275435:layer:LambdaInsightsExtension:53"'
    one = scanned(tmp_path, arn)
    assert one.coverage.is_whole
    groups = [str(p.resources[0].arn) for p in one.permissions if p.action == "logs:PutLogEvents"]
    assert any("log-group:/aws/lambda-insights:*" in group for group in groups)


def test_a_secret_that_datadog_s_extension_reads(tmp_path: Path) -> None:
    secret = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:dd-abcdef"
    arn = "arn:aws:lambda:eu-west-1:464622532012:layer:Datadog-Extension:60"
    one = scanned(tmp_path, arn, f"DD_API_KEY_SECRET_ARN: '{secret}'")
    assert one.coverage.is_whole
    assert "secretsmanager:GetSecretValue" in actions(one)


def test_an_extension_that_settings_let_call_more_is_limited_to_that(tmp_path: Path) -> None:
    arn = "arn:aws:lambda:eu-west-1:901920570463:layer:aws-otel-python-amd64-ver-1-25-0:1"
    one = scanned(tmp_path, arn, "OPENTELEMETRY_COLLECTOR_CONFIG_URI: /var/task/c.yaml")
    (part,) = one.coverage.unseen
    assert "aps:*" in part.may_call and "*" not in part.may_call
    assert "xray:PutTraceSegments" in actions(one)


@pytest.mark.parametrize(
    ("arn", "known"),
    [
        ("arn:aws:lambda:eu-west-1:336392948345:layer:AWSSDKPandas-Python312:14", True),
        ("arn:aws:lambda:eu-west-1:017000801446:layer:AWSLambdaPowertoolsPythonV3-python312-x86_64:7", True),
        ("arn:aws:lambda:eu-west-1:123456789012:layer:AWSLambdaPowertoolsPythonV3-python312-x86_64:7", False),
        ("arn:aws-cn:lambda:cn-north-1:488211338238:layer:LambdaInsightsExtension:9", True),
        ("{{resolve:ssm:/aws/service/powertools/python/arm64/python3.12/latest}}", True),
        ("arn:aws:lambda:us-east-1:770693421928:layer:Klayers-p312-requests:4", True),
        ("arn:aws:lambda:eu-west-1:725887861453:layer:Dynatrace_OneAgent_1_2_python:1", True),
        ("arn:aws-us-gov:lambda:us-gov-west-1:002406178527:layer:Datadog-Python312-ARM:9", True),
        ("arn:aws:lambda:us-east-1:553035198032:layer:git-lambda2:8", True),
        ("arn:aws:lambda:us-east-1:1:layer:x", False),
        ("", False),
    ],
)
def test_which_layers_are_known(arn: str, known: bool) -> None:
    assert (known_layer(layer(arn)) is not None) is known


def test_every_row_has_a_source() -> None:
    assert all(row.source.startswith("https://") for row in known_layers())


def test_source_that_stands_in_for_other_code(tmp_path: Path) -> None:
    one = scanned(tmp_path, code="# replaced by the pipeline\ndef run(event, context): pass\n")
    assert [part.cause for part in one.coverage.unseen] == [Cause.PLACEHOLDER]
    assert one.coverage.verdict is Verdict.PARTLY


def test_inline_code_that_stands_in_for_other_code(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(
        "Resources:\n  F:\n    Type: AWS::Lambda::Function\n    Properties:\n      Handler: index.handler\n"
        "      Runtime: nodejs20.x\n      Role: arn:aws:iam::123456789012:role/r\n      Code:\n        ZipFile: |\n"
        "          // placeholder, deployed by CodePipeline\n          exports.handler = async () => {}\n"
    )
    (one,) = scan(load_project(tmp_path, Options()), catalog()).functions
    assert [part.cause for part in one.coverage.unseen] == [Cause.PLACEHOLDER]


def test_a_handler_that_was_not_found_says_where_and_what_to_do(tmp_path: Path) -> None:
    one = scanned(tmp_path)
    (tmp_path / "src" / "app.py").unlink()
    (one,) = scan(load_project(tmp_path, Options()), catalog()).functions
    (part,) = one.coverage.unseen
    assert one.coverage.verdict is Verdict.NONE
    assert part.cause is Cause.SOURCE
    assert part.place is not None and part.remedy


def test_a_wrapper_whose_handler_nobody_names(tmp_path: Path) -> None:
    (tmp_path / "serverless.yml").write_text(
        "service: s\nprovider: {name: aws, runtime: python3.12}\n"
        "functions: {f: {handler: datadog_lambda.handler.handler}}\n"
    )
    (one,) = scan(load_project(tmp_path, Options()), catalog()).functions
    assert (one.coverage.verdict, one.coverage.unseen[0].cause) == (Verdict.NONE, Cause.WRAPPER)


def test_a_layer_of_the_project_s_own_whose_folder_is_missing(tmp_path: Path) -> None:
    (tmp_path / "h.py").write_text("def run(e, c): pass\n")
    (tmp_path / "serverless.yml").write_text(
        "service: s\nprovider: {name: aws, runtime: python3.12}\nlayers: {common: {path: gone}}\n"
        "functions: {f: {handler: h.run, layers: [{Ref: CommonLambdaLayer}]}}\n"
    )
    (one,) = scan(load_project(tmp_path, Options()), catalog()).functions
    assert [part.cause for part in one.coverage.unseen] == [Cause.LAYER]


def test_what_pandas_makes_of_given_data_is_seen_whole(tmp_path: Path) -> None:
    code = CODE + "    import pandas\n    frame = pandas.DataFrame(event)\n"
    code += "    frame['at'] = pandas.to_datetime(frame['at'])\n    return pandas.isna(frame), pandas.Timestamp.now()\n"
    assert scanned(tmp_path, code=code).coverage.verdict is Verdict.WHOLE
