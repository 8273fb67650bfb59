"""``tools/same_outputs.py`` finds what two checkouts say differently."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

TOOL = Path(__file__).parents[2] / "tools" / "same_outputs.py"
_spec = importlib.util.spec_from_file_location("same_outputs", TOOL)
assert _spec is not None and _spec.loader is not None
same = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(same)

PRINTS = """
import sys
from pathlib import Path
CHECKOUT = Path(__file__).parents[3]

def main(arguments):
    path = Path(arguments[-1])
    if path.name == "raises":
        raise ValueError("a fault")
    if path.name == "ends" and SEEN == "two":
        import os
        os._exit(3)
    if path.name == "by-chance":
        import random
        print(random.random())
    print('{"seen": "%s", "of": "%s"}' % (SEEN if path.name == "differs" else "all", CHECKOUT))
    if arguments[0] == "report":
        print(f"<script>{SEEN}</script>")
    sys.exit(1)
"""


@pytest.fixture
def checkouts(tmp_path: Path) -> tuple[Path, Path]:
    """Two checkouts of something that prints what the tests compare."""
    for name in ("one", "two"):
        package = tmp_path / name / "src" / "scopedown"
        (package / "cli").mkdir(parents=True)
        (package / "__init__.py").write_text("")
        (package / "cli" / "__init__.py").write_text("")
        (package / "cli" / "main.py").write_text(f"SEEN = {name!r}\n{PRINTS}")
    return tmp_path / "one", tmp_path / "two"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A folder of projects, one for each kind of file and one in a folder that is left out."""
    names = (
        "same/serverless.yml", "raises/template.yaml", "same/terraform/main.tf", "none/README.md",
        "same/node_modules/m/serverless.yml", "same/handler.py",
    )  # fmt: skip
    for name in names:
        path = tmp_path / "corpus" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    return tmp_path / "corpus"


def test_projects_are_folders_with_a_project_file(corpus: Path) -> None:
    found = [path.relative_to(corpus).as_posix() for path in same.projects([corpus], ["*.py"])]
    assert found == ["raises", "same", "same/handler.py", "same/terraform"]


def test_equal_checkouts(checkouts: tuple[Path, Path], corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert same.main([*map(str, checkouts), str(corpus)]) == 0
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == "3 of 3 compared, 0 outputs differ\n"


def test_a_difference_is_shown(checkouts: tuple[Path, Path], corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (corpus / "differs").mkdir()
    (corpus / "differs" / "serverless.yml").write_text("")
    assert same.main([*map(str, checkouts), str(corpus)]) == 1
    printed = capsys.readouterr()
    assert f"{corpus / 'differs'}: scan\n--- base\n+++ new\n" in printed.out
    assert '\n- "seen": "one",\n+ "seen": "two",\n  "of": "<checkout>"\n' in printed.out
    assert str(corpus / "same") not in printed.out
    assert printed.err.endswith(f"{len(same.COMMANDS)} outputs differ\n")


def test_a_process_that_ends_early_is_a_difference(
    checkouts: tuple[Path, Path], corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (corpus / "ends").mkdir()
    (corpus / "ends" / "serverless.yml").write_text("")
    assert same.main([*map(str, checkouts), str(corpus)]) == 1
    assert "+the process ended" in capsys.readouterr().out


def test_what_changes_from_run_to_run_is_no_difference(
    checkouts: tuple[Path, Path], corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (corpus / "by-chance").mkdir()
    (corpus / "by-chance" / "serverless.yml").write_text("")
    assert same.main([*map(str, checkouts), str(corpus)]) == 0
    assert capsys.readouterr().out == ""


def test_a_sample_is_drawn_by_its_seed(
    checkouts: tuple[Path, Path], corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert same.main([*map(str, checkouts), str(corpus), "--limit", "2", "--seed", "1"]) == 0
    assert capsys.readouterr().err.startswith("2 of 2 compared")
