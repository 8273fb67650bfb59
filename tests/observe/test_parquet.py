"""Logs in Parquet give the table that the same records give as JSON: CloudTrail's columns, and Security Lake's."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from test_lake import DAYS, generator

from scopedown.observe.model import Used
from scopedown.observe.reading import cloudtrail
from scopedown.observe.reading.files import log_files, records
from scopedown.observe.reading.records import fields, text
from scopedown.observe.reading.wanted import Wanted

pyarrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

EVERYBODY = Wanted(("*",), ("*",))
Row = Callable[[Mapping[str, Any]], dict[str, Any] | None]
TEXT = pyarrow.string()
ISSUER = pyarrow.struct([("type", TEXT), ("arn", TEXT), ("accountId", TEXT)])
IDENTITY = pyarrow.struct([
    ("type", TEXT), ("principalId", TEXT), ("arn", TEXT), ("accountId", TEXT), ("invokedBy", TEXT),
    ("sessionContext", pyarrow.struct([("sessionIssuer", ISSUER)])),
])  # fmt: skip
LISTED = pyarrow.list_(pyarrow.struct([("ARN", TEXT), ("accountId", TEXT), ("type", TEXT)]))
NAMES = (
    "eventTime", "eventSource", "eventName", "awsRegion", "errorCode", "errorMessage", "eventType", "eventCategory",
    "recipientAccountId", "sharedEventID", "requestParameters",
)  # fmt: skip
TABLE = pyarrow.schema(
    [*((name.lower(), TEXT) for name in NAMES), ("useridentity", IDENTITY), ("resources", LISTED), ("readonly", TEXT)]
)
LAKE = pyarrow.schema([
    ("eventTime", pyarrow.timestamp("ms", tz="UTC")), *((name, TEXT) for name in NAMES[1:-1]),
    ("userIdentity", IDENTITY), ("resources", LISTED), ("requestParameters", pyarrow.map_(TEXT, TEXT)),
])  # fmt: skip
ACCOUNT = pyarrow.struct([("uid", TEXT)])
OCSF = pyarrow.schema([
    ("class_uid", pyarrow.int32()), ("time", pyarrow.int64()), ("time_dt", pyarrow.timestamp("us")),
    ("metadata", pyarrow.struct([
        ("event_code", TEXT), ("product", pyarrow.struct([("feature", pyarrow.struct([("name", TEXT)]))]))])),
    ("api", pyarrow.struct([
        ("operation", TEXT), ("service", pyarrow.struct([("name", TEXT)])),
        ("request", pyarrow.struct([("uid", TEXT), ("data", TEXT)])),
        ("response", pyarrow.struct([("error", TEXT), ("message", TEXT)]))])),
    ("cloud", pyarrow.struct([("region", TEXT), ("provider", TEXT)])),
    ("actor", pyarrow.struct([
        ("user", pyarrow.struct([("type", TEXT), ("uid", TEXT), ("account", ACCOUNT)])),
        ("session", pyarrow.struct([("issuer", TEXT)])), ("invoked_by", TEXT)])),
    ("resources", pyarrow.list_(pyarrow.struct([("uid", TEXT), ("type", TEXT)]))),
    ("unmapped", pyarrow.map_(TEXT, TEXT)),
])  # fmt: skip


def whole(value: Any) -> str | None:
    """A member's text without half characters, which Parquet cannot hold; None where it is not there."""
    return None if value is None else text(value).encode("utf-8", "replace").decode()


def identity(record: Mapping[str, Any]) -> dict[str, Any]:
    own = fields(record.get("userIdentity"))
    issuer = fields(fields(own.get("sessionContext")).get("sessionIssuer"))
    names = ("type", "principalId", "arn", "accountId", "invokedBy")
    return {name: whole(own.get(name)) for name in names} | {
        "sessionContext": {"sessionIssuer": {"arn": whole(issuer.get("arn"))}}
    }


def listed(record: Mapping[str, Any], name: str) -> list[dict[str, Any]] | None:
    given = record.get("resources")
    if not isinstance(given, list):
        return None
    return [{name: whole(fields(one).get("ARN") or fields(one).get("arn"))} for one in given]


