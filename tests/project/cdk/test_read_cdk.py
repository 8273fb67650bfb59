"""A CDK app is read from its cloud assembly: stacks, stages, nested stacks, roles, and what CDK adds itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place
from scopedown.documents.document import Files
from scopedown.project.cdk.read import read_cdk
from scopedown.project.options import Options

HASH = "a1" * 32
OTHER = "b2" * 32


def function(path: str, hash: str = HASH, **properties: Any) -> dict[str, Any]:
    bucket = {"Fn::Sub": "cdk-hnb659fds-assets-${AWS::AccountId}-${AWS::Region}"}
    return {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "Code": {"S3Bucket": bucket, "S3Key": f"{hash}.zip"},
            "Handler": "index.handler",
            "Runtime": "python3.12",
            "Role": {"Fn::GetAtt": ["Role", "Arn"]},
            **properties,
        },
        "Metadata": {"aws:cdk:path": path},
    }


def role(path: str = "Shop/Fn/ServiceRole/Resource") -> dict[str, Any]:
    return {"Type": "AWS::IAM::Role", "Properties": {}, "Metadata": {"aws:cdk:path": path}}


def staged(app: Any, hash: str = HASH, folder: str = "lambda/orders") -> None:
    """Python code, and its copy among the assets."""
    for place in (folder, f"cdk.out/asset.{hash}"):
        app.write(f"{place}/index.py", f"def handler(event, context): return '{hash}'\n")
        app.write(f"{place}/names.py", "TABLE = 'x'\n")


def test_an_app_of_one_stack_is_read_with_its_default_policy(app: Any) -> None:
    staged(app)
    app.stack(
        "Shop",
        {
            "Fn": function("Shop/Fn/Resource", Environment={"Variables": {"TABLE": {"Ref": "Table"}}}),
            "Role": role(),
            "Policy": {
                "Type": "AWS::IAM::Policy",
                "Properties": {
                    "PolicyDocument": {"Statement": [{"Effect": "Allow", "Action": "dynamodb:PutItem"}]},
                    "Roles": [{"Ref": "Role"}],
                },
                "Metadata": {"aws:cdk:path": "Shop/Fn/ServiceRole/DefaultPolicy/Resource"},
            },
            "Table": {"Type": "AWS::DynamoDB::Table"},
        },
        {HASH: f"asset.{HASH}"},
    )
    project = app.read()
    assert (project.framework, project.service, project.config) == ("cdk", "Shop", "cdk.out/manifest.json")
    assert (project.account, project.region) == (None, "us-east-1")
    (found,) = project.functions
    assert (found.key, found.role) == ("Shop/Fn", "Role")
    assert (found.handler.file, found.handler.root) == ("lambda/orders/index.py", "lambda/orders")
    assert str(found.environment["TABLE"]) == "${Table}"
    assert found.place.file == "cdk.out/Shop.template.json"
    (statement,) = project.roles["Role"].statements
    assert statement.statement["Action"] == "dynamodb:PutItem"
    assert statement.place is not None
    assert statement.place.line > found.place.line
    assert project.findings == ()


def test_stacks_of_one_app_bear_their_names_and_see_each_others_exports(app: Any) -> None:
    staged(app)
    export = "Data:ExportsOutputRefTable1"
    app.stack(
        "Data", {"Table": {"Type": "AWS::DynamoDB::Table"}}, environment="aws://123456789012/eu-west-1",
        Outputs={"ExportsOutputRefTable1": {"Value": {"Ref": "Table"}, "Export": {"Name": export}}},
    )  # fmt: skip
    app.stack(
        "Shop",
        {
            "Fn": function("Shop/Fn/Resource", Environment={"Variables": {"TABLE": {"Fn::ImportValue": export}}}),
            "Role": role(),
        },
        {HASH: f"asset.{HASH}"},
        environment="aws://123456789012/eu-west-1",
    )
    project = app.read()
    assert list(project.resources) == ["Data/Table", "Shop/Fn", "Shop/Role"]
    assert (project.account, project.region) == ("123456789012", "eu-west-1")
    (found,) = project.functions
    assert (found.key, found.role) == ("Shop/Fn", "Shop/Role")
    assert str(found.environment["TABLE"]) == "${Data/Table}"


def test_stacks_in_several_regions_each_have_their_own(app: Any) -> None:
    for id, region in (("West", "us-west-2"), ("Europe", "eu-west-1")):
        queue = {
            "Type": "AWS::SQS::Queue",
            "Properties": {"QueueName": {"Fn::Sub": "q-${AWS::Region}-${AWS::StackName}"}},
        }
        app.stack(id, {"Q": queue}, environment=f"aws://123456789012/{region}")
    project = app.read()
    assert (project.account, project.region) == ("123456789012", "us-west-2")
    assert project.regions == ("us-west-2", "eu-west-1")
    assert project.region_of("Europe/Q") == "eu-west-1"
    assert not project.findings
    assert project.resources["West/Q"].properties["QueueName"] == {
        "Fn::Sub": ["q-${AWS::Region}-${AWS::StackName}", {"AWS::Region": "us-west-2", "AWS::StackName": "West"}]
    }


def test_the_stacks_of_a_stage_stand_in_an_assembly_of_their_own(app: Any) -> None:
    staged(app)
    app.add({"assembly-Prod": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-Prod"}}})
    app.stack(
        "ProdShop1", {"Fn": function("Prod/Shop/Fn/Resource"), "Role": role()}, {HASH: f"../asset.{HASH}"},
        folder="cdk.out/assembly-Prod", name="Prod-Shop",
    )  # fmt: skip
    app.stack("Tools", {"Q": {"Type": "AWS::SQS::Queue"}})
    project = app.read()
    assert sorted(project.resources) == ["Prod-Shop/Fn", "Prod-Shop/Role", "Tools/Q"]
    assert project.functions[0].handler.file == "lambda/orders/index.py"


@pytest.mark.parametrize("by_metadata", [True, False])
def test_nested_stacks_are_assets_of_their_parent(app: Any, by_metadata: bool) -> None:
    staged(app)
    url = {"Fn::Sub": f"https://s3.${{AWS::Region}}.${{AWS::URLSuffix}}/assets/{OTHER}.json"}
    stack: dict[str, Any] = {
        "Type": "AWS::CloudFormation::Stack",
        "Properties": {"TemplateURL": url, "Parameters": {"referencetoTable": {"Ref": "Table"}}},
    }
    if by_metadata:
        stack["Metadata"] = {"aws:asset:path": "Inner.nested.template.json"}
    inner = {
        "Parameters": {"referencetoTable": {"Type": "String"}},
        "Resources": {
            "Fn": function("Shop/Inner/Fn/Resource", Environment={"Variables": {"T": {"Ref": "referencetoTable"}}}),
            "Role": role(),
        },
    }
    app.write("cdk.out/Inner.nested.template.json", inner)
    files = {HASH: f"asset.{HASH}", OTHER: "Inner.nested.template.json"}
    app.stack("Shop", {"Nested": stack, "Table": {"Type": "AWS::DynamoDB::Table"}}, files)
    project = app.read()
    (found,) = project.functions
    assert (found.key, found.role, str(found.environment["T"])) == ("Shop/Inner/Fn", "Nested/Role", "${Table}")
    assert found.handler.file == "lambda/orders/index.py"
    assert project.findings == ()


@pytest.mark.parametrize("with_paths", [True, False])
@pytest.mark.parametrize(
    ("id", "path"),
    [
        ("CustomS3AutoDeleteObjectsCustomResourceProviderHandler9D90184F",
         "Shop/Custom::S3AutoDeleteObjectsCustomResourceProvider/Handler"),
        ("LogRetentionaae0aa3c5b4d4f87b02d85b201efdd8aFD4BFC8A",
         "Shop/LogRetentionaae0aa3c5b4d4f87b02d85b201efdd8a/Resource"),
        ("AWS679f53fac002430cb0da5b7982bd22872D164C4C", "Shop/AWS679f53fac002430cb0da5b7982bd2287/Resource"),
        ("BucketNotificationsHandler050a0587b7544547bf325f094a3db8347ECC3691",
         "Shop/BucketNotificationsHandler050a0587b7544547bf325f094a3db834/Resource"),
        ("CustomCDKBucketDeployment8693BB64968944B69AAFB0CC9EB8756C81C01536",
         "Shop/Custom::CDKBucketDeployment8693BB64968944B69AAFB0CC9EB8756C/Resource"),
        ("ProviderframeworkonEvent83C1D0A7", "Shop/Provider/framework-onEvent/Resource"),
    ],
)  # fmt: skip
def test_what_cdk_adds_for_itself_is_generated_and_no_function_of_the_project(
    app: Any, id: str, path: str, with_paths: bool
) -> None:
    staged(app)
    own, mine = function(path), function("Shop/Framework/Resource")
    if not with_paths:
        del own["Metadata"], mine["Metadata"]
    app.stack("Shop", {id: own, "Framework1234ABCD": mine, "Role": role()}, {HASH: f"asset.{HASH}"})
    project = app.read()
    assert [one.logical_id for one in project.functions] == ["Framework1234ABCD"]
    assert [one.key for one in project.functions] == ["Shop/Framework" if with_paths else "Framework1234ABCD"]
    assert list(project.generated) == [id]
    assert id not in project.resources


def test_a_layer_is_the_folder_that_it_was_staged_from(app: Any) -> None:
    staged(app)
    for folder in ("layers/common", f"cdk.out/asset.{OTHER}"):
        app.write(f"{folder}/python/common.py", "NAME = 'x'\n")
    layer = {
        "Type": "AWS::Lambda::LayerVersion",
        "Properties": {"Content": {"S3Bucket": "assets", "S3Key": f"{OTHER}.zip"}},
    }
    resources = {"Fn": function("Shop/Fn/Resource", Layers=[{"Ref": "Layer"}]), "Role": role(), "Layer": layer}
    app.stack("Shop", resources, {HASH: f"asset.{HASH}", OTHER: f"asset.{OTHER}"})
    assert app.read().functions[0].layers == ("layers/common",)


@pytest.mark.parametrize("has_source", [True, False])
def test_an_image_is_read_from_the_folder_that_it_is_built_from(app: Any, has_source: bool) -> None:
    copies = [f"cdk.out/asset.{HASH}", *(["image"] if has_source else [])]
    for folder in copies:
        app.write(f"{folder}/Dockerfile", 'FROM public.ecr.aws/lambda/python:3.12\nCOPY . ./\nCMD ["index.go"]\n')
        app.write(f"{folder}/index.py", "def go(event, context): pass\n")
    uri = {"Fn::Sub": f"${{AWS::AccountId}}.dkr.ecr.${{AWS::Region}}.${{AWS::URLSuffix}}/assets:{HASH}"}
    image = {
        "Type": "AWS::Lambda::Function",
        "Properties": {"PackageType": "Image", "Code": {"ImageUri": uri}, "Role": {"Fn::GetAtt": ["Role", "Arn"]}},
    }
    app.stack("Shop", {"Fn": image, "Role": role()}, images={HASH: {"directory": f"asset.{HASH}"}})
    (found,) = app.read().functions
    assert (found.handler.file, found.handler.symbol) == (f"{copies[-1]}/index.py", "go")


def test_an_app_that_is_not_synthesized_says_what_to_run(app: Any) -> None:
    with pytest.raises(ScopedownError, match="not synthesized") as caught:
        app.read()
    assert caught.value.place == Place("cdk.json")
    assert "cdk synth" in caught.value.remedy


def test_another_output_folder_is_found_by_cdk_json(app: Any) -> None:
    app.write("cdk.json", {"app": "x", "output": "build/assembly"})
    app.stack("Shop", {"Q": {"Type": "AWS::SQS::Queue"}}, folder="build/assembly")
    assert list(app.read().resources) == ["Q"]


def test_the_assembly_itself_can_be_read(app: Any, tmp_path: Path) -> None:
    app.stack("Shop", {"Q": {"Type": "AWS::SQS::Queue"}})
    (tmp_path / "cdk.json").unlink()
    project = read_cdk(tmp_path / "cdk.out", Files(tmp_path / "cdk.out"), Options())
    assert list(project.resources) == ["Q"]


@pytest.mark.parametrize("output", ["cdk.out", "build/assembly"])
def test_an_assembly_inside_its_app_is_read_as_the_app(app: Any, tmp_path: Path, output: str) -> None:
    app.write("cdk.json", {"output": output})
    app.write("lambda/index.py", "def handler(event, context): pass\n")
    app.write(f"{output}/asset.{HASH}/index.py", "def handler(event, context): pass\n")
    app.stack("Shop", {"Fn": function("Shop/Fn/Resource"), "Role": role()}, {HASH: f"asset.{HASH}"}, folder=output)
    project = read_cdk(tmp_path / output, Files(tmp_path / output), Options())
    assert (project.root, project.config) == (str(tmp_path), f"{output}/manifest.json")
    assert project.functions[0].handler.file == "lambda/index.py"


def test_a_stack_that_cannot_be_read_is_told_and_the_others_are_read(app: Any) -> None:
    app.stack("Good", {"Q": {"Type": "AWS::SQS::Queue"}})
    app.stack("Broken", {})
    app.write("cdk.out/Broken.template.json", "{")
    app.add({"Gone": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "Gone.template.json"}}})
    app.add({"Out": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "../../etc/passwd"}}})
    app.add({"Stage": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "nowhere"}}})
    project = app.read()
    assert list(project.resources) == ["Good/Q"]
    assert sorted(one.message for one in project.findings) == [
        "cdk.out/Broken.template.json is not valid JSON: a key in double quotes is missing",
        "cdk.out/Gone.template.json does not exist",
        "cdk.out/nowhere/manifest.json does not exist",
        "the stack Out names a template outside of its assembly, ../../etc/passwd",
    ]


def test_an_app_whose_only_stack_is_elsewhere_is_refused_with_why(app: Any) -> None:
    app.stack("Out", {"Q": {"Type": "AWS::SQS::Queue"}})
    app.add({"Out": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "../Out.template.json"}}})
    with pytest.raises(
        ScopedownError, match=r"the stack Out names a template outside of its assembly, \.\./Out"
    ) as one:
        app.read()
    assert one.value.place is not None
    app.add({"Out": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "../other"}}})
    with pytest.raises(ScopedownError, match=r"the assembly Out is outside of the one that names it, in \.\./other"):
        app.read()


WRONG: tuple[Any, ...] = (None, 7, "text", "\0", "../../..", [], [None], {}, {"a": "b"}, {"Ref": []}, {"Fn::Sub": 5})


def test_anything_in_the_place_of_anything_in_an_assembly_ends_in_a_project_or_one_error(app: Any) -> None:
    staged(app)
    app.stack("Shop", {"Fn": function("Shop/Fn/Resource"), "Role": role()}, {HASH: f"asset.{HASH}"})
    for name in ("manifest.json", "Shop.assets.json", "Shop.template.json"):
        good = (app.root / "cdk.out" / name).read_text()
        for path in _paths(json.loads(good)):
            for wrong in WRONG:
                tree = holder = json.loads(good)
                for step in path[:-1]:
                    holder = holder[step]
                holder[path[-1]] = wrong
                app.write(f"cdk.out/{name}", tree)
                try:
                    app.read()
                except ScopedownError as error:
                    assert error.remedy, f"{name}: {path} = {wrong!r}: {error}"
        app.write(f"cdk.out/{name}", good)


def _paths(tree: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = list(tree.items()) if isinstance(tree, dict) else list(enumerate(tree)) if isinstance(tree, list) else []
    return [one for key, value in items for one in ((*path, key), *_paths(value, (*path, key)))]
