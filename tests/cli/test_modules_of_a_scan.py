"""A plain scan loads what the project needs: what starts is what a person waits for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

TODOS = Path(__file__).parents[2] / "examples" / "todos"
MOST = 370
"""Modules of scopedown; a ratchet, which only goes down. It is to be 300."""
APART = (
    "checks", "compare", "deploy", "generate", "guard", "iam.decision", "iam.explain", "iam.newaccess", "languages.go",
    "languages.java", "observe", "project.serverless.events.s3", "project.serverless.lift", "prove", "repair", "report",
    "source.resolve.unread_packages", "validate", "write",
)  # fmt: skip
"""What a scan of a service in Python and JavaScript, with events of one kind and no plugin, does not ask for."""
PROGRAM = """
import sys
from scopedown.cli.main import main
try:
    main(["scan", sys.argv[1], "--no-cache"])
finally:
    print(*(name for name in sys.modules if name.startswith("scopedown.")), file=sys.stderr)
"""


def test_a_plain_scan_loads_what_it_needs() -> None:
    ran = subprocess.run([sys.executable, "-c", PROGRAM, str(TODOS)], capture_output=True, text=True, check=False)
    names = [name.removeprefix("scopedown.") for name in ran.stderr.split()]
    assert "scan.forms.table" in names, ran.stderr
    assert len(names) <= MOST
    assert [name for name in names if any(name == one or name.startswith(f"{one}.") for one in APART)] == []
