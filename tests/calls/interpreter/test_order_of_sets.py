"""What a scan finds does not depend on how Python orders sets."""

from __future__ import annotations

from pathlib import Path

import pytest

from command_line import run_program

LISTS = 100
CHAIN = 8


def _program() -> str:
    """A loop over a list of work that names more collections than scopedown looks for."""
    lines = ["import boto3", "resource = boto3.resource('dynamodb')", "def handler(event, context):"]
    lines += [f"    list{number} = []" for number in range(LISTS)]
    lines += ["    work = ['table0']", "    while event['more']():"]
    lines += [f"        print(list{number})" for number in range(LISTS // 2)]
    lines += ["        name = work.pop()", "        resource.Table(name).scan()"]
    for number in range(CHAIN):
        lines += [f"        if name == 'table{number}':", f"            work.append('table{number + 1}')"]
    lines += [f"        print(list{number})" for number in range(LISTS // 2, LISTS)]
    return "\n".join(lines) + "\n"


@pytest.mark.slow
def test_a_bounded_search_takes_the_collections_of_a_loop_in_the_same_order(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(_program())
    found = {
        run_program("app.py:handler", "--format", "json", "--no-cache", cwd=tmp_path, PYTHONHASHSEED=seed).stdout
        for seed in ("0", "1", "2", "3", "4")
    }
    assert len(found) == 1 and "dynamodb:Scan" in found.pop()
