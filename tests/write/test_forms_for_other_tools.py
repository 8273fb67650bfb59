"""``scopedown write --format``: each form, read back by a parser of its own, says what the JSON policies say."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import hcl2
import pytest
import tree_sitter
import tree_sitter_typescript
import yaml

from command_line import run

CODE = """\
import os
import boto3
table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
def put(event, context):
    table.put_item(Item=event)
    boto3.client("s3").get_object(Bucket="a-bucket", Key="k")
"""
SERVICE = """\
service: notes
provider: {name: aws, runtime: python3.12, environment: {TABLE: !Ref Table}}
functions: {put: {handler: app.put}}
resources: {Resources: {Table: {Type: AWS::DynamoDB::Table, Properties: {}}}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "app.py").write_text(CODE)
    (tmp_path / "serverless.yml").write_text(SERVICE)
    return tmp_path


def shown(folder: Path, form: str) -> str:
    ran = run("--format", form, command="write", cwd=folder)
    assert ran.returncode == 0, ran.stderr
    assert (folder / "serverless.yml").read_text() == SERVICE
    return ran.stdout


def policy(folder: Path) -> list[dict[str, Any]]:
    document = json.loads(shown(folder, "json"))
    assert document["schema"] == "scopedown.write/1"
    return list(document["projects"][0]["functions"][0]["policy"]["Statement"])


def as_sub(tree: Any) -> Any:
    """Intrinsic functions as the text of an ``Fn::Sub``."""
    if isinstance(tree, dict) and len(tree) == 1:
        ((name, value),) = tree.items()
        if name == "Fn::Sub":
            return value
        if name == "Fn::GetAtt":
            return "${" + ".".join(value) + "}"
        if name == "Ref":
            return "${" + value + "}"
    return tree


def subs(statements: list[dict[str, Any]]) -> list[tuple[list[str], list[str]]]:
    return [(one["Action"], [as_sub(arn) for arn in one["Resource"]]) for one in statements]


def test_terraforms_documents_are_the_json_policies(folder: Path) -> None:
    text = shown(folder, "terraform")
    for old, new in (
        ("data.aws_partition.current.partition", "AWS::Partition"),
        ("data.aws_region.current.id", "AWS::Region"),
        ("data.aws_caller_identity.current.account_id", "AWS::AccountId"),
        ("var.Table_Arn", "Table.Arn"),
    ):
        assert old in text
        text = text.replace(f"${{{old}}}", f"@{{{new}}}").replace(f"[{old}]", f'["@{{{new}}}"]')
    read: Any = hcl2.loads(text)
    documents = [one for one in read["data"] if "aws_iam_policy_document" in str(one)]
    (found,) = (body for one in documents for named in one.values() for body in named.values())
    clean = json.loads(json.dumps(found).replace('\\"', "").replace("@{", "${"))
    said = [(one["actions"], one["resources"]) for one in clean["statement"]]
    assert said == subs(policy(folder))


def test_cloudformations_roles_are_the_json_policies(folder: Path) -> None:
    class Loader(yaml.SafeLoader):
        pass

    def intrinsic(loader: Any, suffix: str, node: Any) -> Any:
        value = loader.construct_scalar(node)
        if suffix == "GetAtt":
            return {"Fn::GetAtt": value.split(".")}
        return {"Ref" if suffix == "Ref" else f"Fn::{suffix}": value}

    Loader.add_multi_constructor("!", intrinsic)
    template = yaml.load(shown(folder, "cloudformation"), Loader)
    (role,) = template["Resources"].values()
    assert role["Properties"]["Policies"][0]["PolicyDocument"]["Statement"] == policy(folder)


def test_the_snippet_for_the_cdk_is_typescript_with_the_same_arns(folder: Path) -> None:
    text = shown(folder, "cdk")
    language = tree_sitter.Language(tree_sitter_typescript.language_typescript())
    assert not tree_sitter.Parser(language).parse(text.encode()).root_node.has_error
    names = {"PARTITION": "Partition", "REGION": "Region", "ACCOUNT_ID": "AccountId"}
    text = re.sub(r"\$\{Aws\.(\w+)\}", lambda found: f"${{AWS::{names[found[1]]}}}", text)
    text = text.replace('${Fn.getAtt("Table", "Arn")}', "${Table.Arn}")
    arns = re.findall(r"^        [`\"](.*)[`\"],$", text, re.MULTILINE)
    assert arns == [arn for _, resources in subs(policy(folder)) for arn in resources]


def test_a_project_file_that_is_a_program_gets_lines_to_paste_with_where(folder: Path) -> None:
    (folder / "serverless.yml").unlink()
    (folder / "serverless.ts").write_text(
        'export default {\n  service: "notes",\n  provider: {name: "aws", runtime: "python3.12"},\n'
        '  functions: {\n    put: {handler: "app.put"},\n  },\n};\n'
    )
    ran = run(command="write", cwd=folder)
    assert ran.returncode == 0 and '// serverless.ts:5:5: in the function put\nrole: "PutRole",' in ran.stdout
    assert "// serverless.ts: in resources.Resources\nPutRole: {" in ran.stdout and "s3:GetObject" in ran.stdout


def test_a_form_and_a_way_of_writing_files_exclude_each_other(folder: Path) -> None:
    ran = run("--format", "json", "--yes", command="write", cwd=folder)
    assert ran.returncode == 2 and "remove them" in ran.stderr


@pytest.mark.parametrize("form", ["terraform", "cdk", "cloudformation", "json", "files"])
def test_an_unknown_function_is_wrong_input_in_every_form(folder: Path, form: str) -> None:
    ran = run("--format", form, "--function", "nope", command="write", cwd=folder)
    assert (ran.returncode, ran.stdout) == (2, "") and "no function is named 'nope' (it has put)" in ran.stderr
