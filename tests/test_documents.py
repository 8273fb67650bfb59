"""What the documents say is so: paths exist, every command has help, examples in docstrings are true.

That the commands of the pages print what the pages say is asked in tests/docs.
"""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

import scopedown
from scopedown.cli.commands import COMMANDS
from scopedown.cli.main import cli

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = [
    *(ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
PATHS = re.compile(r"`((?:src|tests|docs|bench|tools|examples|calls|\.ci)/[\w./-]*)`|\]\(((?!https?:)[\w./-]+)\)")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_path_that_a_document_names_exists(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    example = re.search(r"<!-- commands run in (\S+) -->", text)
    bases = [ROOT, ROOT / "src" / "scopedown", document.parent, *([ROOT / example[1]] if example else [])]
    missing = []
    for in_code, linked in PATHS.findall(text):
        name = in_code or linked
        if not any((base / name).exists() for base in bases):
            missing.append(name)
    assert missing == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(name: str) -> None:
    result = CliRunner().invoke(cli, [name, "--help"])
    assert result.exit_code == 0
    assert f"scopedown {name} " in result.output.partition("Usage:")[2].partition("\n")[2]


def _documented_modules() -> list[str]:
    names = (info.name for info in pkgutil.walk_packages(scopedown.__path__, "scopedown."))
    source = Path(scopedown.__path__[0])
    paths = {name: source.joinpath(*name.split(".")[1:]).with_suffix(".py") for name in names}
    return [name for name, path in paths.items() if path.exists() and ">>> " in path.read_text(encoding="utf-8")]


@pytest.mark.parametrize("name", _documented_modules())
def test_examples_in_docstrings_are_true(name: str) -> None:
    result = doctest.testmod(importlib.import_module(name))
    assert result.attempted > 0
    assert result.failed == 0
