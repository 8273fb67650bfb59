"""One settings file for every command: what it says is the default of the options of that name."""

from __future__ import annotations

import json
import runpy
import tomllib
from pathlib import Path

import pytest

from command_line import run

TOOL = runpy.run_path(str(Path(__file__).parents[2] / "tools" / "settings_pages.py"))
SERVICE = """\
service: notes
provider:
  name: aws
  runtime: python3.12
  iam:
    role:
      statements:
        - Effect: Allow
          Action: [sqs:ListQueues, sns:Publish]
          Resource: '*'
functions:
  list:
    handler: app.list
    environment: {TABLE: "${param:table, 'none'}"}
"""
CODE = """\
import os
import boto3

def list(event, context):
    boto3.client("dynamodb").scan(TableName=os.environ["TABLE"])
"""
COMMANDS = [
    ("scan",),
    ("explain", "s3"),
    ("check",),
    ("report",),
    ("project",),
    ("write", "--diff"),
    ("deploy-policy",),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    service = tmp_path / "service"
    service.mkdir()
    (service / "serverless.yml").write_text(SERVICE)
    (service / "app.py").write_text(CODE)
    return service


def say(folder: Path, text: str, name: str = ".scopedown.toml") -> None:
    (folder / name).write_text(text)


def project(folder: Path, *options: str) -> dict[str, object]:
    printed = run("--format", "json", *options, command="project", cwd=folder)
    assert printed.returncode == 0, printed.stderr
    found: dict[str, object] = json.loads(printed.stdout)["project"]
    return found


def test_values_at_the_top_are_defaults_and_options_replace_them(folder: Path) -> None:
    say(folder, 'stage = "prod"\nregion = "eu-north-1"\naccount = "123456789012"\n')
    assert [project(folder)[name] for name in ("stage", "region")] == ["prod", "eu-north-1"]
    assert ":dynamodb:eu-north-1:123456789012:table/none" in run("--format", "yaml", cwd=folder).stdout
    assert project(folder, "--stage", "qa")["stage"] == "qa"


def test_the_nearest_file_up_to_the_repository_counts(folder: Path) -> None:
    say(folder.parent, 'stage = "above"\n')
    assert project(folder)["stage"] == "above"
    say(folder, "")
    assert project(folder)["stage"] == "dev"


def test_pyproject_holds_the_same_settings(folder: Path) -> None:
    say(folder, '[tool.scopedown]\nstage = "prod"\n[tool.scopedown.check]\nfail-on = "warning"\n', "pyproject.toml")
    assert project(folder)["stage"] == "prod"
    assert run(command="check", cwd=folder).returncode == 1


def test_the_file_belongs_to_path_and_not_to_the_working_directory(folder: Path) -> None:
    say(folder, 'stage = "prod"\n')
    assert project(folder.parent, "service")["stage"] == "prod"
    assert project(folder.parent, "service/serverless.yml")["stage"] == "prod"


def test_parameters_of_the_file_and_of_the_command_line_come_together(folder: Path) -> None:
    say(folder, '[parameters]\ntable = "orders"\nother = "x"\n')
    assert "table/orders" in run("--format", "yaml", cwd=folder).stdout
    assert "table/later" in run("--format", "yaml", "--param", "table=later", ".", cwd=folder).stdout


def test_a_value_file_is_found_beside_the_settings(folder: Path) -> None:
    (folder / "serverless.yml").write_text(SERVICE.replace("${param:table, 'none'}", "${ssm:/table}"))
    (folder.parent / "values.yml").write_text("ssm:/table: orders\n")
    say(folder.parent, 'param-file = "values.yml"\n')
    assert "table/orders" in run("--format", "yaml", cwd=folder).stdout


def test_rules_gates_and_baseline_of_check(folder: Path) -> None:
    say(folder, '[check]\nfail-on = ["admin", "SD204"]\nselect = ["SD2"]\nignore = ["unused-action"]\n')
    printed = run("--format", "json", command="check", cwd=folder)
    assert {one["rule"] for one in json.loads(printed.stdout)["problems"]} == {"SD204"} or printed.returncode == 0
    assert run("--fail-on", "none", command="check", cwd=folder).returncode == 0


@pytest.mark.parametrize("words", COMMANDS)
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('stgae = "prod"', ":1:1: unknown setting 'stgae' in the top of the file (did you mean stage?)"),
        ("[chekc]", ":1:2: unknown section 'chekc' (did you mean check?)"),
        ('fail-on = "missing"', ":1:1: fail-on is not a setting of the top of the file (write it in [scan] or [check]"),
    ],
)
def test_what_is_unknown_ends_every_command(words: tuple[str, ...], text: str, said: str, folder: Path) -> None:
    say(folder, text)
    ran = run(*words[1:], command=words[0], cwd=folder)
    assert ran.returncode == 2 and said in ran.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("stage = 1", "stage is 1, and not text (write it in quotes)"),
        ("account = 123456789012", "not text"),
        ('account = "12"', "write it as 123456789012"),
        ('framework = "osl"', "did you mean osls?"),
        ('[parameters]\na = 1', "the parameter a is not text"),
        ('[check]\nfail-on = "sometimes"', "check has no gate 'sometimes'"),
        ('[scan]\nfail-on = ["missing"]', "missing is a gate of check and prove and deploy-policy"),
        ('[check]\nfail-on = []', 'write fail-on = ["missing"]'),
        ('[check]\nselect = "SD2"', 'write select = ["SD201"]'),
        ('[check]\nignore = ["SD999"]', "no rule is named 'SD999'"),
        ("[check]\nbaseline = 1", "not text"),
        ('[check]\nstage = "x"', "write it in the top of the file"),
        ('[write]\nshared = "yes"', "write true or false"),
        ("check = 1", "'check' is not a section (write [check]"),
    ],
)  # fmt: skip
def test_a_wrong_value_has_its_place_and_a_remedy(text: str, said: str, folder: Path) -> None:
    say(folder, text)
    ran = run(cwd=folder)
    assert ran.returncode == 2 and said in ran.stderr
    assert f".scopedown.toml:{text.count(chr(10)) + 1}:1: " in ran.stderr


def test_a_framework_of_the_file_does_not_stop_what_has_none(folder: Path) -> None:
    say(folder, 'framework = "v4"\n')
    (folder / "serverless.yml").unlink()
    (folder / "template.yaml").write_text("Resources: {Q: {Type: AWS::SQS::Queue}}\n")
    assert run(command="deploy-policy", cwd=folder).returncode == 0
    assert run("--compiled", "template.yaml", cwd=folder).returncode == 0


def test_a_setting_of_write_is_no_option_that_printed_forms_refuse(folder: Path) -> None:
    say(folder, "[write]\nshared = true\n")
    assert run("--format", "terraform", command="write", cwd=folder).returncode == 0
    assert run("--format", "terraform", "--shared", command="write", cwd=folder).returncode == 2


def test_the_pages_example_is_taken_by_the_reader_and_fits_the_schema(folder: Path) -> None:
    example = TOOL["PAGE"].read_text(encoding="utf-8").partition("```toml\n")[2].partition("```")[0]
    say(folder, example)
    assert project(folder)["stage"] == "prod"
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.validate(tomllib.loads(example), json.loads(TOOL["schema"]()))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(tomllib.loads(example + "\nstgae = 1"), json.loads(TOOL["schema"]()))
