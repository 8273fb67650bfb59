"""Each front end on tree-sitter: what lowers its nodes is loaded with it."""

from __future__ import annotations

import subprocess
import sys
from importlib.resources import files

import pytest

LANGUAGES = sorted(
    folder.name for folder in files("scopedown.languages").iterdir() if folder.joinpath("nodes.tsv").is_file()
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_module_that_lowers_nodes_is_loaded(language: str) -> None:
    package = f"scopedown.languages.{language}"
    lowering = {
        f"{package}.{module.name.removesuffix('.py')}"
        for module in files(package).iterdir()
        if module.name.endswith(".py") and "\n@NODES." in module.read_text(encoding="utf-8")
    }
    command = f"import sys, {package}.lower; print(*sys.modules, sep='\\n')"
    loaded = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True).stdout.split()
    assert lowering
    assert lowering - set(loaded) == set()
