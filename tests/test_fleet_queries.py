"""The queries of docs/fleet.md, run by DuckDB over Parquet files of two days; Athena's table by its text alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from scopedown.emit.rows import Column, parquet
from scopedown.fleet import COLUMNS, as_parquet
from scopedown.observe.forms.rows import COLUMNS as OF_OBSERVE

PAGE = Path(__file__).parents[1] / "docs" / "fleet.md"
OLD, NEW = "2026-10-28", "2026-11-28"
TABLE = "arn:aws:dynamodb:eu-west-1:*:table/orders"
ATHENA = {str: "string", int: "bigint", bool: "boolean"}


def blocks() -> dict[str, str]:
    """The last heading or line before a block → the block."""
    found = re.findall(r"^###? ([^\n]+)\n(?:(?!^##)[\s\S])*?```sql\n([\s\S]*?)```", PAGE.read_text(), re.MULTILINE)
    return dict(found)


def permission(repository: str, action: str, arn: str, **more: Any) -> dict[str, Any]:
    common = {"record": "permission", "repository": repository, "project": "serverless.yml", "stage": "prod"}
    return {**common, "function": "f", "role": "Role", "action": action, "arn": arn, "certainty": "resolved", **more}


def function(name: str, coverage: str, **more: Any) -> dict[str, Any]:
    return {
        "record": "function",
        "repository": "r",
        "project": "serverless.yml",
        "function": name,
        "coverage": coverage,
        **more,
    }


def use(kind: str, action: str) -> dict[str, Any]:
    return {
        "record": "use",
        "repository": "r",
        "project": "serverless.yml",
        "role": "Role",
        "kind": kind,
        "action": action,
    }


DAYS = {
    OLD: [permission("a", "dynamodb:DeleteItem", TABLE)],
    NEW: [
        permission("a", "dynamodb:DeleteItem", TABLE),
        permission("a", "s3:PutObject", "arn:aws:s3:::photos/*"),
        permission("b", "dynamodb:DeleteItem", "arn:aws:dynamodb:*:*:table/*", certainty="unknown"),
        permission("c", "dynamodb:DeleteItem", "arn:aws:dynamodb:eu-west-1:*:table/order_"),
        permission("d", "dynamodb:GetItem", TABLE),
        function("seen", "whole"),
        function("half", "partly", unseen="./lib was not found (may call any action)"),
        {"record": "project", "repository": "broken", "project": "template.yaml", "error": "not valid YAML"},
    ],
}
USES = [
    use("idle", "s3:PutObject"),
    use("removable", "s3:*"),
    use("not-observable", "iam:PassRole"),
    use("confirmed", "s3:GetObject"),
]


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """DuckDB with the views of the page over the files of two days."""
    duckdb = pytest.importorskip("duckdb")
    pytest.importorskip("pyarrow")
    monkeypatch.chdir(tmp_path)
    for day, rows in DAYS.items():
        for number, part in enumerate((rows[::2], rows[1::2]), 1):
            file = tmp_path / "scan" / f"day={day}" / f"scan-{number}.parquet"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(as_parquet(part))
    uses = tmp_path / "observe" / f"day={NEW}" / "observe.parquet"
    uses.parent.mkdir(parents=True)
    uses.write_bytes(parquet(OF_OBSERVE, USES))
    connection = duckdb.connect()
    connection.execute(blocks()["Queries"])
    return lambda title: connection.execute(blocks()[title]).fetchall()


@pytest.mark.slow
def test_who_can_delete_includes_those_whose_table_is_not_known(ask: Any) -> None:
    found = ask("Who can delete from this table")
    assert [(row[0], row[6]) for row in found] == [("a", "resolved"), ("b", "unknown")]


@pytest.mark.slow
def test_which_roles_grew_lists_what_is_new(ask: Any) -> None:
    found = ask("Which roles grew this month")
    assert [(row[0], row[4]) for row in found] == [
        ("a", "s3:PutObject"),
        ("b", "dynamodb:DeleteItem"),
        ("c", "dynamodb:DeleteItem"),
        ("d", "dynamodb:GetItem"),
    ]


@pytest.mark.slow
def test_what_was_not_wholly_seen_includes_projects_that_were_not_read(ask: Any) -> None:
    found = ask("Which functions were not wholly seen")
    assert [(row[0], row[2]) for row in found] == [("broken", None), ("r", "half")]


@pytest.mark.slow
def test_never_used_leaves_out_what_the_logs_cannot_show(ask: Any) -> None:
    assert [row[4] for row in ask("Which rights were never used")] == ["s3:PutObject", "s3:*"]


def ddl(name: str, columns: Sequence[Column]) -> str:
    listed = ",\n".join(f"  `{column.name}` {ATHENA[column.type]}" for column in columns)
    return f"CREATE EXTERNAL TABLE {name} (\n{listed}\n)\nPARTITIONED BY (`day` string)\nSTORED AS PARQUET\n"


def test_athenas_table_has_the_columns_of_a_scan() -> None:
    """Not executed: there is no Athena here."""
    assert ddl("scan", COLUMNS) in PAGE.read_text()


def test_every_question_has_a_query() -> None:
    assert len(blocks()) == 5
