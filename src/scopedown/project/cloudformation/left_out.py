"""Functions that a condition leaves out of the deployment, and what would bring them in."""

from __future__ import annotations

from typing import Any

from scopedown.core.finding import Finding, Severity
from scopedown.core.place import Place
from scopedown.documents.nodes import mappings
from scopedown.project.intrinsics import Scope

_FUNCTIONS = ("AWS::Lambda::Function", "AWS::Serverless::Function")
_OPTIONS = {"AWS::Region": "--region REGION", "AWS::AccountId": "--account ACCOUNT"}


def left_out(id: str, type_name: str, condition: str, scope: Scope, place: Place) -> Finding | None:
    """A note about a resource whose condition is false; None where it is no function."""
    if type_name not in _FUNCTIONS:
        return None
    inputs = dict.fromkeys(_inputs(condition, scope))
    options = [
        _OPTIONS.get(name) or f"--param {name}=VALUE" for name in inputs if name in _OPTIONS or name in scope.parameters
    ]
    return Finding(
        "function-left-out", f"scopedown does not scan the function {id}: its condition {condition} is false", place,
        f"bring it in with {' or '.join(options)}" if options else "", Severity.NOTE,
    )  # fmt: skip


def _inputs(condition: str, scope: Scope) -> list[str]:
    """The parameters and pseudo parameters that decide a condition, through the conditions that it names."""
    found: list[str] = []
    wanted, seen = [condition], set()
    while wanted:
        name = wanted.pop()
        if name in seen:
            continue
        seen.add(name)
        tree: Any = scope.conditions.get(name)
        for node, _ in mappings(tree, None):
            if isinstance(used := node.get("Ref"), str):
                found.append(used)
            if isinstance(other := node.get("Condition"), str):
                wanted.append(other)
    return found
