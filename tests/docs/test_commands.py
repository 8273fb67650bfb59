"""Every command that a page shows in a ``console`` block is run, and prints what the page says."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from .console import ROOT, Command, differences, folder_for, steps

pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="the pages' commands are for bash")
NODE = "<!-- commands need node -->"
PAGES = {
    str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    if "```console\n" in path.read_text(encoding="utf-8")
}


def _pages(with_node: bool) -> list[str]:
    return [name for name, page in PAGES.items() if (NODE in page) == with_node]


@pytest.mark.parametrize("name", _pages(with_node=False))
def test_commands_of_a_page_print_what_it_says(name: str, tmp_path: Path) -> None:
    wrong = differences(PAGES[name], folder_for(PAGES[name], tmp_path))
    assert not wrong, "\n\n".join(wrong)


@pytest.mark.oracle
@pytest.mark.slow
@pytest.mark.parametrize("name", _pages(with_node=True))
def test_commands_of_a_page_that_run_the_framework_print_what_it_says(name: str, tmp_path: Path) -> None:
    osls, modules = (os.environ.get(key, "") for key in ("OSLS_DIR", "EXPRESS_NOTES_DIR"))
    if not (osls and modules and shutil.which("node")):
        pytest.skip("OSLS_DIR and EXPRESS_NOTES_DIR do not name installed packages")
    folder = folder_for(PAGES[name], tmp_path)
    shutil.copytree(Path(modules) / "node_modules", folder / "node_modules", symlinks=True)
    wrong = differences(PAGES[name], folder, timeout=900, SCOPEDOWN_OSLS=osls)
    assert not wrong, "\n\n".join(wrong)


@pytest.mark.parametrize("name", PAGES)
def test_a_console_block_holds_commands(name: str) -> None:
    blocks = PAGES[name].count("```console\n")
    commands = [one for one in steps(PAGES[name]) if isinstance(one, Command)]
    assert len(commands) >= blocks


def test_another_text_is_told(tmp_path: Path) -> None:
    page = "```console\n$ printf 'one\\ntwo\\nthree\\n'\none\n…\nfour\n$ (exit 3)\n$ echo $?\n3\n```\n"
    (wrong,) = differences(page, folder_for(page, tmp_path))
    assert "four" in wrong
    assert "three" in wrong


def test_what_is_cut_stands_for_anything_and_files_are_written(tmp_path: Path) -> None:
    page = (
        '```json title="p.json"\n{"a": 1}\n```\n'
        '```console\n$ cat p.json; echo end\n{…\n…\nend\n$ seq 5\n1\n…\n5\n$ cat \\\n  p.json\n{"a": 1}\n```\n'
    )
    assert differences(page, folder_for(page, tmp_path)) == []
