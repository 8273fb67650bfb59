"""Plans in JSON, written by hand after the documented format; none was made by a run of terraform."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scopedown.core.finding import ScopedownError
from scopedown.core.text import Att, Ref, Text
from scopedown.project.load import load_project
from scopedown.project.model import Project
from scopedown.project.options import Options


def resource(address: str, values: dict[str, Any], mode: str = "managed") -> dict[str, Any]:
    name = address.rpartition("module.")[2].split(".")[-1].partition("[")[0]
    return {"address": address, "mode": mode, "type": address.split(".")[-2], "name": name, "values": values}


def written(address: str, **expressions: Any) -> dict[str, Any]:
    return {"address": address, "expressions": expressions}


def of(*references: str) -> dict[str, Any]:
    return {"references": [*references, *(one.rpartition(".")[0] for one in references)]}


FUNCTION = {"function_name": "orders", "handler": "app.handler", "runtime": "python3.12", "filename": "app.zip"}
PLAN: dict[str, Any] = {
    "format_version": "1.2",
    "terraform_version": "1.9.0",
    "variables": {"stage": {"value": "dev"}},
    "planned_values": {
        "root_module": {
            "resources": [
                resource("aws_dynamodb_table.t", {"name": "orders"}),
                resource("aws_sqs_queue.q", {"name": "jobs"}),
                resource("aws_iam_role.fn", {"name": "fn", "assume_role_policy": "{}"}),
                resource("aws_lambda_function.fn", {**FUNCTION, "environment": [{"variables": {"TABLE": "orders"}}]}),
                resource("aws_lambda_event_source_mapping.q", {}),
                resource("aws_iam_role_policy.fn", {"role": "fn"}),
                resource(
                    "data.aws_iam_policy_document.fn",
                    {"statement": [{"actions": ["dynamodb:GetItem"], "resources": [None], "effect": "Allow"}]},
                    "data",
                ),
            ],
            "child_modules": [
                {
                    "address": 'module.api["a"]',
                    "resources": [
                        resource('module.api["a"].aws_lambda_function.fn', {**FUNCTION, "function_name": "inner"}),
                        resource('module.api["a"].aws_iam_role.fn', {"name": "inner"}),
                        resource(
                            'module.api["a"].aws_iam_role_policy.fn',
                            {
                                "role": "inner",
                                "policy": json.dumps(
                                    {"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
                                ),
                            },
                        ),
                    ],
                }
            ],
        }
    },
    "prior_state": {
        "values": {
            "root_module": {
                "resources": [
                    resource(
                        "data.archive_file.app",
                        {"type": "zip", "source_dir": "./src", "output_path": "./app.zip"},
                        "data",
                    ),
                    resource("aws_sqs_queue.removed", {"name": "old"}),
                ]
            }
        }
    },
    "configuration": {
        "root_module": {
            "resources": [
                written("aws_lambda_function.fn", role=of("aws_iam_role.fn.arn")),
                written(
                    "aws_lambda_event_source_mapping.q",
                    event_source_arn=of("aws_sqs_queue.q.arn"),
                    function_name=of("aws_lambda_function.fn.arn"),
                ),
                written("aws_iam_role_policy.fn", policy=of("data.aws_iam_policy_document.fn.json")),
                written(
                    "data.aws_iam_policy_document.fn",
                    statement=[
                        {
                            "actions": {"constant_value": ["dynamodb:GetItem"]},
                            "resources": of("aws_dynamodb_table.t.arn"),
                        }
                    ],
                ),
            ],
            "module_calls": {
                "api": {
                    "expressions": {"queue": of("aws_sqs_queue.q.arn")},
                    "module": {
                        "resources": [
                            written(
                                "aws_lambda_function.fn", role=of("aws_iam_role.fn.arn"), kms_key_arn=of("var.queue")
                            )
                        ]
                    },
                }
            },
        }
    },
}


def read(folder: Path, plan: Any) -> Project:
    (folder / "src").mkdir(exist_ok=True)
    (folder / "src" / "app.py").write_text("def handler(event, context): ...")
    (folder / "plan.json").write_text(json.dumps(plan, indent=1))
    return load_project(folder / "plan.json", Options())


def test_functions_have_their_code_role_environment_and_events(tmp_path: Path) -> None:
    project = read(tmp_path, PLAN)
    outer, inner = project.functions
    assert (project.framework, outer.key, inner.key) == (
        "terraform", "aws_lambda_function.fn", 'module.api["a"].aws_lambda_function.fn',
    )  # fmt: skip
    assert outer.handler is not None and outer.handler.file == "src/app.py"
    assert (outer.role, inner.role) == ("aws_iam_role.fn", 'module.api["a"].aws_iam_role.fn')
    assert outer.environment == {"TABLE": Text.of("orders")}
    assert [event.kind for event in outer.events] == ["sqs"]
    assert outer.place.file == "plan.json" and outer.place.line > 1


def test_policies_are_read_and_what_follows_an_arn_is_not_known(tmp_path: Path) -> None:
    project = read(tmp_path, PLAN)
    (statement,) = project.roles["aws_iam_role.fn"].statements
    assert statement.statement["Action"] == ["dynamodb:GetItem"]
    (arn,) = statement.statement["Resource"]  # type: ignore[misc]
    assert isinstance(arn, Text) and arn.parts[0] == Att("aws_dynamodb_table.t", "Arn") and arn.unknowns
    (inner,) = project.roles['module.api["a"].aws_iam_role.fn'].statements
    assert inner.statement["Action"] == "s3:GetObject"


def test_a_reference_goes_through_the_variables_of_modules(tmp_path: Path) -> None:
    (_, inner) = read(tmp_path, PLAN).functions
    assert inner.settings["kmsKeyArn"] == Text.of(Att("aws_sqs_queue.q", "Arn"))


def test_what_the_plan_removes_is_not_there(tmp_path: Path) -> None:
    assert "aws_sqs_queue.removed" not in read(tmp_path, PLAN).resources


def test_another_version_of_the_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScopedownError, match=r"format version 2\.0"):
        read(tmp_path, {**PLAN, "format_version": "2.0"})


@pytest.mark.parametrize(
    "broken",
    [
        {"planned_values": []},
        {"planned_values": {"root_module": {"resources": [3, {"address": 4}, {"address": "a.b", "type": "a"}]}}},
        {"configuration": {"root_module": {"resources": [None], "module_calls": {"x": 1}}}},
        {"configuration": {"root_module": {"module_calls": {"x": {"module": {"module_calls": 3}}}}}},
        {"variables": 3, "prior_state": 4},
    ],
)
def test_a_broken_plan_ends(tmp_path: Path, broken: dict[str, Any]) -> None:
    assert isinstance(read(tmp_path, {**PLAN, **broken}), Project)


def test_an_attribute_that_names_itself_ends(tmp_path: Path) -> None:
    call = {"expressions": {"x": of("var.x")}, "module": {"resources": [], "module_calls": {}}}
    plan = json.loads(json.dumps(PLAN))
    plan["configuration"]["root_module"]["module_calls"]["api"] = call
    assert Ref("x") not in [part for one in read(tmp_path, plan).functions for part in one.name.parts]
