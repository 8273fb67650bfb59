"""Intrinsic functions become symbolic text: what CloudFormation fills in stays visible, the rest says why not."""

from __future__ import annotations

from typing import Any

import pytest

from scopedown.core.text import Att, ImportValue, Literal, Param, Pseudo, Ref, Text, Unknown
from scopedown.project.intrinsics import Scope, condition, is_intrinsic, to_text

SCOPE = Scope(
    parameters={"Stage": "dev"},
    mappings={"Sizes": {"us-east-1": {"name": "big"}, "dev": {"name": "small"}}},
    conditions={
        "IsProd": {"Fn::Equals": ["dev", "prod"]},
        "NotProd": {"Fn::Not": [{"Condition": "IsProd"}]},
        "ByStage": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]},
        "Loop": {"Fn::Not": [{"Condition": "Loop"}]},
    },
    region="us-east-1",
)


@pytest.mark.parametrize(
    ("tree", "text"),
    [
        ("plain", Text.of("plain")),
        (5, Text.of("5")),
        (True, Text.of("true")),
        ({"Ref": "Table"}, Text.of(Ref("Table"))),
        ({"Ref": "Stage"}, Text.of(Param("Stage"))),
        ({"Ref": "AWS::Region"}, Text.of(Pseudo("AWS::Region"))),
        ({"Fn::GetAtt": ["Q", "Arn"]}, Text.of(Att("Q", "Arn"))),
        ({"Fn::GetAtt": "Nested.Outputs.Name"}, Text.of(Att("Nested", "Outputs.Name"))),
        ({"Fn::Sub": "a-${Stage}-${Q.Arn}-${!Kept}-${T}"},
         Text.of("a-", Param("Stage"), "-", Att("Q", "Arn"), "-${Kept}-", Ref("T"))),
        ({"Fn::Sub": ["${A}/${B}", {"A": {"Ref": "T"}, "B": "x"}]}, Text.of(Ref("T"), "/x")),
        ({"Fn::Join": ["-", ["a", {"Ref": "T"}, {"Ref": "AWS::NoValue"}]]}, Text.of("a-", Ref("T"))),
        ({"Fn::Join": [",", {"Fn::Split": ["|", "a|b"]}]}, Text.of("a,b")),
        ({"Fn::Select": [1, {"Fn::Split": [":", "a:b:c"]}]}, Text.of("b")),
        ({"Fn::Select": ["0", ["x", "y"]]}, Text.of("x")),
        ({"Fn::Select": [3, {"Fn::Split": [":", {"Fn::Sub": "arn:aws:sqs:${AWS::Region}:1:q"}]}]},
         Text.of(Pseudo("AWS::Region"))),
        ({"Fn::If": ["IsProd", "p", "d"]}, Text.of("d")),
        ({"Fn::If": ["ByStage", "same", "same"]}, Text.of("same")),
        ({"Fn::FindInMap": ["Sizes", {"Ref": "AWS::Region"}, "name"]}, Text.of("big")),
        ({"Fn::ImportValue": {"Fn::Sub": "x-${AWS::StackName}"}},
         Text.of(ImportValue(Text.of("x-", Pseudo("AWS::StackName"))))),
        ({"Fn::Base64": "a"}, Text.of("YQ==")),
    ],
)  # fmt: skip
def test_a_value_becomes_the_text_that_it_is(tree: Any, text: Text) -> None:
    assert to_text(tree, SCOPE) == text


@pytest.mark.parametrize(
    "tree",
    [
        {"Fn::If": ["ByStage", "p", "d"]},
        {"Fn::If": ["Loop", "p", "d"]},
        {"Fn::Select": [0, {"Fn::GetAZs": ""}]},
        {"Fn::Split": [":", "a:b"]},
        {"Fn::Join": ["", {"Fn::Split": ["api", {"Ref": "AWS::StackName"}]}]},
        {"Fn::Select": [0, {"Fn::Split": ["-", {"Ref": "AWS::Region"}]}]},
        {"Fn::FindInMap": ["Sizes", {"Ref": "Stage"}, "name"]},
        {"Fn::Select": [5, {"Fn::Split": [":", {"Fn::GetAtt": ["Q", "Arn"]}]}]},
        {"Ref": "AWS::NoValue"},
        {"Ref": ["x"]},
        {"Fn::GetAtt": ["Q"]},
        {"Fn::Join": ["-"]},
        {"a": "mapping", "of": "two"},
        ["a", "list"],
    ],
)
def test_what_the_deployment_decides_is_unknown_with_a_reason(tree: Any) -> None:
    (part,) = to_text(tree, SCOPE).parts
    assert isinstance(part, Unknown) and part.reason


def test_a_dynamic_reference_is_not_taken_for_a_name() -> None:
    text = to_text("arn:x/{{resolve:ssm:/name}}/y", SCOPE)
    assert [type(part) for part in text.parts] == [Literal, Unknown, Literal]


