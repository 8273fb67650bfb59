"""Indented JSON is what Python's own encoder writes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from scopedown.emit.json_text import indented

TREES: list[Any] = [
    {},
    [],
    'é \u2028 " \\ \x00',
    None,
    {"a": [], "b": {}, "c": [[]], "d": [{}], "e": ()},
    {"é": {"n": [1, -2.5, True, False, None, ("x", {"y": "ü"})]}, "": ["", [["z"]]]},
    [float("inf"), 10**30],
]


@pytest.mark.parametrize("tree", TREES)
@pytest.mark.parametrize("ensure_ascii", [True, False])
def test_the_same_bytes_as_json_dumps(tree: Any, ensure_ascii: bool) -> None:
    assert indented(tree, ensure_ascii) == json.dumps(tree, indent=2, ensure_ascii=ensure_ascii)
