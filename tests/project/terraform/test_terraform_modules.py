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
