"""Problems as flat rows, ``scopedown.fleet/1`` (docs/fleet.md): NDJSON, and Parquet by the extra ``lake``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from scopedown.checks.results import Report, Result, config_of
from scopedown.emit.rows import SCHEMA, Column
from scopedown.scan.forms.rows import FUNCTION_COLUMNS, Cells, Named, seen_rows, unread_rows

COLUMNS = (
    *FUNCTION_COLUMNS,
    Column("functions", str, "the functions that are concerned, with commas"),
    Column("rule", str, "the rule's id"),
    Column("name", str, "its name"),
    Column("severity", str, "error, warning or note"),
    Column("message", str, "what is wrong"),
    Column("remedy", str, "what to do"),
    Column("about", str, "what the problem is about: an action, a resource"),
    Column("file", str, "the file, relative to the repository"),
    Column("line", int, "its line"),
    Column("fingerprint", str, "the same for the same problem in every run"),
    Column("fixable", bool, "whether scopedown check --fix repairs it"),
    Column("codes", str, "the codes of IAM Access Analyzer that mean it, with commas"),
)


def rows(report: Report) -> Iterator[Cells]:
    """Those of projects and functions first, then one for each problem."""
    base = report.base
    yield from unread_rows(report.command, report.unread_projects, base)
    yield from seen_rows(report.command, report.scans, base)
    named = {
        config_of(scan.project, base): Named.of(report.command, scan.project, base) for scan in report.scans if base
    }
    for result in report.results:
        yield _problem(result, named.get(result.project), report.command, base)


def _problem(one: Result, named: Named | None, product: str, base: Path | None) -> Cells:
    problem, rule = one.problem, one.rule
    common: Cells = {"schema": SCHEMA, "product": product, "project": one.project or None}
    file = problem.place.file
    if named is not None:
        common = named.common
        file = named.absolute(base / file) if base else file
    return {
        **common,
        "record": "problem",
        "role": problem.role or None,
        "functions": ",".join(problem.functions) or None,
        "rule": rule.id,
        "name": rule.name,
        "severity": str(rule.severity),
        "message": problem.message,
        "remedy": rule.remedy,
        "about": problem.about or None,
        "file": file,
        "line": problem.place.line,
        "fingerprint": one.fingerprint,
        "fixable": problem.fix is not None,
        "codes": ",".join(problem.codes) or None,
    }
