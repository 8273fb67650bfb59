"""What CloudFormation keeps: stacks, their resources and events, change sets; and what a stack is to become."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from scopedown.guard.cloudformation.template import Made, Template

STACK: Final = "AWS::CloudFormation::Stack"
_STEP: Final = timedelta(milliseconds=1)


@dataclass(frozen=True)
class Output:
    """One output of a stack; ``export`` is the name under which other stacks import it."""

    key: str
    value: str
    description: str = ""
    export: str = ""


@dataclass(frozen=True)
class Desired:
    """What a stack is brought to. ``body`` is the template as it was given, ``template`` with its transforms done.

    ``given`` are the parameters' values as they were given (texts), ``values`` as ``Ref`` gives them.
    """

    body: str = ""
    template: Template = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    role: str = ""
    notifications: tuple[str, ...] = ()
    capabilities: tuple[str, ...] = ()


@dataclass
class ResourceState:
    """A resource as DescribeStackResources tells it."""

    type: str
    physical: str
    status: str
    reason: str
    time: datetime


@dataclass(frozen=True)
class Change:
    """What a change set tells of a resource. ``scope`` says which of its attributes differ."""

    action: str
    id: str
    type: str
    physical: str = ""
    replacement: str = ""
    properties: tuple[str, ...] = ()
    scope: tuple[str, ...] = ()


@dataclass
class ChangeSet:
    """A change set; ``reason`` is why it failed."""

    name: str
    id: str
    desired: Desired
    changes: tuple[Change, ...] = ()
    description: str = ""
    reason: str = ""
    executed: bool = False
    on_failure: str = ""
    created: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def status(self) -> str:
        return "FAILED" if self.reason else "CREATE_COMPLETE"

    @property
    def execution(self) -> str:
        return "UNAVAILABLE" if self.reason else "EXECUTE_COMPLETE" if self.executed else "AVAILABLE"


@dataclass
class Stack:
    """A stack as far as it was deployed. ``busy`` is held while it is brought somewhere."""

    name: str
    id: str
    account: str
    region: str
    status: str = ""
    reason: str = ""
    deployed: Desired = field(default_factory=Desired)
    """What it was brought to last without a failure."""
    tried: Desired = field(default_factory=Desired)
    """What it was last asked to become."""
    made: dict[str, Made] = field(default_factory=dict)
    states: dict[str, ResourceState] = field(default_factory=dict)
    leftovers: list[tuple[str, Made]] = field(default_factory=list)
    half_made: list[tuple[str, Made]] = field(default_factory=list)
    """Resources that failed while they were created and are to be deleted by the rollback."""
    outputs: tuple[Output, ...] = ()
    imports: frozenset[str] = frozenset()
    events: list[dict[str, Any]] = field(default_factory=list)
    change_sets: dict[str, ChangeSet] = field(default_factory=dict)
    protected: bool = False
    disable_rollback: bool = False
    parent: str = ""
    root: str = ""
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    updated: datetime | None = None
    deleted: datetime | None = None
    busy: threading.Lock = field(default_factory=threading.Lock)

    @property
    def gone(self) -> bool:
        return self.status == "DELETE_COMPLETE"

    @property
    def shown(self) -> Desired:
        """What is told of it: where nothing was ever completed, what was tried."""
        return self.tried if self.tried.template else self.deployed

    def event(self, id: str, type: str, physical: str, status: str, reason: str = "", live: bool = True) -> None:
        """Note what happened; times grow from event to event, so that clients can tell their order. ``live``: it is
        told of the resource that the stack has now, and not of one that it replaced."""
        now = datetime.now(UTC)
        if self.events:
            now = max(now, self.events[-1]["Timestamp"] + _STEP)
        self.events.append({
            "StackId": self.id, "StackName": self.name, "EventId": f"{id}-{status}-{uuid.uuid4()}",
            "LogicalResourceId": id, "PhysicalResourceId": physical, "ResourceType": type, "ResourceStatus": status,
            "Timestamp": now, **({"ResourceStatusReason": reason} if reason else {}),
        })  # fmt: skip
        if live and physical != self.id:
            self.states[id] = ResourceState(type, physical, status, reason, now)

    def becomes(self, status: str, reason: str = "") -> None:
        """The stack's own status, with its event."""
        self.status, self.reason = status, reason
        self.event(self.name, STACK, self.id, status, reason)
