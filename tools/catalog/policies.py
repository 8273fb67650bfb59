"""AWS's managed policies, each whole in its default version. Source: ``moto``'s copy."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from typing import Any

from catalog.sources import Sources
from catalog.write import Table


def tables(sources: Sources) -> Iterator[Table]:
    """``managed_policies``: a policy a line; what changes with an update are the lines of the policies that did."""
    source = sources.wheel("moto").bytes("moto/iam/aws_managed_policies.py").decode()
    rows = (
        (name, one["Path"], one["DefaultVersionId"], one["UpdateDate"][:10], _in_one_line(one["Document"]))
        for name, one in managed_policies(source).items()
    )
    yield Table("managed_policies", ("name", "path", "version", "updated", "document"), rows)


def _in_one_line(document: dict[str, Any]) -> str:
    return json.dumps(document, separators=(",", ":"), sort_keys=True)


def managed_policies(source: str) -> dict[str, Any]:
    """The JSON that moto's module holds as one string, read without running it."""
    for node in ast.parse(source).body:
        if (
            isinstance(node, ast.Assign)
            and isinstance(value := node.value, ast.Constant)
            and len(str(value.value)) > 99
        ):
            return dict(json.loads(str(value.value)))
    raise ValueError("moto's module has no policies in the expected form")
