"""Commands do work in proportion to a project's functions: what comes back as a square shows as a function of
scopedown that is called far more often for four times as many functions. Calls are counted, no clock is read."""

from __future__ import annotations

import importlib.util
import sys
from collections import Counter
from pathlib import Path
from types import CodeType, FrameType, ModuleType
from typing import Any

import pytest

import scopedown
from command_line import run
from scopedown.scan.entry_points import Entries

SMALL, LARGE = 10, 40
SLACK, FREE = 1.75, 200
"""How much more than in proportion a function may be called, and how many calls count for nothing."""
FOLDER = str(Path(scopedown.__file__).parent)


def projects() -> ModuleType:
    file = Path(__file__).parents[2] / "bench" / "large_projects.py"
    spec = importlib.util.spec_from_file_location("large_projects", file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["large_projects"] = module
    spec.loader.exec_module(module)
    return module


def calls(folder: Path, command: str) -> Counter[CodeType]:
    """How often each function of scopedown is called by a command."""
    found: Counter[CodeType] = Counter()

    def note(frame: FrameType, event: str, _: Any) -> None:
        if event == "call":
            found[frame.f_code] += 1

    name, *options = command.split()
    before = sys.getprofile()
    sys.setprofile(note)
    try:
        done = run(".", *options, cwd=folder, command=name, SCOPEDOWN_CACHE=str(folder / "cache"))
    finally:
        sys.setprofile(before)
    assert done.returncode in (0, 1) and "internal error" not in done.stderr, done.stderr
    return Counter({code: count for code, count in found.items() if code.co_filename.startswith(FOLDER)})


def beyond_proportion(tmp_path: Path, command: str, **shape: str) -> list[str]:
    """The functions that are called more often than in proportion."""
    made = projects()
    counted = []
    for name, functions in (("first", 2), ("small", SMALL), ("large", LARGE)):  # the first fills what is read once
        folder = tmp_path / name
        made.make(folder, made.Shape(functions, resources=2 * functions, **shape))
        counted.append(calls(folder, command))
    _, small, large = counted
    return [
        f"{code.co_filename.removeprefix(FOLDER)}:{code.co_firstlineno} {code.co_name}: {small[code]} then {count}"
        for code, count in large.items()
        if count > SLACK * LARGE / SMALL * small[code] + FREE
    ]


@pytest.mark.parametrize(
    "command", ["scan --no-cache --jobs 1", "check --no-cache --jobs 1", "write --no-cache --jobs 1 --diff"]
)
def test_functions_that_share_a_role_cost_in_proportion(tmp_path: Path, command: str) -> None:
    assert beyond_proportion(tmp_path, command, roles="shared") == []


@pytest.mark.slow
def test_the_policy_of_the_deploying_user_costs_in_proportion(tmp_path: Path) -> None:
    assert beyond_proportion(tmp_path, "deploy-policy -o policy.json", roles="own") == []


def test_the_code_of_functions_is_searched_once_where_no_statement_for_it_holds_the_stage(tmp_path: Path) -> None:
    made = projects()
    made.make(tmp_path, made.Shape(SMALL))
    found = calls(tmp_path, "write --no-cache --jobs 1 --diff")
    assert found[Entries.report.__code__] == SMALL
