"""What functions need, as JSON for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from scopedown.emit.cloudformation import plain
from scopedown.generate.document import generate
from scopedown.scan import ProjectScan

SCHEMA: Final = "scopedown.write/1"


def render(scans: Sequence[ProjectScan]) -> dict[str, Any]:
    """The policies of all projects, as ``docs/json.md`` says."""
    return {"schema": SCHEMA, "projects": [_project(scan) for scan in scans]}


def _project(scan: ProjectScan) -> dict[str, Any]:
    return {
        "project": scan.project.config,
        "functions": [
            {
                "function": function.function.key,
                "role": function.function.role,
                "policy": plain(generate(function.permissions)),
            }
            for function in scan.functions
        ],
    }
