"""The main job on a whole repository of public services: what is read, how fast, with how much memory.

usage: python bench/corpus.py FOLDER

Runs ``scopedown scan FOLDER --recursive --format json`` once in a process of its own. Prints the services read and
refused, functions by language, seconds and peak memory (from the operating system, in MiB).
"""

from __future__ import annotations

import collections
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path


def main() -> None:
    """Run and print."""
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    command = [str(Path(sys.executable).with_name("scopedown")), "scan", sys.argv[1], "--recursive", "--format", "json"]
    started = time.perf_counter()
    run = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    if not run.stdout:
        sys.exit(run.stderr or f"exit {run.returncode} without output")
    found = json.loads(run.stdout)
    languages: collections.Counter[str] = collections.Counter()
    for project in found["projects"]:
        languages.update(function["language"] or "unknown" for function in project["functions"])
    print(f"projects read {len(found['projects'])}, not read {len(found.get('errors', []))}, exit {run.returncode}")
    for error in found.get("errors", []):
        print("   ", error)
    print("functions", dict(languages.most_common()))
    print(f"{seconds:.1f} s, peak memory {peak:.0f} MiB, {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
