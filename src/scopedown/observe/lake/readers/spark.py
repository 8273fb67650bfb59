"""CloudTrail's files, and Parquet of them, by Spark: a session of the user's, or a local one.

PySpark is the user's own installation: the extra does not bring it. Files are read whole, one text each, and parsed by
``from_json``; those that Spark cannot parse are left to the reader of the standard library.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import ibis

from scopedown.catalog.load import catalog
from scopedown.core.finding import ScopedownError
from scopedown.observe.events import Events
from scopedown.observe.lake import expression, parquet
from scopedown.observe.lake.files import COLUMNS, longest_line, taken
from scopedown.observe.model import Used
from scopedown.observe.reading import cloudtrail
from scopedown.observe.reading.wanted import Wanted

_STRUCTURE = """
struct<Records: array<struct<eventTime: string, eventCategory: string, eventSource: string, eventName: string,
  eventType: string, awsRegion: string, recipientAccountId: string, sharedEventID: string, errorCode: string,
  errorMessage: string, userIdentity: struct<type: string, arn: string, accountId: string, invokedBy: string,
    sessionContext: struct<sessionIssuer: struct<arn: string>>>,
  resources: array<map<string, string>>, requestParameters: map<string, string>>>, damaged: string>
"""
_COLUMNS = f"""{COLUMNS}
  transform(one.resources, some -> coalesce(nullif(some['ARN'], ''), some['arn'])) AS arns,
  one.requestParameters AS requestparameters
"""
_SETTINGS = {
    # A nested object as its JSON without spaces and escapes, as the other readers have it.
    "spark.sql.json.enableExactStringParsing": "false",
    # Spark leaves out files whose compressed data are damaged: what it did not deliver is read by this process.
    "spark.sql.files.ignoreCorruptFiles": "true",
    "spark.sql.ansi.enabled": "false",
    "spark.sql.mapKeyDedupPolicy": "LAST_WIN",
}
_OF_PARQUET = _SETTINGS | {"spark.sql.files.ignoreCorruptFiles": "false", "spark.sql.session.timeZone": "UTC"}
"""A damaged Parquet file has to be named; times are those of CloudTrail, in UTC."""


_UNSAFE = re.compile(r"[*?\[\]{}\\,]")
"""What Spark does not take as it is in a path."""
_DAMAGED = (
    "text.damaged IS NOT NULL OR text.Records IS NULL OR "
    r"value RLIKE '\\x{FFFD}|\\\\u[dD][89a-fA-F]|\\n\\s*\\S|\\}\\s*\\{|[^\\}\\s]\\s*$'"
)
"""A text that Spark reads otherwise than the standard library: no JSON, no UTF-8, half a character, several lines, or
several documents, of which Spark takes the first."""


def read(
    files: Sequence[Path], wanted: Wanted, jobs: int = 1, tell: Callable[[int], None] = lambda files: None
) -> Used:
    """As :func:`scopedown.observe.reading.cloudtrail.read`, by Spark; a local session uses ``jobs`` processors.

    The files have to be reachable for the session's workers under the same paths.
    """
    used = Used()
    tables: dict[parquet.Schema, list[Path]] = {}
    logs: list[Path] = []
    for path in files:
        if not _is_parquet(path):
            logs.append(path)
        elif (schema := parquet.schema_of(path)) is None or _UNSAFE.search(os.path.realpath(path)):
            used.add(parquet.unreadable(path))
        else:
            tables.setdefault(schema, []).append(path)
    for schema, some in tables.items():
        used.add(_read_parquet(_session(jobs), schema, some, wanted))
    usual = {os.path.realpath(path): path for path in logs if longest_line(path)}
    names = [name for name in usual if not _UNSAFE.search(name)]
    found, delivered = _read(_session(jobs), names, wanted) if names else (Used(), set())
    used.add(found)
    rest = [path for path in logs if os.path.realpath(path) not in delivered]
    if rest:
        used.add(cloudtrail.read(rest, wanted))
        used.by_python += len(rest)
    tell(len(files))
    return used


class Dialect:
    """Spark's, for :meth:`scopedown.observe.lake.parquet.Schema.query`."""

    text = "STRING"

    def time(self, value: str, kind: str) -> str:
        """See :class:`scopedown.observe.lake.parquet.Dialect`."""
        if kind == "text":
            return value
        moment = f"timestamp_millis({value})" if kind == "milliseconds" else f"CAST({value} AS TIMESTAMP)"
        return f"date_format({moment}, \"yyyy-MM-dd'T'HH:mm:ss'Z'\")"

    def parameters(self, value: str, kind: str) -> str:
        """See :class:`scopedown.observe.lake.parquet.Dialect`."""
        if kind == "map" and value:
            return f"CAST({value} AS MAP<STRING, STRING>)"
        return f"from_json({value or 'CAST(NULL AS STRING)'}, 'map<string, string>')"

    def each(self, values: str, member: str) -> str:
        """See :class:`scopedown.observe.lake.parquet.Dialect`."""
        return f"transform({values}, x -> x.{member})" if values else "CAST(NULL AS ARRAY<STRING>)"


