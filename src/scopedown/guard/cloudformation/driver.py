"""How CloudFormation makes, changes and deletes a resource: the operations that it calls in the caller's name.

This is our own model. A type's operations are those that its API needs for the property (AWS's page of the operation),
and the reads that the registry's handlers of the type name. A new type is one class in the module of its service and
one row of :mod:`.table`. A type without one makes the stack fail, with its name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from scopedown.guard.authority import Authority
from scopedown.guard.cloudformation.template import Made
from scopedown.guard.model import ACCOUNT, REGION, Check


class DeniedError(Exception):
    """A call for a resource that the caller may not make; the message is AWS's."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a resource stands: for the names that CloudFormation makes, and the tags of the stack."""

    stack: str
    logical_id: str
    random: str
    tags: Mapping[str, str]
    account: str = ACCOUNT
    region: str = REGION
    stack_id: str = ""
    type: str = ""

    def generated(self, limit: int, lower: bool = False) -> str:
        """``stack-LogicalId-random``, the stack's name and the logical id cut where it would be too long. How
        CloudFormation shares out the characters is not documented: they are halved here."""
        room = limit - len(self.random) - 2
        stack, id = self.stack, self.logical_id
        if len(stack) + len(id) > room:
            stack, id = stack[: room // 2], id[: room - room // 2]
        name = f"{stack}-{id}-{self.random}"
        return name.lower() if lower else name


class Calls(Protocol):
    """CloudFormation's hands, in the caller's name, for one resource. The first three raise DeniedError."""

    gate: Authority
    account: str
    region: str
    logical_id: str

    def call(self, service: str, operation: str, /, **parameters: Any) -> Any:
        """Authorise an operation, and carry it out."""

    def ask(self, service: str, operation: str, /, **parameters: Any) -> None:
        """Only authorise an operation."""

    def check(self, one: Check, operation: str = "") -> None:
        """Authorise an action on a resource, with what the call carries as context."""

    def stand_in(self, reason: str) -> None:
        """Note that the resource (or a part of it) is not made for real, and why."""


class Driver(Protocol):
    """One resource type. ``replaced_by`` are the properties whose change makes a new resource.

    A driver may raise :class:`DeniedError`, botocore's ``ClientError`` (a service's own error), or
    :class:`~.template.TemplateError` (what the resource's handler says of its properties): the resource fails with it.
    """

    replaced_by: frozenset[str]

    def create(self, aws: Calls, place: Place, properties: Mapping[str, Any]) -> Made:
        """Make the resource."""

    def update(
        self, aws: Calls, place: Place, made: Made, properties: Mapping[str, Any], changed: frozenset[str]
    ) -> None:
        """Change it; ``changed`` names the properties that differ."""

    def delete(self, aws: Calls, made: Made) -> None:
        """Delete it."""


def pairs(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """Tags as most services take them."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def tags_of(place: Place, properties: Mapping[str, Any], name: str = "Tags") -> dict[str, str]:
    """The stack's tags and the resource's own."""
    given = properties.get(name) or []
    pairs = [mapping for mapping in given if isinstance(mapping, Mapping)] if isinstance(given, list) else []
    own = (
        dict(given)
        if isinstance(given, Mapping)
        else {pair["Key"]: pair.get("Value", "") for pair in pairs if "Key" in pair}
    )
    return {**place.tags, **own}
