"""Where a project keeps the virtual environments of Python, and where packages are installed in them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

ENVIRONMENTS: Final = (".venv", "venv", "env")
"""Folders of a project in which Python's virtual environments are."""


def site_packages(environment: Path) -> list[Path]:
    """The folders of a virtual environment in which packages are installed; none where it is none."""
    return [*sorted(environment.glob("lib/python3*/site-packages")), *environment.glob("Lib/site-packages")]
