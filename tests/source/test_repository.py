"""How far code may reach: the git repository, or without one the folder that was given."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scopedown.project.code.handlers import Sources, find
from scopedown.project.load import load_project
from scopedown.project.options import Options
from scopedown.source.repository import boundary_of

PLAIN = """
Resources:
  F:
    Type: AWS::Lambda::Function
    Properties: {Code: CODE, Handler: app.run, Runtime: python3.12, Role: arn:aws:iam::123456789012:role/r}
"""
SAM = """
Transform: AWS::Serverless-2016-10-31
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: CODE, Handler: app.run, Runtime: python3.12}
"""
CODE = "import boto3\ndef run(event, context):\n    boto3.client('s3').get_object(Bucket='b', Key='k')\n"


def tree(root: Path, files: dict[str, str], repository: str | None = "") -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    if repository is not None:
        (root / repository / ".git").mkdir(parents=True)
    return root


def handler(template: Path) -> tuple[str | None, list[str]]:
    project = load_project(template, Options())
    found = project.functions[0].handler
    return (found.file if found else None), [one.code for one in project.findings]


def test_the_nearest_repository_is_the_boundary(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    assert boundary_of(tmp_path / "a" / "b") == tmp_path / "a" / "b"
    (tmp_path / ".git").mkdir()
    assert boundary_of(tmp_path / "a" / "b") == tmp_path
    (tmp_path / "a" / ".git").write_text("gitdir: elsewhere")  # a submodule
    assert boundary_of(tmp_path / "a" / "b") == tmp_path / "a"


@pytest.mark.parametrize("template", [PLAIN, SAM])
def test_source_above_the_template_is_read_inside_of_the_repository(template: str, tmp_path: Path) -> None:
    root = tree(tmp_path, {"infra/deep/t.yaml": template.replace("CODE", "../../src"), "src/app.py": CODE})
    file, codes = handler(root / "infra" / "deep" / "t.yaml")
    assert file is not None and file.endswith("src/app.py")
    assert codes == []


def test_without_a_repository_a_plain_template_reaches_no_further_than_its_folder(tmp_path: Path) -> None:
    root = tree(tmp_path, {"infra/t.yaml": PLAIN.replace("CODE", "../src"), "src/app.py": CODE}, None)
    assert handler(root / "infra" / "t.yaml") == (None, ["handler-outside"])


@pytest.mark.parametrize("template", [PLAIN, SAM])
def test_what_leaves_the_repository_is_refused(template: str, tmp_path: Path) -> None:
    root = tree(tmp_path, {"in/infra/t.yaml": template.replace("CODE", "../../src"), "src/app.py": CODE}, "in")
    file, codes = handler(root / "in" / "infra" / "t.yaml")
    assert file is None and codes


def test_a_link_that_leads_out_of_the_repository_is_refused_and_one_inside_of_it_is_followed(tmp_path: Path) -> None:
    root = tree(tmp_path, {"in/lib/app.py": CODE, "out/app.py": CODE}, "in")
    (root / "in" / "inner").symlink_to(root / "in" / "lib")
    (root / "in" / "outer").symlink_to(root / "out")
    (root / "in" / "one.py").symlink_to(root / "out" / "app.py")
    sources = Sources(root / "in")
    assert find(sources, "app.run", "python3.12", "inner").file == "inner/app.py"
    assert find(sources, "app.run", "python3.12", "outer", anywhere=False).file is None
    assert find(sources, "one.run", "python3.12", anywhere=False).file is None


def test_the_source_of_a_nested_template_above_the_root_template(tmp_path: Path) -> None:
    root = tree(
        tmp_path,
        {
            "sam/t.yaml": "Resources:\n  N: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: n/t.yaml}}\n",
            "sam/n/t.yaml": SAM.replace("CODE", "../../packages/x"),
            "packages/x/app.py": CODE,
        },
    )
    assert handler(root / "sam" / "t.yaml") == ("../packages/x/app.py", [])


def test_a_serverless_handler_above_the_service(tmp_path: Path) -> None:
    service = "service: s\nprovider: {name: aws, runtime: nodejs20.x}\nfunctions: {f: {handler: ../src/app.run}}\n"
    root = tree(tmp_path, {"svc/serverless.yml": service, "src/app.js": "exports.run = async () => {}"})
    assert handler(root / "svc") == ("../src/app.js", [])


def test_a_result_does_not_depend_on_the_folder_that_the_command_is_run_from(tmp_path: Path) -> None:
    root = tree(tmp_path, {"infra/t.yaml": PLAIN.replace("CODE", "../src"), "src/app.py": CODE})
    seen = []
    for folder, path in ((root / "infra", "t.yaml"), (root, "infra/t.yaml"), (Path("/"), root / "infra" / "t.yaml")):
        run = subprocess.run(
            [sys.executable, "-m", "scopedown", "scan", str(path), "--format", "json", "--no-cache"],
            cwd=folder, env=dict(os.environ), capture_output=True, text=True, check=True,
        )  # fmt: skip
        seen.append(json.loads(run.stdout))
    assert seen[0] == seen[1] == seen[2]
    assert "GetObject" in json.dumps(seen[0])


def test_the_only_file_of_the_repository_is_taken_and_of_several_none(tmp_path: Path) -> None:
    files = {"svc/x.txt": "", "a/orders.py": "def run(e, c): pass", "b/other.py": "def run(e, c): pass"}
    root = tree(tmp_path, files)
    found = find(Sources(root / "svc"), "orders.run", "python3.12")
    assert (found.file, found.elsewhere) == ("../a/orders.py", True)
    (root / "c").mkdir()
    (root / "c" / "orders.py").write_text("def other(): pass")  # it does not hold the symbol
    assert find(Sources(root / "svc"), "orders.run", "python3.12").file == "../a/orders.py"
    (root / "c" / "orders.py").write_text("def run(e, c): pass")
    found = find(Sources(root / "svc"), "orders.run", "python3.12")
    assert found.file is None
    assert found.candidates == ("../a/orders.py", "../c/orders.py")
