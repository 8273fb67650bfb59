"""The rows of the SDKs' objects: each can be read, and names operations that there are."""

from __future__ import annotations

from pathlib import Path

import pytest

from scopedown import languages
from scopedown.calls.sdks.shapes.rows import COLUMNS, SdkTable
from scopedown.catalog.load import catalog
from scopedown.core.tables import TableError, read_rows

TABLES = sorted(Path(languages.__file__).parent.glob("*/sdk.tsv"))


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.parent.name)
def test_every_row_can_be_read_and_names_operations_that_there_are(path: Path) -> None:
    known = catalog()
    for row in read_rows(path, COLUMNS):
        for sdk in row["sdk"].split():
            SdkTable(path, sdk)
        names = row["operation"].split() if row["does"] not in ("bind", "read") else []
        for name in set(names) - {"*", "@", "$0", "waiter", "parts"}:
            for kind in row["on"].split():
                other, _, plain = name.rpartition(":")
                service = other or kind.partition(":")[2]
                found = known.operation(service, plain) if service else known.operations_named(name)
                assert found, f"{path.parent.name}: {name}"


@pytest.mark.parametrize("row, error", [
    ("a\tclient\tx\tasks\t*\t0\tresult", "is none of"),
    ("a\tclient\tx\tcall\t*\tfirst\tresult", "neither a position nor"),
])  # fmt: skip
def test_a_wrong_row_is_an_error(row: str, error: str, tmp_path: Path) -> None:
    path = tmp_path / "sdk.tsv"
    path.write_text("\t".join(COLUMNS) + f"\n{row}\n", encoding="utf-8")
    with pytest.raises(TableError, match=error):
        SdkTable(path, "a")


def test_what_the_star_stands_for_is_in_order(tmp_path: Path) -> None:
    path = tmp_path / "sdk.tsv"
    rows = ["a\tclient:s3\tget\tcall\tGetObject\t0\tresult", "a\tclient\t*Later get*\tcall\t*\t1\tpromise",
            "b\tclient\t*\tnothing"]  # fmt: skip
    path.write_text("\n".join(["\t".join(COLUMNS), *rows]), encoding="utf-8")
    table = SdkTable(path, "a")
    assert [(row.operation, text) for row, text in table.found("client", "s3", "get")] == [("GetObject", "get")]
    assert table.found("client", "sqs", "get") == ()
    assert [text for _, text in table.found("client", "sqs", "sendLater")] == ["send"]
    assert [text for _, text in table.found("client", "sqs", "getLater")] == ["get"]
