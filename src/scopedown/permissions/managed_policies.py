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
        replace(one, resources=tuple(_placed(str(text), of) for text in one.resources))
        for one in Grant.of(parse_policy(document, name=known.name))
    )


def _placed(pattern: str, partition: str) -> str | Text:
    """A resource in a partition; as text where it has no policy variable."""
    if pattern.startswith("arn:aws:"):
        pattern = f"arn:{partition}:{pattern[8:]}"
    return pattern if "${" in pattern else Text.of(pattern)


def patterns(grants: Iterable[Grant]) -> tuple[str, ...]:
    """Patterns of the actions that grants may allow: of a NotAction, every action."""
    allows = (one for one in grants if one.effect == "Allow")
    return tuple(dict.fromkeys(action for one in allows for action in (("*",) if one.but_actions else one.actions)))


def everywhere(grants: Iterable[Grant]) -> tuple[Grant, ...]:
    """The grants that allow what they allow on every resource, whatever the request's context."""
    return tuple(
        one for one in grants
        if one.effect == "Allow" and not one.conditions and not one.but_resources and "*" in map(str, one.resources)
    )  # fmt: skip
