"""``scopedown catalog`` as people run it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from command_line import run


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


@pytest.mark.parametrize("heavy", ["rich", "yaml", "tree_sitter", "asyncio", "difflib"])
def test_a_look_up_imports_nothing_heavy(heavy: str) -> None:
    code = (
        "import sys\nfrom scopedown.cli.main import main\n"
        "try: main(['catalog', 'dynamodb:PutItem'])\nexcept SystemExit: pass\n"
        f"sys.exit({heavy!r} in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0
