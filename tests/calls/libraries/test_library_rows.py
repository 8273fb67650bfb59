"""The tables of libraries: well formed, true to the catalog, and each tried by a source."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scopedown.calls.libraries import library_rows
from scopedown.calls.libraries.library_bindings import CONTAINER
from scopedown.calls.libraries.library_rows import ANY, FOLDER, SIGNED, LibraryTable, Row, headers, table
from scopedown.catalog.load import catalog
from scopedown.core.tables import TableError
from scopedown.source.language import languages

TABLES = [
    table(path, language)
    for path in sorted(FOLDER.glob("*.tsv"))
    for language in sorted(headers(path).keys() & languages().keys())
]
SOURCES = Path(__file__).parents[1] / "sources"
ROOT = Path(__file__).parents[3]


def rows_of(library: LibraryTable) -> list[Row]:
    return [row for rows in library.rows.values() for row in rows]


@pytest.mark.parametrize("library", TABLES, ids=lambda one: f"{one.name} of {one.language}")
def test_every_operation_and_parameter_of_a_row_is_in_the_catalog(library: LibraryTable) -> None:
    wrong = []
    for row in rows_of(library):
        for service, name in row.calls:
            if (service, name) == SIGNED or service == CONTAINER or name == "*":
                continue
            operation = catalog().operation(service, name)
            # An endpoint is what a client was made with, what a token stands for is in the catalog.
            members = operation.members if operation else ()
            named = [one.path[0].removesuffix("[]") for one in row.arguments if not one.path[0].startswith("$")]
            if operation is None or not set(named) <= set(members):
                wrong.append((row.member, f"{service}.{name}", named))
    assert wrong == []


@pytest.mark.parametrize("library", TABLES, ids=lambda one: f"{one.name} of {one.language}")
def test_every_row_names_its_source_and_belongs_to_a_package_or_to_an_object_that_a_row_makes(
    library: LibraryTable,
) -> None:
    assert [row.member for row in rows_of(library) if not row.source] == []
    text = (FOLDER / f"{library.name}.tsv").read_text("utf-8")
    made = {kind for line in text.splitlines() for cell in line.split("\t")[2:6] for kind in re.findall(r"<\w+>", cell)}
    packages = {name for one in TABLES if one.name == library.name for name in one.packages}
    assert {on for on in library.rows if on != ANY and on not in packages and on not in made} == set()


@pytest.mark.parametrize("library", TABLES, ids=lambda one: f"{one.name} of {one.language}")
def test_what_a_row_takes_from_an_object_some_row_has_kept_there(library: LibraryTable) -> None:
    text = (FOLDER / f"{library.name}.tsv").read_text("utf-8")
    kept = {name for row in rows_of(library) for _, name, _ in row.keeps}
    assert set(re.findall(r"(?<![\w@/'])@(\w+)", strip_sources(text))) - kept == set()
    assert {f"~{name}" for name in re.findall(r"~(\w+)", strip_sources(text))} - kept == set()


def strip_sources(text: str) -> str:
    """The rows without their first column, which may name a scoped package, and their last."""
    lines = [line.split("\t")[1:-1] for line in text.splitlines() if not line.startswith("#")]
    return "\n".join("\t".join(cells) for cells in lines)


def test_every_package_with_a_table_is_imported_by_a_source_with_expectations() -> None:
    """Of other languages than Python and JavaScript by a program of the language's tests."""
    texts = [path.read_text("utf-8") for path in SOURCES.rglob("*") if path.suffix in (".py", ".js", ".mjs", ".ts")]
    texts += [path.read_text("utf-8") for path in Path(__file__).parent.glob("test_*.py")]
    imported = "\n".join(texts)
    programs = ROOT / "tests" / "languages"
    missing = []
    for library in TABLES:
        named = "\n".join(path.read_text("utf-8") for path in programs.glob(f"test_{library.language}_*.py"))
        if not any(
            re.search(rf"(import|from|require\()\s*['\"]?{re.escape(one)}\b", imported)
            or one in named.replace("\\\\", "\\")
            for one in library.packages
        ):
            missing.append((library.name, library.language))
    assert missing == []


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("p\tA()\tname=?\t\t\t\t\tx", "not an expression"),
        ("p\tA()\tname=bucket($0\t\t\t\t\tx", "bracket"),
        ("p\tA()\tname=folder($0)\t\t\t\t\tx", "is not a function"),
        ("p\tA()\t\t\t\t\t\t\tx\tx", "cells"),
    ],
)
def test_a_row_that_cannot_be_read_is_named_with_its_line(tmp_path: Path, row: str, message: str) -> None:
    path = tmp_path / "p.tsv"
    head = "# title: t\n# python: p\n# source: s\n"
    path.write_text(head + "\t".join(library_rows.COLUMNS) + "\n" + row + "\n")
    with pytest.raises(TableError, match=f"p.tsv:5: .*{message}"):
        table(path, "python")
