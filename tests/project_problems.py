"""What ``scopedown check`` finds in a project of one file and its code."""

from __future__ import annotations

from pathlib import Path

from scopedown.catalog.load import catalog
from scopedown.checks.model import Problem
from scopedown.checks.run import problems
from scopedown.project.load import Options, load_project
from scopedown.scan import scan

IDLE = "def f(event, context): pass\n"


def problems_of(
    folder: Path,
    text: str,
    code: str = IDLE,
    name: str = "serverless.yml",
    options: Options | None = None,
    only: frozenset[str] = frozenset(),
) -> list[Problem]:
    """Write the project's file and ``app.py``, and check what they are."""
    (folder / name).write_text(text)
    (folder / "app.py").write_text(code)
    return problems(scan(load_project(folder, options or Options()), catalog(), only), catalog())


def rules_of(
    folder: Path, text: str, code: str = IDLE, name: str = "serverless.yml", options: Options | None = None
) -> set[str]:
    """The rules of the problems."""
    return {problem.rule for problem in problems_of(folder, text, code, name, options)}
