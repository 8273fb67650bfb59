"""A template as the tests write it: its text, the files beside it, and the project that is read of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from textwrap import dedent

import pytest

from scopedown.documents.document import Files
from scopedown.project.cloudformation.read import read_cloudformation
from scopedown.project.model import Project
from scopedown.project.options import Options

Read = Callable[..., Project]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """``read(template, {file: text}, option=…)``."""

    def run(template: str, files: Mapping[str, str] | None = None, **options: object) -> Project:
        for name, text in {"template.yaml": template, **(files or {})}.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(dedent(text).lstrip("\n"))
        found = Files(tmp_path)
        document = found.document(tmp_path / "template.yaml", template=True)
        assert document is not None
        return read_cloudformation(document, found, Options(**options))  # type: ignore[arg-type]

    return run
