"""The plugin's table of options is that of the commands, and what is made of them is what the commands take."""

from __future__ import annotations

import json
from typing import Any

import click
import pytest

from oracle.harness import ROOT
from scopedown.cli.main import cli

from .asking import ask, needs_node

TABLE: dict[str, Any] = json.loads((ROOT / "plugin" / "options.json").read_text(encoding="utf-8"))
OF_THE_FRAMEWORK = {"stage": "qa", "region": "eu-central-1", "param": ["a=b", "c=d e"]}
COMMANDS = click.Context(cli)


def words(name: str, options: dict[str, Any], settings: dict[str, Any] | None = None, **running: str) -> list[str]:
    asked = {"options": options, "settings": settings or {}, "config": "serverless.yml", **running}
    found: list[str] = ask("arguments.js", "commandLine", name, TABLE[name]["options"], asked)
    return found


def test_no_option_has_a_name_or_a_letter_of_the_frameworks_own() -> None:
    common = {"stage", "region", "param", "config", "aws-profile", "help", "version", "verbose", "debug"}
    for one in TABLE.values():
        assert common.isdisjoint(one["options"])
        assert {option.get("shortcut") for option in one["options"].values()}.isdisjoint("csrhvpf")


@needs_node
@pytest.mark.oracle
@pytest.mark.parametrize("name", TABLE)
def test_every_option_is_one_that_the_command_takes(name: str) -> None:
    declared = TABLE[name]["options"]
    every = {
        key: not one.get("negated") if one["type"] == "boolean" else ["a", "b"] if one["type"] == "multiple" else "a"
        for key, one in declared.items()
    }
    given = words(name, {**OF_THE_FRAMEWORK, **every})
    command = cli.get_command(COMMANDS, name)
    assert command is not None
    options, left, _ = command.make_parser(click.Context(command)).parse_args(given[1:])
    assert left == []
    taken = {option.name for option in command.params if isinstance(option, click.Option)} & set(options)
    assert len(taken) == sum(not one.get("positional") for one in declared.values()) + len(OF_THE_FRAMEWORK)
    assert list(options["params"]) == OF_THE_FRAMEWORK["param"]


@needs_node
@pytest.mark.oracle
def test_what_is_not_given_is_not_said() -> None:
    assert words("scan", {}) == ["scan", "--", "serverless.yml"]
    assert words("scan", {"cache": True, "explain": False}) == ["scan", "--", "serverless.yml"]


@needs_node
@pytest.mark.oracle
def test_an_argument_of_a_command_stands_before_the_project() -> None:
    assert words("explain", {"action": "-x"}) == ["explain", "--", "-x", "serverless.yml"]


@needs_node
@pytest.mark.oracle
def test_the_running_framework_compiles_unless_a_template_is_given_or_another_is_named() -> None:
    assert "--framework=v3" in words("check", {}, framework="v3")
    assert "--framework=osls" in words("check", {"framework": "osls"}, framework="v3")
    for one in ({"compiled": "t.json"}, {"run-framework": True}):
        assert not [word for word in words("check", one, framework="v3") if word.startswith("--framework")]


@needs_node
@pytest.mark.oracle
def test_prove_is_not_asked_for_what_it_cannot_run() -> None:
    assert words("prove", {}, framework="osls", folder="/f")[1:3] == ["--framework=osls", "--framework-program=/f"]
    assert words("prove", {}, framework="v4") == ["prove", "--", "serverless.yml"]


@needs_node
@pytest.mark.oracle
def test_settings_are_defaults_of_the_command_line() -> None:
    settings = {"failOn": "warning", "baseline": "known.json", "paramFile": "values.yml"}
    assert {"--fail-on=note", "--baseline=known.json", "--param-file=values.yml"} <= set(
        words("check", {"fail-on": "note"}, settings)
    )
    assert words("scan", {}, settings) == ["scan", "--param-file=values.yml", "--", "serverless.yml"]
