"""The tables of Terraform's types: ``resources.tsv`` and ``data_sources.tsv``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from scopedown.core.tables import read_rows
from scopedown.core.text import Att, Part, Pseudo, Ref, Text

_FOLDER: Final = Path(__file__).parent
_PART: Final = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class Row:
    """A type of resource (``aws_sqs_queue``) as CloudFormation's."""

    cloudformation: str
    attributes: Mapping[str, str]
    arguments: Mapping[str, str]

    def attribute(self, name: str, id: str, argument: Callable[[str], Text] | None = None) -> Text | None:
        """An attribute of the resource with a logical id; None where the row does not have it. ``argument`` gives the
        resource's arguments as text; without it there is no attribute that is made of them."""
        written = self.attributes.get(name)
        if written is None or (argument is None and "{:" in written):
            return None
        if "{" not in written:
            return Text.of(_part(written, id))
        return filled(written, lambda one: argument(one[1:]) if argument and one[0] == ":" else Text.of(_part(one, id)))


def _part(name: str, id: str) -> Part:
    if name.startswith("AWS::"):
        return Pseudo(name)
    return Ref(id) if name == "Ref" else Att(id, name)


def filled(written: str, find: Callable[[str], Text]) -> Text:
    """A text with what stands in braces filled in."""
    parts: list[str | Text] = []
    last = 0
    for match in _PART.finditer(written):
        parts += [written[last : match.start()], find(match[1])]
        last = match.end()
    return Text.of(*parts, written[last:])


def _pairs(cell: str) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in cell.split())


@lru_cache(maxsize=1)
def resource_rows() -> Mapping[str, Row]:
    """The rows of resources, by Terraform's type."""
    return {
        row["type"]: Row(row["cloudformation"], _pairs(row["attributes"]), _pairs(row["arguments"]))
        for row in read_rows(_FOLDER / "resources.tsv", ("type", "cloudformation", "attributes", "arguments", "source"))
    }


@lru_cache(maxsize=1)
def data_rows() -> Mapping[str, Mapping[str, str]]:
    """The attributes of data sources, by type."""
    return {
        row["type"]: _pairs(row["attributes"])
        for row in read_rows(_FOLDER / "data_sources.tsv", ("type", "attributes", "source"))
    }


def expression_of(id: str, type: str, name: str) -> str | None:
    """How a root module writes what CloudFormation's ``Ref`` or an attribute of a resource is; None where it cannot.

    >>> expression_of("aws_dynamodb_table.orders", "AWS::DynamoDB::Table", "Arn")
    'aws_dynamodb_table.orders.arn'
    """
    row = resource_rows().get(id.partition(".")[0])
    if row is None or row.cloudformation != type or "|" in id:  # another module's, or a key that was changed
        return None
    return next((f"{id}.{attribute}" for attribute, written in row.attributes.items() if written == name), None)
