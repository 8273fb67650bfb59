"""The query of ``scopedown observe --sql``: the expression of :mod:`scopedown.observe.lake.expression`, for an engine
where the logs are.

Athena, Trino and Spark read the table that AWS documents for CloudTrail, with partition projection; DuckDB reads the
files. What is printed for DuckDB and Spark is run by the tests, what is printed for Athena and Trino is only parsed:
no account was at hand.

Source: https://docs.aws.amazon.com/athena/latest/ug/create-cloudtrail-table-partition-projection.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import ibis

from scopedown.catalog.model import Catalog
from scopedown.core.finding import ScopedownError
from scopedown.observe.events import Events
from scopedown.observe.lake import expression
from scopedown.observe.lake.readers import duckdb
from scopedown.observe.reading.wanted import Wanted

ENGINES = ("athena", "trino", "spark", "duckdb")
TABLE = "cloudtrail_logs_pp"
"""The table's name in AWS's documentation."""
FILES = "logs/**/*.json.gz"
USUAL = (
    "s3", "dynamodb", "sqs", "sns", "lambda", "kms", "secretsmanager", "ssm", "states", "events", "kinesis", "firehose",
    "logs", "sts", "iam", "cloudformation", "apigateway",
)  # fmt: skip
"""Services whose parameters every query reads: what serverless projects and their deployments call."""
_DIALECTS = {"athena": "trino", "trino": "trino", "spark": "pyspark", "duckdb": "duckdb"}
_LONGEST_LINE = 256 * 1024 * 1024
_NAMES = {"trino": r'\w+|"(?:[^"\x00-\x1f]|"")+"', "pyspark": r"\w+|`(?:[^`\x00-\x1f]|``)+`"}
"""A part of a table's name in each dialect: plain, or in quotation marks
(https://trino.io/docs/current/language/reserved.html, https://spark.apache.org/docs/latest/sql-ref-identifier.html)."""
_MADE_UP = re.compile(r"ibis_[a-z_]*[a-z]_[a-z0-9]{26}")
_PLAIN = """
    eventtime, eventcategory, eventsource, eventname, eventtype, awsregion, recipientaccountid, sharedeventid,
    errorcode, errormessage, useridentity.type AS identitytype, useridentity.arn AS identityarn,
    useridentity.accountid AS identityaccount, useridentity.invokedby AS invokedby,
    useridentity.sessioncontext.sessionissuer.arn AS issuerarn,
    TRANSFORM(resources, one -> one.arn) AS arns,"""
_PARAMETERS = {
    "trino": """
    TRY(TRANSFORM_VALUES(
      CAST(JSON_PARSE(requestparameters) AS MAP(VARCHAR, JSON)),
      (name, given) ->
        IF(JSON_FORMAT(given) = 'null', NULL, COALESCE(JSON_EXTRACT_SCALAR(given, '$'), JSON_FORMAT(given)))
    )) AS requestparameters""",
    "pyspark": """
    FROM_JSON(requestparameters, 'map<string, string>') AS requestparameters""",
}


def query(engine: str, wanted: Wanted, catalog: Catalog, services: Iterable[str] = (), place: str = "") -> str:
    """The SQL for one of :data:`ENGINES`. ``place`` is the table, or DuckDB's pattern of files; ``services`` are those
    whose parameters are read beside the :data:`USUAL` ones, by their prefix in IAM. Raises ScopedownError for what is
    not the name of a table."""
    dialect = _DIALECTS[engine]
    _require_table(place, dialect)
    names = (("records", expression.RECORDS), ("hints", expression.HINTS))
    records, hints = (ibis.table(columns, name=name) for name, columns in names)
    expressed = expression.used(records, hints, wanted)
    text = _named(str(ibis.to_sql(expressed, dialect=dialect)))
    body = text.removeprefix("WITH ")
    rows = _hints(catalog, dict.fromkeys((*USUAL, *services)))
    return (
        f"{_head(engine, place)}\nWITH records AS ({_records(engine, dialect, wanted, place)}\n),\n"
        f"hints AS (\n{_values(dialect, rows)}\n){',' if body != text else ''}\n{body}\n"
    )


def _require_table(place: str, dialect: str) -> None:
    """Raise ScopedownError where a text would be more in a query than the name of a table: it is written into the query
    as it is. DuckDB's pattern of files is a text there."""
    part = _NAMES.get(dialect)
    if place and part and not re.fullmatch(rf"(?:{part})(?:\.(?:{part})){{0,2}}", place, re.ASCII):
        quoted = "`my-table`" if dialect == "pyspark" else '"my-table"'
        raise ScopedownError(
            f"--table {place!r} does not name a table",
            remedy=f"write it as table or database.table, and put a name with other characters in quotes: {quoted}",
        )


def _head(engine: str, place: str) -> str:
    lines = [
        "What the project's roles did, by CloudTrail, for scopedown observe --used FILE.",
        "Names of other principals are not in the result; records of theirs are counted, by day and service.",
    ]
    if engine == "duckdb":
        lines.append(
            "A file that is damaged or not on one line ends the query; scopedown observe --engine duckdb reads these."
        )
    else:
        lines.append(f"The table is AWS's for CloudTrail with partition projection; here it is {place or TABLE}.")
    if engine in ("athena", "trino"):
        lines.append("This text was parsed, and not run against an account, before scopedown was released.")
    return "\n".join(f"-- {line}" for line in lines)


def _records(engine: str, dialect: str, wanted: Wanted, place: str) -> str:
    if engine == "duckdb":
        forms = [(place or FILES, "gzip" if (place or FILES).endswith(".gz") else "auto")]
        return "".join(duckdb.records_of_files([files], form, _LONGEST_LINE) for files, form in forms)
    column = "`timestamp`" if dialect == "pyspark" else '"timestamp"'
    days = [
        f"{column} {sign} '{time[:10].replace('-', '/')}'"
        for sign, time in ((">=", wanted.since), ("<=", wanted.until)) if time
    ]  # fmt: skip
    # A file that holds a day's last minutes is in the folder of the next day.
    where = f"\n  WHERE {' AND '.join(days)}" if days else ""
    return f"\n  SELECT{_PLAIN}{_PARAMETERS[dialect]}\n  FROM {place or TABLE}{where}"


def _hints(catalog: Catalog, services: Iterable[str]) -> list[tuple[str, str, list[str]]]:
    """The parameters that name a resource, of every operation of the services."""
    events, prefixes = Events(catalog), set(services)
    pairs = {
        (source, expression.plain_event(operation.name))
        for service in catalog.services() if service.prefix in prefixes
        for source in (service.prefix, service.signing_name, service.name) if source
        for operation in catalog.operations_of(service.name)
    }  # fmt: skip
    return expression.hint_rows(sorted(pairs), events.hints)


def _values(dialect: str, rows: Sequence[tuple[str, str, list[str]]]) -> str:
    start, end = {"duckdb": ("[", "]"), "trino": ("ARRAY[", "]"), "pyspark": ("array(", ")")}[dialect]
    cells = ",\n    ".join(
        f"({duckdb.quoted(source)}, {duckdb.quoted(event)}, {start}{', '.join(map(duckdb.quoted, names))}{end})"
        for source, event, names in rows
    )
    return f"  SELECT * FROM (VALUES\n    {cells}\n  ) AS known (source, event, names)"


def _named(sql: str) -> str:
    """The names that Ibis makes up differ at each run: they are numbered."""
    found = {name: f"unnested_{number}" for number, name in enumerate(dict.fromkeys(_MADE_UP.findall(sql)), 1)}
    return _MADE_UP.sub(lambda match: found[match[0]], sql)
