"""What functions need, as the author of a CDK app writes it: grants on the app's own constructs,
in TypeScript or Python.
"""

from __future__ import annotations

from scopedown.scan import ProjectScan
from scopedown.write.constructs.snippet import rendered
from scopedown.write.constructs.spelling import Python, TypeScript


def typescript(scan: ProjectScan) -> str:
    """The grants of each role, with the lines that they replace."""
    return rendered(scan, TypeScript())


def python(scan: ProjectScan) -> str:
    """The grants of each role, with the lines that they replace."""
    return rendered(scan, Python())
