"""samconfig.toml gives a stage's stack name, region and parameters; the user's own values come first."""

from __future__ import annotations

from pathlib import Path

import pytest
from sam_projects import codes, read, write

from scopedown.documents.document import Files
from scopedown.project.options import Options
from scopedown.project.sam.config import sam_config

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Parameters:
  Folder: {Type: String, Default: src}
Resources:
  Reader:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.12, Handler: app.read, CodeUri: !Ref Folder}
"""
CONFIG = """\
version = 0.1
[default.global.parameters]
stack_name = "shop"
[default.deploy.parameters]
region = "eu-west-1"
parameter_overrides = "Folder=code Stage=dev"
[prod.deploy.parameters]
stack_name = "shop-prod"
parameter_overrides = ["Folder=other"]
"""


def files(folder: Path) -> None:
    write(folder, {f"{name}/app.py": "def read(e, c): pass\n" for name in ("src", "code", "other", "mine")})


def folder_of(folder: Path, stage: str | None = None, **params: str) -> str:
    project = read(folder, TEMPLATE, Options(stage=stage, params=params))
    assert project.functions[0].handler is not None
    return project.functions[0].handler.root


def test_the_default_environment_holds_without_a_stage(tmp_path: Path) -> None:
    files(tmp_path)
    write(tmp_path, {"samconfig.toml": CONFIG})
    project = read(tmp_path, TEMPLATE)
    assert (project.service, project.region, project.given_region) == ("shop", "eu-west-1", None)
    assert project.parameters["Folder"]["Default"] == "code"
    assert folder_of(tmp_path) == "code"


def test_a_stage_s_environment_holds_for_the_stage(tmp_path: Path) -> None:
    files(tmp_path)
    write(tmp_path, {"samconfig.toml": CONFIG})
    assert folder_of(tmp_path, "prod") == "other"
    assert read(tmp_path, TEMPLATE, Options(stage="prod")).service == "shop-prod"


def test_the_user_s_parameter_comes_before_the_file_s_and_the_default(tmp_path: Path) -> None:
    files(tmp_path)
    assert folder_of(tmp_path) == "src"
    write(tmp_path, {"samconfig.toml": CONFIG})
    assert folder_of(tmp_path, Folder="mine") == "mine"


def test_without_a_file_the_service_is_the_folder(tmp_path: Path) -> None:
    files(tmp_path)
    assert read(tmp_path, TEMPLATE).service == tmp_path.name


def test_a_broken_file_is_told_and_the_template_s_defaults_hold(tmp_path: Path) -> None:
    files(tmp_path)
    write(tmp_path, {"samconfig.toml": "[default"})
    project = read(tmp_path, TEMPLATE)
    assert codes(project) == ["sam-config-broken"]
    assert project.findings[0].place is not None and project.findings[0].place.file == "samconfig.toml"


@pytest.mark.parametrize(
    "written",
    [
        '"A=1 B=\\"two words\\""',
        "'A=1 B=\"two words\"'",
        '["A=1", "B=\\"two words\\""]',
        '"ParameterKey=A,ParameterValue=1 ParameterKey=B,ParameterValue=\\"two words\\""',
        '{A = 1, B = "two words"}',
    ],
)
def test_parameter_overrides_in_every_form(written: str, tmp_path: Path) -> None:
    write(tmp_path, {"samconfig.toml": f"[default.deploy.parameters]\nparameter_overrides = {written}\n"})
    config = sam_config(Files(tmp_path), tmp_path, None)
    assert dict(config.parameters) == {"A": "1", "B": "two words"}


def test_a_samconfig_in_yaml_says_the_same(tmp_path: Path) -> None:
    write(tmp_path, {"samconfig.yaml": "default: {deploy: {parameters: {stack_name: shop, parameter_overrides: A=1}}}"})
    config = sam_config(Files(tmp_path), tmp_path, None)
    assert (config.stack, dict(config.parameters)) == ("shop", {"A": "1"})


@pytest.mark.parametrize("text", ["default = 5", "[default]\ndeploy = []", "[default.deploy]\nparameters = 1",
                                  "[default.deploy.parameters]\nstack_name = 5\nparameter_overrides = 5"])  # fmt: skip
def test_wrong_types_say_nothing(text: str, tmp_path: Path) -> None:
    write(tmp_path, {"samconfig.toml": text})
    config = sam_config(Files(tmp_path), tmp_path, None)
    assert (config.stack, dict(config.parameters), config.findings) == (None, {}, ())


def test_the_file_s_region_decides_conditions_and_mappings(tmp_path: Path) -> None:
    files(tmp_path)
    write(tmp_path, {"samconfig.toml": CONFIG})
    head = "Mappings: {Folders: {eu-west-1: {At: mine}}}\nConditions: {Far: !Equals [!Ref AWS::Region, eu-west-1]}\n"
    template = head + TEMPLATE.replace("!Ref Folder", "!FindInMap [Folders, !Ref AWS::Region, At]")
    template += "  OnlyThere: {Type: AWS::SQS::Queue, Condition: Far}\n  Elsewhere: {Type: AWS::SQS::Queue}\n"
    project = read(tmp_path, template)
    assert project.functions[0].handler is not None and project.functions[0].handler.root == "mine"
    assert "OnlyThere" in project.resources
    assert "OnlyThere" not in read(tmp_path, template, Options(region="us-east-1")).resources
