"""Scans of whole corpora as flat rows: by this process, by processes, by Dask. All have to be equal.

    python bench/fleet.py FOLDER...

Each FOLDER is a checkout. Each of its projects is one item of work, without the cache. Dask
(``pip install "dask[distributed]"``) is left out where it is not installed. Times are seconds of the clock and of the
processors, the children's included; the start of the processes, or of Dask's cluster, is listed apart.
"""

from __future__ import annotations

import hashlib
import resource
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager, nullcontext
from multiprocessing import get_context
from pathlib import Path

from scopedown.fleet import as_ndjson, scan_all
from scopedown.project.load import find_projects

JOBS = 2


@contextmanager
def dask() -> Iterator[Executor]:
    from distributed import Client, LocalCluster

    with (
        LocalCluster(n_workers=JOBS, threads_per_worker=1, dashboard_address=None, memory_limit=0) as cluster,
        Client(cluster) as client,
    ):
        yield client.get_executor()


def processes() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(JOBS, get_context("spawn"))


def cpu() -> float:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def measured(name: str, projects: list[Path], make: Callable[[], object] | None) -> str:
    """Print one line, and give the digest of the rows."""
    before, began = cpu(), time.perf_counter()
    with make() if make else nullcontext() as executor:  # type: ignore[attr-defined]
        started = time.perf_counter()
        text = as_ndjson(scan_all(projects, executor, JOBS if executor else 1, no_cache=True))
        ended = time.perf_counter()
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    seconds = f"start {started - began:6.2f} s  scan {ended - started:7.2f} s  processors {cpu() - before:7.2f} s"
    print(f"  {name:12} {seconds}  {text.count(chr(10)):6} rows  {digest}", flush=True)
    return digest


def main() -> int:
    ways: dict[str, Callable[[], object] | None] = {"one process": None, f"{JOBS} processes": processes}
    try:
        import distributed  # noqa: F401

        ways["Dask"] = dask
    except ImportError:
        print("Dask is not installed")
    differ = False
    for folder in map(Path, sys.argv[1:]):
        projects = find_projects(folder)
        print(f"{folder.name}: {len(projects)} projects", flush=True)
        found = {measured(name, projects, make) for name, make in ways.items()}
        print("  equal" if len(found) == 1 else "  DIFFERENT", flush=True)
        differ |= len(found) != 1
    return int(differ)


if __name__ == "__main__":
    sys.exit(main())
