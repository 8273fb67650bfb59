"""Symbolic text in CloudFormation's words."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scopedown.core.text import ANY, Att, EnvVar, ImportValue, Literal, Param, Pseudo, Ref, Text, Unknown
from scopedown.emit.cloudformation import plain, value
from scopedown.project.intrinsics import Scope, to_text

VALUES: list[tuple[Text, Any]] = [
    (Text.of(), ""),
    (Text.of("arn:aws:s3:::b/*"), "arn:aws:s3:::b/*"),
    (Text.of(Ref("Topic")), {"Ref": "Topic"}),
    (Text.of(Param("Stage")), {"Ref": "Stage"}),
    (Text.of(Pseudo("AWS::Region")), {"Ref": "AWS::Region"}),
    (Text.of(Att("Table", "Arn")), {"Fn::GetAtt": ["Table", "Arn"]}),
    (Text.of(ImportValue(Text.of("x"))), {"Fn::ImportValue": "x"}),
    (Text.of(ImportValue(Text.of("x-", Param("Stage")))), {"Fn::ImportValue": {"Fn::Sub": "x-${Stage}"}}),
    (Text.of(Att("Table", "Arn"), "/index/i"), {"Fn::Sub": "${Table.Arn}/index/i"}),
    (
        Text.of("arn:", Pseudo("AWS::Partition"), ":s3:::", Ref("B"), "/", Unknown("event")),
        {"Fn::Sub": "arn:${AWS::Partition}:s3:::${B}/*"},
    ),
    (Text.of("a/", ANY, Unknown("x"), EnvVar("E")), "a/*"),
    (
        Text.of(ImportValue(Text.of("x")), "/", ImportValue(Text.of("y")), ImportValue(Text.of("x"))),
        {
            "Fn::Sub": [
                "${Import1}/${Import2}${Import1}",
                {"Import1": {"Fn::ImportValue": "x"}, "Import2": {"Fn::ImportValue": "y"}},
            ]
        },
    ),
    (Text.of("a${b}"), "a${$}{b}"),
    (Text.of("a${b}", Ref("R")), {"Fn::Sub": "a${!$}{b}${R}"}),
]


@pytest.mark.parametrize(("text", "expected"), VALUES)
def test_a_text_is_written_as_shortly_as_it_can_be(text: Text, expected: Any) -> None:
    assert value(text) == expected


def test_a_document_is_written_whole() -> None:
    tree = {"Resource": [Text.of(Ref("A")), "x"], "Condition": {"StringEquals": {"k": ("1",)}}, "N": 1}
    assert plain(tree) == {"Resource": [{"Ref": "A"}, "x"], "Condition": {"StringEquals": {"k": ["1"]}}, "N": 1}


known = st.one_of(
    st.text(st.characters(exclude_characters="$*"), min_size=1).map(Literal),
    st.sampled_from([Ref("R"), Att("T", "Arn"), Pseudo("AWS::Region"), Param("P"), ImportValue(Text.of("e"))]),
)


@given(st.lists(known, max_size=6).map(lambda parts: Text.of(*parts)))
def test_what_is_written_reads_back_as_the_same_text(text: Text) -> None:
    if "{{resolve:" not in str(text):
        assert to_text(value(text), Scope(parameters={"P": {"Type": "String"}})) == text
