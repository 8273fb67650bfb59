"""``--param`` with a name that nothing in the project declares."""

from __future__ import annotations

from pathlib import Path

import pytest

from command_line import run

SERVICE = """
service: s
provider: {name: aws, runtime: python3.12, environment: {A: "${param:known, 'x'}"}}
params: {default: {declared: 1}}
functions: {f: {handler: app.f}}
"""
TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Parameters: {known: {Type: String, Default: dev}, declared: {Type: String, Default: x}}
Resources:
  F: {Type: AWS::Serverless::Function, Properties: {Handler: app.f, Runtime: python3.12, CodeUri: .}}
"""
VARIABLES = """
variable "known" { default = "x" }
variable "declared" { default = "x" }
resource "aws_sqs_queue" "jobs" { name = var.known }
"""
FILES = {"serverless.yml": SERVICE, "template.yaml": TEMPLATE, "main.tf": VARIABLES}


def told(folder: Path, *options: str) -> list[str]:
    """The notes of a scan."""
    ran = run(*options, cwd=folder, command="project")
    assert ran.returncode == 0, ran.stderr
    return [line for line in ran.stderr.splitlines() if line.startswith("note: --param")]


def put(folder: Path, name: str, text: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text)
    (folder / "app.py").write_text("def f(event, context):\n    pass\n")


@pytest.mark.parametrize("name", FILES)
def test_a_name_that_nothing_declares_is_reported(tmp_path: Path, name: str) -> None:
    put(tmp_path, name, FILES[name])
    (line,) = told(tmp_path, "--param", "knwon=1", "--param", "known=1", "--param", "declared=1")
    assert line.startswith(f"note: --param knwon has no effect, because {name} ")
    assert line.endswith("(it has declared, known)")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("serverless.yml", SERVICE.replace("known, 'x'", "${opt:stage}")),
        ("serverless.yml", SERVICE.replace("declared: 1", "declared: '${file(other.js):x}'")),
        ("serverless.js", "module.exports = {service: 's', provider: {name: 'aws'}, functions: {}}"),
        ("main.tf", VARIABLES + 'resource "aws_sqs_queue" "broken" { name = '),
        ("template.yaml", TEMPLATE.replace("Transform: AWS", "Transform: [Macro, AWS").replace("10-31", "10-31]")),
    ],
    ids=["a computed name", "a program beside it", "a program", "a broken file", "a macro"],
)
def test_nothing_is_reported_where_the_names_are_not_all_known(tmp_path: Path, name: str, text: str) -> None:
    put(tmp_path, name, text)
    (tmp_path / "other.js").write_text("module.exports = {x: 1}\n")
    assert not told(tmp_path, "--param", "other=1")


def test_of_several_projects_one_is_enough(tmp_path: Path) -> None:
    put(tmp_path / "a", "serverless.yml", SERVICE)
    put(tmp_path / "b", "main.tf", VARIABLES.replace('"known"', '"region"'))
    notes = told(tmp_path, "--recursive", "--param", "region=eu", "--param", "known=1", "--param", "knwon=1")
    assert notes == ["note: --param knwon has no effect, because no project declares it"]


def test_parameters_of_the_settings_file_are_for_projects_of_every_kind(tmp_path: Path) -> None:
    put(tmp_path, "template.yaml", TEMPLATE)
    (tmp_path / ".scopedown.toml").write_text('[parameters]\nother = "1"\n')
    assert not told(tmp_path)
