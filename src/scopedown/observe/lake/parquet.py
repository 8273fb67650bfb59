"""Logs in Parquet: which of two known schemas a file has, and where in it the columns of the expression are.

``table``: the columns that AWS documents for CloudTrail in Athena, as a CREATE TABLE AS of that table writes them, and
those of CloudTrail Lake, whose request parameters are a map. ``ocsf``: what Security Lake writes of CloudTrail (source
version 2, OCSF 1.1 and later). A column that a file lacks is NULL.

Source: https://docs.aws.amazon.com/athena/latest/ug/create-cloudtrail-table.html, and for OCSF the mapping
https://github.com/ocsf/examples/tree/main/mappings/markdown/AWS/v1.1.0/CloudTrail with the queries of
https://docs.aws.amazon.com/security-lake/latest/userguide/cloudtrail-query-examples-sourceversion2.html
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from scopedown.observe.model import Used
from scopedown.observe.reading.files import PARQUET as MAGIC

_TABLE = {
    "eventcategory": "eventcategory", "eventsource": "eventsource", "eventname": "eventname", "eventtype": "eventtype",
    "awsregion": "awsregion", "recipientaccountid": "recipientaccountid", "sharedeventid": "sharedeventid",
    "errorcode": "errorcode", "errormessage": "errormessage", "identitytype": "useridentity.type",
    "identityarn": "useridentity.arn", "identityaccount": "useridentity.accountid",
    "invokedby": "useridentity.invokedby", "issuerarn": "useridentity.sessioncontext.sessionissuer.arn",
}  # fmt: skip
_OCSF = {
    "eventsource": "api.service.name", "eventname": "api.operation", "eventtype": "metadata.event_code",
    "awsregion": "cloud.region", "errorcode": "api.response.error", "errormessage": "api.response.message",
    "identitytype": "actor.user.type", "identityarn": "actor.user.uid", "identityaccount": "actor.user.account.uid",
    "invokedby": "actor.invoked_by", "issuerarn": "actor.session.issuer",
}  # fmt: skip
_TIMES = {"table": ("eventtime", ("text", "timestamp")), "ocsf": ("time", ("number",))}
"""The column of the time, and what it may be. Security Lake's ``time`` is milliseconds since 1970."""
_NEEDED = {
    "table": ("eventsource", "eventname", "useridentity.arn"),
    "ocsf": ("api.service.name", "api.operation", "actor.user.uid"),
}
_MOST_DEPTH = 8
__all__ = ["MAGIC", "Dialect", "Schema", "schema_of", "unreadable"]


class Dialect(Protocol):
    """What engines write differently."""

    text: str
    """The name of the type of texts."""

    def time(self, value: str, kind: str) -> str:
        """A time as CloudTrail writes it; ``kind`` is ``text``, ``timestamp`` or ``milliseconds``."""

    def parameters(self, value: str, kind: str) -> str:
        """The map of request parameters, of a ``text`` or a ``map``."""

    def each(self, values: str, member: str) -> str:
        """The list of one member of each element; NULL where ``values`` is empty."""


@dataclass(frozen=True, slots=True)
class Schema:
    """``form`` is ``table`` or ``ocsf``; ``fields`` are the file's columns and their members by their paths in small
    letters (``useridentity.arn``), each with its kind (``text``, ``timestamp``, ``number``, ``map``, ``list``)."""

    form: str
    fields: tuple[tuple[str, str], ...]

    def query(self, source: str, dialect: Dialect) -> str:
        """The records of ``source``, with the columns of :data:`scopedown.observe.lake.expression.RECORDS`."""
        known = dict(self.fields)
        null = f"CAST(NULL AS {dialect.text})"

        def text(path: str) -> str:
            return f"CAST({path} AS {dialect.text})" if path in known else null

        def unmapped(name: str) -> str:
            return f"unmapped['{name}']" if known.get("unmapped") == "map" else null

        paths = _TABLE if self.form == "table" else _OCSF
        cells = {name: text(path) for name, path in paths.items()}
        column, _ = _TIMES[self.form]
        kind = "milliseconds" if self.form == "ocsf" else known[column]
        cells["eventtime"] = dialect.time(column, kind)
        arn, given = ("arn", "requestparameters") if self.form == "table" else ("uid", "api.request.data")
        if self.form == "ocsf":
            feature = text("metadata.product.feature.name")
            cells |= {
                "recipientaccountid": f"coalesce({unmapped('recipientAccountId')}, {text('cloud.account.uid')})",
                "sharedeventid": unmapped("sharedEventID"),
                # Some versions name no category: "Management, Data, and Insights".
                "eventcategory": f"CASE WHEN {feature} NOT LIKE '%,%' THEN {feature} "
                f"WHEN {unmapped('managementEvent')} = 'false' THEN 'Data' ELSE 'Management' END",
            }
        cells["arns"] = dialect.each("resources" if f"resources[].{arn}" in known else "", arn)
        is_read = known.get(given) in ("text", "map")
        cells["requestparameters"] = dialect.parameters(given if is_read else "", known.get(given, "text"))
        columns = ", ".join(f"{value} AS {name}" for name, value in cells.items())
        return f"SELECT {columns} FROM {source}"


def schema_of(path: Path) -> Schema | None:
    """The schema of a Parquet file; None where it is neither, or the file is damaged."""
    import pyarrow
    import pyarrow.parquet

    try:
        schema = pyarrow.parquet.read_schema(path)
    except (OSError, pyarrow.ArrowException):
        return None
    found: dict[str, str] = {}
    _collect(schema, "", found, pyarrow.types)
    for form, needed in _NEEDED.items():
        time, kinds = _TIMES[form]
        if found.get(time) in kinds and all(name in found for name in needed):
            return Schema(form, tuple(sorted(found.items())))
    return None


def unreadable(path: Path) -> Used:
    """That a Parquet file is not read, and why."""
    return Used(unreadable={str(path): "it is damaged, or its columns are neither CloudTrail's nor OCSF's"}, files=1)


def _collect(fields: Any, before: str, found: dict[str, str], types: Any, depth: int = 0) -> None:
    for field in fields:
        kind, path = field.type, f"{before}{field.name.lower()}"
        if types.is_struct(kind) and depth < _MOST_DEPTH:
            found[path] = "struct"
            _collect(kind, f"{path}.", found, types, depth + 1)
        elif types.is_map(kind):
            found[path] = "map"
        elif types.is_list(kind) or types.is_large_list(kind):
            found[path] = "list"
            if types.is_struct(kind.value_type) and depth < _MOST_DEPTH:
                _collect(kind.value_type, f"{path}[].", found, types, depth + 1)
        elif types.is_timestamp(kind):
            found[path] = "timestamp"
        else:
            found[path] = "text" if types.is_string(kind) or types.is_large_string(kind) else "number"
