"""The worked examples of CONTRIBUTING.md do what it says."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType

import pytest

from scopedown.catalog.load import catalog
from scopedown.checks.model import Example, Rule
from scopedown.compare.subject import subjects
from scopedown.project.load import Options, load_project
from scopedown.scan import ProjectScan, scan
from scopedown.scan.forms import Scans

ROOT = Path(__file__).parents[2]
BLOCKS = re.findall(r"```python\n(.*?)```", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), re.DOTALL)
(FORM,) = (block for block in BLOCKS if "def render(" in block)
(RULE,) = (block for block in BLOCKS if "RULE = Rule(" in block)


def module(source: str) -> ModuleType:
    made = ModuleType("example")
    exec(source, made.__dict__)
    return made


def scanned(folder: Path) -> ProjectScan:
    return scan(load_project(folder, Options()), catalog())


def test_the_form_lists_the_actions_of_functions() -> None:
    shown = Scans([scanned(ROOT / "examples" / "todos")], (), None, lambda project: str)
    head, *lines = module(FORM).render(shown)
    assert head == "project,function,action"
    assert all(line.count(",") == 2 and ":" in line for line in lines) and lines


@pytest.mark.parametrize("kind", ["bad", "good"])
def test_the_rule_finds_its_bad_example_alone(kind: str, tmp_path: Path) -> None:
    rule: Rule = module(RULE).RULE
    example: Example = getattr(rule, kind)
    (tmp_path / "serverless.yml").write_text(example.project)
    (tmp_path / "app.py").write_text(example.code)
    found = [one for subject in subjects(scanned(tmp_path), catalog()) for one in rule.find(subject)]
    assert bool(found) == (kind == "bad")
