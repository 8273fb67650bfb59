"""Symbolic texts become those of the deployed stack."""

from __future__ import annotations

import pytest

from scopedown.core.text import ANY, Att, EnvVar, ImportValue, Param, Pseudo, Ref, Text
from scopedown.guard.cloudformation.template import Made
from scopedown.prove.deployed import Deployed

STACK = Deployed(
    {"Table": Made("todos-dev", {"Arn": "arn:aws:dynamodb:eu-west-1:123456789012:table/todos-dev"})},
    {"AWS::Region": "eu-west-1"}, {"Stage": "dev"}, {"shared-bus": "bus-1"},
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (Text.of("n-", Ref("Table")), "n-todos-dev"),
        (Text.of(Att("Table", "Arn"), "/index/*"), "arn:aws:dynamodb:eu-west-1:123456789012:table/todos-dev/index/*"),
        (Text.of(Pseudo("AWS::Region"), "/", Param("Stage")), "eu-west-1/dev"),
        (Text.of(ImportValue(Text.of("shared-bus"))), "bus-1"),
        (Text.of(EnvVar("NAME", Text.of("usual"))), "usual"),
        (Text.of("a", Ref("Gone"), "b"), "ab"),
        (Text.unknown("from an event"), ""),
    ],
)
def test_a_text_has_the_values_of_the_stack(text: Text, value: str) -> None:
    assert STACK.text(text) == value


def test_in_a_policy_what_is_not_known_is_any_and_known_text_means_itself() -> None:
    assert STACK.pattern(Text.of("a/", Ref("Gone"), ANY, "/b")) == "a/*/b"
    assert STACK.pattern(Text.of("a${b}")) == "a${$}{b}"
    written = {"Statement": [{"Resource": [Text.of(Ref("Table"))], "Action": ["a"]}]}
    assert STACK.document(written) == {"Statement": [{"Resource": ["todos-dev"], "Action": ["a"]}]}
