"""Every rule objects to its bad example and not to its good one."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from scopedown.catalog.load import catalog
from scopedown.checks.model import Example, Problem, Rule
from scopedown.checks.registry import rules
from scopedown.checks.run import problems
from scopedown.compare.access.limits import NO_LIMITS, Limit, Limits
from scopedown.compare.access.pairs import with_other_deployments
from scopedown.observe.names import Names
from scopedown.observe.reading.table import read_table
from scopedown.observe.result import observe
from scopedown.observe.said import Uses
from scopedown.project.load import Options, load_project
from scopedown.scan import ProjectScan, scan

ACCESS_ANALYZER = Path(__file__).parents[3] / "shared" / "reference" / "access-analyzer-codes.tsv"


def found(example: Example, folder: Path) -> list[Problem]:
    (folder / "serverless.yml").write_text(example.project)
    (folder / "app.py").write_text(example.code)
    limits = limits_of(example, folder) if example.limits else NO_LIMITS
    scanned = scan(load_project(folder, Options()), catalog())
    uses = uses_of(example, scanned, folder) if example.used else None
    return problems(scanned, catalog(), limits=limits, uses=uses)


def uses_of(example: Example, scanned: ProjectScan, folder: Path) -> Uses:
    (folder / "used.csv").write_text(example.used)
    names = Names(scanned.project, catalog())
    return Uses([observe(scanned, names, read_table(folder / "used.csv"), (), "", catalog())])


def limits_of(example: Example, folder: Path) -> Limits:
    given = tomllib.loads(example.limits)["check"]
    if not example.before:
        return Limits((Limit.read(given),), ".")
    (folder / "before").mkdir()
    (folder / "before" / "serverless.yml").write_text(example.before)
    before, after = (
        with_other_deployments(load_project(one, Options()), Options(), catalog())
        for one in (folder / "before", folder)
    )
    return Limits((Limit.read(given),), ".", before, after)


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.name)
def test_a_rule_objects_to_its_bad_example(rule: Rule, tmp_path: Path) -> None:
    objected = [one for one in found(rule.bad, tmp_path) if one.rule == rule.id]
    assert objected
    assert all(one.place.file in ("serverless.yml", "app.py") and one.place.line > 0 for one in objected)


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.name)
def test_a_rule_has_nothing_to_say_of_its_good_example(rule: Rule, tmp_path: Path) -> None:
    assert [one for one in found(rule.good, tmp_path) if one.rule == rule.id] == []


def test_ids_and_names_are_each_rules_own() -> None:
    assert len({one.id for one in rules()}) == len({one.name for one in rules()}) == len(rules()) >= 10
