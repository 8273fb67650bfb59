"""An answer is taken from memory only where the function could not have told the requests apart."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

from scopedown.guard.checks import Memory


def chooses(given: Mapping[str, Any]) -> str:
    """Which parameter counts depends on another."""
    if given.get("mode") == "a":
        return f"a{given.get('x')}"
    return f"b{given['y']}" if "y" in given else "none"


def test_every_answer_is_the_functions_own() -> None:
    memory: Memory[str] = Memory(100)
    for mode, x, y, noise in product(("a", "b", None), (1, 2, None), (1, None), range(3)):
        given = {"mode": mode, "x": x, "y": y, "noise": noise}
        given = {name: value for name, value in given.items() if value is not None}
        assert memory.answer("kind", given, lambda one: one, chooses) == chooses(given)


def test_what_is_never_looked_at_makes_no_difference() -> None:
    asked: list[Any] = []

    def reads_x(given: Mapping[str, Any]) -> int:
        asked.append(given["x"])
        return int(given["x"])

    memory: Memory[int] = Memory(100)
    for noise in range(10):
        assert memory.answer("kind", {"x": 1, "noise": noise}, lambda one: one, reads_x) == 1
    assert memory.answer("other", {"x": 2}, lambda one: one, reads_x) == 2
    assert asked == [1, 2]


def test_lists_and_texts_are_not_mistaken_for_each_other() -> None:
    memory: Memory[str] = Memory(100)
    for value in (["a"], "a", {"a": 1}, [["a"]], None, True, 1, "1"):
        assert memory.answer("kind", {"x": value}, lambda one: one, lambda given: repr(given["x"])) == repr(value)


def test_it_keeps_no_more_than_it_may() -> None:
    asked: list[int] = []

    def reads_x(given: Mapping[str, Any]) -> int:
        asked.append(given["x"])
        return 0

    memory: Memory[int] = Memory(2)
    for value in (1, 2, 3, 1):
        memory.answer("kind", {"x": value}, lambda one: one, reads_x)
    assert asked == [1, 2, 3, 1]
