"""Terraform configurations of a test, written into a folder of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scopedown.project.load import load_project
from scopedown.project.model import Project
from scopedown.project.options import Options

Write = Callable[..., Project]


@pytest.fixture
def terraform(tmp_path: Path) -> Write:
    """Writes files (the first is main.tf) and reads the folder; ``options`` are those of the reading."""

    def write(main: str, files: dict[str, str] | None = None, folder: str = "", **options: Any) -> Project:
        (tmp_path / ".git").mkdir(exist_ok=True)
        given = {f"{folder}/main.tf".lstrip("/"): main, **(files or {})}
        for name, text in given.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text, encoding="utf-8")
        return load_project(tmp_path / folder, Options(**options))

    return write
