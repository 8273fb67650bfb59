"""The build reads every table, with the standard library alone; a wrong row is named with its line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import scopedown
from scopedown.core.table_check import check_tables
from scopedown.core.tables import TableError

ROOT = Path(__file__).parents[2]
BUILD = """
import sys, types
sys.path[:0] = ["src", "."]
for name in ("hatchling", "hatchling.builders", "hatchling.builders.hooks", "hatchling.builders.hooks.plugin"):
    sys.modules[name] = types.ModuleType(name)
interface = types.ModuleType("hatchling.builders.hooks.plugin.interface")
interface.BuildHookInterface = dict
sys.modules[interface.__name__] = interface
import pathlib, hatch_build
hatch_build.check_tables(pathlib.Path("src/scopedown"))
"""


def test_every_table_is_well_formed() -> None:
    assert check_tables(Path(scopedown.__file__).parent) > 100


def test_the_build_reads_them_without_any_package() -> None:
    done = subprocess.run([sys.executable, "-I", "-S", "-B", "-c", BUILD], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("a\tMode &\tpage", "t.tsv:3: '' is not a term"),
        ("a\t!!Mode\tpage", "t.tsv:3: '!!Mode' is not a term"),
        ("a\tMode", "t.tsv:3: the row has no source"),
        ("a\tMode\tpage\tmore", "t.tsv:3: 4 cells where the header has 3"),
    ],
)
def test_a_wrong_row_fails_the_build(tmp_path: Path, row: str, message: str) -> None:
    (tmp_path / "t.tsv").write_text(f"name\twhen\tsource\nb\t\tpage\n{row}\n", encoding="utf-8")
    with pytest.raises(TableError) as error:
        check_tables(tmp_path)
    assert message in str(error.value)
