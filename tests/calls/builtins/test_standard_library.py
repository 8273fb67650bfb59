"""The rows of Python's standard library."""

from __future__ import annotations

import importlib
from collections.abc import Callable

import pytest

from scopedown.calls.builtins.builtin_table import COLUMNS
from scopedown.calls.builtins.object_effects import LibraryObject
from scopedown.core.tables import read_rows
from scopedown.languages.python.collections import BUILTINS

NO_MODULES = {"list", "map", "text", "Loop", "ExitStack", "Executor", "Future", "Queue", "os.environ"}
ROWS = [row for row in read_rows(BUILTINS.path, COLUMNS) if row["on"] not in NO_MODULES]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['on']} {row['members']}")
def test_python_has_what_a_row_names(row: dict[str, str]) -> None:
    later = {"TaskGroup", "Runner", "batched", "JoinableQueue", "SimpleQueue", "LifoQueue", "PriorityQueue"}
    modules = [importlib.import_module(name) for name in row["on"].split()]
    missing = [name for name in row["members"].split() if not any(hasattr(module, name) for module in modules)]
    assert set(missing) <= later


@pytest.mark.parametrize("kind", sorted(NO_MODULES - {"list", "map", "text"}))
def test_an_object_of_the_library_is_described_by_its_class(kind: str) -> None:
    assert kind in BUILTINS.rows
    assert LibraryObject(kind, BUILTINS.habits).describe() == kind


def test_what_a_loop_is_handed_runs(python_calls: Callable[..., list[str]]) -> None:
    source = """
        import asyncio, boto3

        def clean():
            boto3.client("s3").delete_object(Bucket="b", Key="k")

        def handler(event, context):
            asyncio.get_running_loop().call_later(5, clean)
    """
    assert python_calls(source) == ["s3.DeleteObject Bucket=b Key=k"]
