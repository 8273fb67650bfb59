"""A small part of the tests that goes through every room: ``make core``. At most 60 seconds of processor time.

Arguments are handed on to pytest.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
TESTS: Final = {
    "account": ("test_users.py",),
    "cache": ("test_store.py",),
    "calls": ("test_sources.py",),
    "catalog": ("test_lookup.py", "test_facts.py"),
    "checks": ("test_rules.py",),
    "cli": ("test_gates.py", "test_forms.py", "test_explain.py"),
    "compare": ("test_narrows.py",),
    "core": ("test_arns.py", "test_conditions_of_tables.py", "test_tables_reader.py"),
    "coverage": ("test_code_seen.py",),
    "denied": ("test_denial_texts.py",),
    "deploy": ("test_plan.py", "test_when.py"),
    "documents": ("test_document.py",),
    "emit": ("test_cloudformation_values.py", "test_yaml_text.py"),
    "fleet": ("test_fleet.py::test_every_function_and_every_unread_project_has_a_row",),
    "generate": ("test_minimal_policies.py",),
    "guard": ("test_decision_cases.py",),
    "iam": ("test_cases.py", "test_conditions.py"),
    "languages": ("test_front_ends.py", "test_handlers_ruby_php.py"),
    "mcp": ("mcp_server/test_mcp_answer.py",),
    "observe": ("test_join.py",),
    "permissions": ("test_bind.py", "test_from_config.py", "test_rows.py"),
    "project": ("project/serverless/test_roles.py", "test_intrinsics.py", "test_bad_files.py"),
    "prove": ("test_verdict.py", "test_usage.py"),
    "repair": ("test_check_fix.py::test_the_key_goes_with_its_last_policy",),
    "report": ("test_report_policies.py",),
    "scan": ("",),
    "sites": ("test_unreached.py",),
    "source": ("test_known_patterns.py", "packages"),
    "validate": ("test_embedded_policies.py",),
    "workers": ("test_workers.py",),
    "write": ("test_roles_in_serverless_files.py", "test_policies_in_templates.py"),
}
"""The tests of each room of ``src/scopedown``, below its folder of tests; those of a single module are in ``tests``."""

BOUNDS_APART: Final = "not quickly and not interruption and not any_text"
"""Tests of what never ends, which take long, are no part of it."""


def paths(room: str) -> list[Path]:
    """The files and folders of a room's tests."""
    folder = ROOT / "tests" / room
    return [(folder if folder.is_dir() and "/" not in name else ROOT / "tests") / name for name in TESTS[room]]


def main() -> None:
    chosen = [str(path.relative_to(ROOT)) for room in TESTS for path in paths(room)]
    os.chdir(ROOT)
    command = ["-m", "pytest", "-m", "not oracle and not slow", "-k", BOUNDS_APART, *chosen, *sys.argv[1:]]
    os.execv(sys.executable, [sys.executable, *command])


if __name__ == "__main__":
    main()
