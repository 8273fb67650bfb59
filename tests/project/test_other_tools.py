"""Folders of tools that are not read, and folders with several project files."""

from __future__ import annotations

from pathlib import Path

import pytest

from command_line import run
from scopedown.core.finding import ScopedownError
from scopedown.project.discovery import find_config, others_beside

SERVICE = "service: notes\nprovider: {name: aws, runtime: python3.12}\nfunctions: {}\n"
TEMPLATE = "Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n"


@pytest.mark.parametrize(
    ("file", "tool"),
    [
        ("main.tf", "Terraform without resources of AWS"),
        ("main.tf.json", "Terraform without resources of AWS"),
        ("terragrunt.hcl", "Terragrunt"),
        ("sst.config.ts", "SST"),
        ("Pulumi.yaml", "Pulumi"),
        (".chalice/config.json", "Chalice"),
        ("amplify/backend.ts", "Amplify"),
        ("amplify/team-provider-info.json", "Amplify"),
        ("app.arc", "Architect"),
        ("zappa_settings.json", "Zappa"),
    ],
)
def test_a_tool_that_is_not_read_is_named_with_what_works(tmp_path: Path, file: str, tool: str) -> None:
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).write_text("")
    with pytest.raises(ScopedownError, match=f"holds a project of {tool}") as refused:
        find_config(tmp_path)
    assert "scopedown scan FILE:FUNCTION" in refused.value.remedy


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\x7fELF\0\x01\x02" * 20, "is not a text file"),
        ('resource "random_id" "é" {}'.encode("latin-1"), "is not UTF-8"),
        (None, "broken link"),
    ],
    ids=["a program", "another encoding", "a broken link"],
)
def test_terraform_that_cannot_be_read_is_refused_with_why(tmp_path: Path, data: bytes | None, why: str) -> None:
    if data is None:
        (tmp_path / "main.tf").symlink_to(tmp_path / "nowhere.tf")
    else:
        (tmp_path / "main.tf").write_bytes(data)
    done = run(cwd=tmp_path)
    assert done.returncode == 2 and why in done.stderr
    assert "not read: main.tf" in run("--recursive", cwd=tmp_path).stderr


def test_a_folder_of_several_services_is_read_with_recursive(tmp_path: Path) -> None:
    (tmp_path / "serverless-compose.yml").write_text("services: {}\n")
    with pytest.raises(ScopedownError) as refused:
        find_config(tmp_path)
    assert "--recursive" in refused.value.remedy


@pytest.mark.parametrize("options", [(), ("--recursive",)])
def test_commands_name_the_tool_and_exit_2(tmp_path: Path, options: tuple[str, ...]) -> None:
    (tmp_path / "main.tf").write_text("")
    done = run(*options, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "") and "holds a project of Terraform" in done.stderr


def test_of_two_project_files_the_one_that_was_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "serverless.yml").write_text(SERVICE)
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    note = "note: serverless.yml was read, not template.yaml in the same folder"
    assert note in run(cwd=tmp_path).stderr
    assert note not in run("serverless.yml", cwd=tmp_path).stderr


def test_a_template_that_the_project_file_names_is_a_part_of_it(tmp_path: Path) -> None:
    (tmp_path / "serverless.yml").write_text(SERVICE + "resources: ${file(template.yaml)}\n")
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    assert others_beside(tmp_path / "serverless.yml") == []