def as_table(record: Mapping[str, Any]) -> dict[str, Any]:
    """A row as a CREATE TABLE AS of the documented table writes it: small letters, parameters as text."""
    return {name.lower(): whole(record.get(name)) for name in NAMES} | {
        "useridentity": identity(record), "resources": listed(record, "ARN"),
    }  # fmt: skip


def moment(record: Mapping[str, Any]) -> datetime | None:
    try:
        found = datetime.strptime(text(record.get("eventTime")), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        return found if found.year > 1900 else None
    except ValueError:
        return None


def parameters(record: Mapping[str, Any]) -> list[tuple[str, str | None]]:
    return [(str(whole(name)), whole(value)) for name, value in fields(record.get("requestParameters")).items()]


def as_lake(record: Mapping[str, Any]) -> dict[str, Any]:
    """A row of CloudTrail Lake: times are times, and parameters are a map."""
    return {name: whole(record.get(name)) for name in NAMES[1:-1]} | {
        "eventTime": moment(record), "userIdentity": identity(record), "resources": listed(record, "ARN"),
        "requestParameters": parameters(record),
    }  # fmt: skip


def as_ocsf(record: Mapping[str, Any]) -> dict[str, Any] | None:
    """A row of Security Lake, by OCSF's mapping of CloudTrail. It has no row for a record without a time."""
    time, own = moment(record), identity(record)
    if time is None:
        return None
    given = record.get("requestParameters")
    return {
        "class_uid": 6003, "time": int(time.timestamp() * 1000), "time_dt": time.replace(tzinfo=None),
        "metadata": {
            "event_code": whole(record.get("eventType")),
            "product": {"feature": {"name": whole(record.get("eventCategory")) or "Management, Data, and Insights"}},
        },
        "api": {
            "operation": whole(record.get("eventName")), "service": {"name": whole(record.get("eventSource"))},
            "request": {"data": None if given is None else whole(given)},
            "response": {"error": whole(record.get("errorCode")), "message": whole(record.get("errorMessage"))},
        },
        "cloud": {"region": whole(record.get("awsRegion")), "provider": "AWS"},
        "actor": {
            "user": {"type": own["type"], "uid": own["arn"], "account": {"uid": own["accountId"]}},
            "session": {"issuer": own["sessionContext"]["sessionIssuer"]["arn"]}, "invoked_by": own["invokedBy"],
        },
        "resources": listed(record, "uid"),
        "unmapped": [
            (name, whole(record[name])) for name in ("recipientAccountId", "sharedEventID") if name in record
        ] + ([("managementEvent", "true")] if record.get("eventCategory") != "Data" else []),
    }  # fmt: skip


FORMS: dict[str, tuple[Any, Row]] = {"table": (TABLE, as_table), "lake": (LAKE, as_lake), "ocsf": (OCSF, as_ocsf)}


def written(folder: Path, rows: Iterable[dict[str, Any] | None], schema: Any, files: int = 3) -> Iterator[Path]:
    some = [row for row in rows if row is not None]
    for number in range(files):
        path = folder / f"part-{number}.gz.parquet"
        parquet.write_table(pyarrow.Table.from_pylist(some[number::files], schema), path, compression="gzip")
        yield path


@pytest.fixture(scope="module")
def trail(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """Records of every form and with every hostile name, but none that Parquet could not hold."""
    folder = tmp_path_factory.mktemp("json")
    made = generator()
    for number in range(1, 12, 2):
        made.write(folder, 1, 400, 90, False, number)
    return [
        json.loads(json.dumps(one, ensure_ascii=False).encode("utf-8", "replace"))
        for path in log_files([folder]) for some in records(path) for one in some if isinstance(one, dict)
    ]  # fmt: skip


def same(trail: list[dict[str, Any]], folder: Path, wanted: Wanted, form: str, read: Callable[..., Used]) -> Used:
    (folder / "log.json").write_text(json.dumps({"Records": trail}), encoding="utf-8")
    schema, row = FORMS[form]
    paths = [*written(folder, map(row, trail), schema)]
    found = read(paths, wanted)
    expected = cloudtrail.read([folder / "log.json"], wanted)
    assert list(found.cells()) == list(expected.cells())
    assert len(found.rows) > 50
    assert (found.files, found.unreadable) == (len(paths), {})
    return found


@pytest.mark.parametrize("wanted", [DAYS, EVERYBODY])
@pytest.mark.parametrize("form", FORMS)
def test_duckdb_reads_from_parquet_what_json_says(
    trail: list[dict[str, Any]], tmp_path: Path, form: str, wanted: Wanted
) -> None:
    pytest.importorskip("ibis")
    pytest.importorskip("duckdb")
    from scopedown.observe.lake.readers.duckdb import read

    same(trail, tmp_path, wanted, form, read)


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_spark_reads_from_parquet_what_json_says(trail: list[dict[str, Any]], tmp_path: Path, form: str) -> None:
    pytest.importorskip("ibis")
    pytest.importorskip("pyspark")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java")
    from scopedown.observe.lake.readers.spark import read

    same(trail, tmp_path, EVERYBODY, form, read)


def test_a_record_without_a_category_is_a_data_event_in_ocsf_by_its_kind() -> None:
    """JSON alone has no other hint, so that it counts as a management event."""
    row = as_ocsf({"eventTime": "2026-08-01T10:00:00Z", "managementEvent": False})
    assert row and row["metadata"]["product"]["feature"]["name"] == "Management, Data, and Insights"


@pytest.mark.parametrize("content", [b"PAR1", b"PAR1" + b"\x00" * 100 + b"PAR1", None])
def test_what_is_no_log_in_parquet_is_named(tmp_path: Path, content: bytes | None) -> None:
    pytest.importorskip("ibis")
    pytest.importorskip("duckdb")
    from scopedown.observe.lake.readers.duckdb import read

    path = tmp_path / "some.parquet"
    if content is None:
        parquet.write_table(pyarrow.table({"eventname": ["x"], "time": [1]}), path)
    else:
        path.write_bytes(content)
    found = read([path], EVERYBODY)
    assert found.unreadable == {str(path): "it is damaged, or its columns are neither CloudTrail's nor OCSF's"}


def test_a_damaged_file_leaves_the_others_whole(trail: list[dict[str, Any]], tmp_path: Path) -> None:
    pytest.importorskip("ibis")
    pytest.importorskip("duckdb")
    from scopedown.observe.lake.readers.duckdb import read

    paths = [*written(tmp_path, map(as_table, trail), TABLE)]
    data = bytearray(paths[1].read_bytes())
    data[100:2000] = b"\xff" * 1900
    paths[1].write_bytes(bytes(data))
    found = read(paths, EVERYBODY)
    assert set(found.unreadable) == {str(paths[1])}
    paths.pop(1)
    assert list(found.cells()) == list(read(paths, EVERYBODY).cells())


def test_columns_that_a_file_lacks_are_empty(tmp_path: Path) -> None:
    pytest.importorskip("ibis")
    pytest.importorskip("duckdb")
    from scopedown.observe.lake.readers.duckdb import read

    identity = pyarrow.struct([("arn", TEXT)])
    schema = pyarrow.schema(
        [("eventtime", TEXT), ("eventsource", TEXT), ("eventname", TEXT), ("useridentity", identity)]
    )
    row = {"eventtime": "2026-08-01T10:00:00Z", "eventsource": "s3.amazonaws.com", "eventname": "ListBuckets"}
    [path] = written(tmp_path, [row | {"useridentity": {"arn": "arn:aws:iam::1:user/a"}}], schema, 1)
    [did] = read([path], EVERYBODY).rows
    assert (did.principal, did.event, did.resource) == ("arn:aws:iam::1:user/a", "ListBuckets", "")


def test_the_standard_library_says_what_reads_parquet(tmp_path: Path) -> None:
    path = tmp_path / "log.parquet"
    path.write_bytes(b"PAR1" + b"\x00" * 50)
    found = cloudtrail.read(log_files([tmp_path]), EVERYBODY)
    assert found.unreadable == {str(path): "it is Parquet: pass --engine duckdb, which needs the extra lake"}
