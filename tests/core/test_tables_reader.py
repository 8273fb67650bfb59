"""Tables are read whole, or refused with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from scopedown.core.tables import RowsByName, TableError, read_rows, typed_rows


def table(folder: Path, text: str) -> Path:
    path = folder / "animals.tsv"
    path.write_text(text, encoding="utf-8")
    return path


def test_rows_are_mappings_by_column(tmp_path: Path) -> None:
    path = table(tmp_path, "# legs: how many\nname\tlegs\n\ncow\t4\n# no legs:\nsnake\n")
    assert list(read_rows(path)) == [{"name": "cow", "legs": "4"}, {"name": "snake", "legs": ""}]


def test_a_quotation_mark_is_a_letter(tmp_path: Path) -> None:
    assert [row["name"] for row in read_rows(table(tmp_path, 'name\n"cow"\n'))] == ['"cow"']


def test_rows_are_found_by_their_first_cell_and_made_when_asked_for(tmp_path: Path) -> None:
    path = table(tmp_path, "name\tlegs\ncow\t4\nsnake\tnone\ncow\t5\n")
    rows = RowsByName([path], lambda row: [int(row["legs"])], ("name", "legs"))
    assert list(rows) == ["cow", "snake"] and rows["cow"] == (4, 5)
    with pytest.raises(TableError, match=r"animals\.tsv:3: "):
        rows["snake"]


def test_a_name_may_be_of_two_cells(tmp_path: Path) -> None:
    path = table(tmp_path, "kind\tname\tlegs\nbird\trobin\t2\n")
    assert RowsByName([path], lambda row: [row["legs"]], ("kind", "name", "legs"), cells=2)["bird\trobin"] == ("2",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name\tlegs\ncow\t4\t!\n", "animals.tsv:2: 3 cells where the header has 2"),
        ("#\nlegs\tname\n", "animals.tsv:2 must have the columns name legs"),
        ("name\tlegs\n\ncow\tfour\n", "animals.tsv:3: invalid literal"),
        ("", "animals.tsv:1 must have the columns name legs"),
    ],
)
def test_a_wrong_table_is_refused_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(TableError, match=message):
        list(typed_rows(table(tmp_path, text), lambda row: int(row["legs"]), ("name", "legs")))
