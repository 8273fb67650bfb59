"""Modules that are no folder of the configuration: terraform-aws-modules/lambda, and copies of terraform init."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from scopedown.core.place import Place
from scopedown.core.text import Att, Ref, Text
from scopedown.project.model import Project

Write = Callable[..., Project]
APP = {"src/app.py": "def handler(event, context): ..."}
FUNCTION, ROLE = "module.fn.aws_lambda_function.this[0]", "module.fn.aws_iam_role.lambda[0]"


def module(inputs: str, source: str = "terraform-aws-modules/lambda/aws") -> str:
    return f"""resource "aws_dynamodb_table" "t" {{}}
module "fn" {{
  source        = "{source}"
  function_name = "orders"
  handler       = "app.handler"
  runtime       = "python3.12"
  {inputs}
}}
"""


@pytest.mark.parametrize(
    "source",
    [
        "terraform-aws-modules/lambda/aws",
        "registry.terraform.io/terraform-aws-modules/lambda/aws",
        "git::https://github.com/terraform-aws-modules/terraform-aws-lambda.git?ref=v7.0.0",
        "github.com/terraform-aws-modules/terraform-aws-lambda",
    ],
)
def test_the_lambda_module_makes_a_function_with_its_role(terraform: Write, source: str) -> None:
    main = module('source_path = "src"\nenvironment_variables = { TABLE = aws_dynamodb_table.t.name }', source)
    project = terraform(main, APP)
    (function,) = project.functions
    assert (function.key, function.role, function.name.literal) == (FUNCTION, ROLE, "orders")
    assert function.handler is not None and function.handler.file == "src/app.py"
    assert function.environment == {"TABLE": Text.of(Ref("aws_dynamodb_table.t"))}
    assert function.place == Place("main.tf", 2, 1)
    assert [one.statement["Action"] for one in project.roles[ROLE].statements] == [
        ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
    ]


@pytest.mark.parametrize(
    "path", ['"${path.module}/src"', '"src/app.py"', '["src"]', '[{ path = "src", pip_requirements = true }]']
)
def test_its_code_is_found_by_every_form_of_source_path(terraform: Write, path: str) -> None:
    (function,) = terraform(module(f"source_path = {path}"), APP).functions
    assert function.handler is not None and function.handler.file == "src/app.py"


@pytest.mark.parametrize(
    "inputs",
    [
        "attach_policy_statements = true\npolicy_statements = "
        '{ a = { effect = "Allow", actions = ["dynamodb:GetItem"], resources = [aws_dynamodb_table.t.arn] } }',
        "attach_policy_statements = true\npolicy_statements = "
        '[{ effect = "Allow", actions = ["dynamodb:GetItem"], resources = [aws_dynamodb_table.t.arn] }]',
        "attach_policy_json = true\npolicy_json = jsonencode("
        '{ Statement = [{ Effect = "Allow", Action = ["dynamodb:GetItem"], Resource = [aws_dynamodb_table.t.arn] }] })',
        "attach_policy_jsons = true\nnumber_of_policy_jsons = 1\npolicy_jsons = [jsonencode("
        '{ Statement = [{ Effect = "Allow", Action = ["dynamodb:GetItem"], '
        "Resource = [aws_dynamodb_table.t.arn] }] })]",
    ],
)
def test_its_policies_are_those_that_are_switched_on(terraform: Write, inputs: str) -> None:
    statements = terraform(module(inputs), APP).roles[ROLE].statements
    found = [one for one in statements if one.statement["Action"] == ["dynamodb:GetItem"]]
    assert [one.statement["Resource"] for one in found] == [[Text.of(Att("aws_dynamodb_table.t", "Arn"))]]
    off = terraform(module(inputs.replace("= true", "= false", 1)), APP).roles[ROLE].statements
    assert len(off) == len(statements) - 1


def test_managed_policies_are_attached(terraform: Write) -> None:
    inputs = (
        "attach_tracing_policy = true\nattach_policies = true\nnumber_of_policies = 1\n"
        'policies = ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"]'
    )
    policies = terraform(module(inputs), APP).roles[ROLE].managed_policies
    assert [str(policy).rpartition("/")[2] for policy in policies] == [
        "AWSXRayDaemonWriteAccess",
        "AmazonS3ReadOnlyAccess",
    ]


def test_a_role_of_the_configuration_is_used(terraform: Write) -> None:
    main = 'resource "aws_iam_role" "own" {}\n' + module("create_role = false\nlambda_role = aws_iam_role.own.arn")
    project = terraform(main, APP)
    assert project.functions[0].role == "aws_iam_role.own" and ROLE not in project.roles


def test_a_module_that_init_copied_is_read_from_there(terraform: Write) -> None:
    copied = {
        ".terraform/modules/modules.json": '{"Modules": [{"Key": "q", "Source": "x", "Dir": ".terraform/modules/q"}]}',
        ".terraform/modules/q/main.tf": 'resource "aws_sqs_queue" "q" { name = var.name }\nvariable "name" {}\n',
    }
    project = terraform('module "q" {\n  source = "example/sqs/aws"\n  name = "jobs"\n}\n', copied)
    assert project.resources["module.q.aws_sqs_queue.q"].properties["QueueName"] == "jobs"


def test_a_policy_of_an_unknown_role_is_reported(terraform: Write) -> None:
    main = 'variable "role" {}\nresource "aws_iam_role_policy" "p" {\n  role = var.role\n  policy = "{}"\n}\n'
    (finding,) = (one for one in terraform(main).findings if one.code == "terraform-attachment")
    assert "aws_iam_role_policy.p" in finding.message and finding.place == Place("main.tf", 3, 3)


OF_ONE = {
    "dynamodb-table": ('name = "orders"', "dynamodb_table_arn", Att, "aws_dynamodb_table.this[0]", "Arn"),
    "sqs": ('name = "jobs"', "queue_url", Ref, "aws_sqs_queue.this[0]", None),
    "sns": ('name = "news"', "topic_arn", Ref, "aws_sns_topic.this[0]", None),
    "s3-bucket": ('bucket = "files"', "s3_bucket_arn", Att, "aws_s3_bucket.this[0]", "Arn"),
    "step-functions": ('name = "flow"', "state_machine_arn", Ref, "aws_sfn_state_machine.this[0]", None),
    "eventbridge": ('bus_name = "events"', "eventbridge_bus_arn", Att, "aws_cloudwatch_event_bus.this[0]", "Arn"),
    "apigateway-v2": ('name = "api"', "api_id", Ref, "aws_apigatewayv2_api.this[0]", None),
}


@pytest.mark.parametrize("name", OF_ONE)
def test_outputs_of_a_modelled_module_are_references(terraform: Write, name: str) -> None:
    inputs, output, part, id, attribute = OF_ONE[name]
    main = f"""
