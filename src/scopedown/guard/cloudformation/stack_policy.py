"""A stack policy: which resources an update may change, replace or delete.

Everything is denied that a policy does not allow, once there is one
(https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/protect-stack-resources.html).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from scopedown.documents.nodes import items_of
from scopedown.guard.cloudformation.template import TemplateError
from scopedown.iam.wildcard import matching


def read(text: str) -> Mapping[str, Any]:
    """A policy's document. Raises TemplateError."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, Mapping) or not all(isinstance(one, Mapping) for one in items_of(found.get("Statement"))):
        raise TemplateError("Error validating stack policy: Invalid stack policy")
    return found


def refuses(policy: Mapping[str, Any] | None, action: str, id: str, type: str) -> str:
    """Why a policy does not let ``Update:Modify``, ``Update:Replace`` or ``Update:Delete`` happen; or nothing."""
    if policy is None:
        return ""
    verdict = f"Action denied by stack policy: no statement allows [{action}] for resource [LogicalResourceId/{id}]"
    for number, one in enumerate(items_of(policy.get("Statement")), 1):
        if not _applies(one, action, id, type):
            continue
        if one.get("Effect") != "Allow":
            return (
                f"Action denied by stack policy: Statement [#{number}] does not allow [{action}] for resource "
                f"[LogicalResourceId/{id}]"
            )
        verdict = ""
    return verdict


def _applies(statement: Mapping[str, Any], action: str, id: str, type: str) -> bool:
    for name, value in (("Action", action), ("Resource", f"LogicalResourceId/{id}")):
        if name in statement and not _any(statement[name], value):
            return False
        if f"Not{name}" in statement and _any(statement[f"Not{name}"], value):
            return False
    for operator, keys in (statement.get("Condition") or {}).items():
        wanted = items_of(keys.get("ResourceType")) if isinstance(keys, Mapping) else []
        fits = type in wanted if operator == "StringEquals" else _any(wanted, type)
        if not fits:
            return False
    return True


def _any(patterns: Any, value: str) -> bool:
    return any(matching(str(one))(value) for one in items_of(patterns))
