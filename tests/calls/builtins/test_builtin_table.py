"""The rows of built-in lists, maps and texts, and the verbs that they name."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

from scopedown.calls.builtins.builtin_table import COLUMNS, Builtins
from scopedown.core.tables import read_rows

SOURCES = Path(import_module("scopedown").__file__ or "").parent
MODULES = {
    "java": "scopedown.languages.java.collections_of",
    "java helpers": "scopedown.languages.java.helpers",
    "kotlin": "scopedown.languages.kotlin.builtins",
    "csharp": "scopedown.languages.csharp.collections",
    "rust": "scopedown.languages.rust.methods",
    "ruby": "scopedown.languages.ruby.collections",
    "php": "scopedown.languages.php.functions_arrays",
    "go": "scopedown.languages.go.standard_text",
    "python": "scopedown.languages.python.collections",
    "javascript": "scopedown.languages.javascript.array_methods",
}


def table_of(language: str) -> Builtins:
    return next(one for one in reversed(vars(import_module(MODULES[language])).values()) if isinstance(one, Builtins))


@pytest.mark.parametrize("language", MODULES)
def test_every_row_names_a_verb(language: str) -> None:
    rows = table_of(language).rows
    assert rows and all(rows.values())


def test_every_table_is_one_of_these() -> None:
    tables = {path for path in SOURCES.rglob("*.tsv") if path.read_text().count("\n" + "\t".join(COLUMNS) + "\n")}
    assert tables == {table_of(language).path for language in MODULES}


@pytest.mark.parametrize("language", MODULES)
def test_a_table_says_a_member_once(language: str) -> None:
    said = [
        (on, member.removeprefix("."))
        for row in read_rows(table_of(language).path, COLUMNS)
        for on in row["on"].split()
        for member in row["members"].split()
    ]
    assert sorted(said) == sorted(set(said))


@pytest.mark.parametrize(
    ("effect", "error"),
    [
        ("fly", "fly is not a verb of list"),
        ("put", None),
        ("tap = nothing", None),
        ("= self", None),
        ("text.lower", "not a verb"),
    ],
)
def test_a_row_with_an_unknown_verb_is_an_error(effect: str, error: str | None, tmp_path: Path) -> None:
    path = tmp_path / "rows.tsv"
    path.write_text("\t".join(COLUMNS) + f"\nlist\tit\t{effect}\n")
    if error is None:
        assert "it" in Builtins(path).rows["list"]
    else:
        with pytest.raises(ValueError, match=error):
            assert Builtins(path).rows
