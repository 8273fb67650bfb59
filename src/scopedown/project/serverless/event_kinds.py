"""The framework's kinds of event: what each is called, compiles to, grants, needs and shows.

One module of :mod:`~scopedown.project.serverless.events` is one kind, with its :class:`EventKind` as ``KIND``, or the
rows of ``events.tsv`` are. It is imported where the kind is asked for: a template of SAM never loads the events that it
does not have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, Final, Protocol

from scopedown.core.text import Text
from scopedown.project.model import DeclaredStatement, Event, Function, Project, Tree
from scopedown.project.serverless.event_names import event_names, event_rows, module_name
from scopedown.project.serverless.service import Service
from scopedown.project.serverless.template import Template

Statements = Callable[[Service], Iterable[DeclaredStatement]]
Needs = Iterable[tuple[tuple[str, ...], Text]]
"""Actions, and the ARN that they act on."""
EVERYTHING: Final = Text.of("*")


class RoleReader(Protocol):
    """A function in its project, and how the values of its events are read."""

    @property
    def function(self) -> Function: ...

    @property
    def project(self) -> Project: ...

    def text(self, tree: Tree | None) -> Text:
        """A configuration value as text."""

    def function_arn(self, suffix: str = "") -> Text:
        """The function's own ARN."""

    def sending_to(self, target: Tree) -> Needs:
        """What sending to a target (a function's key, an ARN, or ``{type, arn}``) takes."""


def _nothing(service: Service) -> Iterable[DeclaredStatement]:
    return ()


def _compiles_nothing(template: Template) -> None:
    """A kind that the framework has no word for: only templates have it."""


def _needs_nothing(event: Event, read: RoleReader) -> Needs:
    """Most events call the function by its own resource policy and need nothing of its role."""
    return ()


@dataclass(frozen=True, slots=True)
class InRoleOfV4:
    """What serverless 4 adds to the role of a single function, at its ``position`` among the kinds.

    Positions below 0 stand before the function's dead letters.
    """

    position: int
    statements: Statements = _nothing


@dataclass(frozen=True, slots=True)
class OwnFunction:
    """A function of the framework's own that an event makes it deploy: name, handler, what it must be allowed."""

    name: str
    handler: str
    statements: Statements


@dataclass(frozen=True, slots=True)
class EventKind:
    """One kind of event, as the framework compiles it and as Lambda uses the function's role for it."""

    name: str
    """As a configuration writes it; the module has the same name in snake case."""
    order: int
    """When osls 4.3.1 compiles it (``lib/plugins/index.js``); events that several kinds may be go by the same order."""
    label: str = ""
    """For people, where that is not the name."""
    compile: Callable[[Template], None] = _compiles_nothing
    """Adds the resources of all functions' events to the template."""
    statements: Statements = _nothing
    """What the framework adds to the shared role."""
    changes_all: bool = False
    """Whether v4 changes the shared role for functions with roles of their own too."""
    in_role_of_v4: InRoleOfV4 | None = None
    of_plugin: Callable[[Service], Iterable[tuple[tuple[str, ...], list[Any]]]] = lambda alone: ()
    """What serverless-iam-roles-per-function 3.2.0 grants in the role of the one function: actions, and on what."""
    assumes_role: Callable[[Event], str | None] = lambda event: None
    """The service that assumes the function's role for an event."""
    own_function: OwnFunction | None = None
    needs: Callable[[Event, RoleReader], Needs] = _needs_nothing
    """What Lambda does as the function's role because of the event."""
    managed_policies: tuple[str, ...] = ()
    """AWS's own policies for functions that poll such a source."""
    at_edge: bool = False
    """Whether CloudFront calls a published version of the function: it is versioned, and is smaller by default."""
    buckets: Callable[[Event], Iterable[Tree]] = lambda event: ()
    """The buckets that the event may tell; none where it may come from elsewhere."""
    told_by_route: bool = False
    """Whether a plain text of settings tells the route or the rate, rather than the sender."""
    sample: str = ""
    """The shape (``prove/events/SAMPLE.json``) of its sample, where its settings alone fill that."""

    @property
    def shown(self) -> str:
        """For people."""
        return self.label or self.name


@cache
def event_kind(name: str) -> EventKind:
    """The kind of that name; one without any part where there is none."""
    if name not in event_names():
        return EventKind(name, 0)
    if name in event_rows():
        kind = import_module("scopedown.project.serverless.event_rows").kind_of_rows(name)
    else:
        kind = import_module(f"scopedown.project.serverless.events.{module_name(name)}").KIND
    assert isinstance(kind, EventKind)
    return kind


@cache
def event_kinds() -> tuple[EventKind, ...]:
    """Every kind, in the order in which the framework compiles them."""
    return tuple(sorted(map(event_kind, event_names()), key=lambda kind: kind.order))


def kinds_of(service: Service) -> list[EventKind]:
    """The kinds that a service has events or, below ``provider``, settings of, in the order in which the framework
    compiles them. All others compile to nothing and grant nothing."""
    names = {event.kind for key in service.functions for event in service.events(key)}.union(service.provider)
    return sorted(map(event_kind, names & event_names()), key=lambda kind: kind.order)


def kinds_in_role_of_v4(alone: Service) -> list[tuple[InRoleOfV4, EventKind]]:
    """The kinds of the events of a single function that serverless 4 adds to its role, in its order."""
    found = [(kind.in_role_of_v4, kind) for kind in kinds_of(alone) if kind.in_role_of_v4 is not None]
    return sorted(found, key=lambda pair: pair[0].position)


def of_events(service: Service) -> list[DeclaredStatement]:
    """What events add to the shared role, in the order in which the framework compiles them."""
    return [statement for kind in kinds_of(service) for statement in kind.statements(service)]


def assuming(service: Service, kinds: Iterable[EventKind] | None = None) -> list[str]:
    """The services that may assume a role beside Lambda because of the service's events, each once."""
    found = (
        kind.assumes_role(event)
        for kind in (kinds_of(service) if kinds is None else kinds)
        for _, event in service.events_of(kind.name)
    )
    return list(dict.fromkeys(principal for principal in found if principal is not None))
