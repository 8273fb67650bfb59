"""YAML that people paste: it reads back as what was meant."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from scopedown.emit.yaml_text import dump, scalar


class Short(yaml.SafeLoader):
    """Reads the short forms of intrinsic functions as their long forms."""


def _construct(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> Any:
    assert isinstance(node, yaml.ScalarNode)
    text = loader.construct_scalar(node)
    if suffix == "GetAtt":
        return {"Fn::GetAtt": text.split(".", 1)}
    return {suffix if suffix == "Ref" else f"Fn::{suffix}": text}


Short.add_multi_constructor("!", _construct)


def read(text: str) -> Any:
    return yaml.load(text, Loader=Short)


STATEMENT = {
    "Effect": "Allow",
    "Action": ["s3:GetObject"],
    "Resource": [
        {"Fn::GetAtt": ["Table", "Arn"]},
        {"Ref": "Topic"},
        {"Fn::Sub": "arn:${AWS::Partition}:s3:::${B}/*"},
        "*",
        {"Fn::Sub": ["${Import1}/*", {"Import1": {"Fn::ImportValue": "x"}}]},
    ],
    "Condition": {"StringEquals": {"kms:RequestAlias": ["alias/x", "true", "1"]}},
}


def test_a_statement_reads_as_people_write_it() -> None:
    assert (
        dump([STATEMENT])
        == """\
- Effect: Allow
  Action:
    - s3:GetObject
  Resource:
    - !GetAtt Table.Arn
    - !Ref Topic
    - !Sub arn:${AWS::Partition}:s3:::${B}/*
    - '*'
    - Fn::Sub:
        - '${Import1}/*'
        - Import1: !ImportValue x
  Condition:
    StringEquals:
      kms:RequestAlias:
        - 'alias/x'
        - 'true'
        - '1'
"""
    )


def test_a_statement_reads_back() -> None:
    assert read(dump([STATEMENT])) == [STATEMENT]


@pytest.mark.parametrize(
    "text", ["", "*", "no", "1:30", "a: b", "#x", "it's", "- x", "a\nb", "arn:aws:s3:::b #c", "{a}", "0x1", "a:"]
)
def test_a_word_that_yaml_would_read_otherwise_is_quoted(text: str) -> None:
    assert yaml.safe_load(scalar(text)) == text


@given(st.text(st.characters(max_codepoint=0x2FFF, exclude_categories=["Cs"])))
def test_any_text_reads_back(text: str) -> None:
    assert yaml.safe_load(dump({"k": [text]})) == {"k": [text]}
    assert read(dump([{"Ref": text or "x"}])) == [{"Ref": text or "x"}]


trees = st.recursive(
    st.one_of(st.booleans(), st.none(), st.integers(), st.sampled_from(["a", "b c", "*", "arn:aws:s3:::b"])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["A", "b c", "x:y"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(trees)
def test_any_tree_reads_back(tree: Any) -> None:
    assert read(dump({"top": tree})) == {"top": tree}
