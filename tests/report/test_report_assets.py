"""What is put into every page: our scripts make no markup of text, and the library is the one that is pinned."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
from importlib.resources import files
from pathlib import Path

import pytest

ASSETS = files("scopedown.report").joinpath("assets")
ROOT = Path(__file__).resolve().parent.parent.parent
OWN = ("graph.js", "page.js", "policies.js", "tables.js")


@pytest.mark.parametrize("name", OWN)
def test_our_scripts_make_no_markup_and_no_code_of_text(name: str) -> None:
    text = ASSETS.joinpath(name).read_text("utf-8")
    found = re.findall(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|createContextual", text
    )
    assert found == []
    assert "fetch(" not in text and "XMLHttpRequest" not in text and "import(" not in text


@pytest.mark.parametrize("name", [*OWN, "page.css", "vendor/cytoscape.min.js"])
def test_nothing_in_a_file_ends_its_element(name: str) -> None:
    text = ASSETS.joinpath(*name.split("/")).read_text("utf-8").lower()
    assert "</script" not in text and "</style" not in text and "<!--" not in text


@pytest.mark.parametrize("name", OWN)
def test_our_scripts_are_scripts(name: str, tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node was not found")
    (tmp_path / name).write_text(ASSETS.joinpath(name).read_text("utf-8"))
    done = subprocess.run([node, "--check", name], cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr


def test_the_library_is_the_version_that_is_pinned_and_named_with_its_licence() -> None:
    spec = importlib.util.spec_from_file_location("vendor_graph", ROOT / "tools" / "vendor_graph.py")
    assert spec and spec.loader
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    library = ASSETS.joinpath("vendor", "cytoscape.min.js").read_text("utf-8")
    assert f'"{tool.VERSION}"' in library
    assert f"{tool.NAME} {tool.VERSION} (npm)" in (ROOT / "NOTICE").read_text("utf-8")
    licence = ASSETS.joinpath("vendor", "cytoscape.LICENSE").read_text("utf-8")
    assert "Permission is hereby granted, free of charge" in licence and licence.splitlines()[0] in library
