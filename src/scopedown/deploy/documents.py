"""A plan's permissions as policy documents: the fewest statements, in as few documents as a quota allows."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from scopedown.core.text import Text
from scopedown.deploy.model import DeployPermission
from scopedown.generate.document import MANAGED_CHARACTERS, generate, split
from scopedown.permissions.model import Certainty, Origin, RequiredPermission, Resource

INLINE_CHARACTERS = 2_048
"""Characters without white space of all inline policies of a user
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html)."""

__all__ = ["INLINE_CHARACTERS", "MANAGED_CHARACTERS", "documents", "written"]


def documents(permissions: Iterable[DeployPermission], limit: int = MANAGED_CHARACTERS) -> list[dict[str, Any]]:
    """Policy documents of plain data (every value a list or text), each within ``limit`` characters."""
    return [_plain(part) for part in split(generate(_required(one) for one in permissions), limit)]


def written(document: dict[str, Any]) -> str:
    """A document as it stands in a file."""
    return json.dumps(document, indent=2) + "\n"


def _required(one: DeployPermission) -> RequiredPermission:
    resources = tuple(Resource(Text.of(arn), Certainty.RESOLVED) for arn in one.resources)
    return RequiredPermission(one.action, resources, (), Origin.CONFIG, one.conditions)


def _plain(value: Any) -> Any:
    if isinstance(value, Text):
        return str(value)
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value
