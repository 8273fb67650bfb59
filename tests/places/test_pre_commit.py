"""The hooks of .pre-commit-hooks.yaml, run by pre-commit."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from .pipelines import ROOT, environment, git, program, repository

pytestmark = pytest.mark.slow

pytest.importorskip("pre_commit", reason="pre-commit is not installed")
MANIFEST = ROOT / ".pre-commit-hooks.yaml"
HOOKS: dict[str, dict[str, Any]] = {one["id"]: one for one in yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))}


def pre_commit(*arguments: str, cwd: Path, home: Path, timeout: float = 100) -> subprocess.CompletedProcess[str]:
    path = f"{program(home)}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        [sys.executable, "-m", "pre_commit", *arguments], cwd=cwd, capture_output=True, encoding="utf-8",
        env=environment(PATH=path, PRE_COMMIT_HOME=str(home / "kept"), PRE_COMMIT_COLOR="never"), timeout=timeout,
        check=False,
    )  # fmt: skip


def hooked(folder: Path, hook: str, **changes: Any) -> None:
    """Let a repository have a hook as it is in the manifest, run by the program in PATH: no environment is built."""
    here = {**HOOKS[hook], "language": "system", **changes}
    config = {"repos": [{"repo": "local", "hooks": [here]}]}
    (folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
    git(folder, "add", ".pre-commit-config.yaml")


def test_the_manifest_is_valid(tmp_path: Path) -> None:
    ran = pre_commit("validate-manifest", str(MANIFEST), cwd=ROOT, home=tmp_path)
    assert (ran.returncode, ran.stdout) == (0, ""), ran.stdout


def test_a_commit_with_a_denied_call_fails_and_says_why(tmp_path: Path) -> None:
    folder = repository(tmp_path / "repository", denied=True, inside="services/todos")
    hooked(folder, "scopedown-check")
    ran = pre_commit("run", cwd=folder, home=tmp_path)
    assert ran.returncode == 1
    assert "services/todos/serverless.yml:27:3: error SD101 missing-permission: create will be denied" in ran.stdout


def test_a_commit_without_one_passes(tmp_path: Path) -> None:
    folder = repository(tmp_path / "repository")
    hooked(folder, "scopedown-check")
    ran = pre_commit("run", cwd=folder, home=tmp_path)
    assert ran.returncode == 0, ran.stdout
    assert re.fullmatch(r"scopedown check\.+Passed\n", ran.stdout)


def test_a_commit_that_touches_no_code_and_no_project_is_not_looked_at(tmp_path: Path) -> None:
    folder = repository(tmp_path / "repository", denied=True)
    hooked(folder, "scopedown-check")
    git(folder, "commit", "-qm", "all")
    (folder / "notes.md").write_text("text\n")
    git(folder, "add", "notes.md")
    ran = pre_commit("run", cwd=folder, home=tmp_path)
    assert ran.returncode == 0 and "(no files to check)Skipped" in ran.stdout


def test_own_arguments_take_the_place_of_the_hooks(tmp_path: Path) -> None:
    folder = repository(tmp_path / "repository", denied=True, inside="api")
    hooked(folder, "scopedown-check", args=["api", "--fail-on", "none"])
    assert pre_commit("run", cwd=folder, home=tmp_path).returncode == 0


def test_the_mending_hook_changes_files_and_passes_when_they_are_added(tmp_path: Path) -> None:
    folder = repository(tmp_path / "repository", denied=True)
    hooked(folder, "scopedown-fix")
    first = pre_commit("run", cwd=folder, home=tmp_path)
    assert first.returncode == 1 and "files were modified by this hook" in first.stdout
    assert "dynamodb:UpdateItem" in (folder / "serverless.yml").read_text()
    git(folder, "add", ".")
    assert pre_commit("run", cwd=folder, home=tmp_path).returncode == 0


@pytest.mark.parametrize(
    ("name", "is_looked_at"),
    [("serverless.yml", True), ("a/template.yaml", True), ("a/b.py", True), ("x.mjs", True), ("x.cts", True),
     ("x.tsx", True), (".env.dev", True), ("a/.scopedown.toml", True), ("cdk.json", True), ("README.md", False),
     ("logo.png", False), ("a.env/notes.txt", False), ("Makefile", False)],
)  # fmt: skip
def test_hooks_run_for_what_a_scan_reads(name: str, is_looked_at: bool) -> None:
    for hook in HOOKS.values():
        assert bool(re.search(hook["files"], name)) == is_looked_at, hook["id"]


def test_a_repository_that_names_the_hook_gets_its_own_scopedown(tmp_path: Path) -> None:
    folder = repository(tmp_path / "repository", denied=True)
    asked = ("try-repo", str(ROOT), "scopedown-check", "--all-files")
    ran = pre_commit(*asked, cwd=folder, home=tmp_path, timeout=500)
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert "error SD101 missing-permission: create will be denied dynamodb:PutItem" in ran.stdout
