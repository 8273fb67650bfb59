"""No language grows: each has a ceiling of lines, which only goes down."""

from __future__ import annotations

from pathlib import Path

import pytest

from scopedown.core.tables import read_rows
from tool_modules import tool

ROWS = list(read_rows(Path(__file__).with_name("language_sizes.tsv"), ("language", "most", "goal")))
measure = tool("language_sizes")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["language"])
def test_a_language_has_no_more_lines_than_its_ceiling(row: dict[str, str]) -> None:
    assert measure.sizes()[row["language"]] <= int(row["most"])
    assert int(row["goal"]) <= int(row["most"])


def test_every_language_has_a_ceiling() -> None:
    assert {row["language"] for row in ROWS} == measure.sizes().keys()


def test_docstrings_count_and_blank_lines_and_comments_do_not(tmp_path: Path) -> None:
    file = tmp_path / "one.py"
    file.write_text('"""What\nit is."""\n\n# why\nx = 1  # so\n')
    assert measure.size(file) == 3
