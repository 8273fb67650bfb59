"""A folder of projects scanned with an empty cache, a full one and none, by one process and by several.

usage: python bench/cache_and_jobs.py FOLDER [--jobs N]

Prints the wall time and the processors' time of each (of all its processes), the size of the cache, and whether every
run printed the same bytes. The processors' time says more where others use the machine.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SCOPEDOWN = str(Path(sys.executable).with_name("scopedown"))


def measured(name: str, command: list[str], cache: Path) -> str:
    """Run once, print the times, and give the output's digest."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    done = subprocess.run(command, check=False, capture_output=True, env={**os.environ, "SCOPEDOWN_CACHE": str(cache)})
    wall = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"{name:24} {wall:7.2f} s, processors {used:7.2f} s", flush=True)
    return hashlib.sha256(done.stdout).hexdigest()


def main() -> int:
    """Measure; exit code 1 where two runs print different bytes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    command = [SCOPEDOWN, "scan", options.folder, "--recursive", "--format", "json"]
    found = set()
    with tempfile.TemporaryDirectory() as folder:
        for jobs in dict.fromkeys((1, options.jobs)):
            cache = Path(folder) / str(jobs)
            by = [*command, "--jobs", str(jobs)]
            found.add(measured(f"no cache, {jobs} process(es)", [*by, "--no-cache"], cache))
            found.add(measured(f"empty cache, {jobs}", by, cache))
            found.add(measured(f"full cache, {jobs}", by, cache))
        kept = [path for path in cache.rglob("*.json") if path.is_file()]
        print(f"{len(kept)} reports kept, {sum(path.stat().st_size for path in kept) / 1e6:.1f} MB")
    print("the same bytes each time" if len(found) == 1 else f"{len(found)} different outputs")
    return int(len(found) > 1)


if __name__ == "__main__":
    sys.exit(main())
