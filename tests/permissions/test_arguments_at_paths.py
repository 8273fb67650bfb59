"""Reading arguments by path."""

from __future__ import annotations

from typing import Any

import pytest
from permission_words import argument

from scopedown.calls.model import Alternatives
from scopedown.core.text import Text, Unknown
from scopedown.permissions.paths import MAX_VALUES, is_absent, is_given, is_passed, texts_at

EVENT = Unknown("event")


@pytest.mark.parametrize(
    ("arguments", "path", "expected"),
    [
        ({"A": "x"}, "A", ["x"]),
        ({"A": "x"}, "B", []),
        ({"A": {"B": "x"}}, "A.B", ["x"]),
        ({"A": [{"B": "x"}, {"B": "y"}, {}]}, "A[].B", ["x", "y"]),
        ({"A": [{"B": "x"}]}, "A.B", ["x"]),
        ({"A": ["x", "x"]}, "A[]", ["x"]),
        ({"A": {"x": 1, "y": 2}}, "A.*", ["x", "y"]),
        ({"A": {"x": 1, "*": EVENT}}, "A.*", ["x", "*"]),
        ({"A": EVENT}, "A.B.C", ["*"]),
        ({"A": "text"}, "A.B", []),
        ({"A": 7}, "A", ["7"]),
        ({"A": True}, "A", []),
        ({"*": EVENT}, "A", ["*"]),
        ({"A": Alternatives((Text.of("x"), Text.of("y")))}, "A", ["x", "y"]),
    ],
)
def test_a_path_leads_to_these_texts(arguments: Any, path: str, expected: list[str]) -> None:
    assert [str(text) for text in texts_at(argument(arguments), path)] == expected


def test_an_unknown_on_the_way_keeps_its_reason() -> None:
    (text,) = texts_at(argument({"A": EVENT}), "A[].B")
    assert text.unknowns == (EVENT,)


def test_very_many_values_end_in_an_unknown() -> None:
    found = texts_at(argument({"A": [f"k{n}" for n in range(1000)]}), "A[]")
    assert len(found) == MAX_VALUES + 1 and found[-1].unknowns


@pytest.mark.parametrize(
    ("value", "given"), [("x", True), (None, False), (False, False), (True, True), ({}, True), (EVENT, True)]
)
def test_what_counts_as_given(value: Any, given: bool) -> None:
    assert is_given(argument({"A": value}), "A") is given


def test_arguments_that_are_not_known_pass_no_parameter_by_name() -> None:
    everything = argument({"*": EVENT})
    assert is_given(everything, "ACL") and not is_passed(everything, "ACL")
    assert is_passed(argument({"Image": EVENT}), "Image.S3Object")


def test_a_parameter_is_absent_where_one_element_lacks_it() -> None:
    assert is_absent(argument({"A": [{"B": "x"}, {}]}), "A[].B")
    assert not is_absent(argument({"A": [{"B": "x"}]}), "A[].B")
    assert not is_absent(argument({"A": [EVENT]}), "A[].B")
