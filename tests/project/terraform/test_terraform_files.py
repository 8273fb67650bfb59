"""The files of a configuration: JSON, OpenTofu's, override files, and the values of variables."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place
from scopedown.core.text import Att, Ref, Text
from scopedown.project.discovery import find_projects
from scopedown.project.load import load_project
from scopedown.project.model import Project
from scopedown.project.options import Options
from scopedown.project.terraform.files import module_files, suffix_of, values_files

Write = Callable[..., Project]
APP = {"app.py": "def handler(event, context): ..."}
QUEUE = 'resource "aws_sqs_queue" "q" {\n  name = var.name\n}\nvariable "name" { default = "jobs" }\n'
IN_JSON: dict[str, Any] = {
    "//": "a comment",
    "variable": {"name": {"type": "object({ table = optional(string, \"orders\") })", "default": {}}},
    "locals": [{"prefix": "shop"}, {"stage": "${local.prefix}-dev"}],
    "resource": {
        "aws_dynamodb_table": {"t": {"name": "${local.stage}-${var.name.table}"}},
        "aws_iam_role": {"fn": {"name": "fn", "assume_role_policy": "{}"}},
        "aws_iam_role_policy": {
            "fn": [{"role": "${aws_iam_role.fn.id}", "policy": "${data.aws_iam_policy_document.fn.json}"}]
        },
        "aws_lambda_function": {
            "fn": {
                "for_each": "${toset([\"a\"])}",
                "function_name": "${each.key}",
                "filename": "${data.archive_file.fn.output_path}",
                "handler": "app.handler",
                "runtime": "python3.12",
                "role": "${aws_iam_role.fn.arn}",
                "environment": {"variables": {"TABLE": "${aws_dynamodb_table.t.name}", "LITERAL": "$${no}"}},
            }
        },
    },
    "data": {
        "archive_file": {"fn": {"type": "zip", "source_file": "${path.module}/app.py", "output_path": "app.zip"}},
        "aws_iam_policy_document": {
            "fn": {
                "statement": [
                    {"actions": ["dynamodb:GetItem"], "resources": ["${aws_dynamodb_table.t.arn}/index/*"]},
                    {"actions": ["s3:GetObject"], "resources": "${[\"*\"]}"},
                ],
                "dynamic": {
                    "statement": {
                        "for_each": ["sqs"],
                        "iterator": "one",
                        "content": {"actions": ["${one.value}:SendMessage"], "resources": ["*"]},
                    }
                },
            }
        },
    },
}  # fmt: skip


def in_json(tree: Any) -> str:
    return json.dumps(tree, indent=1)


@pytest.mark.parametrize("name", ["main.tf.json", "main.tofu.json"])
def test_a_configuration_in_json_is_read_as_that_of_hcl(terraform: Write, name: str) -> None:
    project = terraform("", {name: in_json(IN_JSON), **APP})
    (function,) = project.functions
    assert (function.key, function.name.literal, function.role) == (
        'aws_lambda_function.fn["a"]',
        "a",
        "aws_iam_role.fn",
    )
    assert function.handler is not None and function.handler.file == "app.py"
    assert function.environment == {"TABLE": Text.of(Ref("aws_dynamodb_table.t")), "LITERAL": Text.of("${no}")}
    assert project.resources["aws_dynamodb_table.t"].properties["TableName"] == "shop-dev-orders"
    found = [dict(one.statement) for one in project.roles["aws_iam_role.fn"].statements]
    assert [one["Action"] for one in found] == [["dynamodb:GetItem"], ["s3:GetObject"], ["sqs:SendMessage"]]
    assert found[0]["Resource"] == [Text.of(Att("aws_dynamodb_table.t", "Arn"), "/index/*")]


def test_places_in_json_are_those_of_the_file(terraform: Write) -> None:
    text = in_json(IN_JSON)
    (function,) = terraform("", {"main.tf.json": text, **APP}).functions
    lines = text.splitlines()
    assert lines[function.place.line - 1].strip() == '"fn": {' and function.place.file == "main.tf.json"


def test_a_module_and_a_provider_in_json(terraform: Write, tmp_path: Path) -> None:
    tree = {
        "provider": {"aws": [{"region": "eu-west-1"}, {"alias": "other", "region": "us-east-1"}]},
        "module": {"q": {"source": "./inner", "name": "${upper(\"x\")}"}},
    }  # fmt: skip
    (tmp_path / "main.tf").touch()
    project = terraform("", {"main.tf.json": in_json(tree), "inner/main.tf": QUEUE})
    assert project.resources["module.q.aws_sqs_queue.q"].properties["QueueName"] == "X"
    assert project.region == "eu-west-1"
    (tmp_path / "main.tf").unlink()
    assert [path.relative_to(tmp_path).as_posix() for path in find_projects(tmp_path)] == ["main.tf.json"]


@pytest.mark.parametrize(
    "text", ["{", "[]", "3", '{"resource": []}', '{"resource": {"aws_sqs_queue": {"q": [3, {}]}}}']
)
def test_broken_json_ends(terraform: Write, text: str) -> None:
    project = terraform(QUEUE, {"more.tf.json": text})
    assert "aws_sqs_queue.q" in project.resources


def test_a_file_of_opentofu_takes_the_place_of_terraforms(terraform: Write) -> None:
    files = {"queue.tf": QUEUE, "queue.tofu": QUEUE.replace('"jobs"', '"tofu"')}
    assert terraform("", files).resources["aws_sqs_queue.q"].properties["QueueName"] == "tofu"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, "jobs"),
        ({"terraform.tfvars": 'name = "hcl"', "terraform.tfvars.json": '{"name": "json"}'}, "json"),
        ({"terraform.tfvars.json": '{"name": "json"}', "a.auto.tfvars": 'name = "auto"'}, "auto"),
        ({"a.auto.tfvars": 'name = "a"', "b.auto.tfvars.json": '{"name": "${literal}"}'}, "${literal}"),
    ],
)  # fmt: skip
def test_values_of_variables_in_their_order(terraform: Write, files: dict[str, str], expected: str) -> None:
    assert terraform(QUEUE, files).resources["aws_sqs_queue.q"].properties["QueueName"] == expected


BASE = """
locals {
  a = 1
  b = 2
}
resource "aws_iam_role" "fn" {
  name = "role-${local.a}-${local.b}"
  path = "/x/"
  inline_policy {
    name   = "first"
    policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "*" }] })
  }
  inline_policy {
    name   = "second"
    policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:PutObject", Resource = "*" }] })
  }
}
resource "aws_lambda_function" "fn" {
  role = aws_iam_role.fn.arn
}
"""


def test_an_override_file_replaces_arguments_nested_blocks_and_locals(terraform: Write) -> None:
    override = """
