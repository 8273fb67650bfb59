"""Handlers of vendors' wrappers, and the project's own behind them."""

from __future__ import annotations

from pathlib import Path

import pytest

from scopedown.core.text import Text
from scopedown.project.code.placeholders import is_placeholder
from scopedown.project.code.wrappers import wrapped
from scopedown.project.load import load_project
from scopedown.project.model import Function
from scopedown.project.options import Options

WRAPPERS = [
    ("datadog_lambda.handler.handler", "DD_LAMBDA_HANDLER"),
    ("/opt/nodejs/node_modules/datadog-lambda-js/handler.handler", "DD_LAMBDA_HANDLER"),
    ("node_modules/datadog-lambda-js/dist/handler.handler", "DD_LAMBDA_HANDLER"),
    ("newrelic_lambda_wrapper.handler", "NEW_RELIC_LAMBDA_HANDLER"),
    ("newrelic-lambda-wrapper.handler", "NEW_RELIC_LAMBDA_HANDLER"),
    ("/opt/nodejs/node_modules/newrelic-esm-lambda-wrapper/index.handler", "NEW_RELIC_LAMBDA_HANDLER"),
    ("lumigo-auto-instrument.handler", "LUMIGO_ORIGINAL_HANDLER"),
    ("/opt/python/lumigo_tracer._handler._handler", "LUMIGO_ORIGINAL_HANDLER"),
    ("epsagon.wrapper", "EPSAGON_HANDLER"),
    ("thundra.handler.wrapper", "thundra_agent_lambda_handler"),
    ("/opt/nodejs/node_modules/@thundra/core/dist/handler.wrapper", "THUNDRA_AGENT_LAMBDA_HANDLER"),
    ("sentry_sdk.integrations.init_serverless_sdk.sentry_lambda_handler", "SENTRY_INITIAL_HANDLER"),
    ("instana-aws-lambda-auto-wrap.handler", "LAMBDA_HANDLER"),
    ("codeguru_profiler_agent.aws_lambda.lambda_handler.call_handler", "HANDLER_ENV_NAME_FOR_CODEGURU"),
    ("/opt/nodejs/node_modules/other-tracer/index.handler", "OTHER_HANDLER"),
]


@pytest.mark.parametrize(("handler", "variable"), WRAPPERS)
def test_a_variable_names_the_project_s_handler(handler: str, variable: str) -> None:
    found = wrapped(handler, {variable: Text.of("src/app.run"), "TABLE": Text.of("t")})
    assert found is not None
    assert (found.handler, found.variable) == ("src/app.run", variable)
    unnamed = wrapped(handler, {})
    assert unnamed is not None and unnamed.handler == ""


@pytest.mark.parametrize("handler", ["src/app.handler", "handler.wrapper", "datadog.handler", "opt.handler"])
def test_other_handlers_are_the_project_s_own(handler: str) -> None:
    assert wrapped(handler, {"DD_LAMBDA_HANDLER": Text.of("other.run")}) is None


def one(root: Path, handler: str, variables: str, template: str) -> tuple[Function, list[str]]:
    (root / "app.js").write_text("exports.run = async () => {}\n")
    name = "template.yaml" if "Resources" in template else "serverless.yml"
    (root / name).write_text(template.replace("HANDLER", handler).replace("VARIABLES", variables))
    project = load_project(root / name, Options())
    return project.functions[0], [one.code for one in project.findings]


SLS = (
    "service: s\nprovider: {name: aws, runtime: nodejs20.x}\nfunctions:\n"
    "  f: {handler: HANDLER, environment: {VARIABLES}}\n"
)
SAM = """
Transform: AWS::Serverless-2016-10-31
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: ., Runtime: nodejs20.x, Handler: HANDLER, Environment: {Variables: {VARIABLES}}}
"""


@pytest.mark.parametrize("template", [SLS, SAM])
def test_the_handler_behind_a_wrapper_is_read(template: str, tmp_path: Path) -> None:
    function, codes = one(
        tmp_path, "/opt/nodejs/node_modules/datadog-lambda-js/handler.handler", "DD_LAMBDA_HANDLER: app.run", template
    )
    assert function.handler is not None
    assert (function.handler.file, function.handler.symbol) == ("app.js", "run")
    assert function.handler.declared.startswith("/opt/")
    assert (codes, function.unread) == ([], ())


@pytest.mark.parametrize("template", [SLS, SAM])
def test_a_wrapper_without_a_variable_is_code_that_was_not_read(template: str, tmp_path: Path) -> None:
    function, codes = one(tmp_path, "/opt/nodejs/node_modules/some-tracer/index.handler", "TABLE: t", template)
    assert function.handler is not None and function.handler.file is None
    assert [(part.cause.value, part.may_call) for part in function.unread] == [("wrapper", ("*",))]
    assert codes == ["handler-wrapped"]


@pytest.mark.parametrize(
    "text",
    [
        "", "  \n ", "placeholder", "# code is uploaded by the pipeline\n", "// dummy\n",
        "// replaced by the deployment\nexports.handler = async () => {}\n",
        "exports.handler = async () => { throw new Error('placeholder') }",
        "def handler(event, context):\n    raise NotImplementedError('stub')\n",
        "import json\ndef handler(event, context):\n    return {'body': json.dumps('dummy')}\n",
        "/* will be deployed by CodePipeline */ exports.handler = () => null",
    ],
)  # fmt: skip
def test_what_does_nothing_and_says_so_is_a_placeholder(text: str) -> None:
    assert is_placeholder(text)


@pytest.mark.parametrize(
    "text",
    [
        "exports.handler = async () => {}", "def handler(e, c): pass", "def handler(e, c): return {'statusCode': 200}",
        "exports.handler = async (event) => event.path.replace('a', 'b')",
        "// placeholder for names\nconst {S3} = require('@aws-sdk/s3')\nexports.run = () => new S3().listBuckets()",
        "import boto3\n# dummy\ndef handler(e, c): boto3.client('s3').list_buckets()",
        "exports.handler = () => fetch('https://x.example/placeholder')",
        "# placeholder\n" * 200,
    ],
)  # fmt: skip
def test_code_that_does_something_is_none(text: str) -> None:
    assert not is_placeholder(text)
