"""What logs show in use stays: a third opinion for the commands that take rights away or call them unused.

In: the scan of a project, and logs or tables of uses. Out: the same scan, whose functions have the actions that their
roles used and that no need explains (``FunctionScan.in_use``). Who may take a right away reads them with the rest of
what speaks for it (:mod:`scopedown.compare.doubt`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from scopedown.catalog.model import Catalog
from scopedown.core.finding import Finding, ScopedownError
from scopedown.observe.join import Class, Row
from scopedown.observe.names import Names
from scopedown.observe.reading.logs import Logs, read_logs
from scopedown.observe.reading.table import read_table
from scopedown.observe.result import observe, wanted_of
from scopedown.observe.said import in_words
from scopedown.scan import ProjectScan

_TABLES: Final = (".csv", ".parquet")


def with_uses(scan: ProjectScan, paths: Sequence[Path], jobs: int, catalog: Catalog) -> ProjectScan:
    """A scan with what its roles used. ``paths`` are logs as ``scopedown observe`` reads them, and tables of uses.
    Roles of the project's names count in every account: what one of its deployments uses stays. Raises ScopedownError
    where the logs hold no record."""
    names = Names(scan.project, catalog)
    logs = Logs()
    if trail := [path for path in paths if path.suffix not in _TABLES]:
        logs = read_logs(trail, wanted_of([scan], [names], "", "", ""), jobs)
        require_read(logs)
    for path in paths:
        if path.suffix in _TABLES:
            logs.used.add(read_table(path))
    found = observe(scan, names, logs.used, logs.recorded, "", catalog, every_account=True)
    if not any(row.count for row in found.rows):
        why = f"the logs show no call of a role of {scan.project.config}: no right is kept for them"
        silent = Finding("observed-nothing", why, None, "see with scopedown observe which roles the logs have")
        scan = replace(scan, findings=(*scan.findings, silent))
    used: dict[str, list[tuple[str, str]]] = {}
    for whose in found.whose:
        for key in whose.functions:
            used.setdefault(key, []).extend(_unexplained(whose.rows))
    functions = (replace(one, in_use=tuple(dict.fromkeys(used.get(one.function.key, ())))) for one in scan.functions)
    return replace(scan, functions=tuple(functions))


def require_read(logs: Logs) -> None:
    """Raise ScopedownError where logs were given and hold no record: they say nothing of what is in use."""
    used = logs.used
    if used.records or logs.recorded:
        return
    remedy = "name the folder with CloudTrail's files"
    if used.unreadable:
        name, why = next(iter(used.unreadable.items()))
        raise ScopedownError(
            f"scopedown could not read any log file, {name} for instance: {why}",
            remedy=f"download them again, or {remedy}",
        )
    what = "the log files have no records" if used.files else "there are no log files in what was given"
    raise ScopedownError(f"{what}, so they say nothing of what is used", remedy=remedy)


def _unexplained(rows: Iterable[Row]) -> Iterator[tuple[str, str]]:
    for row in rows:
        if row.kind is Class.USED_NOT_FOUND:
            yield row.action, f"the logs show it on {row.resource}, {in_words([row])}"