locals { b = 3 }
resource "aws_iam_role" "fn" {
  dynamic "inline_policy" {
    for_each = ["sqs:SendMessage"]
    content {
      policy = jsonencode({ Statement = [{ Effect = "Allow", Action = inline_policy.value, Resource = "*" }] })
    }
  }
}
"""
    again = {"resource": {"aws_iam_role": {"fn": {"path": "/y/"}}}}
    project = terraform(BASE, {"override.tf": override, "z_override.tf.json": in_json(again)})
    role = project.resources["aws_iam_role.fn"].properties
    assert (role["RoleName"], role["Path"]) == ("role-1-3", "/y/")
    assert [one.statement["Action"] for one in project.roles["aws_iam_role.fn"].statements] == ["sqs:SendMessage"]


def test_later_override_files_win(terraform: Write) -> None:
    files = {
        f"{name}_override.tf": f'resource "aws_sqs_queue" "q" {{ name = "{name}" }}\n' for name in ("b", "a")
    }  # fmt: skip
    assert terraform(QUEUE, files).resources["aws_sqs_queue.q"].properties["QueueName"] == "b"


def test_an_override_of_nothing_is_told(terraform: Write) -> None:
    project = terraform(QUEUE, {"override.tf": 'resource "aws_sqs_queue" "other" { name = "x" }\n'})
    (finding,) = (one for one in project.findings if one.code == "terraform-override")
    assert "aws_sqs_queue other" in finding.message and finding.place == Place("override.tf", 1, 1)
    assert "aws_sqs_queue.other" not in project.resources


def test_an_override_of_a_module_and_of_a_variable(terraform: Write) -> None:
    main = 'module "q" {\n  source = "./one"\n}\nvariable "x" { default = "a" }\n'
    override = 'module "q" { source = "./two" }\nvariable "x" { default = "b" }\n'
    files = {"override.tf": override, "one/main.tf": QUEUE, "two/main.tf": QUEUE.replace('"jobs"', '"two"')}
    project = terraform(main, files)
    assert project.resources["module.q.aws_sqs_queue.q"].properties["QueueName"] == "two"


@pytest.mark.parametrize(
    ("name", "suffix"),
    [
        ("main.tf", ".tf"),
        ("a.b.tf.json", ".tf.json"),
        ("x.tofu", ".tofu"),
        (".tf", ""),
        (".x.tf", ""),
        ("x.tf~", ""),
        ("#x.tf#", ""),
        ("x.json", ""),
    ],
)
def test_the_names_of_configurations(name: str, suffix: str) -> None:
    assert suffix_of(name) == suffix


def test_the_order_of_files() -> None:
    assert module_files(["z.tf", "a_override.tf", "m.tofu", "m.tf", "override.tf.json", "x.md"]) == (
        ["m.tofu", "z.tf"], ["a_override.tf", "override.tf.json"],
    )  # fmt: skip
    assert values_files(["b.auto.tfvars.json", "terraform.tfvars.json", "other.tfvars", "a.auto.tfvars"]) == [
        "terraform.tfvars.json", "a.auto.tfvars", "b.auto.tfvars.json",
    ]  # fmt: skip


def test_a_unit_of_terragrunt_is_refused_with_a_remedy_and_found_below_a_folder(tmp_path: Path) -> None:
    (tmp_path / "live").mkdir()
    (tmp_path / "terragrunt.hcl").write_text("remote_state {\n}\n")
    (tmp_path / "live/terragrunt.hcl").write_text('terraform {\n  source = "../modules/fn"\n}\n')
    (found,) = find_projects(tmp_path)
    assert found == tmp_path / "live/terragrunt.hcl"
    with pytest.raises(ScopedownError, match=r"terragrunt\.hcl") as refused:
        load_project(found, Options())
    assert "terragrunt show -json" in refused.value.remedy


def test_a_configuration_with_inputs_of_terragrunt_is_read_and_told(terraform: Write) -> None:
    project = terraform(QUEUE, {"terragrunt.hcl": 'include "root" {\n  path = find_in_parent_folders()\n}\n'})
    assert "aws_sqs_queue.q" in project.resources
    assert "terraform-terragrunt" in {finding.code for finding in project.findings}
