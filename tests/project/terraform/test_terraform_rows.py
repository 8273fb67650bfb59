"""The tables of types: what they say of CloudFormation's side is what the catalog knows."""

from __future__ import annotations

import re

import pytest

from scopedown.catalog.load import catalog
from scopedown.project.terraform.rows import data_rows, resource_rows

PSEUDO = {"AWS::Partition", "AWS::Region", "AWS::AccountId", "AWS::URLSuffix"}


def named(written: str) -> list[str]:
    return re.findall(r"\{([^{}]+)\}", written) if "{" in written else [written]


@pytest.mark.parametrize("type", sorted(resource_rows()))
def test_a_row_names_a_type_of_cloudformation_and_what_it_returns(type: str) -> None:
    row = resource_rows()[type]
    known = catalog().cloudformation_type(row.cloudformation)
    assert known is not None and type.startswith("aws_")
    wanted = {name for written in row.attributes.values() for name in named(written)} - PSEUDO - {"Ref"}
    assert wanted <= set(known.attributes)


def test_arns_of_data_sources_are_arns() -> None:
    for attributes in data_rows().values():
        assert attributes["arn"].startswith("arn:{AWS::Partition}:") and attributes["arn"].count(":") >= 5
        assert {name for name in named(attributes["arn"]) if name.startswith("AWS::")} <= PSEUDO
