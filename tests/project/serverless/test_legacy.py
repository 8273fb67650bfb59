"""What v1 and v2 of the framework wrote is read, and told with what to write today."""

from __future__ import annotations

from pathlib import Path

import pytest

from scopedown.core.finding import Severity
from scopedown.project.load import load_project
from scopedown.project.model import Project
from scopedown.project.options import Options
from scopedown.project.serverless import legacy

PROVIDER = "provider:\n  name: aws\n  runtime: python3.12\n"
FUNCTIONS = "functions:\n  f:\n    handler: app.handler\n"


def read(folder: Path, text: str) -> Project:
    (folder / "serverless.yml").write_text(text, encoding="utf-8")
    (folder / "app.py").write_text("def handler(event, context):\n    pass\n", encoding="utf-8")
    return load_project(folder, Options())


def told(project: Project) -> list[tuple[str, str, Severity]]:
    return [(one.code, str(one.place), one.severity) for one in project.findings]


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        (f"service: {{name: s}}\n{PROVIDER}{FUNCTIONS}", "legacy-service", "serverless.yml:1:1"),
        (f"service: s\nprovider: aws\n{FUNCTIONS}    runtime: python3.12\n", "legacy-provider", "serverless.yml:2:1"),
        (
            f"service: s\n{PROVIDER}{FUNCTIONS}    name: ${{self:provider.stage}}-f\n",
            "legacy-default", "serverless.yml:8:11",
        ),
        (
            f"service: s\n{PROVIDER}custom: {{s: qa}}\n{FUNCTIONS}    name: ${{opt:stage, ${{self:custom.s}}}}-f\n",
            "legacy-fallback", "serverless.yml:9:11",
        ),
        (f"service: s\n{PROVIDER}  iamRoleStatements: []\n{FUNCTIONS}", "legacy-setting", "serverless.yml:5:3"),
        (f"service: s\n{PROVIDER}  variableSyntax: x\n{FUNCTIONS}", "legacy-setting", "serverless.yml:5:3"),
        (f"service: s\n{PROVIDER}  cfLogs: true\n{FUNCTIONS}", "legacy-setting", "serverless.yml:5:3"),
        (f"service: s\n{PROVIDER}  apiKeys: [k]\n{FUNCTIONS}", "legacy-setting", "serverless.yml:5:3"),
        (f"service: s\n{PROVIDER}package:\n  exclude: [x]\n{FUNCTIONS}", "legacy-setting", "serverless.yml:6:3"),
        (
            f"service: s\n{PROVIDER}{FUNCTIONS}    awsKmsKeyArn: arn:aws:kms:a:1:key/b\n",
            "legacy-setting", "serverless.yml:8:5",
        ),
    ],
)  # fmt: skip
def test_an_old_form_is_one_finding_at_its_place_and_the_function_is_read(
    tmp_path: Path, text: str, code: str, place: str
) -> None:
    project = read(tmp_path, text)
    assert [(one[0], one[1]) for one in told(project)] == [(code, place)]
    assert project.findings[0].remedy and [function.key for function in project.functions] == ["f"]


def test_a_stage_that_nobody_sets_is_dev_as_it_was_in_v2(tmp_path: Path) -> None:
    project = read(tmp_path, f"service: s\n{PROVIDER}{FUNCTIONS}    name: ${{opt:stage, self:provider.stage}}-f\n")
    assert project.functions[0].name.literal == "dev-f"


@pytest.mark.parametrize(
    ("stage", "taken"),
    [
        ("", "dev"),
        ("  stage: qa\n", "qa"),
        ("  stage: ${opt:stage, 'qa'}\n", "qa"),
        ("  stage: ${opt:stage, self:custom.s}\ncustom: {s: qa}\n", "qa"),
        ("  stage: ${opt:stage}\n", None),
        ("  stage: ${self:custom.s}\ncustom: {s: '${opt:stage}'}\n", None),
        ("  stage: ${opt:stage, env:S}\n", None),
        ("  stage: ${ssm:/stage}\n", None),
        ("  stage: ${env:S, 'qa'}\n", "qa"),
    ],
)
def test_the_option_stage_without_a_fallback_is_the_stage_of_the_project(
    tmp_path: Path, stage: str, taken: str | None
) -> None:
    (tmp_path / "names.yml").write_text("qa: {name: orders}\ndev: {name: drafts}\n")
    inner = "${file(names.yml):${opt:stage}.name}"
    project = read(
        tmp_path, f"service: s\n{PROVIDER}{stage}{FUNCTIONS}    environment: {{A: '${{opt:stage}}', B: '{inner}'}}\n"
    )
    environment = project.functions[0].environment
    assert environment["A"].literal == taken
    assert environment["B"].literal == {"qa": "orders", "dev": "drafts", None: None}[taken]
    assert {one.code for one in project.findings} == {"stage-assumed" if taken else "variable-not-found"}


@pytest.mark.parametrize(
    ("version", "moved"), [("'2'", True), ("'>=1.1.0 <2.0.0'", True), ("'3'", False), ("'12'", False)]
)
def test_a_key_of_v2_counts_where_the_project_asks_for_v2(tmp_path: Path, version: str, moved: bool) -> None:
    text = f"service: s\nframeworkVersion: {version}\n{PROVIDER}{FUNCTIONS}    awsKmsKeyArn: arn:aws:kms:a:1:key/b\n"
    project = read(tmp_path, text)
    assert project.functions[0].settings.get("kmsKeyArn") == ("arn:aws:kms:a:1:key/b" if moved else None)
    (finding,) = project.findings
    assert ("reads it as the new setting" if moved else "no effect today") in finding.message
    assert finding.severity is Severity.WARNING


def test_statements_of_v2_reach_the_role_and_are_a_note(tmp_path: Path) -> None:
    project = read(
        tmp_path,
        f"service: s\n{PROVIDER}  iamRoleStatements:\n"
        f"    - {{Effect: Allow, Action: ['s3:GetObject'], Resource: '*'}}\n{FUNCTIONS}",
    )
    (role,) = project.roles.values()
    assert ["s3:GetObject"] in [item.statement.get("Action") for item in role.statements]
    assert told(project) == [("legacy-setting", "serverless.yml:5:3", Severity.NOTE)]


def test_every_row_names_today_s_form_and_its_source() -> None:
    old_settings = legacy.old_settings()
    assert all(old.path and old.instead for old in old_settings)
    assert len({old.path for old in old_settings}) == len(old_settings)
    _, _, rows = Path(legacy.__file__).with_name("deprecated.tsv").read_text(encoding="utf-8").partition("moved\n")
    assert rows.startswith("# ") and "\n# \n" not in rows
