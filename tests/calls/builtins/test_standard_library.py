"""The rows of Python's standard library."""

from __future__ import annotations

import importlib
from collections.abc import Callable

import pytest

from scopedown.calls.builtins.standard_library import COLUMNS, GIVES, TABLE, Kind, rows
from scopedown.core.tables import read_rows

ROWS = list(read_rows(TABLE, COLUMNS))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['on']} {row['member']}")
def test_a_row_gives_what_the_table_knows_of(row: dict[str, str]) -> None:
    kinds = {one["on"] for one in ROWS if one["on"].startswith("<")}
    assert row["gives"] in {*GIVES, "decorator", *kinds}
    assert set(row["member"].split()) <= set(rows(row["on"]))


@pytest.mark.parametrize("row", [row for row in ROWS if not row["on"].startswith("<")], ids=lambda row: row["on"])
def test_python_has_what_a_row_names(row: dict[str, str]) -> None:
    module = importlib.import_module(row["on"])
    later = {"TaskGroup", "Runner"}  # since Python 3.11
    assert [name for name in row["member"].split() if not hasattr(module, name) and name not in later] == []


def test_an_object_of_the_library_is_described_by_its_class() -> None:
    assert Kind("<asyncio.Loop>").describe() == "Loop"


def test_what_a_loop_is_handed_runs(python_calls: Callable[..., list[str]]) -> None:
    source = """
        import asyncio, boto3

        def clean():
            boto3.client("s3").delete_object(Bucket="b", Key="k")

        def handler(event, context):
            asyncio.get_running_loop().call_later(5, clean)
    """
    assert python_calls(source) == ["s3.DeleteObject Bucket=b Key=k"]
