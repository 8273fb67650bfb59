"""CloudTrail's files, by DuckDB in this process.

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
from scopedown.observe.lake import expression
from scopedown.observe.lake.odd import is_gzip, longest_line
from scopedown.observe.lake.rows import taken
from scopedown.observe.model import Used
from scopedown.observe.reading import cloudtrail
from scopedown.observe.reading.bundles import read_bundles
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
_COLUMNS = f"""
    one.eventTime AS eventtime, one.eventCategory AS eventcategory, one.eventSource AS eventsource,
    one.eventName AS eventname, one.eventType AS eventtype, one.awsRegion AS awsregion,
    one.recipientAccountId AS recipientaccountid, one.sharedEventID AS sharedeventid, one.errorCode AS errorcode,
    one.errorMessage AS errormessage, one.userIdentity.type AS identitytype, one.userIdentity.arn AS identityarn,
    one.userIdentity.accountId AS identityaccount, one.userIdentity.invokedBy AS invokedby,
    one.userIdentity.sessionContext.sessionIssuer.arn AS issuerarn,
    list_transform(one.resources, lambda x: coalesce(nullif(x['ARN'], ''), x['arn'])) AS arns,
    {PARAMETERS.format("one.requestParameters")} AS requestparameters
"""
_DATA_ERRORS = (
    duckdb.InvalidInputException,
    duckdb.IOException,
    duckdb.ConversionException,
    duckdb.OutOfMemoryException,
)
"""What a file may cause; any other error is ours."""


def records_of_files(files: Sequence[str], compression: str, longest: int) -> str:
    """The query of the records in CloudTrail's files. ``longest`` is the most bytes of a line."""
    listed = ", ".join(quoted(file) for file in files)
    return f"""
SELECT {_COLUMNS} FROM (
  SELECT unnest(from_json(line, '{_STRUCTURE}').Records) AS one
  FROM read_csv([{listed}], columns = {{'line': 'VARCHAR'}}, header = false, delim = chr(1), quote = '', escape = '',
    auto_detect = false, strict_mode = false, compression = '{compression}', max_line_size = {longest})
)"""


def read(
    files: Sequence[Path], wanted: Wanted, jobs: int = 1, tell: Callable[[int], None] = lambda files: None
) -> Used:
    """As :func:`scopedown.observe.reading.cloudtrail.read`, by DuckDB in ``jobs`` processes of one thread each."""
    return read_bundles(partial(_read, wanted), files, jobs, _BUNDLE, 4, tell)


def _read(wanted: Wanted, files: Sequence[Path]) -> Used:
    found, odd = Used(), []
    groups: dict[str, list[tuple[Path, int]]] = {}
    for path in files:
        first = _first_bytes(path)
        longest = longest_line(path)
        if longest:
            groups.setdefault("gzip" if is_gzip(first) else "none", []).append((path, longest))
        else:
            odd.append(path)
    engine = _engine(wanted)
    for form, some in groups.items():
        for part, failed in _halves(engine, form, some):
            if part is not None:
                found.add(part)
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


def _halves(engine: Engine, form: str, files: list[tuple[Path, int]]) -> Iterator[tuple[Used | None, Path]]:
    """The table of files; of a file that DuckDB cannot read None, found by halving what failed."""
    try:
        yield engine.used(form, files), files[0][0]
    except _DATA_ERRORS:
        if len(files) == 1:
            yield None, files[0][0]
            return
        middle = len(files) // 2
        yield from _halves(engine, form, files[:middle])
        yield from _halves(engine, form, files[middle:])


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

    def used(self, form: str, files: list[tuple[Path, int]]) -> Used:
        """The table of files of one form. Raises duckdb.Error."""
        names = [str(path) for path, _ in files]
        longest = max(size for _, size in files) + 1024
        query = records_of_files(names, form, longest)
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
