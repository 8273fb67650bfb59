"""From required permissions to a policy document, and a document cut to IAM's size quotas."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from scopedown.core.text import Text
from scopedown.generate.minimize import Grant, minimize
from scopedown.permissions.model import RequiredPermission

VERSION = "2012-10-17"

Document = dict[str, Any]
"""A policy document as plain data; ARNs are :class:`~scopedown.core.text.Text`, for the emitter to write."""

MANAGED_CHARACTERS = 6_144
"""Characters without white space of one managed policy
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html)."""


def generate(permissions: Iterable[RequiredPermission]) -> Document:
    """The smallest stable policy that allows all of ``permissions``; the same permissions give the same document.

    A single action or resource is a one-element list, as everywhere in the document.
    """
    return {"Version": VERSION, "Statement": [statement(grant) for grant in minimize(permissions)]}


def statement(grant: Grant) -> dict[str, Any]:
    """One Allow statement."""
    found: dict[str, Any] = {
        "Effect": "Allow",
        "Action": sorted(grant.actions),
        "Resource": [grant.resources[key] for key in sorted(grant.resources)],
    }
    if grant.conditions:
        found["Condition"] = {
            operator: {key: list(values) for key, values in keys} for operator, keys in grant.conditions
        }
    return found


def size(document: Mapping[str, Any]) -> int:
    """Characters of a document as IAM counts them: without white space."""
    return len(json.dumps(document, separators=(",", ":"), default=_shown))


def split(document: Document, limit: int = MANAGED_CHARACTERS) -> list[Document]:
    """The document in as few parts as fit in ``limit`` characters each, statements in order.

    A statement that alone is larger is cut by its resources; one resource's statement is never cut further.
    """
    parts: list[Document] = []
    for one in document["Statement"]:
        for piece in _cut(one, limit):
            last = parts[-1]["Statement"] if parts else []
            if parts and size({**document, "Statement": [*last, piece]}) <= limit:
                last.append(piece)
            else:
                parts.append({**document, "Statement": [piece]})
    return parts or [document]


def _cut(one: dict[str, Any], limit: int) -> list[dict[str, Any]]:
    resources = one["Resource"]
    if len(resources) < 2 or size({"Version": VERSION, "Statement": [one]}) <= limit:
        return [one]
    middle = len(resources) // 2
    halves = ({**one, "Resource": half} for half in (resources[:middle], resources[middle:]))
    return [piece for half in halves for piece in _cut(half, limit)]


def _shown(value: object) -> str:
    if isinstance(value, Text):
        return str(value)
    raise TypeError(f"{type(value).__name__} is not part of a policy document")