module "x" {{
  source = "terraform-aws-modules/{name}/aws"
  {inputs}
}}
module "fn" {{
  source = "terraform-aws-modules/lambda/aws"
  function_name = "fn"
  handler = "app.handler"
  runtime = "python3.12"
  source_path = "src"
  environment_variables = {{ X = module.x.{output} }}
}}
"""
    project = terraform(main, APP)
    (function,) = project.functions
    full = f"module.x.{id}"
    assert function.environment == {"X": Text.of(part(full) if attribute is None else part(full, attribute))}
    assert full in project.resources and "terraform-module" not in {one.code for one in project.findings}


def test_a_dead_letter_queue_and_fifo_names(terraform: Write) -> None:
    main = 'module "q" {\n  source = "terraform-aws-modules/sqs/aws"\n  name = "jobs"\n'
    main += "  fifo_queue = true\n  create_dlq = true\n}\n"
    resources = terraform(main).resources
    names = [one.properties["QueueName"] for one in resources.values()]
    assert sorted(names) == ["jobs-dlq.fifo", "jobs.fifo"]


def test_rules_targets_and_schedules_of_eventbridge_call_their_functions(terraform: Write) -> None:
    events = """
module "eventbridge" {
  source     = "terraform-aws-modules/eventbridge/aws"
  create_bus = false
  rules = {
    crons = { schedule_expression = "rate(5 minutes)" }
  }
  targets = {
    crons = [{ name = "fn", arn = module.fn.lambda_function_arn }]
  }
}
"""
    (function,) = terraform(module('source_path = "src"') + events, APP).functions
    assert [event.kind for event in function.events] == ["schedule"]


ROLE_MODULES = {
    "iam-role": (
        'name = "fn"\n create_inline_policy = true\n inline_policy_permissions = {\n'
        '  read = { actions = ["dynamodb:GetItem"], resources = [aws_dynamodb_table.t.arn] }\n }\n'
        ' policies = { p = module.policy.arn }',
        "arn",
    ),
    "iam-assumable-role": (
        'create_role = true\n role_name = "fn"\n custom_role_policy_arns = [module.policy.arn]\n'
        ' inline_policy_statements = [{ actions = ["dynamodb:GetItem"], resources = [aws_dynamodb_table.t.arn] }]',
        "iam_role_arn",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ROLE_MODULES)
def test_a_role_of_a_module_has_its_statements(terraform: Write, name: str) -> None:
    inputs, output = ROLE_MODULES[name]
    main = f"""
