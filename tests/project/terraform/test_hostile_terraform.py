"""Configurations that are made to take forever, or to read what is not theirs: they end, with a message."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from scopedown.core.finding import ScopedownError
from scopedown.project.load import load_project
from scopedown.project.model import Project
from scopedown.project.options import Options
from scopedown.project.terraform.syntax import MAX_BYTES

Write = Callable[..., Project]
QUEUE = 'resource "aws_sqs_queue" "q" {\n  name = local.a\n}\n'


@pytest.mark.parametrize(
    "expression",
    [
        "(" * 3_000 + "1" + ")" * 3_000,
        "[" * 3_000 + "]" * 3_000,
        "!" * 3_000 + "true",
        "1" + "+1" * 5_000,
        "[for x in " * 200 + "[]" + " : x]" * 200,
        "upper(" * 1_000 + '"x"' + ")" * 1_000,
        "true ? " * 800 + "1" + " : 2" * 800,
        "local.a",
        "local.b",
    ],
)
def test_a_deep_expression_ends(terraform: Write, expression: str) -> None:
    project = terraform(f"{QUEUE}locals {{\n  b = [local.a]\n  a = {expression}\n}}\n")
    assert "aws_sqs_queue.q" in project.resources


def test_modules_in_a_circle_end(terraform: Write) -> None:
    files = {f"{one}/main.tf": f'module "x" {{\n  source = "../{other}"\n}}\n{QUEUE}' for one, other in ("ab", "ba")}
    project = terraform('module "x" {\n  source = "./a"\n}\n', files)
    assert "terraform-module" in {finding.code for finding in project.findings}


def test_a_text_in_texts_ends(terraform: Write) -> None:
    assert isinstance(terraform(QUEUE + "locals {\n  a = " + '"${' * 300 + "1" + '}"' * 300 + "\n}\n"), Project)


def test_modules_that_multiply_end(terraform: Write) -> None:
    calls = "".join(f'module "m{n}" {{\n  source = "./"\n}}\n' for n in range(12))
    with pytest.raises(ScopedownError, match="more than"):
        terraform(calls)


def test_a_file_that_is_too_large_is_told(terraform: Write) -> None:
    project = terraform(QUEUE, {"large.tf": "# " + "x" * MAX_BYTES})
    assert "terraform-file" in {finding.code for finding in project.findings}


def test_blocks_in_blocks_end(terraform: Write) -> None:
    assert isinstance(terraform(QUEUE + "a {\n" * 2_000 + "}\n" * 2_000), Project)


def test_deep_json_ends(terraform: Write) -> None:
    project = terraform(QUEUE, {"deep.tf.json": '{"locals": ' + '{"a": ' * 5_000 + "1" + "}" * 5_001})
    assert "aws_sqs_queue.q" in project.resources


def test_templates_in_json_that_grow_end(terraform: Write) -> None:
    names = {f"v{n}": f"${{local.v{n - 1}}}${{local.v{n - 1}}}" for n in range(1, 60)}
    project = terraform(
        QUEUE, {"more.tf.json": json.dumps({"locals": {"v0": "x" * 1_000, **names, "a": "${local.v59}"}})}
    )
    assert "aws_sqs_queue.q" in project.resources


def test_a_link_to_a_folder_out_of_the_repository_is_no_module(tmp_path: Path) -> None:
    (tmp_path / "inner/.git").mkdir(parents=True)
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret/main.tf").write_text('resource "aws_sqs_queue" "secret" {}\n')
    (tmp_path / "inner/m").symlink_to(tmp_path / "secret")
    (tmp_path / "inner/main.tf").write_text('module "m" {\n  source = "./m"\n}\n')
    project = load_project(tmp_path / "inner", Options())
    assert "terraform-outside" in {finding.code for finding in project.findings}
    assert not project.resources


def test_references_of_a_plan_in_a_circle_end(tmp_path: Path) -> None:
    call = {"expressions": {"x": {"references": ["module.m.x"]}},
            "module": {"outputs": {"x": {"expression": {"references": ["var.x"]}}}}}  # fmt: skip
    resource = {"address": "aws_lambda_function.f", "mode": "managed", "type": "aws_lambda_function", "values": {}}
    configured = {"address": "aws_lambda_function.f", "expressions": {"kms_key_arn": {"references": ["module.m.x"]}}}
    plan = {
        "format_version": "1.2",
        "planned_values": {"root_module": {"resources": [resource]}},
        "configuration": {"root_module": {"resources": [configured], "module_calls": {"m": call}}},
    }
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    assert len(load_project(tmp_path / "plan.json", Options()).functions) == 1
