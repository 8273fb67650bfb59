"""Plugins: what is known of each is told from what is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from scopedown.project.load import load_project
from scopedown.project.options import Options
from scopedown.project.serverless.plugins import table

SERVICE = "service: s\nprovider: {name: aws, runtime: nodejs20.x}\nplugins:\n"


CODES = ("plugin-unknown", "plugin-not-read")


def told(folder: Path, plugins: str) -> list[tuple[str, int, str]]:
    (folder / "serverless.yml").write_text(SERVICE + plugins)
    findings = load_project(folder, Options()).findings
    return [(one.code, one.place.line, one.message) for one in findings if one.place and one.code in CODES]


def test_a_plugin_that_nobody_knows_is_named_at_its_line(tmp_path: Path) -> None:
    ((code, line, message),) = told(tmp_path, "  - serverless-offline\n  - ./plugins/own\n")
    assert (code, line) == ("plugin-unknown", 5)
    assert "./plugins/own" in message


def test_a_plugin_whose_resources_are_not_read_is_named_with_what_it_adds(tmp_path: Path) -> None:
    ((code, _, message),) = told(tmp_path, "  modules:\n    - serverless-plugin-warmup\n")
    assert code == "plugin-not-read"
    assert "a function that calls the others" in message


@pytest.mark.parametrize(
    "name",
    [
        "serverless-iam-roles-per-function",
        "serverless-webpack",
        "serverless-domain-manager",
        "serverless-lift",
        "serverless-scopedown",
    ],
)
def test_a_plugin_that_is_read_or_changes_nothing_is_silent(tmp_path: Path, name: str) -> None:
    assert told(tmp_path, f"  - {name}\n") == []


def test_a_single_plugin_may_stand_without_a_list_as_the_framework_takes_it(tmp_path: Path) -> None:
    ((code, line, message),) = told(tmp_path, "  unheard-of\n")
    assert (code, line) == ("plugin-unknown", 4)
    assert "unheard-of" in message


def test_the_table_is_sorted_and_says_of_each_what_it_changes() -> None:
    assert list(table()) == sorted(table())
    assert {effect for effect, _ in table().values()} == {"nothing", "calls", "code", "modelled", "resources"}
    assert all(about for _, about in table().values())
