"""Scans of many repositories by a team's own executor: Dask, Ray, Spark, or processes of this machine.

In: folders that the workers can read. Out: flat rows of the schema ``scopedown.fleet/1``, the same as those of
``scopedown scan --recursive --format ndjson``; docs/fleet.md describes them and has examples.

>>> from concurrent.futures import ProcessPoolExecutor
>>> with ProcessPoolExecutor(2) as pool:  # doctest: +SKIP
...     rows = list(scan_all(["repos/orders", "repos/billing"], executor=pool, jobs=2))
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from scopedown.cli.projects import Outcome, Request, each_project
from scopedown.cli.scan import scans_of
from scopedown.cli.scanning import How, scanned
from scopedown.core.finding import ScopedownError, Unread
from scopedown.emit.rows import Cell, ndjson, parquet
from scopedown.scan.forms.rows import COLUMNS, rows, unread_rows
from scopedown.workers import in_order

if TYPE_CHECKING:
    from concurrent.futures import Executor

__all__ = ["COLUMNS", "as_ndjson", "as_parquet", "scan_all", "scan_folder"]


def scan_folder(
    folder: str | Path,
    stage: str | None = None,
    region: str | None = None,
    account: str | None = None,
    no_cache: bool = False,
) -> list[dict[str, Cell]]:
    """The rows of every project under a folder, or of one project's file, by this process alone.

    Whatever happens, it is a row: a project that cannot be read has one with ``error``, and so has a folder that is
    not there or holds no project. Only plain data comes back, so that any cluster can carry it.
    """
    outcome = Outcome()
    request = Request(
        paths=(Path(folder),), recursive=True, stage=stage, region=region, account=account, params=(), param_file=None,
        framework=None, compiled=None, run_framework=False,
    )  # fmt: skip
    try:
        how = How(no_cache=no_cache, jobs=1)
        scans = [scan for _, scan in each_project(request, outcome, lambda name, project: scanned(project, how))]
        return list(rows(scans_of(scans, outcome)))
    except ScopedownError as error:
        problem = ScopedownError(error.message.replace(str(folder), Path(folder).name), None, error.remedy)
    except Exception as error:  # a failure of scopedown in one repository must not end a run over thousands
        problem = ScopedownError(
            f"scopedown failed: {type(error).__name__}: {error}",
            remedy="run scopedown scan on it, and report the fault",
        )
    return list(unread_rows("scan", [Unread(Path(folder), problem)], Path(folder).parent))


def scan_all(
    folders: Iterable[str | Path],
    executor: Executor | None = None,
    jobs: int = 1,
    stage: str | None = None,
    region: str | None = None,
    account: str | None = None,
    no_cache: bool = False,
) -> Iterator[dict[str, Cell]]:
    """The rows of many folders, in their order, whoever does the work.

    ``executor`` is any ``concurrent.futures.Executor`` with about ``jobs`` workers, which stays open; without one, up
    to ``jobs`` processes of this machine. One folder is one item of work: name repositories, not the folder of all.
    """
    work = partial(scan_folder, stage=stage, region=region, account=account, no_cache=no_cache)
    for found in in_order(work, list(folders), jobs, executor=executor):
        yield from found


def as_ndjson(found: Iterable[dict[str, Cell]]) -> str:
    """Rows as NDJSON."""
    return ndjson(COLUMNS, found)


def as_parquet(found: Iterable[dict[str, Cell]]) -> bytes:
    """Rows as a Parquet file. Raises ScopedownError without the extra ``lake``."""
    return parquet(COLUMNS, found)
