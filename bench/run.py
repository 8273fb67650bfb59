"""All measurements that README and the release notes quote; ``make bench`` runs it.

usage: python bench/run.py [--corpus FOLDER]

Start-up and memory of the plain command, the bundled example cold, silence on public packages, decisions a second
beside other evaluators, and the two evaluators against each other at nightly size. ``--corpus`` adds a whole folder of
services. A part whose outside program is missing says so. Needs PyPI and npm, like every comparison with others.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
SCOPEDOWN = str(Path(sys.executable).with_name("scopedown"))


def timed(name: str, command: list[str], repeats: int = 7) -> None:
    """The best and median wall time of a command, and the largest memory that any of its runs took."""
    seconds = []
    for _ in range(repeats):
        started = time.perf_counter()
        subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT)
        seconds.append(time.perf_counter() - started)
    seconds.sort()
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(
        f"{name:54} best {seconds[0]:.3f} s, median {seconds[len(seconds) // 2]:.3f} s, peak {peak:.0f} MiB", flush=True
    )


def part(title: str, script: str, *arguments: str) -> None:
    """Run another measurement, if it is there, and go on whatever it says."""
    path = HERE / script
    print(f"\n== {title}", flush=True)
    if not path.exists():
        print(f"{script} is not part of this checkout")
        return
    subprocess.run([sys.executable, str(path), *arguments], check=False, cwd=ROOT)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", help="a folder of services to scan as well")
    options = parser.parse_args()
    # As an installation is: pip compiles what it installs, an environment that forbids it would be measured instead.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}")
    timed("import scopedown", [sys.executable, "-c", "import scopedown"])
    timed("scopedown --version", [SCOPEDOWN, "--version"])
    timed("scopedown catalog dynamodb:PutItem", [SCOPEDOWN, "catalog", "dynamodb:PutItem"])
    one = [SCOPEDOWN, "scan", "examples/todos"]
    timed("scopedown scan examples/todos, cold (--no-cache)", [*one, "--no-cache"])
    with tempfile.TemporaryDirectory() as cache:
        os.environ["SCOPEDOWN_CACHE"] = cache
        subprocess.run(one, check=False, stdout=subprocess.DEVNULL, cwd=ROOT)
        timed("scopedown scan examples/todos, again (from the cache)", one)
    if options.corpus:
        part("a corpus of services", "corpus.py", options.corpus)
        part("the cache, and several processes", "cache_and_jobs.py", options.corpus)
    part("no action from code that calls no AWS", "silence.py")
    part("the cost of reachable code", "calls_curve.py")
    part("20,000 generated configurations, resolved as the framework resolves them", "variables.py")
    part("what the guard adds to a request of moto", "guard_overhead.py")
    part("the guard under load, for two minutes", "guard_load.py")
    part("attacks on the guard", "guard_attacks.py")
    part("IAM decisions a second", "iam/run.py")
    part("two evaluators, 200,000 random requests", "differential.py", "--n", "200000")


if __name__ == "__main__":
    main()
