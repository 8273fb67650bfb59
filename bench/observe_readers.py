"""Readers of CloudTrail on the same invented logs: processors' seconds, wall time and memory of each.

usage: python bench/observe_readers.py FOLDER [--reader NAME]... [--files N]

FOLDER is what ``bench/observe_generate.py FOLDER --plain`` wrote. Each reader runs in a process of its own; the memory
is the largest of one process. pandas and trailscraper hold everything in memory: give them 100 files of 1,000 records
with ``--files 100``. Readers that are not installed are named. The readers of scopedown keep the principals of one
project, about a tenth of the records; the others group all records by principal and event.
"""

from __future__ import annotations

import argparse
import importlib
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "bench")]

READERS = ("python", "python-1", "duckdb", "spark", "read_json", "pandas", "trailscraper")
_READ_JSON = """
SELECT one.userIdentity.arn, one.eventSource, one.eventName, min(one.eventTime), max(one.eventTime), count(*)
FROM (SELECT unnest(Records) AS one FROM read_json({files}, maximum_object_size = 67108864, columns = {{'Records':
  'STRUCT(eventTime VARCHAR, eventSource VARCHAR, eventName VARCHAR, userIdentity STRUCT(arn VARCHAR))[]'}}))
GROUP BY ALL"""


def files_of(folder: Path, most: int) -> list[Path]:
    """The logs, by name."""
    from scopedown.observe.reading.files import log_files

    return log_files([folder])[:most]


def read(reader: str, files: list[Path]) -> int:
    """Read by one reader, in this process; how many rows came of it."""
    if reader == "read_json":
        duckdb = importlib.import_module("duckdb")
        return len(duckdb.sql(_READ_JSON.format(files=[str(file) for file in files])).fetchall())
    if reader == "pandas":
        return _pandas(files)
    if reader == "trailscraper":
        return _trailscraper(files)
    from observe_generate import SESSIONS, WANTED

    from scopedown.observe.reading.wanted import Wanted

    name = {"duckdb": "lake.readers.duckdb", "spark": "lake.readers.spark"}.get(reader, "reading.cloudtrail")
    module = importlib.import_module(f"scopedown.observe.{name}")
    found = module.read(files, Wanted(WANTED, SESSIONS), 1 if reader == "python-1" else 2)
    return len(found.rows) + len(found.covered)


def _pandas(files: list[Path]) -> int:
    import gzip
    import json

    pandas = importlib.import_module("pandas")
    records = [one for file in files for one in json.loads(gzip.decompress(file.read_bytes()))["Records"]]
    table = pandas.json_normalize(records)
    grouped = table.groupby(["userIdentity.arn", "eventSource", "eventName"], dropna=False)
    return len(grouped["eventTime"].agg(["min", "max", "count"]))


def _trailscraper(files: list[Path]) -> int:
    program = str(Path(sys.executable).with_name("trailscraper"))
    with tempfile.TemporaryDirectory() as folder:
        for file in files:
            (Path(folder) / file.name).symlink_to(file.resolve())
        selected = subprocess.run([program, "select", "--log-dir", folder], check=True, capture_output=True)
    made = subprocess.run([program, "generate"], input=selected.stdout, check=True, capture_output=True)
    return made.stdout.count(b'"Action"')


def measured(reader: str, folder: str, most: int) -> None:
    """Run one reader in a process of its own, and print what it took."""
    started = time.perf_counter()
    command = [sys.executable, __file__, folder, "--in-process", reader, "--files", str(most)]
    process = subprocess.run(command, check=False, capture_output=True, text=True)
    wall = time.perf_counter() - started
    if process.returncode:
        print(f"{reader:14} failed: {process.stderr.strip().splitlines()[-1:]}", flush=True)
        return
    rows, seconds, peak = process.stdout.split()[-3:]
    print(
        f"{reader:14} {float(seconds):8.1f} CPU s {wall:8.1f} s wall {float(peak):7.0f} MiB {rows:>8} rows", flush=True
    )


def used() -> tuple[float, float]:
    """Processors' seconds, and the MiB of the largest process, of this one and of those that it waited for."""
    own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    seconds = own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime
    return seconds, max(own.ru_maxrss, others.ru_maxrss) / 1024


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--reader", action="append", choices=READERS)
    parser.add_argument("--files", type=int, default=1_000_000)
    parser.add_argument("--in-process", choices=READERS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    files = files_of(Path(options.folder), options.files)
    if options.in_process:
        rows = read(options.in_process, files)
        print(rows, *used())
        return
    size = sum(file.stat().st_size for file in files)
    print(f"{len(files)} files, {size / 1e6:.0f} MB; Python {sys.version.split()[0]}, {os.cpu_count()} processors")
    print(f"load {os.getloadavg()[0]:.1f}", flush=True)
    for reader in options.reader or READERS:
        measured(reader, options.folder, options.files)


if __name__ == "__main__":
    main()
