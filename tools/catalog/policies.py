"""The action names that AWS's managed policies use, as a corpus to test against. Source: ``moto``'s copy."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from typing import Any

from catalog.sources import Sources
from catalog.write import Table


def tables(sources: Sources) -> Iterator[Table]:
    """``managed_policy_actions`` in tests/catalog: each action or pattern with the number of policies naming it."""
    wheel = sources.wheel("moto")
    count: dict[str, int] = {}
    for policy in managed_policies(wheel.bytes("moto/iam/aws_managed_policies.py").decode()).values():
        statements = policy["Document"]["Statement"]
        names: set[str] = set()
        for statement in statements if isinstance(statements, list) else [statements]:
            for key in ("Action", "NotAction"):
                value = statement.get(key, [])
                names.update([value] if isinstance(value, str) else value)
        for name in names:
            count[name] = count.get(name, 0) + 1
    rows = ((name, str(number)) for name, number in count.items())
    yield Table("managed_policy_actions", ("action", "policies"), rows, folder="tests/catalog")


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
