"""The tables of types: what they say of CloudFormation's side is what the catalog knows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scopedown.catalog.load import catalog
from scopedown.core.tables import read_rows
from scopedown.project.terraform import rows
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
    assert {name for name in wanted if name[0] != ":"} <= set(known.attributes)


@pytest.mark.parametrize("table", ["resources.tsv", "data_sources.tsv"])
def test_every_row_names_the_page_that_it_is_from(table: str) -> None:
    columns = {"resources.tsv": ("type", "cloudformation", "attributes", "arguments", "source"),
               "data_sources.tsv": ("type", "attributes", "source")}[table]  # fmt: skip
    for row in read_rows(Path(rows.__file__).parent / table, columns):
        folder = "resources" if table == "resources.tsv" else "data-sources"
        assert row["source"].endswith(f"{folder}/{row['type'].removeprefix('aws_')}")


def test_arns_of_data_sources_are_arns() -> None:
    for attributes in data_rows().values():
        assert attributes["arn"].startswith("arn:{AWS::Partition}:") and attributes["arn"].count(":") >= 5
        assert {name for name in named(attributes["arn"]) if name.startswith("AWS::")} <= PSEUDO
