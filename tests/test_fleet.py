"""Rows of many repositories: the same by any executor and in any form, and nothing missing from them."""

from __future__ import annotations

import importlib
import json
import multiprocessing
import subprocess
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from command_line import run
from scopedown.checks.forms.rows import COLUMNS as OF_CHECK
from scopedown.fleet import COLUMNS, as_ndjson, as_parquet, scan_all, scan_folder
from scopedown.observe.forms.rows import COLUMNS as OF_OBSERVE
from scopedown.source.revision import name_of, revision_of
from trail_records import record

COMMIT = "0123456789abcdef0123456789abcdef01234567"
SERVERLESS = """\
service: {name}
provider:
  name: aws
  runtime: python3.12
  iam:
    role:
      statements:
        - {{Effect: Allow, Action: ['dynamodb:GetItem', 'dynamodb:DeleteItem', 's3:ListBucket'], Resource: '*'}}
functions:
  remove: {{handler: app.remove}}
  unseen: {{handler: missing.unseen}}
resources:
  Resources:
    Orders:
      Type: AWS::DynamoDB::Table
      Properties: {{TableName: orders}}
"""
CODE = """\
import boto3

def remove(event, context):
    boto3.client("dynamodb").delete_item(TableName="orders", Key={})
"""


def repositories(root: Path, count: int = 3) -> list[Path]:
    """Checkouts of ``github.com/acme/sN``; the last one has a project that cannot be read."""
    made = []
    for number in range(count):
        folder = root / f"s{number}"
        (folder / "service").mkdir(parents=True)
        (folder / "service" / "serverless.yml").write_text(SERVERLESS.format(name=folder.name))
        (folder / "service" / "app.py").write_text(CODE)
        (folder / ".git" / "refs").mkdir(parents=True)
        (folder / ".git" / "HEAD").write_text(f"{COMMIT}\n")
        url = f"https://x-access-token:secret@github.com/acme/{folder.name}.git"
        (folder / ".git" / "config").write_text(f'[core]\n\tbare = false\n[remote "origin"]\n\turl = {url}\n')
        made.append(folder)
    (made[-1] / "broken").mkdir()
    (made[-1] / "broken" / "serverless.yml").write_text("service: [\n")
    return made


def parsed(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_every_function_and_every_unread_project_has_a_row(tmp_path: Path) -> None:
    *_, last = repositories(tmp_path)
    found = scan_folder(last, no_cache=True)
    assert [(one["project"], one["function"]) for one in found if one["record"] == "function"] == [
        ("service/serverless.yml", "remove"),
        ("service/serverless.yml", "unseen"),
    ]
    assert {one["function"]: one["coverage"] for one in found if one["record"] == "function"} == {
        "remove": "whole",
        "unseen": "not at all",
    }
    (error,) = (one for one in found if one.get("error"))
    assert (error["project"], error["file"], error["line"]) == ("broken/serverless.yml", "broken/serverless.yml", 2)
    assert {one["repository"] for one in found} == {"github.com/acme/s2"}
    assert {one["commit"] for one in found} == {COMMIT}


def test_a_permission_says_what_and_why_and_where_in_the_repository(tmp_path: Path) -> None:
    first, *_ = repositories(tmp_path)
    (deletes,) = (one for one in scan_folder(first, no_cache=True) if one.get("action") == "dynamodb:DeleteItem")
    assert (deletes["function"], deletes["certainty"], deletes["origin"]) == ("remove", "resolved", "code")
    assert (deletes["file"], deletes["line"]) == ("service/app.py", 4)
    assert deletes["arn"] == "arn:aws:dynamodb:us-east-1:*:table/orders"
    assert deletes["because"] == "service/app.py:4 dynamodb.DeleteItem"


def test_rows_hold_neither_credentials_nor_paths_of_the_machine(tmp_path: Path) -> None:
    repositories(tmp_path)
    for command in ("scan", "check"):
        text = run("--recursive", "--no-cache", "--format", "ndjson", cwd=tmp_path, command=command).stdout
        assert "secret" not in text
        assert str(tmp_path) not in text


def test_the_command_and_any_executor_give_the_same_rows(tmp_path: Path) -> None:
    folders = repositories(tmp_path)
    printed = run("--recursive", "--no-cache", "--format", "ndjson", cwd=tmp_path).stdout
    here = as_ndjson(scan_all(folders, no_cache=True))
    # The command has the rows of all that was not read before the others.
    assert sorted(printed.splitlines()) == sorted(here.splitlines())
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
        assert as_ndjson(scan_all(folders, pool, 2, no_cache=True)) == here


def test_shards_together_have_the_rows_of_the_whole(tmp_path: Path) -> None:
    repositories(tmp_path, 5)
    options = ("--recursive", "--no-cache", "--format", "ndjson")
    whole = run(*options, cwd=tmp_path).stdout.splitlines()
    parts = [run(*options, "--shard", f"{number}/3", cwd=tmp_path).stdout.splitlines() for number in (1, 2, 3)]
    assert sorted(whole) == sorted(line for part in parts for line in part)


def test_a_folder_without_a_project_is_a_row_and_ends_nothing(tmp_path: Path) -> None:
    first, *_ = repositories(tmp_path)
    (tmp_path / "empty").mkdir()
    found = list(scan_all([tmp_path / "empty", tmp_path / "gone", first], no_cache=True))
    assert [bool(one.get("error")) for one in found[:3]] == [True, True, False]
    assert "no project file was found in empty" in str(found[0]["error"])


def test_check_and_observe_have_the_columns_that_are_described(tmp_path: Path) -> None:
    repositories(tmp_path)
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs/day.json").write_text(json.dumps({"Records": [record("sns", "ListTopics")]}))
    done = run("--recursive", "--no-cache", "--format", "ndjson", cwd=tmp_path, command="check")
    rows = parsed(done.stdout)
    assert all(list(one) == [column.name for column in OF_CHECK] for one in rows)
    assert {one["record"] for one in rows} == {"project", "function", "problem"}
    problem = next(one for one in rows if one["record"] == "problem")
    assert (problem["repository"], problem["file"]) == ("github.com/acme/s0", "service/serverless.yml")
    assert problem["role"] == "IamRoleLambdaExecution"
    logs = ("logs", "--project", ".", "--recursive", "--no-cache", "--format", "ndjson")
    seen = run(*logs, cwd=tmp_path, command="observe")
    rows = parsed(seen.stdout)
    assert all(list(one) == [column.name for column in OF_OBSERVE] for one in rows)
    assert ("dynamodb:DeleteItem", "not-observable", True) in {
        (one["action"], one["kind"], one["needed"]) for one in rows
    }
    assert "broken/serverless.yml" in seen.stderr


def test_every_column_is_on_the_page() -> None:
    page = (Path(__file__).parents[1] / "docs" / "fleet.md").read_text()
    for column in {*COLUMNS, *OF_CHECK, *OF_OBSERVE}:
        assert f"| `{column.name}` |" in page


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://github.com/acme/orders", "github.com/acme/orders"),
        ("ssh://git@GitHub.com:22/acme/orders.git", "github.com/acme/orders"),
        ("https://user:p%40ss@git.acme.example/v1/repos/a?x=secret", "git.acme.example/v1/repos/a"),
        ("/srv/git/orders.git", ""),
        ("file:///srv/git/orders.git", ""),
        ("https://a@b@github.com/x", ""),
    ],
)  # fmt: skip
def test_a_remote_is_named_without_credentials(url: str, name: str) -> None:
    assert name_of(url) == name


