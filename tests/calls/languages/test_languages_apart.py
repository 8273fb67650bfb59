"""What is a language's own is asked of its Language, and nowhere by its name."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import scopedown
from scopedown.calls.languages import language
from scopedown.catalog.load import catalog
from scopedown.source.language import SourceLanguage, language_of, languages

SOURCE = Path(scopedown.__file__).parent
NAMES = set(languages())
ASKING = (
    *sorted((SOURCE / "calls" / "interpreter").glob("*.py")),
    *sorted((SOURCE / "calls" / "machine").glob("*.py")),
    *sorted((SOURCE / "calls" / "hints").glob("*.py")),
    SOURCE / "calls" / "find.py",
    SOURCE / "calls" / "models.py",
    SOURCE / "source" / "sources.py",
)


@pytest.mark.parametrize("path", ASKING, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_no_language_is_asked_for_by_its_name(path: Path) -> None:
    nodes = ast.walk(ast.parse(path.read_text("utf-8")))
    assert not [node.lineno for node in nodes if isinstance(node, ast.Constant) and node.value in NAMES]


@pytest.mark.parametrize("row", languages().values(), ids=lambda row: row.name)
def test_every_row_has_a_language_that_runs_and_a_front_end(row: SourceLanguage) -> None:
    spoken = language(row.name)
    assert (spoken.name, spoken.builtin("no such name"), spoken.standard_module("no such module")) == (
        row.name, None, None,
    )  # fmt: skip
    assert spoken.sdk_names(catalog()) is not None
    assert row.lower(b"", "empty" + row.endings[0]).language == row.name


def test_a_file_is_of_the_language_that_its_name_ends_in() -> None:
    files = ("app.py", "lib/", "app.mjs", "app.tsx", "bin/run")
    assert [language_of(file).name for file in files] == ["python", "python", "javascript", "javascript", "javascript"]
