"""No action from code that calls no AWS: a thousand files of well-known packages, every public function entered.

usage: python bench/silence.py [--cache DIR] [--each] [PACKAGE==VERSION ...]

The packages' wheels are fetched from PyPI and unpacked into the folder of one project, up to 1,000 files, beside a
generated handler that calls every public function, and makes every public class and calls its public methods, all with
values of the event. The step bound is lifted, so that every function is entered. Prints files, functions that the
handler names, functions entered, actions found, CPU seconds (cold: nothing is cached) and the peak of memory; with
``--each`` the same for one package after another. Exit 1 where an action is found.
"""

from __future__ import annotations

import argparse
import ast
import keyword
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path

from scopedown.calls import bounds
from scopedown.calls.find import find_calls
from scopedown.catalog.load import catalog
from scopedown.source.sources import Sources

PACKAGES = (
    "flask==3.1.2", "werkzeug==3.1.3", "jinja2==3.1.6", "click==8.3.0", "redis==7.0.1", "pymongo==4.15.4",
    "rich==14.2.0", "urllib3==2.5.0", "httpx==0.28.1", "starlette==0.49.1", "fastapi==0.120.4", "django==5.2.8",
)  # fmt: skip
FILES = 1000
"""Modules of a project; what is more of the last package is left out."""


def fetch(requirement: str, cache: Path) -> Path:
    """The package's wheel, from the cache or PyPI."""
    name, _, version = requirement.partition("==")
    pattern = f"{name.replace('-', '_')}-{version}*.whl" if version else f"{name.replace('-', '_')}-*.whl"
    found = sorted(cache.glob(pattern), key=lambda path: path.stat().st_mtime)
    if not found:
        cache.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
        subprocess.run([*command, "--dest", str(cache), requirement], check=True)
        found = sorted(cache.glob(pattern), key=lambda path: path.stat().st_mtime)
    return found[-1]


def python_files(root: Path) -> list[Path]:
    """The project's modules, as many as are measured, in the order of the packages."""
    return sorted(root.rglob("*.py"))[:FILES]


def module_name(path: Path, root: Path) -> str:
    """The dotted name of a file."""
    parts = list(path.relative_to(root).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def handler_source(root: Path) -> tuple[str, int, int]:
    """A handler that enters every public function below a folder; how many modules and functions it names."""
    imports, body, functions = [], [], 0
    for number, path in enumerate(python_files(root)):
        try:
            tree = ast.parse(path.read_bytes())
        except (SyntaxError, ValueError):
            continue
        name = f"m{number}"
        if any(keyword.iskeyword(one) or not one.isidentifier() for one in module_name(path, root).split(".")):
            continue  # no import statement can name it
        imports.append(f"import {module_name(path, root)} as {name}")
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
                functions += 1
                body.append(f"    {name}.{node.name}({arguments(node, 0)})")
            elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                methods = [
                    item
                    for item in node.body
                    if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef) and not item.name.startswith("_")
                ]
                body.append(f"    o = {name}.{node.name}(event, event, event)")
                for item in methods:
                    functions += 1
                    body.append(f"    o.{item.name}({arguments(item, 1)})")
    source = "\n".join([*imports, "", "def handler(event, context):", *(body or ["    pass"]), ""])
    return source, len(imports), functions


def arguments(node: ast.FunctionDef | ast.AsyncFunctionDef, skip: int) -> str:
    """As many unknown values as the function takes."""
    count = max(0, len(node.args.posonlyargs) + len(node.args.args) - skip)
    keywords = [f"{one.arg}=event[{one.arg!r}]" for one in node.args.kwonlyargs]
    return ", ".join([*(f"event[{number}]" for number in range(count)), *keywords])


def measure(requirements: Sequence[str], cache: Path) -> int:
    """Lay packages in a project, run its handler, print the row; the number of actions found."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        left = FILES
        for requirement in requirements:
            with zipfile.ZipFile(fetch(requirement, cache)) as wheel:
                # Without the record of the installation: its files are the project's own code.
                names = [name for name in wheel.namelist() if name.endswith(".py") and ".dist-info/" not in name][:left]
                left -= len(names)
                wheel.extractall(root, names)
        source, modules, functions = handler_source(root)
        (root / "generated_handler.py").write_text(source, encoding="utf-8")
        started = time.process_time()
        report = find_calls(Sources(str(root)), catalog(), {}, "generated_handler.py", "handler")
        seconds = time.process_time() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    name = requirements[0] if len(requirements) == 1 else f"{len(requirements)} packages"
    print(
        f"{name:24} modules {modules:4}  functions named {functions:5}  files opened {len(report.files):4}  "
        f"functions entered {report.functions_entered:5}  actions {len(report.calls)}  {seconds:.1f} s  "
        f"peak {peak:.0f} MiB",
        flush=True,
    )
    for call in report.calls:
        print("   ", call.name, call.place, call.path)
    for finding in report.findings:
        print("   ", finding)
    return len(report.calls)


def main() -> None:
    """Run the measurement."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, default=Path(".cache/silence"))
    parser.add_argument("--each", action="store_true")
    parser.add_argument("packages", nargs="*", default=PACKAGES)
    options = parser.parse_args()
    bounds.STEPS.most = 20_000_000
    projects = [[one] for one in options.packages] if options.each else [list(options.packages)]
    found = sum(measure(project, options.cache) for project in projects)
    print(f"actions found: {found}")
    sys.exit(found > 0)


if __name__ == "__main__":
    main()
