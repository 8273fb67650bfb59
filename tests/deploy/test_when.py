"""Conditions of rows, and the ARN templates that they guard."""

from __future__ import annotations

from typing import Any

import pytest

from scopedown.core.text import Text
from scopedown.deploy.when import holds, values_at


def text(value: Any) -> str:
    return "*" if isinstance(value, Text) and value.literal is None else str(value)


TREE: dict[str, Any] = {
    "Name": "orders",
    "Zero": 0,
    "Off": False,
    "Empty": [],
    "Gone": {"Ref": "AWS::NoValue"},
    "Open": Text.unknown("a parameter"),
    "Nested": {"Deep": {"Key": "arn:aws:kms:eu-west-1:1:key/k"}},
    "Items": [{"Arn": "a"}, {"Arn": "b"}, {}],
    "Body": {"paths": {"/": {"x-integration": {"credentials": "arn:role"}}}},
}


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        ("", ""),
        ("Name", "Name"),
        ("Missing", None),
        ("!Missing", ""),
        ("!Name", None),
        ("Zero", "Zero"),
        ("Off", None),
        ("Empty", None),
        ("Gone", None),
        ("Open", "Open"),
        ("Name=ORDERS", "Name"),
        ("Name=order", None),
        ("Name~=order", "Name"),
        ("Open=anything", "Open"),
        ("!Open=anything", ""),
        ("+!Open=anything", None),
        ("+Open", None),
        ("+Name", "Name"),
        ("Nested.Deep.Key~=:kms:", "Nested.Deep.Key"),
        ("Nested.Other", None),
        ("Items[].Arn", "Items[].Arn"),
        ("Items[].Name", None),
        ("Nested.*.Key", "Nested.*.Key"),
        ("Body~=credentials", "Body"),
        ("Body~=cognito", None),
        ("Name & Missing | Zero & Open", "Zero, Open"),
        ("Missing | Name", "Name"),
    ],
)
def test_an_expression_holds_and_says_why(expression: str, told: str | None) -> None:
    assert holds(expression, TREE, text) == told


def test_a_value_that_is_not_known_hides_what_is_in_it() -> None:
    assert list(values_at("Open.Inner.Key", TREE)) == [TREE["Open"]]
    assert list(values_at("Items[].Arn", {"Items": {"Fn::Split": [",", "a"]}})) == [{"Fn::Split": [",", "a"]}]


def test_both_values_of_a_choice_that_is_not_made_yet_count() -> None:
    chosen = {"Name": {"Fn::If": ["c", "a", {"Fn::If": ["d", "b", {"Ref": "AWS::NoValue"}]}]}}
    assert list(values_at("Name", chosen)) == ["a", "b"]
    assert holds("Name=b", chosen, text) == "Name"
    assert holds("Name", {"Name": {"Fn::If": ["c", {"Ref": "AWS::NoValue"}, {"Ref": "AWS::NoValue"}]}}, text) is None
    assert list(values_at("Items[].Arn", {"Items": {"Fn::If": ["c", [{"Arn": "a"}], []]}})) == ["a"]
