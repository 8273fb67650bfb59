"""What a deployment needs to be allowed: the contract between the tables and all that shows or writes policies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from scopedown.core.place import Place


class Phase(StrEnum):
    """When CloudFormation calls for a resource. An update of a stack makes, changes and deletes resources."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class CommandCall:
    """A call that a command of the framework makes itself."""

    command: str
    call: str
    """``cloudformation.DescribeStacks``."""
    when: str
    """The settings that make the command call; empty where it always does."""
    source: str
    """``measured``, or what it was read in."""


@dataclass(frozen=True, slots=True)
class ResourceProperty:
    """A resource of the template for which CloudFormation calls, because of a property (empty: of the resource)."""

    logical_id: str
    type: str
    property: str
    phases: tuple[Phase, ...]
    source: str
    place: Place | None = None
    fallback: bool = False
    """Whether the registry's handlers say so, and no row of ours."""


Because = CommandCall | ResourceProperty
Conditions = Mapping[str, Mapping[str, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class DeployPermission:
    """An action on ARNs (patterns in IAM's sense: plain text) under conditions, and why.

    ``conditions`` has IAM's shape: operator → condition key → values. ``tolerated``: the command continues without it.
    """

    action: str
    resources: tuple[str, ...]
    because: tuple[Because, ...]
    conditions: Conditions = field(default_factory=dict)
    tolerated: bool = False


@dataclass(frozen=True, slots=True)
class Unresolved:
    """What could not be told exactly: ``subject`` is a resource or a setting, ``effect`` what the policy does of it."""

    subject: str
    reason: str
    effect: str
    place: Place | None = None
    remedy: str = ""

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        remedy = f" ({self.remedy})" if self.remedy else ""
        return f"{where}{self.subject}: {self.reason}; {self.effect}{remedy}"


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that the asked commands need for one project."""

    framework: str
    commands: tuple[str, ...]
    permissions: tuple[DeployPermission, ...]
    unresolved: tuple[Unresolved, ...] = ()
    read_only_facts: tuple[str, ...] = ()
    """Sources of command rows that were read and not measured, where there are any."""
