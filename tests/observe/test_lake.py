"""DuckDB and Spark give the table that the standard library gives, row by row; the printed queries do, too."""

from __future__ import annotations

import csv
import gzip
import importlib.util
import io
import json
import re
import shutil
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from command_line import run
from scopedown.catalog.load import catalog
from scopedown.core.finding import ScopedownError
from scopedown.observe.events import Events
from scopedown.observe.model import USED_COLUMNS, Used
from scopedown.observe.reading import cloudtrail
from scopedown.observe.reading.files import log_files, records
from scopedown.observe.reading.records import VERSION
from scopedown.observe.reading.table import read_table
from scopedown.observe.reading.wanted import Wanted

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).parent / "golden"
QUERIED = Wanted(("arn:aws:iam::*:role/todos-dev-*", "arn:aws:iam::*:user/deploy"), ("todos-dev-*",))
DAYS = Wanted(QUERIED.principals, QUERIED.sessions, "2026-08-02T00:00:00Z", "2026-08-20T00:00:00Z")
SERVICES = ("cloudwatch", "ec2", "ecr", "cloudfront")
"""What the generator's events are of, beside the services that every query knows."""


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("observe_generate", ROOT / "bench" / "observe_generate.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Every form of a file, each with every kind of a record somewhere."""
    folder = tmp_path_factory.mktemp("logs with 'quotes'")
    made = generator()
    for number in range(0, 50 * len(made.ODD_FILES), 50):
        made.write(folder, 1, 30, 90, False, number)
        made.write(folder, 1, 60, 90, False, number + 1)
    other = tmp_path_factory.mktemp("usual")
    made.write(other, 1, 30, 90, False, 1)
    [usual] = log_files([other])
    (folder / "joined.json.gz").write_bytes(usual.read_bytes() * 2)
    (folder / "more.json.gz").write_bytes(usual.read_bytes() + gzip.compress(b" x"))
    return log_files([folder])


@pytest.fixture(scope="module")
def plain_logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plain")
    generator().generate(folder, 2000, a_file=100, days=30, plain=True)
    return folder


def same(one: Used, other: Used) -> None:
    assert list(one.cells()) == list(other.cells())
    assert one.unreadable == other.unreadable
    assert (one.files, one.odd) == (other.files, other.odd)
    assert one.odd > 5


@pytest.mark.parametrize("wanted", [QUERIED, DAYS, Wanted(("*",), ("*",)), Wanted(())])
def test_duckdb_gives_what_the_standard_library_gives(logs: list[Path], wanted: Wanted) -> None:
    pytest.importorskip("ibis")
    duckdb = pytest.importorskip("duckdb")
    assert duckdb
    from scopedown.observe.lake.readers.duckdb import read

    found = read(logs, wanted)
    same(found, cloudtrail.read(logs, wanted))
    assert len(logs) // 4 < found.by_python <= len(logs) // 2  # every second file is as CloudTrail writes it


@pytest.mark.slow
@pytest.mark.parametrize("wanted", [DAYS, Wanted(("*",), ("*",))])
def test_spark_gives_what_the_standard_library_gives(logs: list[Path], wanted: Wanted) -> None:
    pytest.importorskip("ibis")
    pytest.importorskip("pyspark")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java")
    from scopedown.observe.lake.readers.spark import read

    found = read(logs, wanted, 2)
    same(found, cloudtrail.read(logs, wanted))
    assert len(logs) // 4 < found.by_python <= len(logs) // 2


def test_duckdb_runs_the_query_that_is_printed_for_it(plain_logs: Path) -> None:
    pytest.importorskip("ibis")
    duckdb = pytest.importorskip("duckdb")
    from scopedown.observe.lake.files import taken
    from scopedown.observe.lake.sql import query

    text = query("duckdb", DAYS, catalog(), SERVICES, f"{plain_logs}/AWSLogs/*/*/CloudTrail/**/*.json.gz")
    found, _ = taken(duckdb.connect().sql(text).fetchall())
    assert list(found.cells()) == list(cloudtrail.read(log_files([plain_logs]), DAYS).cells())


def as_of_table(record: dict[str, Any]) -> dict[str, Any]:
    """A record as a row of the table that AWS documents: small letters, requestparameters as text."""
    identity = record["userIdentity"]
    issuer = identity.get("sessionContext", {}).get("sessionIssuer", {})
    given = record.get("requestParameters")
    return {
        "useridentity": {
            "type": identity.get("type"), "arn": identity.get("arn"), "accountid": identity.get("accountId"),
            "invokedby": identity.get("invokedBy"), "sessioncontext": {"sessionissuer": {"arn": issuer.get("arn")}},
        },
        "requestparameters": None if given is None else json.dumps(given, separators=(",", ":"), ensure_ascii=False),
        "resources": [{"arn": one["ARN"]} for one in record["resources"]] if "resources" in record else None,
        "timestamp": record["eventTime"][:10].replace("-", "/"),
        **{
            name.lower(): record.get(name) for name in (
                "eventTime", "eventCategory", "eventSource", "eventName", "eventType", "awsRegion",
                "recipientAccountId", "sharedEventID", "errorCode", "errorMessage",
            )
        },
    }  # fmt: skip


@pytest.mark.slow
def test_spark_runs_the_query_that_is_printed_for_it(plain_logs: Path, tmp_path: Path) -> None:
    pytest.importorskip("ibis")
    pytest.importorskip("pyspark")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java")
    from scopedown.observe.lake.files import taken
    from scopedown.observe.lake.readers.spark import _session
    from scopedown.observe.lake.sql import query

    rows = [as_of_table(one) for path in log_files([plain_logs]) for some in records(path) for one in some]
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    spark = _session(2)
    spark.read.json(str(tmp_path / "rows.jsonl")).createOrReplaceTempView("trail")
    found, _ = taken(spark.sql(query("spark", DAYS, catalog(), SERVICES, "trail")).collect())
    assert list(found.cells()) == list(cloudtrail.read(log_files([plain_logs]), DAYS).cells())


@pytest.mark.parametrize("engine", ["athena", "spark", "duckdb"])
def test_the_printed_query_is_sql_and_short_enough(engine: str) -> None:
    """Athena takes 262,144 bytes: https://docs.aws.amazon.com/athena/latest/ug/service-limits.html"""
    pytest.importorskip("ibis")
    sqlglot = pytest.importorskip("sqlglot")
    from scopedown.observe.lake.sql import query

    text = query(engine, DAYS, catalog())
    sqlglot.parse_one(text, dialect="trino" if engine == "athena" else engine)
    assert len(text.encode()) < 262_144


def test_the_query_for_athena_is_the_golden_one() -> None:
    """It is executed nowhere: no account is at hand."""
    pytest.importorskip("ibis")
    from scopedown.observe.lake.sql import query

    text = query("athena", DAYS, catalog())
    # The rows of hints change with the catalog: the golden text is without them.
    kept = re.sub(r"(?s)\(VALUES\n.*?\n  \) AS known", "(VALUES …) AS known", text)
    golden = GOLDEN / "used-athena.sql"
    assert kept == golden.read_text(encoding="utf-8"), f"if it is meant, write the new text to {golden}"


def test_the_text_for_trino_is_the_one_for_athena() -> None:
    pytest.importorskip("ibis")
    from scopedown.observe.lake.sql import query

    assert query("trino", QUERIED, catalog()) == query("athena", QUERIED, catalog())


def test_no_event_of_the_catalog_ends_in_what_is_taken_for_a_version() -> None:
    names = [one.name for service in catalog().services() for one in catalog().operations_of(service.name)]
    assert not [name for name in names if re.search(VERSION, name)]


def test_an_event_with_a_version_has_the_hints_of_the_event_without() -> None:
    events = Events(catalog())
    assert events.hints("lambda", "UpdateFunctionCode20150331v2") == events.hints("lambda", "UpdateFunctionCode")


@pytest.mark.parametrize(
    ("first", "last"),
    [("2026-08-01 10:00:00", "2026-08-01 10:00:00 UTC"), ("2026-08-01T10:00:00Z", "2026-08-01 10:00:00.000")],
)
def test_a_table_is_read_as_engines_write_it(tmp_path: Path, first: str, last: str) -> None:
    """Athena quotes every cell, Spark writes "" for an empty text, and times come with a space."""
    cells = ["1", "eu-west-1", "arn:aws:iam::1:role/x", "AssumedRole", "", "", "s3", "GetObject", "Data"]
    cells += ["arn:aws:s3:::b/*", "key=a\nb%26", "", "", first, last, "3", "0"]
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([[name.upper() for name in USED_COLUMNS], cells])
    (tmp_path / "used.csv").write_text(text.getvalue(), encoding="utf-8-sig")
    [(did, times)] = read_table(tmp_path / "used.csv").rows.items()
    assert (did.hint, times.first, times.last, times.count) == (
        "key=a\nb%26", "2026-08-01T10:00:00Z", "2026-08-01T10:00:00Z", 3,
    )  # fmt: skip


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_what_duckdb_writes_is_read_back(tmp_path: Path, plain_logs: Path, ending: str) -> None:
    pytest.importorskip("ibis")
    duckdb = pytest.importorskip("duckdb")
    pytest.importorskip("pyarrow")
    from scopedown.observe.lake.sql import query

    text = query("duckdb", DAYS, catalog(), SERVICES, f"{plain_logs}/AWSLogs/*/*/CloudTrail/**/*.json.gz")
    duckdb.connect().execute(f"COPY ({text}) TO '{tmp_path}/used.{ending}'")
    expected = list(cloudtrail.read(log_files([plain_logs]), DAYS).cells())
    assert list(read_table(tmp_path / f"used.{ending}").cells()) == expected


def test_the_command_prints_the_query_and_reads_its_result(tmp_path: Path, plain_logs: Path) -> None:
    pytest.importorskip("ibis")
    duckdb = pytest.importorskip("duckdb")
    project = ["--project", str(ROOT / "examples" / "todos")]
    files = f"{plain_logs}/AWSLogs/*/*/CloudTrail/**/*.json.gz"
    printed = run("observe", "--sql", "duckdb", "--table", files, *project, cwd=tmp_path, command="")
    assert printed.returncode == 0, printed.stderr
    duckdb.connect().execute(f"COPY ({printed.stdout}) TO '{tmp_path}/used.csv'")
    read = run("observe", "--used", str(tmp_path / "used.csv"), *project, cwd=tmp_path, command="")
    assert read.returncode == 0, read.stderr


@pytest.mark.parametrize("engine", ["athena", "trino", "spark", "duckdb"])
@pytest.mark.parametrize(
    "table", ["x; DROP TABLE y", "x\n; DROP TABLE y", "x WHERE 1 = 1 --", "a' || b", '"x" y', "`", ""]
)
def test_a_table_is_a_name_in_the_query_and_nothing_else(engine: str, table: str) -> None:
    pytest.importorskip("ibis")
    pytest.importorskip("duckdb")
    from scopedown.observe.lake.sql import query

    if engine != "duckdb" and table:
        with pytest.raises(ScopedownError, match="does not name a table"):
            query(engine, Wanted(), catalog(), (), table)
    else:
        text = query(engine, Wanted(), catalog(), (), table)
        assert f"'{table.replace(chr(39), chr(39) * 2)}'" in text if table else "logs" in text


@pytest.mark.parametrize(
    ("engine", "table"),
    [("athena", "logs.trail_1"), ("trino", 'c.s."a;""b"'), ("spark", "`a;b`.t"), ("spark", "delta.`/x/y`")],
)
def test_a_table_may_have_a_database_and_quotation_marks(engine: str, table: str) -> None:
    pytest.importorskip("ibis")
    pytest.importorskip("duckdb")
    from scopedown.observe.lake.sql import query

    assert f"FROM {table}\n" in query(engine, Wanted(), catalog(), (), table)


def test_without_the_extra_the_command_says_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ibis", None)
    for name in [name for name in sys.modules if name.startswith("scopedown.observe.lake")]:
        monkeypatch.delitem(sys.modules, name)
    project = str(ROOT / "examples" / "todos")
    said = run("observe", "--sql", "athena", "--project", project, cwd=tmp_path, command="")
    assert said.returncode == 2
    assert 'pip install "scopedown[lake]"' in said.stderr
