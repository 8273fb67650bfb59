"""``serverless scopedown …``: what scopedown is told, how it ends, and what is said where it is not found."""

from __future__ import annotations

import json

import pytest

from .installed import TELLS_ITS_WORDS, Service

pytestmark = [pytest.mark.oracle, pytest.mark.slow]


def words_of(service: Service, *words: str, **variables: str) -> list[str]:
    """The arguments that scopedown is given."""
    service.put("scopedown", TELLS_ITS_WORDS)
    ended = service.run("scopedown", *words, **variables)
    assert ended.returncode == int(variables.get("ENDS_WITH", 0)), ended.stderr
    folder, running, *given = ended.stdout.splitlines()
    assert (folder, running) == (str(service.folder.resolve()), "1")
    return given


def test_it_is_told_the_frameworks_stage_region_and_parameters_and_the_options(service: Service) -> None:
    given = words_of(
        service, "scan", "--stage", "qa", "--region", "eu-central-1", "--param", "a=b", "--param", "greeting=good day",
        "--function", "create", "--function=other", "--no-cache", "--explain", "--format", "json",
    )  # fmt: skip
    assert given == [
        "scan", "--stage=qa", "--region=eu-central-1", "--param=a=b", "--param=greeting=good day",
        f"--framework={service.framework}", "--function=create", "--function=other", "--no-cache", "--format=json",
        "--explain", "--", "serverless.yml",
    ]  # fmt: skip


def test_another_project_file_is_named(service: Service) -> None:
    (service.folder / "serverless.yml").rename(service.folder / "other.yml")
    assert words_of(service, "check", "--config", "other.yml")[-2:] == ["--", "other.yml"]


def test_an_option_with_no_value_of_its_own_is_written_with_an_equals_sign(service: Service) -> None:
    given = words_of(service, "deploy-policy", "--audit=", "--aws-profile", "work")
    assert [one for one in given if one.startswith(("--audit", "--profile"))] == ["--audit", "--profile=work"]


def test_the_running_framework_is_the_one_that_is_proven(service: Service) -> None:
    given = words_of(service, "prove", "--no-functions")
    assert f"--framework={service.framework}" in given
    assert f"--framework-program={service.entry.parent.parent.resolve()}" in given
    assert "--no-functions" in given


def test_its_exit_code_is_the_frameworks(service: Service) -> None:
    words_of(service, "check", ENDS_WITH="7")


def test_a_scan_prints_nothing_but_its_json(service: Service) -> None:
    ended = service.run("scopedown", "scan", "--stage", "qa", "--format", "json")
    assert ended.returncode == 0, ended.stderr
    project = json.loads(ended.stdout)["project"]
    assert project["stage"] == "qa"
    assert project["compiler"]["name"] == {"osls": "osls 4", "v3": "serverless 3"}[service.framework]
    assert "plugin-unknown" not in ended.stdout


def test_a_check_says_what_is_missing_and_ends_with_its_code(service: Service) -> None:
    assert service.run("scopedown", "check").returncode == 0
    ended = service.lacking().run("scopedown", "check")
    assert (ended.returncode, "SD101" in ended.stdout) == (1, True)


@pytest.mark.parametrize("words", [("scopedown", "check"), ("deploy",)])
def test_without_scopedown_one_sentence_says_what_to_do(service: Service, words: tuple[str, ...]) -> None:
    (service.bin / "scopedown").unlink()
    ended = service.run(*words, only=True)
    assert ended.returncode == 2
    (line,) = [one for one in ended.stdout.splitlines() if "scopedown was not found" in one]
    assert "Python 3.11" in line and "custom.scopedown.command" in line and "SCOPEDOWN" in line
    assert "    at " not in ended.stdout + ended.stderr


def test_an_option_that_nobody_knows_is_refused_by_the_framework_and_a_value_by_scopedown(service: Service) -> None:
    ended = service.run("scopedown", "check", "--unheard-of", "x")
    assert (ended.returncode, 'unrecognized CLI options: "--unheard-of"' in ended.stdout) == (1, True)
    ended = service.run("scopedown", "check", "--fail-on", "never")
    assert (ended.returncode, "check has no gate 'never'" in ended.stderr) == (2, True)


def test_the_commands_are_listed_with_their_options(service: Service) -> None:
    listed = service.run("scopedown")
    assert (listed.returncode, "scopedown deploy-policy" in listed.stdout) == (0, True)
    assert "--fail-on" in service.run("scopedown", "check", "--help").stdout
