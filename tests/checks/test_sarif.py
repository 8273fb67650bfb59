"""SARIF is valid against its schema, and keeps to what GitHub documents of it.

Limits: https://docs.github.com/en/code-security/code-scanning/troubleshooting-sarif-uploads/results-exceed-limit and
https://docs.github.com/en/code-security/reference/code-scanning/sarif-support-for-code-scanning.
"""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import jsonschema
import pytest

from scopedown.catalog.load import catalog
from scopedown.checks.forms.sarif import MOST_RELATED, MOST_RESULTS, ROOT, log, render
from scopedown.checks.model import Problem
from scopedown.checks.registry import rules
from scopedown.checks.results import Report, Result, results
from scopedown.checks.run import problems
from scopedown.core.place import Place
from scopedown.project.load import Options, load_project
from scopedown.scan import scan

SCHEMA = json.loads(Path(__file__).with_name("sarif-schema-2.1.0.json").read_text("utf-8"))
SERVICE = """\
service: s
provider:
  name: aws
  runtime: python3.12
  iam: {role: {statements: [{Effect: Allow, Action: ['sqs:PurgeQueue', 'sqs:*'], Resource: '*'}]}}
functions: {f: {handler: app.f}, g: {handler: app.g}}
"""
CODE = """\
import boto3
def f(event, context):
    boto3.client("sqs").list_queues()
def g(event, context):
    boto3.client("sns").list_topics()
"""


def report(folder: Path, service: str = SERVICE, inside: str = ".") -> Report:
    there = folder / inside
    there.mkdir(parents=True, exist_ok=True)
    (there / "serverless.yml").write_text(service)
    (there / "app.py").write_text(CODE)
    read = scan(load_project(there, Options()), catalog())
    return Report(tuple(results(problems(read, catalog()), read.project, folder.resolve())), projects=1, functions=2)


def run_of(told: Report) -> dict[str, Any]:
    (run,) = log(told)["runs"]
    found: dict[str, Any] = run
    return found


def many(count: int, rule: str = "SD101") -> Report:
    """A report of made-up problems."""
    chosen = next(one for one in rules() if one.id == rule)
    found = [
        Result(
            chosen,
            Problem(chosen.id, f"{at} " + "x" * 200, Place(f"services/s{at}/serverless.yml", at + 1), f"Role{at}",
                    ("f",), str(at)),
            f"{at:032x}", "serverless.yml",
        )
        for at in range(count)
    ]  # fmt: skip
    return Report(tuple(found))


def test_a_log_is_valid_against_the_published_schema(tmp_path: Path) -> None:
    jsonschema.Draft7Validator(SCHEMA).validate(log(report(tmp_path)))
    jsonschema.Draft7Validator(SCHEMA).validate(log(Report(())))


def test_the_schema_objects_to_a_log_that_is_wrong(tmp_path: Path) -> None:
    wrong = log(report(tmp_path))
    wrong["runs"][0]["results"][0]["level"] = "serious"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft7Validator(SCHEMA).validate(wrong)


def test_every_results_rule_is_the_one_at_its_index(tmp_path: Path) -> None:
    run = run_of(report(tmp_path))
    assert {one["ruleId"] for one in run["results"]} >= {"SD101", "SD203", "SD205"}
    for one in run["results"]:
        assert run["tool"]["driver"]["rules"][one["ruleIndex"]]["id"] == one["ruleId"]


def test_paths_are_relative_to_the_repositorys_root_and_encoded(tmp_path: Path) -> None:
    for one in run_of(report(tmp_path, inside="my services/ä"))["results"]:
        for location in (*one["locations"], *one.get("relatedLocations", ())):
            artifact = location["physicalLocation"]["artifactLocation"]
            assert artifact["uriBaseId"] == ROOT
            assert not urlsplit(artifact["uri"]).scheme and not artifact["uri"].startswith("/")
            assert re.fullmatch(r"[\w%./-]+", artifact["uri"], re.ASCII)
            assert (tmp_path / unquote(artifact["uri"])).is_file()


def test_each_result_has_one_location_with_a_line(tmp_path: Path) -> None:
    for one in run_of(report(tmp_path))["results"]:
        (location,) = one["locations"]
        assert location["physicalLocation"]["region"]["startLine"] >= 1


def test_fingerprints_stay_when_lines_move_and_differ_from_one_another(tmp_path: Path) -> None:
    before, after = (
        [one["partialFingerprints"] for one in run_of(report(tmp_path, text))["results"]]
        for text in (SERVICE, "# one\n\n# two\n" + SERVICE)
    )
    assert sorted(map(str, before)) == sorted(map(str, after))
    assert len({one["primaryLocationLineHash"] for one in before}) == len(before)


def test_every_rule_has_help_a_level_and_texts_that_github_takes() -> None:
    listed = run_of(Report(()))["tool"]["driver"]["rules"]
    assert len(listed) == len(rules()) <= 25_000
    for one in listed:
        assert one["help"]["text"] and one["help"]["markdown"].startswith(f"# {one['id']}")
        assert one["defaultConfiguration"]["level"] in ("error", "warning", "note")
        assert len(one["shortDescription"]["text"]) <= 1024 and len(one["fullDescription"]["text"]) <= 1024
        assert len(one["name"]) <= 255 and re.fullmatch("[A-Z][A-Za-z]+", one["name"])
        assert len(one["properties"]["tags"]) <= 10
        assert one["properties"]["precision"] in ("very-high", "high", "medium", "low")
        assert one["properties"]["problem.severity"] in ("error", "warning", "recommendation")


def test_security_severity_is_text_of_a_number_above_zero_and_comes_with_the_tag() -> None:
    listed = run_of(Report(()))["tool"]["driver"]["rules"]
    security = [one for one in listed if "security-severity" in one["properties"]]
    assert security
    for one in security:
        assert 0.0 < float(one["properties"]["security-severity"]) <= 10.0
        assert "security" in one["properties"]["tags"]


def test_of_more_results_than_a_run_may_have_the_least_severe_are_left_out_and_told() -> None:
    notes, errors = many(MOST_RESULTS, rule="SD205"), many(10, rule="SD101")
    run = run_of(Report(notes.results + errors.results))
    assert len(run["results"]) == MOST_RESULTS
    assert sum(one["level"] == "error" for one in run["results"]) == 10
    (told,) = run["invocations"][0]["toolExecutionNotifications"]
    assert told["message"]["text"].startswith("10 results")


def test_the_largest_log_is_small_enough_to_upload() -> None:
    assert len(gzip.compress(render(many(MOST_RESULTS)).encode())) < 10 * 1024 * 1024


def test_a_log_is_one_run_and_a_result_has_few_related_locations() -> None:
    place = Place("app.py", 1)
    one = many(1).results[0]
    related = tuple((place, "s3.GetObject") for _ in range(MOST_RELATED + 50))
    told = log(Report((Result(one.rule, Problem(*_fields(one.problem), related), one.fingerprint, one.project),)))
    assert len(told["runs"]) <= 20
    assert len(told["runs"][0]["results"][0]["relatedLocations"]) == MOST_RELATED <= 1000


def _fields(one: Problem) -> tuple[Any, ...]:
    return one.rule, one.message, one.place, one.role, one.functions, one.about
