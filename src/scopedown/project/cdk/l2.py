"""What is known of the constructs of aws-cdk-lib: ``l2.tsv``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from scopedown.core.tables import typed_rows


@dataclass(frozen=True, slots=True)
class Construct:
    """The constructs that make resources of one type; ``attributes`` has a resource's attribute → their property."""

    classes: tuple[str, ...]
    attributes: Mapping[str, str]
    has_grant: bool


@cache
def constructs() -> dict[str, Construct]:
    """CloudFormation type → its constructs."""
    return dict(typed_rows(Path(__file__).with_name("l2.tsv"), _made))


def _made(row: Mapping[str, str]) -> tuple[str, Construct]:
    attributes = dict(pair.split("=") for pair in row["attributes"].split())
    return row["type"], Construct(tuple(row["classes"].split()), attributes, row["grant"] == "grant")


def low_level(type: str) -> str:
    """The class of aws-cdk-lib that is the resource itself (L1): ``CfnTable``."""
    return f"Cfn{type.rpartition('::')[2]}"


def makes(kind: str, type: str) -> bool:
    """Whether a class of this name makes resources of a type."""
    known = constructs().get(type)
    if kind == low_level(type):
        return True
    if known is None:
        return kind == type.rpartition("::")[2]
    return kind in known.classes or (type == "AWS::Lambda::Function" and kind.endswith("Function"))
