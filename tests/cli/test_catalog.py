"""``scopedown catalog`` as people run it."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from command_line import run
from scopedown.catalog import AWS_DATA
from scopedown.catalog.age import advice, days


def look_up(*arguments: str) -> subprocess.CompletedProcess[str]:
    return run(*arguments, command="catalog", cwd=Path.cwd())


def test_a_known_name_prints_a_table() -> None:
    done = look_up("dynamodb:PutItem")
    assert done.returncode == 0 and done.stderr == ""
    assert "access level    Write" in done.stdout and "table/${TableName}" in done.stdout


def test_json_is_one_object_with_its_schema() -> None:
    done = look_up("s3.HeadObject", "--format", "json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["schema"] == "scopedown.catalog/1"


def test_an_unknown_name_exits_2_with_near_matches() -> None:
    done = look_up("dynamodb:" + "PutItems")
    assert done.returncode == 2 and done.stdout == ""
    assert "did you mean dynamodb:PutItem" in done.stderr


def test_the_age_of_the_data_is_in_days() -> None:
    done = look_up("--age", "--format", "json")
    data = json.loads(done.stdout)
    assert data["date"] == AWS_DATA and data["days"] >= 0
    assert done.returncode == (1 if data["old"] else 0)


def test_data_is_old_after_90_days() -> None:
    day = date.fromisoformat(AWS_DATA)
    assert [advice(days(day + timedelta(days=age))) == "" for age in (-1, 0, 90, 91)] == [True, True, True, False]


def test_a_name_or_the_age_is_asked_for() -> None:
    assert look_up().returncode == look_up("s3", "--age").returncode == 2


@pytest.mark.parametrize("heavy", ["rich", "yaml", "tree_sitter", "asyncio", "difflib"])
def test_a_look_up_imports_nothing_heavy(heavy: str) -> None:
    code = (
        "import sys\nfrom scopedown.cli.main import main\n"
        "try: main(['catalog', 'dynamodb:PutItem'])\nexcept SystemExit: pass\n"
        f"sys.exit({heavy!r} in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0
