"""What AWS's own managed policies allow and deny, whole, from the catalog."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from scopedown.catalog.load import catalog
from scopedown.core.text import Text
from scopedown.iam.coverage import Grant
from scopedown.iam.parse import parse_policy

_AWS_POLICY = ":iam::aws:policy/"


@lru_cache(maxsize=1024)
def allowed_by(arn: str) -> tuple[Grant, ...] | None:
    """The statements of a policy of AWS's, in its order, with ARNs of its partition; None for one that the catalog does
    not have, or that is not AWS's."""
    partition, is_aws, _ = arn.partition(_AWS_POLICY)
    known = catalog().managed_policy(arn) if is_aws else None
    if known is None:
        return None
    document = {"Version": "2012-10-17", "Statement": [*known.statements]}
    of = partition.removeprefix("arn:")
    return tuple(
        replace(grant, resources=tuple(_placed(str(text), of) for text in grant.resources))
        for grant in Grant.of(parse_policy(document, name=known.name))
    )


def _placed(pattern: str, partition: str) -> str | Text:
    """A resource in a partition; as text where it has no policy variable."""
    if pattern.startswith("arn:aws:"):
        pattern = f"arn:{partition}:{pattern[8:]}"
    return pattern if "${" in pattern else Text.of(pattern)


def patterns(grants: Iterable[Grant]) -> tuple[str, ...]:
    """Patterns of the actions that grants may allow: of a NotAction, every action."""
    allows = (grant for grant in grants if grant.effect == "Allow")
    return tuple(
        dict.fromkeys(action for allow in allows for action in (("*",) if allow.but_actions else allow.actions))
    )


def everywhere(grants: Iterable[Grant]) -> tuple[Grant, ...]:
    """The grants that allow what they allow on every resource, whatever the request's context."""
    return tuple(
        grant
        for grant in grants
        if grant.effect == "Allow"
        and not grant.conditions
        and not grant.but_resources
        and "*" in map(str, grant.resources)
    )
