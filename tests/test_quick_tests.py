"""``make quick`` runs the tests of what changed."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

TOOL = Path(__file__).parents[1] / "tools" / "quick_tests.py"
_spec = importlib.util.spec_from_file_location("quick_tests", TOOL)
assert _spec is not None and _spec.loader is not None
quick = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(quick)


@pytest.mark.parametrize(
    ("name", "folders"),
    [
        ("src/scopedown/calls/builtins/text_effects.py", {"tests/calls"}),
        ("src/scopedown/languages/python/text.py", {"tests/calls"}),
        ("src/scopedown/mcp/answer.py", {"tests/mcp_server"}),
        ("tests/write/test_lines_to_paste.py", {"tests/write"}),
        ("docs/rules/SD101.md", {"tests/docs"}),
        ("src/scopedown/scan.py", set()),
        ("README.md", set()),
    ],
)
def test_a_file_is_tested_by_the_folder_of_its_room(name: str, folders: set[str]) -> None:
    assert quick.rooms([name]) == folders


def test_rooms_that_changed_together_are_run_together() -> None:
    assert quick.rooms(["src/scopedown/iam/arn.py", "src/scopedown/emit/lines.py"]) == {"tests/iam", "tests/emit"}
