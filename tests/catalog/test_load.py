"""Opening the catalog: fresh, stale, missing, foreign; from several threads; small and quick."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from scopedown.catalog import compile as compiling
from scopedown.catalog import freshness, load
from scopedown.catalog.compile import compile_catalog
from scopedown.catalog.freshness import is_fresh, refresh
from scopedown.catalog.load import CatalogError, SqliteCatalog
from scopedown.catalog.tables import FOLDER
from scopedown.core.finding import ScopedownError


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with small tables, as in a source checkout."""
    tables, overlay = tmp_path / "tables", tmp_path / "overlay"
    tables.mkdir()
    overlay.mkdir()
    (tables / "actions.tsv").write_text(
        "action\taccess_level\tresource_types\tcondition_keys\tdependent_actions\tpermission_only\n"
        "sqs:SendMessage\tWrite\tqueue*\n"
    )
    (tables / "services.tsv").write_text(
        "service\tprefix\tservice_id\tv2_class\tv3_package\tsigning_name\nsqs\tsqs\tSQS\tSQS\tx\tsqs\n"
    )
    (tables / "operations.tsv").write_text(
        "service\toperation\tmethod\thttp\tauth\tpaginated\tmembers\n"
        "sqs\tSendMessage\tsend_message\tPOST /\t\t\tQueueUrl* MessageBody*\n"
    )
    return tmp_path


def test_the_compiled_file_is_small(facts: SqliteCatalog) -> None:
    facts.service("s3")
    assert facts.path.stat().st_size <= 8 * 1024 * 1024


def test_the_layouts_of_compiler_and_loader_are_the_same() -> None:
    assert load.FORMAT == compiling.FORMAT


def test_a_look_up_in_small_tables(checkout: Path) -> None:
    catalog = SqliteCatalog(checkout / "catalog.sqlite", checkout)
    operation = catalog.operation("sqs", "SendMessage")
    assert operation is not None
    assert [a.action for a in operation.actions] == ["sqs:SendMessage"]
    assert operation.required == ("QueueUrl", "MessageBody")
    action = catalog.action("SQS:sendmessage")
    assert action is not None and action.name == "sqs:SendMessage" and action.required_types == ("queue",)


def test_a_changed_table_compiles_anew(checkout: Path) -> None:
    path = checkout / "catalog.sqlite"
    assert refresh(path, checkout)
    assert not refresh(path, checkout)
    table = checkout / "tables" / "actions.tsv"
    table.write_text(table.read_text().replace("Write", "Extra"))
    os.utime(table, (time.time() + 5, time.time() + 5))
    assert not is_fresh(path, checkout)
    found = SqliteCatalog(path, checkout).action("sqs:SendMessage")
    assert found is not None and found.access_level == "Extra"


def test_a_touched_table_is_hashed_once_and_not_compiled(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = checkout / "catalog.sqlite"
    compile_catalog(path, checkout)
    past = time.time() - 60
    os.utime(path, (past, past))
    hashed = []
    monkeypatch.setattr(freshness, "tables_hash", lambda folder: hashed.append(1) or compiling.tables_hash(folder))
    assert is_fresh(path, checkout) and is_fresh(path, checkout)
    assert hashed == [1]


def test_a_damaged_file_in_a_checkout_is_compiled_anew(checkout: Path) -> None:
    path = checkout / "catalog.sqlite"
    path.write_bytes(b"not a database, " * 300)
    assert SqliteCatalog(path, checkout).action("sqs:SendMessage") is not None


def test_a_wheel_without_the_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="missing"):
        SqliteCatalog(tmp_path / "catalog.sqlite", tmp_path).service("s3")


def test_a_wheel_with_another_version_s_file_is_an_error(
    checkout: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    installed = tmp_path_factory.mktemp("installed")
    digest = compile_catalog(installed / "catalog.sqlite", checkout)
    (installed / "catalog.sha256").write_text(digest + "\n")
    assert SqliteCatalog(installed / "catalog.sqlite", installed).service("sqs") is not None
    (installed / "catalog.sha256").write_text("0" * 64)
    with pytest.raises(CatalogError, match="another version"):
        SqliteCatalog(installed / "catalog.sqlite", installed).service("sqs")


def test_a_wheel_with_a_damaged_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "catalog.sqlite").write_bytes(b"junk" * 1000)
    with pytest.raises(CatalogError, match="damaged"):
        SqliteCatalog(tmp_path / "catalog.sqlite").service("s3")


def test_a_row_that_names_an_unknown_action_does_not_compile(checkout: Path) -> None:
    (checkout / "overlay" / "operations.tsv").write_text(
        "service\toperation\thow\taction\twhen\tsource\nsqs\tSendMessage\tis\tsqs:" + "Send\t\tx\n"
    )
    with pytest.raises(ValueError, match="is not an IAM action"):
        compile_catalog(checkout / "catalog.sqlite", checkout)
    assert list(checkout.glob(".catalog-*")) == []
    with pytest.raises(ScopedownError, match="wrong row"):
        SqliteCatalog(checkout / "catalog.sqlite", checkout).service("sqs")


def test_the_file_is_opened_read_only(facts: SqliteCatalog) -> None:
    facts.service("s3")
    with pytest.raises(CatalogError, match="readonly"):
        facts.rows("DELETE FROM action")


def test_a_file_that_was_cut_short_is_an_error_at_the_look_up(facts: SqliteCatalog, tmp_path: Path) -> None:
    whole = facts.path.read_bytes()
    (tmp_path / "catalog.sqlite").write_bytes(whole[: len(whole) // 3])
    short = SqliteCatalog(tmp_path / "catalog.sqlite")
    with pytest.raises(CatalogError, match="damaged"):
        for name in ("s3", "dynamodb", "lambda"):
            short.operations_of(name)


def test_threads_ask_at_the_same_time(facts: SqliteCatalog) -> None:
    fresh = SqliteCatalog(facts.path, None)
    names = list(facts.action_names())[::200]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(fresh.action, names))
    assert [action.name for action in found if action] == names


def test_importing_the_loader_reads_no_data(tmp_path: Path) -> None:
    copy = tmp_path / "scopedown"
    shutil.copytree(FOLDER.parent, copy, ignore=shutil.ignore_patterns("tables", "overlay", "*.sqlite", "__pycache__"))
    code = "import scopedown.catalog.load as load; load.catalog()"
    subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ, "PYTHONPATH": str(tmp_path)})