def test_unknown_text_inside_of_a_sub_keeps_its_known_parts() -> None:
    template = Text.of("arn:${AWS::Partition}:s3:::", Unknown("it is not set"), "-${Bucket}")
    assert to_text({"Fn::Sub": template}, SCOPE).parts == (
        Literal("arn:"), Pseudo("AWS::Partition"), Literal(":s3:::"), Unknown("it is not set"), Literal("-"),
        Ref("Bucket"),
    )  # fmt: skip


def test_conditions_are_told_where_nothing_is_left_to_the_deployment() -> None:
    assert condition("NotProd", SCOPE) is True
    assert condition({"Fn::And": [{"Condition": "ByStage"}, {"Condition": "IsProd"}]}, SCOPE) is False
    assert condition({"Fn::Or": [{"Condition": "ByStage"}, {"Condition": "NotProd"}]}, SCOPE) is True
    assert condition("ByStage", SCOPE) is None
    assert condition("Undefined", SCOPE) is None


def test_nesting_without_end_is_no_crash() -> None:
    tree: Any = "x"
    for _ in range(3000):
        tree = {"Fn::Sub": ["${A}", {"A": tree}]}
    assert to_text(tree, SCOPE).unknowns


def test_an_intrinsic_is_told_from_a_mapping() -> None:
    assert is_intrinsic({"Ref": "A"}) and is_intrinsic({"Fn::Anything": 1})
    assert not is_intrinsic({"arn": "x"}) and not is_intrinsic({"Ref": "A", "b": 1}) and not is_intrinsic("Ref")


LISTS = Scope(mappings={"Zones": {"eu": {"all": ["a", "b"], "nested": {"x": 1}}}})


@pytest.mark.parametrize(
    ("tree", "text"),
    [
        ({"Fn::Length": ["a", "b"]}, Text.of("2")),
        ({"Fn::Length": {"Fn::Split": [",", "a,b,c"]}}, Text.of("3")),
        ({"Fn::Select": [1, {"Fn::FindInMap": ["Zones", "eu", "all"]}]}, Text.of("b")),
        ({"Fn::Select": [2, {"Fn::Cidr": ["10.0.0.0/16", 4, 8]}]}, Text.of("10.0.2.0/24")),
        ({"Fn::Select": [0, {"Fn::Cidr": ["2001:db8::/56", 1, 64]}]}, Text.of("2001:db8::/64")),
        ({"Fn::FindInMap": ["Zones", "us", "all", {"DefaultValue": "none"}]}, Text.of("none")),
        ({"Fn::ToJsonString": {"a": [1, True, None], "t": {"Ref": "T"}, "s": {"Fn::Sub": 'q"${T}'}}},
         Text.of('{"a":[1,true,null],"t":"', Ref("T"), '","s":"q\\"', Ref("T"), '"}')),
    ],
)  # fmt: skip
def test_functions_of_lists_and_of_json_are_evaluated(tree: Any, text: Text) -> None:
    assert to_text(tree, LISTS) == text


@pytest.mark.parametrize(
    "tree",
    [
        {"Fn::Length": {"Ref": "List"}},
        {"Fn::Select": [0, {"Fn::Cidr": ["10.0.0.0/16", 4, 40]}]},
        {"Fn::Select": [0, {"Fn::Cidr": [{"Ref": "Vpc"}, 4, 8]}]},
        {"Fn::Select": [0, {"Fn::Cidr": ["10.0.0.0/8", "9" * 5000, 1]}]},
        {"Fn::FindInMap": ["Zones", "eu", "nested"]},
        {"Fn::Select": [0, {"Fn::GetAZs": ""}]},
    ],
)
def test_lists_that_are_known_at_the_deployment_only_say_so(tree: Any) -> None:
    assert to_text(tree, LISTS).unknowns


def test_conditions_are_told_by_defaults_where_the_scope_says_so() -> None:
    parameters: Any = {
        "Stage": {"Type": "String", "Default": "dev"}, "Open": {"Type": "String"},
        "Secret": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "dev"},
    }  # fmt: skip
    by_default = Scope(parameters, defaults=True)
    for name, told in (("Stage", True), ("Open", None), ("Secret", None)):
        assert condition({"Fn::Equals": [{"Ref": name}, "dev"]}, by_default) is told
        assert condition({"Fn::Equals": [{"Ref": name}, "dev"]}, Scope(parameters)) is None


def test_conditions_that_multiply_at_every_step_are_told_once_each() -> None:
    conditions: Any = {f"C{n}": {"Fn::And": [{"Condition": f"C{n - 1}"}] * 9} for n in range(1, 18)}
    assert condition("C17", Scope(conditions={"C0": {"Fn::Equals": ["a", "a"]}, **conditions})) is True
