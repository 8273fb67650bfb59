"""The unmarked tests of the rooms that differ from main, without those that take over a second: ``make quick``.

A room is a folder of ``src/scopedown``; its tests are in the folder of the same name under ``tests``. Tests directly
in ``tests`` speak of several rooms and are always run. Which tests take over a second is what ``tests/conftest.py``
measured when they last ran here. Arguments are handed on to pytest.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parents[1]
UNMARKED = "not oracle and not slow"
TESTS_OF = {
    "src/scopedown/mcp": "tests/mcp_server",
    "src/scopedown/languages/python": "tests/calls",
    "src/scopedown/languages/javascript": "tests/calls",
    "src/scopedown/languages/javascript/programs": "tests/project",
    "docs": "tests/docs",
    "examples": "tests/docs",
}
"""Rooms whose tests are not in the folder of their name."""
ROOM = re.compile(r"(?:src/scopedown|tests)/([^/]+)/")


def rooms(changed: Iterable[str]) -> set[str]:
    """The folders of tests for changed files, whether they are there or not; a file of no room has none."""
    found = set()
    for name in changed:
        other = [tests for room, tests in TESTS_OF.items() if name.startswith(f"{room}/")]
        found.update(other or [f"tests/{room}" for room in ROOM.findall(name)])
    return found


def changed_files() -> list[str]:
    """What differs from where this work left main, committed or not."""
    main = next((name for name in ("origin/main", "main") if _git("rev-parse", "--verify", "-q", name)), "HEAD")
    (base,) = _git("merge-base", main, "HEAD") or ["HEAD"]
    return [*_git("diff", "--name-only", base), *_git("ls-files", "--others", "--exclude-standard")]


def _git(*arguments: str) -> list[str]:
    ran = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    return ran.stdout.split("\n")[:-1] if ran.returncode == 0 else []


def main() -> None:
    found = rooms(changed_files())
    folders = sorted(name for name in found if (ROOT / name).is_dir())
    for name in sorted(found.difference(folders)):
        print(f"{name} does not exist: other rooms' tests speak of that room (make test)")
    chosen = [*folders, *sorted(str(path.relative_to(ROOT)) for path in (ROOT / "tests").glob("test_*.py"))]
    command = ["-m", "pytest", "-m", UNMARKED, "--quick", *chosen, *sys.argv[1:]]
    print("pytest", *command[2:], flush=True)
    os.chdir(ROOT)
    os.execv(sys.executable, [sys.executable, *command])


if __name__ == "__main__":
    main()
