"""``make core`` goes through every room of the sources."""

from __future__ import annotations

from pathlib import Path

import pytest

from tool_modules import tool

core_tests = tool("core_tests")
SOURCE = Path(__file__).parents[2] / "src" / "scopedown"


def test_every_room_has_a_test_in_the_core() -> None:
    rooms = {path.stem for path in SOURCE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert rooms - {"__init__", "__main__"} == core_tests.TESTS.keys()


@pytest.mark.parametrize("room", core_tests.TESTS)
def test_the_tests_of_a_room_are_there(room: str) -> None:
    for path in core_tests.paths(room):
        file, _, test = str(path).partition("::")
        assert Path(file).exists() and (not test or f"def {test}(" in Path(file).read_text(encoding="utf-8"))