def test_the_commit_is_found_as_git_finds_it(tmp_path: Path) -> None:
    git = ["git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=a@b"]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "x"], check=True)
    said = subprocess.run([*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True).stdout.strip()
    assert revision_of(tmp_path).commit == said
    subprocess.run([*git, "pack-refs", "--all"], check=True)
    subprocess.run([*git, "worktree", "add", "-q", str(tmp_path / "other")], check=True)
    importlib.import_module("scopedown.source.revision")._of.cache_clear()
    assert revision_of(tmp_path).commit == said
    assert revision_of(tmp_path / "other").commit == said


def test_a_hostile_repository_folder_says_nothing(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "HEAD").write_text("ref: refs/../../../etc/passwd\n")
    assert revision_of(tmp_path).commit == ""
    other = tmp_path / "loop"
    other.mkdir()
    (other / ".git").write_text("gitdir: .git\n")
    assert revision_of(other).commit == ""


def test_parquet_without_the_extra_is_refused_before_the_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    monkeypatch.setitem(__import__("sys").modules, "pyarrow.parquet", None)
    for command in ("scan", "check"):
        done = run("--format", "parquet", "-o", "a.parquet", cwd=tmp_path, command=command)
        assert done.returncode == 2
        assert "scopedown[lake]" in done.stderr
    assert not (tmp_path / "a.parquet").exists()


@contextmanager
def dask() -> Iterator[Executor]:
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(2, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client.get_executor()


@pytest.mark.slow
def test_dask_gives_the_same_rows(tmp_path: Path) -> None:
    folders = [*repositories(tmp_path, 20), tmp_path / "gone"]
    here = as_ndjson(scan_all(folders, no_cache=True))
    with dask() as executor:
        assert as_ndjson(scan_all(folders, executor, 2, no_cache=True)) == here


@pytest.mark.slow
@pytest.mark.parametrize("command", ["scan", "check", "observe"])
def test_parquet_holds_what_ndjson_holds(tmp_path: Path, command: str) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    repositories(tmp_path)
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs/day.json").write_text(json.dumps({"Records": [record("sns", "ListTopics")]}))
    options = ["--recursive", "--no-cache", *(("logs", "--project", ".") if command == "observe" else ())]
    text = run(*options, "--format", "ndjson", cwd=tmp_path, command=command).stdout
    run(*options, "--format", "parquet", "-o", "rows.parquet", cwd=tmp_path, command=command)
    assert parquet.read_table(tmp_path / "rows.parquet").to_pylist() == parsed(text)


@pytest.mark.slow
def test_parquet_of_the_library_is_that_of_the_command(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow.parquet")
    first, *_ = repositories(tmp_path)
    run("--recursive", "--no-cache", "--format", "parquet", "-o", "../rows.parquet", cwd=first)
    assert (tmp_path / "rows.parquet").read_bytes() == as_parquet(scan_folder(first, no_cache=True))
