"""``tools/generate.py``: every file that is generated from the product itself is current."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "tools"))

import generate  # noqa: E402


@pytest.mark.parametrize("name", generate.GENERATORS)
def test_generated_files_are_current(name: str) -> None:
    found = [path.relative_to(ROOT).as_posix() for path in generate.stale(name)]
    assert found == [], "run python tools/generate.py"


def test_a_page_that_nothing_generates_any_more_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import rules_pages

    left = tmp_path / "SD999.md"
    left.write_text("a rule that is gone\n", "utf-8")
    monkeypatch.setattr(rules_pages, "FOLDERS", (tmp_path,))
    assert generate.stale("rules_pages") == {left: None}
