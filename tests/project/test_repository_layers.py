"""A layer that is given by its ARN is read where a project file of the repository makes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from scopedown.project.load import load_project
from scopedown.project.model import Function
from scopedown.project.options import Options

ARN = "arn:aws:lambda:eu-west-1:123456789012:layer:"
SAM = """Transform: AWS::Serverless-2016-10-31
Parameters: {{Stage: {{Type: String}}}}
Resources:
  Common:
    Type: AWS::Serverless::LayerVersion
    Properties:
      ContentUri: src/{name}
"""
SERVERLESS = """service: base
provider: {name: aws, runtime: python3.12}
layers: {shop-common: {path: common}}
"""
EXPORTED = SAM + "Outputs: {{Arn: {{Value: !Ref Common, Export: {{Name: !Sub 'shop-${{Stage}}-layer'}}}}}}\n"
USES = """service: orders
provider: {{name: aws, runtime: python3.12, stage: dev}}
functions:
  list: {{handler: app.handler, layers: [{layer}]}}
"""


def sam(name: str = "", text: str = SAM) -> str:
    return text.format(name="") + (f"      LayerName: {name}\n" if name else "")


def orders(folder: Path, layer: str, files: dict[str, str]) -> tuple[Function, list[str]]:
    """The function of ``svc/orders`` and what was told of layers."""
    written = {".git/HEAD": "", "svc/orders/app.py": "", "svc/orders/serverless.yml": USES.format(layer=layer), **files}
    for name, text in written.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    project = load_project(folder / "svc/orders", Options())
    (function,) = project.functions
    return function, [str(one) for one in project.findings if one.code == "layer-elsewhere"]


@pytest.mark.parametrize(
    ("layer", "file", "text", "content"),
    [
        (f"{ARN}shop-common:3", "base/template.yaml", sam("shop-common"), "base/src/python/a.py"),
        (f"{ARN}Common:3", "base/template.yaml", sam(), "base/src/python/a.py"),
        (f"{ARN}shop-dev-common:3", "base/layer.yml", sam("!Sub 'shop-${Stage}-common'"), "base/src/a.py"),
        (f'!Sub "{ARN}shop-${{AWS::StackName}}:3"', "base/template.yaml", sam("!Sub 'shop-${Stage}'"), "base/src/a.py"),
        (f"{ARN}shop-common:3", "base/serverless.yml", SERVERLESS, "base/common/python/a.py"),
        ("!ImportValue shop-dev-layer", "base/template.yaml", EXPORTED.format(name=""), "base/src/a.py"),
    ],
)  # fmt: skip
def test_the_layer_of_that_name_is_the_functions_own(
    tmp_path: Path, layer: str, file: str, text: str, content: str
) -> None:
    function, (told,) = orders(tmp_path, layer, {file: text, content: ""})
    folder = "../../base/common" if "common/" in content else "../../base/src"
    assert function.layers == (folder,) and function.foreign_layers == ()
    assert folder in told and f"../../{file}" in told


@pytest.mark.parametrize(
    ("layer", "files"),
    [
        (f"{ARN}other:3", {"base/template.yaml": sam("shop-common")}),
        (f"{ARN}shop-common:3", {"base/template.yaml": sam("shop-common"), "b/template.yaml": sam("shop-common")}),
        (f"{ARN}shop-common:3", {"base/template.yaml": sam("!Ref Stage")}),
        (f'!Sub "{ARN}${{AWS::StackName}}-x:1"', {"base/template.yaml": sam("!Sub 'shop-${Stage}'")}),
        (f"{ARN}shop-common:3", {"base/template.yaml": "Resources: {Type: AWS::Serverless::LayerVersion, *"}),
    ],
)
def test_where_none_or_several_fit_it_stays_anothers(tmp_path: Path, layer: str, files: dict[str, str]) -> None:
    files = {**files, "base/src/a.py": "", "b/src/a.py": ""}
    function, told = orders(tmp_path, layer, files)
    assert function.layers == () and len(function.foreign_layers) == 1 and told == []


def test_without_such_a_layer_no_other_file_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scopedown.project.repository_layers._made_in", lambda top: pytest.fail("it was searched"))
    function, _ = orders(tmp_path, "!Ref MineLambdaLayer", {})
    assert function.layers == ()
