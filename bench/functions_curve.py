"""What a project of N functions costs: CPU seconds and memory of every command that reads projects, size by size.

usage: python bench/functions_curve.py [--tool TOOL] [--language LANGUAGE] [--roles own|shared] [--functions 100,400]
                                       [--folders N] [--resources N] [--files N] [COMMAND …]

The projects are those of `large_projects.py`; an option that is given twice is measured both ways, one that is left
out in every way. A command is what `scopedown` is called with, without the project; `plan` stands for what prove works
out before it runs anything: the policies of the framework user and of the functions. The ratio is that of the CPU
seconds (user and system, of all processes) of the last two sizes. `--profile FILE` writes cProfile's figures.
"""

from __future__ import annotations

import argparse
import itertools
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from large_projects import LANGUAGES, ROLES, TOOLS, Shape, make

COMMANDS = (
    "scan --no-cache", "check --no-cache", "write --no-cache --diff", "report --no-cache -o report.html",
    "deploy-policy --output -", "plan",
)  # fmt: skip
LEFT_OUT = {"terraform": ("deploy-policy", "plan")}
PLAN = """
import sys
from pathlib import Path
from scopedown.catalog.load import catalog
from scopedown.deploy.commands import commands_of
from scopedown.deploy.documents import documents
from scopedown.deploy.plan import plan
from scopedown.deploy.settings import framework_of
from scopedown.project.load import load_project
from scopedown.project.options import Options
from scopedown.scan import scan

project = load_project(Path("."), Options(account="123456789012"))
framework = framework_of(project)
documents(plan(project, catalog(), framework, commands_of(framework)).permissions)
scan(project, catalog())
"""


def measured(command: str, folder: Path, profile: Path | None, limit: float) -> tuple[float, float, int]:
    """CPU seconds, MiB of the largest process, and the exit code of a command in a folder."""
    name, *options = command.split()
    asked = [name, ".", *options]
    program = ["-c", PLAN] if name == "plan" else ["-m", "scopedown", *asked]
    measuring = ["-m", "cProfile", "-o", str(profile)] if profile and name != "plan" else []
    if measuring:
        program = ["-m", "scopedown", *asked]
    limited = ["prlimit", f"--cpu={limit:.0f}"] if limit else []
    printed = (folder.parent / "printed").open("wb")
    process = subprocess.Popen(
        [*limited, sys.executable, *measuring, *program], cwd=folder, stdout=printed, stderr=subprocess.STDOUT
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, process.returncode


def shapes(given: argparse.Namespace) -> Iterator[tuple[str, str, str]]:
    """Every combination of what is asked for."""
    yield from itertools.product(given.tool or TOOLS, given.language or LANGUAGES, given.roles or ROLES)


def main() -> int:
    """Run each command on each size of each shape, and print the curve."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("commands", nargs="*", metavar="COMMAND")
    parser.add_argument("--tool", choices=TOOLS, action="append")
    parser.add_argument("--language", choices=LANGUAGES, action="append")
    parser.add_argument("--roles", choices=ROLES, action="append")
    parser.add_argument("--functions", default="100,400")
    parser.add_argument("--folders", type=int, default=1)
    parser.add_argument("--resources", type=int)
    parser.add_argument("--files", type=int, default=5, help="modules that each function reaches")
    parser.add_argument("--jobs", type=int, help="give commands that search code so many processes")
    parser.add_argument("--limit", type=float, default=600, help="CPU seconds after which a command is ended")
    parser.add_argument("--profile", type=Path)
    given = parser.parse_args()
    # As an installation is: pip compiles what it installs.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    bytecode = tempfile.TemporaryDirectory()
    os.environ["PYTHONPYCACHEPREFIX"] = bytecode.name
    sizes = [int(size) for size in given.functions.split(",")]
    with tempfile.TemporaryDirectory() as made:
        for name in ("check", "write --diff", "report -o r.html", "deploy-policy"):
            make(Path(made) / "first", Shape(2))
            measured(name, Path(made) / "first", None, 0)
    for tool, language, roles in shapes(given):
        for asked in given.commands or COMMANDS:
            name = asked.split()[0]
            if name in LEFT_OUT.get(tool, ()) or (given.folders > 1 and name in ("deploy-policy", "plan")):
                continue
            command = asked + (" --recursive" if given.folders > 1 else "")
            command += f" --jobs {given.jobs}" if given.jobs and name not in ("deploy-policy", "plan") else ""
            row, seconds = [], []
            for size in sizes:
                with tempfile.TemporaryDirectory() as made:
                    folder = Path(made) / "project"
                    make(folder, Shape(size, tool, language, roles, given.folders, given.resources, given.files))
                    cpu, memory, code = measured(command, folder, given.profile, given.limit)
                seconds.append(cpu)
                row.append(f"{size}: {cpu:.2f} s {memory:.0f} MiB" + (f" exit {code}" if code not in (0, 1) else ""))
            ratio = f"ratio {seconds[-1] / seconds[-2]:.1f}" if len(seconds) > 1 else ""
            print(f"{tool} {language} {roles:6} {command:40} {'  '.join(row)}  {ratio}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