module "role" {{
  source = "terraform-aws-modules/iam/aws//modules/{name}"
 {inputs}
}}
module "policy" {{
  source = "terraform-aws-modules/iam/aws//modules/iam-policy"
  name   = "p"
  policy = jsonencode({{ Statement = [{{ Effect = "Allow", Action = "s3:GetObject", Resource = "*" }}] }})
}}
"""
    project = terraform(main + module(f"create_role = false\nlambda_role = module.role.{output}"), APP)
    role = project.roles["module.role.aws_iam_role.this[0]"]
    assert project.functions[0].role == role.id
    found = [one.statement["Action"] for one in role.statements]
    assert ["dynamodb:GetItem"] in found and "s3:GetObject" in found


def test_a_copy_of_init_is_read_rather_than_a_model(terraform: Write) -> None:
    copied = {
        ".terraform/modules/modules.json": '{"Modules": [{"Key": "q", "Source": "x", "Dir": ".terraform/modules/q"}]}',
        ".terraform/modules/q/main.tf": 'resource "aws_sqs_queue" "copied" {}\n',
    }
    project = terraform('module "q" {\n  source = "terraform-aws-modules/sqs/aws"\n}\n', copied)
    assert list(project.resources) == ["module.q.aws_sqs_queue.copied"]


def test_what_a_module_that_is_not_read_does_to_a_role_is_not_known(terraform: Write) -> None:
    main = 'resource "aws_iam_role" "own" {}\nmodule "x" {\n  source = "example/policies/aws"\n'
    main += "  roles = [aws_iam_role.own.name]\n  table = aws_dynamodb_table.t.arn\n}\n"
    project = terraform(main + module("create_role = false\nlambda_role = aws_iam_role.own.arn"), APP)
    (policy,) = project.roles["aws_iam_role.own"].managed_policies
    assert isinstance(policy, Text) and "module.x gets the role" in policy.unknowns[0].reason
    (finding,) = (one for one in project.findings if one.code == "terraform-module")
    assert "not analysed" in finding.message and "terraform show -json" in finding.remedy


@pytest.mark.parametrize("path", ['"${path.module}/src"', '["src"]', '[{ path = "src" }]'])
def test_code_is_found_through_the_program_of_a_copied_lambda_module(terraform: Write, path: str) -> None:
    copied = """
variable "source_path" {}
data "external" "archive_prepare" {
  count   = 1
  program = ["python3", "package.py"]
  query   = { source_path = try(tostring(var.source_path), jsonencode(var.source_path)) }
}
resource "aws_lambda_function" "this" {
  function_name = "fn"
  handler       = "app.handler"
  runtime       = "python3.12"
  filename      = data.external.archive_prepare[0].result.filename
}
"""
    main = f'module "fn" {{\n  source      = "./copy"\n  source_path = {path}\n}}\n'
    (function,) = terraform(main, {**APP, "copy/main.tf": copied}).functions
    assert function.handler is not None and function.handler.file == "src/app.py"
