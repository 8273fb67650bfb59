"""What the tests' own drivers of CloudFormation share: names that it makes, and tags as most services take them."""

from __future__ import annotations

from collections.abc import Mapping

from scopedown.guard.cloudformation.driver import Place


def generated(place: Place, limit: int, lower: bool = False) -> str:
    """``stack-LogicalId-random``, the stack's name and the logical id cut where it would be too long. How
    CloudFormation shares out the characters is not documented: they are halved here."""
    room = limit - len(place.random) - 2
    stack, id = place.stack, place.logical_id
    if len(stack) + len(id) > room:
        stack, id = stack[: room // 2], id[: room - room // 2]
    name = f"{stack}-{id}-{place.random}"
    return name.lower() if lower else name


def pairs(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """Tags as most services take them."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]
