"""``tools/equal_lines.py`` finds places that hold the same lines, names apart."""

from __future__ import annotations

from tool_modules import tool

equal_lines = tool("equal_lines")

ONE = '''
"""A module."""
import os

def first(value):
    """What it does."""
    # why
    for part in value:
        print(part, 1)
    return value
'''
OTHER = """
import re
x = 2
def second(text):

    for each in text:
        show(each, 1)
    return text
"""


def places(least: int, other: str = OTHER) -> list[tuple[int, str, str]]:
    files = {"one.py": equal_lines.lines_of(ONE), "other.py": equal_lines.lines_of(other)}
    return list(equal_lines.equal(files, least))


def test_names_comments_docstrings_and_imports_do_not_count() -> None:
    assert places(3) == [(4, "one.py:5-10", "other.py:4-8")]
    assert places(5) == []


def test_other_values_are_other_lines() -> None:
    assert places(4, OTHER.replace("1", "2")) == []


def test_a_run_inside_of_itself_is_not_two_places() -> None:
    table = {"table.py": equal_lines.lines_of("x = f(1)\n" * 9)}
    assert list(equal_lines.equal(table, 6)) == []
