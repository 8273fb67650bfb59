"""The documents make a site: strictly, without the network, with every page in its navigation."""

from __future__ import annotations

import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from .console import ROOT

HOOK = runpy.run_path(str(ROOT / "tools" / "site_pages.py"))


def test_the_pages_of_a_folder_come_in_the_order_in_which_its_index_links_them(tmp_path: Path) -> None:
    for name in ("a.md", "b.md", "c.md"):
        (tmp_path / name).write_text("")
    (tmp_path / "index.md").write_text("1. [C](c.md)\n2. [A](a.md#part)\n3. [A](a.md) [gone](gone.md)\n")
    assert HOOK["folder_pages"](tmp_path) == ["index.md", "c.md", "a.md", "b.md"]


def test_a_page_that_the_navigation_does_not_name_comes_last(tmp_path: Path) -> None:
    (tmp_path / "known.md").write_text("")
    (tmp_path / "new.md").write_text("")
    nav = HOOK["whole"]([{"Known": "known.md"}, {"Gone": "gone/"}], tmp_path)
    assert nav == [{"Known": "known.md"}, {"More": ["new.md"]}]


def test_a_folder_within_a_section_stands_for_its_pages(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "A1.md").write_text("")
    nav = HOOK["whole"]([{"Roles": [{"Rules": "rules/"}]}], tmp_path)
    assert nav == [{"Roles": [{"Rules": ["rules/A1.md"]}]}]


@pytest.mark.slow
def test_the_site_builds_strictly_and_fetches_nothing(tmp_path: Path) -> None:
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path / "site")],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        timeout=300,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    pages = {path.relative_to(tmp_path / "site").with_suffix("") for path in (tmp_path / "site").rglob("*.html")}
    sources = {path.relative_to(ROOT / "docs").with_suffix("") for path in (ROOT / "docs").rglob("*.md")}
    assert {one.with_name("index") if one.name == "README" else one for one in sources} <= pages
    fetched = re.compile(
        r"""<(?:script|img|iframe)[^>]*\ssrc=["']?(?:https?:)?//|<link[^>]*stylesheet[^>]*(?:https?:)?//"""
    )
    for path in (tmp_path / "site").rglob("*.html"):
        assert not fetched.search(path.read_text(encoding="utf-8")), path