def _is_parquet(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(parquet.MAGIC)) == parquet.MAGIC
    except OSError:
        return False


def _read_parquet(spark: Any, schema: parquet.Schema, files: Sequence[Path], wanted: Wanted) -> Used:
    """The table of Parquet files of one schema: those of which one cannot be read are read again in halves."""
    try:
        with _settings(spark, _OF_PARQUET):
            spark.read.parquet(*map(str, files)).createOrReplaceTempView("scopedown_parquet")
            spark.sql(schema.query("scopedown_parquet", Dialect())).createOrReplaceTempView("records")
            used = _of_records(spark, wanted)
            used.files = len(files)
            return used
    except Exception as error:  # whatever Spark says of a damaged file, which is of many classes
        if type(error).__module__.partition(".")[0] not in ("pyspark", "py4j"):
            raise
        if len(files) == 1:
            return parquet.unreadable(files[0])
    middle = len(files) // 2
    used = _read_parquet(spark, schema, files[:middle], wanted)
    used.add(_read_parquet(spark, schema, files[middle:], wanted))
    return used


def _read(spark: Any, names: Sequence[str], wanted: Wanted) -> tuple[Used, set[str]]:
    """The table, and the names of the files that are in it."""
    with _settings(spark, _SETTINGS):
        texts = spark.read.option("wholetext", True).text(list(names)).select("value", "_metadata.file_path")
        texts.createOrReplaceTempView("scopedown_texts")
        parsed = spark.sql(
            f"SELECT file_path, IF({_DAMAGED}, NULL, text.Records) AS records FROM (SELECT file_path, value, "
            f"from_json(value, '{_STRUCTURE}', map('columnNameOfCorruptRecord', 'damaged')) AS text "
            "FROM scopedown_texts)"
        ).persist()
        try:
            return _of_parsed(spark, parsed, wanted)
        finally:
            parsed.unpersist()


@contextmanager
def _settings(spark: Any, settings: Mapping[str, str]) -> Iterator[None]:
    """The session's settings as the queries need them; afterwards as they were."""
    before = {key: spark.conf.get(key, None) for key in settings}
    for key, value in settings.items():
        spark.conf.set(key, value)
    try:
        yield
    finally:
        for key, value in before.items():
            if value is None:
                spark.conf.unset(key)
            else:
                spark.conf.set(key, value)


def _of_parsed(spark: Any, parsed: Any, wanted: Wanted) -> tuple[Used, set[str]]:
    parsed.createOrReplaceTempView("scopedown_parsed")
    names = spark.sql("SELECT file_path FROM scopedown_parsed WHERE records IS NOT NULL").collect()
    spark.sql(f"SELECT {_COLUMNS} FROM (SELECT explode(records) AS one FROM scopedown_parsed)").createOrReplaceTempView(
        "records"
    )
    used = _of_records(spark, wanted)
    found = {unquote(urlsplit(name).path) for (name,) in names}
    used.files = len(found)
    return used, found


def _of_records(spark: Any, wanted: Wanted) -> Used:
    """The table of the view ``records``."""
    records, hints = ibis.table(expression.RECORDS, name="records"), ibis.table(expression.HINTS, name="hints")
    pairs = sorted(map(tuple, _run(spark, expression.events(records, wanted))))
    rows = expression.hint_rows(pairs, Events(catalog()).hints)
    spark.createDataFrame(rows, "source string, event string, names array<string>").createOrReplaceTempView("hints")
    used, _ = taken(_run(spark, expression.used(records, hints, wanted)))
    return used


def _run(spark: Any, what: Any) -> list[Any]:
    return list(spark.sql(str(ibis.to_sql(what, dialect="pyspark"))).collect())


def _session(jobs: int) -> Any:
    """The running session, or a local one."""
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise ScopedownError("PySpark is not installed", remedy="install it: pip install pyspark") from None
    running = SparkSession.getActiveSession()
    if running is not None:
        return running
    return (
        SparkSession.builder.master(f"local[{jobs}]").appName("scopedown")
        .config("spark.ui.enabled", "false").config("spark.sql.shuffle.partitions", str(jobs * 2)).getOrCreate()
    )  # fmt: skip
