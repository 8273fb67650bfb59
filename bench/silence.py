"""No action from code that calls no AWS: well-known packages laid in a project, every public function entered.

usage: python bench/silence.py [--cache DIR] [PACKAGE==VERSION ...]

For each package its wheel is fetched from PyPI and unpacked into a project's folder beside a generated handler that
calls every public function, and makes every public class and calls its public methods, all with values of the event.
The step bound is lifted, so that every function is entered. Prints, per package: modules, functions called by the
handler, files opened, functions entered, actions found, CPU seconds.
Exit 1 where an action is found.
"""

from __future__ import annotations

import argparse
import ast
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from scopedown.calls import interpret
from scopedown.calls.find import find_calls
from scopedown.calls.sources import Sources
from scopedown.catalog.load import catalog

PACKAGES = ("flask==3.1.2", "requests==2.32.5", "redis==7.0.1", "stripe==13.2.0", "pymongo==4.15.4")


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


def module_name(path: Path, root: Path) -> str:
    """The dotted name of a file."""
    parts = list(path.relative_to(root).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def handler_source(root: Path) -> tuple[str, int, int]:
    """A handler that enters every public function below a folder; how many modules and functions it names."""
    imports, body, functions = [], [], 0
    for number, path in enumerate(sorted(root.rglob("*.py"))):
        try:
            tree = ast.parse(path.read_bytes())
        except (SyntaxError, ValueError):
            continue
        name = f"m{number}"
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


def measure(requirement: str, cache: Path) -> int:
    """Lay the package in a project, run its handler, print the row; the number of actions found."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        with zipfile.ZipFile(fetch(requirement, cache)) as wheel:
            # Without the record of the installation: its files are the project's own code, not an installed package.
            wheel.extractall(root, [name for name in wheel.namelist() if ".dist-info/" not in name])
        source, modules, functions = handler_source(root)
        (root / "generated_handler.py").write_text(source, encoding="utf-8")
        started = time.process_time()
        report = find_calls(Sources(str(root)), catalog(), {}, "generated_handler.py", "handler")
        seconds = time.process_time() - started
    print(
        f"{requirement:24} modules {modules:4}  functions named {functions:5}  files opened {len(report.files):4}  "
        f"functions entered {report.functions_entered:5}  actions {len(report.calls)}  {seconds:.1f} s",
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
    parser.add_argument("packages", nargs="*", default=PACKAGES)
    options = parser.parse_args()
    interpret.MAX_STEPS = 20_000_000
    found = sum(measure(requirement, options.cache) for requirement in options.packages)
    print(f"actions found: {found}")
    sys.exit(found > 0)


if __name__ == "__main__":
    main()
