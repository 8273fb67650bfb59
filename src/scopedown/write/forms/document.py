"""What functions need, as JSON for programs."""

from __future__ import annotations

from typing import Any, Final

from scopedown.emit.cloudformation import plain
from scopedown.generate.document import generate
from scopedown.scan import ProjectScan

SCHEMA: Final = "scopedown.write/1"


def as_json(scan: ProjectScan) -> dict[str, Any]:
    """The policies of a project, as ``docs/json.md`` says."""
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
