"""Every construct of a plan's documented format, from plans written by hand; none was made by a run of terraform.

The format: https://developer.hashicorp.com/terraform/internals/json-format
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scopedown.core.text import Att, Ref, Text
from scopedown.project.load import load_project
from scopedown.project.model import Project
from scopedown.project.options import Options
from scopedown.project.terraform.addresses import outer, plain, split, steps_of

FUNCTION = {"function_name": "fn", "handler": "app.handler", "runtime": "python3.12", "filename": "app.zip"}
ROLE = {"name": "fn", "assume_role_policy": "{}"}


def resource(address: str, values: dict[str, Any], mode: str = "managed") -> dict[str, Any]:
    own = split(address)[1]
    type, name = own.removeprefix("data.").split(".", 1)
    return {"address": address, "mode": mode, "type": type, "name": name.partition("[")[0], "values": values}


def change(
    address: str, unknown: dict[str, Any], actions: tuple[str, ...] = ("create",), **more: Any
) -> dict[str, Any]:
    return {"address": address, "change": {"actions": list(actions), "after_unknown": unknown}, **more}


def of(*references: str) -> dict[str, Any]:
    return {"references": [*references, *(one.rpartition(".")[0] for one in references)]}


def plan(
    resources: list[dict[str, Any]],
    written: dict[str, Any] | None = None,
    changes: list[Any] | None = None,
    **more: Any,
) -> dict[str, Any]:
    configured = [{"address": address, "expressions": expressions} for address, expressions in (written or {}).items()]
    found: dict[str, Any] = {
        "format_version": "1.2",
        "terraform_version": "1.9.5",
        "planned_values": {"root_module": {"resources": resources}, "outputs": {"x": {"sensitive": True}}},
        "resource_changes": changes or [],
        "output_changes": {"x": {"actions": ["create"], "after_unknown": True}},
        "configuration": {"root_module": {"resources": configured}, "provider_config": {}},
        "relevant_attributes": [{"resource": "aws_sqs_queue.q", "attribute": ["arn"]}],
        "resource_drift": [change("aws_sqs_queue.gone", {}, ("delete",))],
        "checks": [{"address": {"kind": "resource", "to_display": "aws_sqs_queue.q"}, "status": "unknown"}],
        "timestamp": "2026-01-01T00:00:00Z",
        "applyable": True,
        "complete": True,
        "errored": False,
    }  # fmt: skip
    return found | more


def read(folder: Path, tree: dict[str, Any]) -> Project:
    (folder / "plan.json").write_text(json.dumps(tree, indent=1))
    return load_project(folder / "plan.json", Options())


def test_a_part_of_an_environment_that_is_known_only_after_apply_is_there(tmp_path: Path) -> None:
    resources = [
        resource("aws_sqs_queue.q", {"name": "jobs"}),
        resource("aws_lambda_function.fn", {**FUNCTION, "environment": [{"variables": {"NAME": "jobs"}}]}),
    ]
    written = {
        "aws_lambda_function.fn": {"environment": [{"variables": of("aws_sqs_queue.q.name", "aws_sqs_queue.q.url")}]}
    }
    changes = [
        change("aws_sqs_queue.q", {"url": True, "arn": True}),
        change("aws_lambda_function.fn", {"environment": [{"variables": {"URL": True}}], "arn": True}),
    ]
    (function,) = read(tmp_path, plan(resources, written, changes)).functions
    assert function.environment == {"NAME": Text.of("jobs"), "URL": Text.of(Ref("aws_sqs_queue.q"))}


def test_two_unknown_parts_of_two_references_are_unknown_with_their_names(tmp_path: Path) -> None:
    resources = [
        resource("aws_sqs_queue.q", {}), resource("aws_sns_topic.t", {}),
        resource("aws_lambda_function.fn", {**FUNCTION, "environment": [{}]}),
    ]  # fmt: skip
    written = {
        "aws_lambda_function.fn": {"environment": [{"variables": of("aws_sqs_queue.q.url", "aws_sns_topic.t.arn")}]}
    }
    unknown = {"environment": [{"variables": {"A": True, "B": True}}]}
    changes = [change("aws_lambda_function.fn", unknown), change("aws_sqs_queue.q", {"url": True})]
    (function,) = read(tmp_path, plan(resources, written, changes)).functions
    reasons = {value.unknowns[0].reason for value in function.environment.values()}
    assert reasons == {"it is made of aws_sqs_queue.q.url, aws_sns_topic.t.arn, which the plan does not show"}


def test_keys_of_for_each_and_count_stay_apart(tmp_path: Path) -> None:
    addresses = ['aws_lambda_function.fn["a.b"]', 'aws_lambda_function.fn["c]d"]', "aws_lambda_function.n[0]"]
    resources = [resource(address, FUNCTION) for address in addresses]
    written = {
        "aws_lambda_function.fn": {"kms_key_arn": of("each.key")},
        "aws_lambda_function.n": {"kms_key_arn": {"references": ["count.index"]}},
    }
    project = read(tmp_path, plan(resources, written))
    assert [function.key for function in project.functions] == addresses
    assert [str(function.settings["kmsKeyArn"]) for function in project.functions] == ["a.b", "c]d", "0"]


def test_a_value_of_for_each_is_that_of_a_constant(tmp_path: Path) -> None:
    tree = plan([resource('aws_lambda_function.fn["a"]', FUNCTION)])
    tree["configuration"]["root_module"]["resources"] = [{
        "address": "aws_lambda_function.fn",
        "expressions": {"kms_key_arn": {"references": ["each.value"]}},
        "for_each_expression": {"constant_value": {"a": "key-of-a"}},
    }]  # fmt: skip
    assert str(read(tmp_path, tree).functions[0].settings["kmsKeyArn"]) == "key-of-a"


def test_references_go_through_modules_in_modules_and_their_outputs(tmp_path: Path) -> None:
    tree = plan([])
    inner = 'module.a["x"].module.b.'
    tree["planned_values"]["root_module"] = {
        "resources": [resource("aws_kms_key.k", {})],
        "child_modules": [{
            "address": 'module.a["x"]',
            "child_modules": [{
                "address": 'module.a["x"].module.b',
                "resources": [
                    resource(f"{inner}aws_lambda_function.fn", FUNCTION), resource(f"{inner}aws_sqs_queue.q", {}),
                ],
            }],
        }],
    }  # fmt: skip
    tree["configuration"]["root_module"] = {
        "resources": [],
        "module_calls": {"a": {
            "source": "./a", "for_each_expression": {"references": ["var.names"]},
            "expressions": {"key": of("aws_kms_key.k.arn")},
            "module": {
                "variables": {"key": {"description": "a key"}},
                "outputs": {"url": {"expression": {"references": ["module.b.url", "module.b"]}}},
                "module_calls": {"b": {
                    "source": "example/b/aws", "version_constraint": "1.0",
                    "expressions": {"key": {"references": ["var.key"]}},
                    "module": {
                        "variables": {"key": {}, "size": {"default": 512}},
                        "outputs": {"url": {"expression": of("aws_sqs_queue.q.url")}},
                        "resources": [{"address": "aws_lambda_function.fn", "expressions": {
                            "kms_key_arn": {"references": ["var.key"]}, "memory_size": {"references": ["var.size"]},
                        }}],
                    },
                }},
            },
        }},
    }  # fmt: skip
    tree["planned_values"]["root_module"]["resources"].append(resource("aws_lambda_function.top", FUNCTION))
    tree["configuration"]["root_module"]["resources"].append(
        {"address": "aws_lambda_function.top",
         "expressions": {"kms_key_arn": {"references": ['module.a["x"].url', 'module.a["x"]']}}}
    )  # fmt: skip
    functions = {function.key: function for function in read(tmp_path, tree).functions}
    nested = functions[f"{inner}aws_lambda_function.fn"]
    assert nested.settings["kmsKeyArn"] == Text.of(Att("aws_kms_key.k", "Arn")) and nested.settings["memorySize"] == 512
    assert functions["aws_lambda_function.top"].settings["kmsKeyArn"] == Text.of(Ref(f"{inner}aws_sqs_queue.q"))


def test_an_existing_deployment_has_its_references_again(tmp_path: Path) -> None:
    arn = "arn:aws:dynamodb:eu-west-1:123456789012:table/orders"
    statement = {"Effect": "Allow", "Action": "dynamodb:Query", "Resource": f"{arn}/index/*"}
    resources = [
        resource("aws_dynamodb_table.t", {"name": "orders", "arn": arn}),
        resource("aws_iam_role.fn", {**ROLE, "arn": "arn:aws:iam::123456789012:role/fn"}),
        resource("aws_lambda_function.fn", {**FUNCTION, "role": "arn:aws:iam::123456789012:role/fn"}),
        resource("aws_iam_role_policy.p", {"role": "fn", "policy": json.dumps({"Statement": [statement]})}),
    ]
    project = read(tmp_path, plan(resources))
    assert project.functions[0].role == "aws_iam_role.fn"
    (found,) = project.roles["aws_iam_role.fn"].statements
    assert found.statement["Resource"] == Text.of(Att("aws_dynamodb_table.t", "Arn"), "/index/*")


def test_a_state_is_read_as_a_plan_is(tmp_path: Path) -> None:
    role = "arn:aws:iam::123456789012:role/fn"
    resources = [
        resource("aws_iam_role.fn", {**ROLE, "arn": role}),
        resource("aws_lambda_function.fn", {**FUNCTION, "role": role}),
    ]
    state = {
        "format_version": "1.0", "terraform_version": "1.9.5",
        "values": {"root_module": {"resources": resources}, "outputs": {}},
    }  # fmt: skip
    assert [function.role for function in read(tmp_path, state).functions] == ["aws_iam_role.fn"]


def test_resources_of_a_policy_that_is_read_during_apply(tmp_path: Path) -> None:
    data = "data.aws_iam_policy_document.d"
    resources = [
        resource("aws_iam_role.fn", ROLE),
        resource("aws_sqs_queue.q", {"name": "jobs"}),
        resource("aws_iam_role_policy.p", {"role": "fn"}),
        resource(
            data, {"statement": [{"actions": ["sqs:SendMessage"], "resources": ["arn:aws:sqs:*:*:x", None]}]}, "data"
        ),
    ]
    written = {
        "aws_iam_role_policy.p": {"policy": of(f"{data}.json")},
        data: {
            "statement": [{"resources": of("aws_sqs_queue.q.arn"), "actions": {"constant_value": ["sqs:SendMessage"]}}]
        },
    }
    changes = [
        change(data, {"json": True, "statement": [{"actions": [False], "resources": [False, True]}]}, ("read",)),
        change("aws_sqs_queue.q", {"arn": True}), change("aws_iam_role_policy.p", {"policy": True}),
    ]  # fmt: skip
    (found,) = read(tmp_path, plan(resources, written, changes)).roles["aws_iam_role.fn"].statements
    listed = found.statement["Resource"]
    assert isinstance(listed, list)
    known, arn = listed
    assert known == "arn:aws:sqs:*:*:x"
    assert isinstance(arn, Text) and arn.parts[0] == Att("aws_sqs_queue.q", "Arn") and arn.unknowns


def test_a_policy_whose_text_is_not_in_the_plan_is_an_unknown_statement(tmp_path: Path) -> None:
    resources = [resource("aws_iam_role.fn", ROLE), resource("aws_iam_role_policy.p", {"role": "fn"})]
    written = {"aws_iam_role_policy.p": {"policy": of("aws_sqs_queue.q.arn", "aws_sns_topic.t.arn")}}
    project = read(tmp_path, plan(resources, written, [change("aws_iam_role_policy.p", {"policy": True})]))
    role = project.resources["aws_iam_role_policy.p"].properties
    assert isinstance(role["PolicyDocument"], Text) and role["PolicyDocument"].unknowns


def test_locals_and_paths_are_not_in_a_plan(tmp_path: Path) -> None:
    written = {"aws_lambda_function.fn": {"kms_key_arn": {"references": ["local.key"]}}}
    (function,) = read(tmp_path, plan([resource("aws_lambda_function.fn", FUNCTION)], written)).functions
    value = function.settings["kmsKeyArn"]
    assert isinstance(value, Text) and value.unknowns[0].reason == "a plan does not show what local.key is"


def test_a_single_nested_block_is_a_mapping(tmp_path: Path) -> None:
    resources = [resource("aws_lambda_function.fn", {**FUNCTION, "environment": {"variables": {"A": "b"}}})]
    written = {"aws_lambda_function.fn": {"environment": {"variables": {"references": ["var.x"]}}, "timeouts": {}}}
    assert read(tmp_path, plan(resources, written)).functions[0].environment == {"A": Text.of("b")}


@pytest.mark.parametrize("actions", [["no-op"], ["update"], ["delete", "create"], ["create", "delete"], ["forget"]])
def test_every_action_leaves_what_is_planned(tmp_path: Path, actions: list[str]) -> None:
    changes = [
        change("aws_lambda_function.fn", {}, tuple(actions), action_reason="x", previous_address="x.y"),
        change("aws_lambda_function.fn", {"function_name": True}, ("delete",), deposed="00000001"),
    ]  # fmt: skip
    (function,) = read(tmp_path, plan([resource("aws_lambda_function.fn", FUNCTION)], None, changes)).functions
    assert function.name.literal == "fn"


def test_what_is_deferred_is_read_and_told(tmp_path: Path) -> None:
    one = {"address": "aws_lambda_function.later", "mode": "managed", "type": "aws_lambda_function",
           "change": {"actions": ["create"], "after": FUNCTION}}  # fmt: skip
    tree = plan([], complete=False, deferred_changes=[{"reason": "instance_count_unknown", "resource_change": one}])
    project = read(tmp_path, tree)
    assert [function.key for function in project.functions] == ["aws_lambda_function.later"]
    assert [finding.code for finding in project.findings if finding.code == "terraform-plan"] == ["terraform-plan"]


@pytest.mark.parametrize("more", [{"errored": True}, {"complete": False}])
def test_a_plan_that_is_not_whole_is_told(tmp_path: Path, more: dict[str, Any]) -> None:
    project = read(tmp_path, plan([resource("aws_lambda_function.fn", FUNCTION)], **more))
    assert "terraform-plan" in {finding.code for finding in project.findings}


@pytest.mark.parametrize(
    "region", [{"constant_value": "eu-west-1"}, {"references": ["var.region"]}]
)  # fmt: skip
def test_the_region_is_that_of_the_provider_without_an_alias(tmp_path: Path, region: dict[str, Any]) -> None:
    providers = {
        "aws": {"name": "aws", "full_name": "registry.terraform.io/hashicorp/aws", "expressions": {"region": region}},
        "aws.other": {"name": "aws", "alias": "other", "expressions": {"region": {"constant_value": "us-east-2"}}},
    }
    tree = plan([resource("aws_lambda_function.fn", FUNCTION)], variables={"region": {"value": "eu-west-1"}})
    tree["configuration"]["provider_config"] = providers
    assert read(tmp_path, tree).region == "eu-west-1"


def test_values_that_are_sensitive_are_values(tmp_path: Path) -> None:
    one = resource("aws_lambda_function.fn", {**FUNCTION, "environment": [{"variables": {"A": "b"}}]})
    one["sensitive_values"] = {"environment": [{"variables": True}]}
    assert read(tmp_path, plan([one])).functions[0].environment == {"A": Text.of("b")}


@pytest.mark.parametrize(
    ("address", "steps", "without", "module"),
    [
        ("aws_sqs_queue.q", [("aws_sqs_queue", ""), ("q", "")], "aws_sqs_queue.q", ""),
        ('module.a["x.y"].aws_sqs_queue.q[0]', [("module", ""), ("a", '["x.y"]'), ("aws_sqs_queue", ""), ("q", "[0]")],
         "module.a.aws_sqs_queue.q", 'module.a["x.y"].'),
        ('module.a["]"].module.b.data.aws_x.y',
         [("module", ""), ("a", '["]"]'), ("module", ""), ("b", ""), ("data", ""), ("aws_x", ""), ("y", "")],
         "module.a.module.b.data.aws_x.y", 'module.a["]"].module.b.'),
    ],
)  # fmt: skip
def test_addresses_have_steps(address: str, steps: list[tuple[str, str]], without: str, module: str) -> None:
    assert (steps_of(address), plain(address), split(address)[0]) == (steps, without, module)


def test_the_module_around_a_module() -> None:
    assert (outer('module.a["x"].module.b.'), outer("module.a.")) == ('module.a["x"].', "")


def test_the_files_beside_a_plan_say_which_changes_are_ignored(tmp_path: Path) -> None:
    """A plan has no lifecycle."""
    lambda_ = """resource "aws_lambda_function" "fn" {
  lifecycle {
    ignore_changes = [filename]
  }
}
"""
    (tmp_path / "main.tf").write_text(f'{lambda_}module "m" {{\n  source = "./m"\n}}\n')
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "main.tf").write_text(lambda_)
    resources = [resource("aws_lambda_function.fn", FUNCTION)]
    inner = resource('module.m["x"].aws_lambda_function.fn', {**FUNCTION, "function_name": "other"})
    tree = plan(resources)
    tree["planned_values"]["root_module"]["child_modules"] = [{"address": 'module.m["x"]', "resources": [inner]}]
    project = read(tmp_path, tree)
    assert len(project.functions) == 2
    for function in project.functions:
        (ignored,) = [part for part in function.unread if "ignores changes of filename" in part.what]
        assert ignored.place is not None and ignored.place.file.endswith("main.tf")
    (tmp_path / "main.tf").unlink()
    assert not any("ignores" in part.what for one in read(tmp_path, tree).functions for part in one.unread)
