"""Whether two checkouts say the same, byte for byte, of every project under some folders.

usage: python tools/same_outputs.py BASE NEW FOLDER… [--limit N] [--seed S] [--programs GLOB]… [--shown LINES]

BASE and NEW are checkouts of scopedown with their compiled tables. Each project of the folders is scanned, checked,
planned, written (as a diff) and reported by both, many projects in one process a side. Prints what differs, as a diff,
and exits 1 where something does. ``--limit`` takes a sample of the projects, drawn by ``--seed``. ``--programs '*.py'``
also scans each source file of that name as a program without a project. What BASE itself says differently when it is
asked again (ids that SAM makes of the time) does not count. Paths of the checkouts and of their caches are
made equal first; scripts and styles of the report's page are left out. Links are not followed.
"""

from __future__ import annotations

import argparse
import difflib
import fnmatch
import json
import os
import random
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COMMANDS = {
    "scan": ("scan", "--jobs", "1", "--all", "--format", "json"),
    "check": ("check", "--jobs", "1", "--format", "json"),
    "check text": ("check", "--jobs", "1"),
    "deploy-policy": ("deploy-policy",),
    "deploy-policy reasons": ("deploy-policy", "--explain"),
    "write": ("write", "--jobs", "1", "--diff"),
    "report": ("report", "--jobs", "1"),
}
"""The outputs that are compared, by the command lines that make them."""
PROGRAM = ("scan",)
"""The outputs of a source file without a project."""
PROJECT_FILES = (
    "serverless.yml", "serverless.yaml", "serverless.json", "serverless.js", "serverless.ts", "template.yml",
    "template.yaml", "template.json", "cdk.json", "*.tf",
)  # fmt: skip
"""Names of files whose folder is a project, or is refused as one: what is refused is compared as well."""
LEFT_OUT = frozenset((".git", ".terraform", "node_modules", ".venv"))
AT_ONCE = 40
"""Projects in one process: so many that starting it costs little, so few that it does not grow large."""
ASSETS = re.compile(r"<style\b.*?</style>|<script>.*?</script>|<meta http-equiv=[^>]*>", re.DOTALL)
"""What is the same in every page of a report."""

Outputs = dict[str, dict[str, str]]
"""Texts by the path of a project, then by the name of an output."""


def projects(folders: Sequence[Path], programs: Sequence[str] = ()) -> Iterator[Path]:
    """Folders of projects, and files that ``programs`` match, under the folders in the order of their names."""
    for top in folders:
        for folder, below, names in os.walk(top):
            below[:] = sorted(set(below) - LEFT_OUT)
            if any(fnmatch.fnmatch(name, known) for name in names for known in PROJECT_FILES):
                yield Path(folder)
            yield from (
                Path(folder, name) for name in sorted(names) if any(fnmatch.fnmatch(name, glob) for glob in programs)
            )


def outputs(checkout: Path, paths: Sequence[Path], cache: Path) -> Outputs:
    """What a checkout says of some projects; where its process ends early, only of those before."""
    environment = os.environ | {
        "PYTHONPATH": f"{checkout / 'src'}{os.pathsep}{ROOT}",
        "SCOPEDOWN_CACHE": str(cache),
        "COLUMNS": "120",
    }
    command = [sys.executable, __file__, "--worker"]
    with tempfile.TemporaryDirectory() as empty:  # settings and baselines are read from the present folder
        process = subprocess.Popen(
            command, env=environment, cwd=empty, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
        )
        printed, _ = process.communicate("".join(f"{path}\n" for path in paths))
    made = {str(checkout): "<checkout>", str(cache): "<cache>", os.path.realpath(empty): "<empty>", empty: "<empty>"}
    found: Outputs = {}
    for line in printed.splitlines():
        path, name, text = json.loads(line)
        for written, equal in made.items():
            text = text.replace(written, equal)
        found.setdefault(path, {})[name] = text
    return found


def work() -> None:
    """Print a line of JSON for each output of each path of the standard input: path, name of the output, text."""
    from bench.in_process import run  # of the checkout that holds this tool; it runs the one of PYTHONPATH

    results = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    for path in sys.stdin.read().splitlines():
        for name in COMMANDS if Path(path).is_dir() else PROGRAM:
            try:
                code, text = run(*COMMANDS[name], path)
            except Exception as error:  # whatever a checkout raises is what it says
                code, text = -1, f"{type(error).__name__}: {error}\n"
            text = ASSETS.sub("", text) if name == "report" else text
            print(json.dumps([path, name, f"exit {code}\n{text}"]), file=results, flush=True)


def differences(base: Outputs, new: Outputs, paths: Sequence[Path]) -> Iterator[tuple[Path, str, list[str]]]:
    """Project, output and the lines of a diff for each text that is not the same on both sides."""
    for path in paths:
        ours, theirs = base.get(str(path), {}), new.get(str(path), {})
        for name in COMMANDS if path.is_dir() else PROGRAM:
            before, after = ours.get(name), theirs.get(name)
            if before != after or before is None:
                yield path, name, _diff(before or "the process ended\n", after or "the process ended\n")


def _diff(before: str, after: str) -> list[str]:
    laid_out = _laid_out(before), _laid_out(after)
    if laid_out[0] == laid_out[1]:
        laid_out = before, after
    lines = (text.splitlines() for text in laid_out)
    return list(difflib.unified_diff(*lines, "base", "new", n=1, lineterm=""))


def _laid_out(text: str) -> str:
    """A text with the JSON in it spread over lines."""
    code, _, rest = text.partition("\n")
    try:
        return f"{code}\n{json.dumps(json.loads(rest), indent=1)}"
    except ValueError:
        return text.replace("><", ">\n<")


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("base", type=Path)
    parser.add_argument("new", type=Path)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--limit", type=int, help="compare at most so many projects, drawn by chance")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--programs", action="append", default=[], metavar="GLOB")
    parser.add_argument("--shown", type=int, default=20, help="lines of each diff [20]")
    given = parser.parse_args(arguments)
    for checkout in (given.base, given.new):
        if not (checkout / "src" / "scopedown").is_dir():
            parser.error(f"{checkout} is no checkout of scopedown")
    paths = list(projects([folder.resolve() for folder in given.folders], given.programs))
    if given.limit is not None and given.limit < len(paths):
        paths = sorted(random.Random(given.seed).sample(paths, given.limit))
    count = 0
    with tempfile.TemporaryDirectory() as caches, ThreadPoolExecutor(2) as pool:
        for start in range(0, len(paths), AT_ONCE):
            chunk = paths[start : start + AT_ONCE]
            sides = [given.base.resolve(), given.new.resolve()]
            base, new = pool.map(outputs, sides, (chunk, chunk), (Path(caches, "base"), Path(caches, "new")))
            found = list(differences(base, new, chunk))
            again = outputs(sides[0], sorted({path for path, _, _ in found}), Path(caches, "again")) if found else {}
            for path, name, diff in found:
                if str(path) in again and again[str(path)].get(name) != base.get(str(path), {}).get(name):
                    continue  # what one checkout says changes from run to run
                count += 1
                print(f"\n{path}: {name}", *islice(diff, given.shown), sep="\n", flush=True)
                if len(diff) > given.shown:
                    print(f"… {len(diff) - given.shown} more lines")
            print(f"{start + len(chunk)} of {len(paths)} compared, {count} outputs differ", file=sys.stderr, flush=True)
    return int(bool(count))


if __name__ == "__main__":
    if sys.argv[1:] == ["--worker"]:
        work()
    else:
        sys.exit(main())
