"""docs/ci.md: what its examples name is there, in action.yml, the template and the hooks."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from .pipelines import ROOT, environment

PAGE = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
BLOCKS: list[dict[str, Any]] = [
    yaml.safe_load(text) for text in re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
TEMPLATE = next(yaml.safe_load_all((ROOT / "templates" / "scopedown.yml").read_text(encoding="utf-8")))["spec"]
HOOKS: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))


def steps() -> list[dict[str, Any]]:
    return [step for block in BLOCKS for job in block.get("jobs", {}).values() for step in job["steps"]]


def columns(head: str) -> list[set[str]]:
    """The names in the first column of each table that has a head."""
    tables = [part.split("\n\n", 1)[0].splitlines()[1:] for part in PAGE.split(f"\n{head}\n")[1:]]
    return [{name for row in rows for name in re.findall(r"`([a-z-]+)`", row.split("|")[1])} for rows in tables]


def test_workflows_use_the_action_with_inputs_and_outputs_that_it_has() -> None:
    used = [one for one in steps() if one.get("uses", "").startswith("OWNER/scopedown@")]
    assert len(used) == 3
    assert all(set(one.get("with", {})) <= set(ACTION["inputs"]) for one in used)
    named = set(re.findall(r"steps\.roles\.outputs\.([a-z-]+)", PAGE))
    assert named and named <= set(ACTION["outputs"])


def test_workflows_put_no_expression_into_a_scripts_text() -> None:
    assert not [one for one in steps() if "${{" in one.get("run", "")]


def test_the_tables_name_every_input_and_output() -> None:
    assert columns("| input | |") == [set(ACTION["inputs"]), set(TEMPLATE["inputs"])]
    assert columns("| output | |") == [set(ACTION["outputs"])]


def test_pipelines_include_the_template_with_inputs_that_it_has() -> None:
    (included,) = (one for block in BLOCKS for one in block.get("include", []))
    assert (ROOT / included["file"]).is_file()
    assert set(included["inputs"]) <= set(TEMPLATE["inputs"])


def test_configurations_of_pre_commit_are_valid_and_name_hooks_that_there_are(tmp_path: Path) -> None:
    pytest.importorskip("pre_commit", reason="pre-commit is not installed")
    configurations = [one for one in BLOCKS if "repos" in one]
    assert len(configurations) == 2
    for number, one in enumerate(configurations):
        (tmp_path / f"{number}.yaml").write_text(yaml.safe_dump(one))
        assert {hook["id"] for repo in one["repos"] for hook in repo["hooks"]} <= {hook["id"] for hook in HOOKS}
    ran = subprocess.run(
        [sys.executable, "-m", "pre_commit", "validate-config", *map(str, tmp_path.glob("*.yaml"))], cwd=tmp_path,
        env=environment(PRE_COMMIT_HOME=str(tmp_path / "kept")), capture_output=True, encoding="utf-8", timeout=60,
        check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout
