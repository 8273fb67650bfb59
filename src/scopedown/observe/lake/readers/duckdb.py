"""CloudTrail's files, and Parquet of them, by DuckDB in this process.

``read_json`` takes 14 to 27 times as long for one JSON object a file as for one a line (bench/README.md). So a file is
read as one text, by ``read_csv`` with a delimiter that JSON cannot hold, and parsed by ``from_json``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

import duckdb
import ibis

from scopedown.catalog.load import catalog
from scopedown.observe.events import Events
from scopedown.observe.lake import expression, parquet
from scopedown.observe.lake.files import COLUMNS, is_gzip, longest_line, taken
from scopedown.observe.model import Used
from scopedown.observe.reading import cloudtrail
from scopedown.observe.reading.cloudtrail import read_bundles
from scopedown.observe.reading.wanted import Wanted

_BUNDLE = 64
"""Files of one query, at most: those of a query that fails are read again in halves."""
_MEMORY = "512MB"
_STRUCTURE = (
    '{"Records":[{"eventTime":"VARCHAR","eventCategory":"VARCHAR","eventSource":"VARCHAR","eventName":"VARCHAR",'
    '"eventType":"VARCHAR","awsRegion":"VARCHAR","recipientAccountId":"VARCHAR","sharedEventID":"VARCHAR",'
    '"errorCode":"VARCHAR","errorMessage":"VARCHAR","userIdentity":{"type":"VARCHAR","arn":"VARCHAR",'
    '"accountId":"VARCHAR","invokedBy":"VARCHAR","sessionContext":{"sessionIssuer":{"arn":"VARCHAR"}}},'
    '"resources":["MAP(VARCHAR, VARCHAR)"],"requestParameters":"JSON"}]}'
)
PARAMETERS = """from_json({}, '"MAP(VARCHAR, VARCHAR)"')"""
_COLUMNS = f"""{COLUMNS}
    list_transform(one.resources, lambda x: coalesce(nullif(x['ARN'], ''), x['arn'])) AS arns,
    {PARAMETERS.format("one.requestParameters")} AS requestparameters
"""
Form = str | parquet.Schema
"""How files are read alike: the compression of CloudTrail's own, or the schema of Parquet."""
_DATA_ERRORS = (
    duckdb.InvalidInputException,
    duckdb.IOException,
    duckdb.ConversionException,
    duckdb.OutOfMemoryException,
)
"""What a file of CloudTrail may cause; any other error is ours. Parquet that is damaged may cause any."""


def records_of_files(files: Sequence[str], compression: str, longest: int) -> str:
    """The query of the records in CloudTrail's files. ``longest`` is the most bytes of a line."""
    listed = ", ".join(quoted(file) for file in files)
    return f"""
SELECT {_COLUMNS} FROM (
  SELECT unnest(from_json(line, '{_STRUCTURE}').Records) AS one
  FROM read_csv([{listed}], columns = {{'line': 'VARCHAR'}}, header = false, delim = chr(1), quote = '', escape = '',
    auto_detect = false, strict_mode = false, compression = '{compression}', max_line_size = {longest})
)"""


class Dialect:
    """DuckDB's, for :meth:`scopedown.observe.lake.parquet.Schema.query`."""

    text = "VARCHAR"

    def time(self, value: str, kind: str) -> str:
        """See :class:`scopedown.observe.lake.parquet.Dialect`."""
        if kind == "text":
            return value
        microseconds = f"{value} * 1000" if kind == "milliseconds" else f"epoch_us({value})"
        return f"strftime(make_timestamp({microseconds}), '%Y-%m-%dT%H:%M:%SZ')"

    def parameters(self, value: str, kind: str) -> str:
        """See :class:`scopedown.observe.lake.parquet.Dialect`."""
        if kind == "map" and value:
            return f"CAST({value} AS MAP(VARCHAR, VARCHAR))"
        given = f"CASE WHEN json_valid({value}) THEN CAST({value} AS JSON) END" if value else "CAST(NULL AS JSON)"
        return PARAMETERS.format(f"CASE WHEN json_type({given}) = 'OBJECT' THEN {given} END")

    def each(self, values: str, member: str) -> str:
        """See :class:`scopedown.observe.lake.parquet.Dialect`."""
        return f"list_transform({values}, lambda x: x.{member})" if values else "CAST(NULL AS VARCHAR[])"


def read(
    files: Sequence[Path], wanted: Wanted, jobs: int = 1, tell: Callable[[int], None] = lambda files: None
) -> Used:
    """As :func:`scopedown.observe.reading.cloudtrail.read`, by DuckDB in ``jobs`` processes of one thread each."""
    return read_bundles(partial(_read, wanted), files, jobs, _BUNDLE, 4, tell)


def _read(wanted: Wanted, files: Sequence[Path]) -> Used:
    found, odd = Used(), []
    groups: dict[Form, list[tuple[Path, int]]] = {}
    for path in files:
        first = _first_bytes(path)
        if first == parquet.MAGIC:
            schema = parquet.schema_of(path)
            if schema is None:
                found.add(parquet.unreadable(path))
            else:
                groups.setdefault(schema, []).append((path, 0))
            continue
        longest = longest_line(path)
        if longest:
            groups.setdefault("gzip" if is_gzip(first) else "none", []).append((path, longest))
        else:
            odd.append(path)
    for form, some in groups.items():
        for part, failed in _halves(wanted, form, some):
            if part is not None:
                found.add(part)
            elif isinstance(form, parquet.Schema):
                found.add(parquet.unreadable(failed))
            else:
                odd.append(failed)
    if odd:
        found.add(cloudtrail.read(odd, wanted))
        found.by_python += len(odd)
    return found


def _first_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(4)
    except OSError:
        return b""


def _halves(wanted: Wanted, form: Form, files: list[tuple[Path, int]]) -> Iterator[tuple[Used | None, Path]]:
    """The table of files; of a file that DuckDB cannot read None, found by halving what failed."""
    try:
        yield _engine(wanted).used(form, files), files[0][0]
    except duckdb.Error as error:
        if isinstance(error, (duckdb.InternalException, duckdb.FatalException)):
            _engines.clear()  # it answers nothing more
        if not isinstance(error, duckdb.Error if isinstance(form, parquet.Schema) else _DATA_ERRORS):
            raise
        if len(files) == 1:
            yield None, files[0][0]
            return
        middle = len(files) // 2
        yield from _halves(wanted, form, files[:middle])
        yield from _halves(wanted, form, files[middle:])


class Engine:
    """A connection, with the hints of the events that were met so far."""

    def __init__(self, wanted: Wanted) -> None:
        self._connection = ibis.duckdb.connect()
        self._raw = self._connection.con
        self._raw.execute(f"SET threads = 1; SET memory_limit = '{_MEMORY}'; SET preserve_insertion_order = false")
        self._wanted = wanted
        self._events = Events(catalog())
        self._met: set[tuple[str, str]] = set()
        self._raw.execute("CREATE TABLE hints (source VARCHAR, event VARCHAR, names VARCHAR[])")
        records = ibis.table(expression.RECORDS, name="records")
        hints = ibis.table(expression.HINTS, name="hints")
        self._used = str(ibis.to_sql(expression.used(records, hints, wanted), dialect="duckdb"))
        self._pairs = str(ibis.to_sql(expression.events(records, wanted), dialect="duckdb"))

    def used(self, form: Form, files: list[tuple[Path, int]]) -> Used:
        """The table of files of one form. Raises duckdb.Error."""
        names = [str(path) for path, _ in files]
        if isinstance(form, parquet.Schema):
            query = form.query(f"read_parquet([{', '.join(map(quoted, names))}])", Dialect())
        else:
            query = records_of_files(names, form, max(size for _, size in files) + 1024)
        self._raw.execute(f"CREATE OR REPLACE TEMP VIEW records AS {query}")
        if not self._met:  # later files have few new events: the whole is read again for these
            self._learn(self._raw.execute(self._pairs).fetchall())
        rows = self._raw.execute(self._used).fetchall()
        used, pairs = taken(rows)
        if self._learn(pairs):
            used, _ = taken(self._raw.execute(self._used).fetchall())
        used.files = len(files)
        return used

    def _learn(self, pairs: Iterable[tuple[str, str]]) -> bool:
        """Add the hints of events that were not met before; whether any has one."""
        new = set(pairs) - self._met
        self._met |= new
        rows = expression.hint_rows(sorted(new), self._events.hints)
        if rows:
            self._raw.executemany("INSERT INTO hints VALUES (?, ?, ?)", rows)
        return bool(rows)


def quoted(text: str) -> str:
    """A text as SQL has it."""
    return "'" + text.replace("'", "''") + "'"


_engines: dict[Wanted, Engine] = {}


def _engine(wanted: Wanted) -> Engine:
    """One a process."""
    if wanted not in _engines:
        _engines.clear()
        _engines[wanted] = Engine(wanted)
    return _engines[wanted]
