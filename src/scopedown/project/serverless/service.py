"""A resolved configuration in the framework's terms: what the steps of reading and compiling share."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from scopedown.core.coverage import Cause, Unseen
from scopedown.core.finding import Finding
from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.documents.nodes import ListNode, MapNode, as_list, clone, place_of
from scopedown.project.findings import reported
from scopedown.project.model import DeclaredResource, DeclaredStatement, Event
from scopedown.project.serverless.event_names import event_names
from scopedown.project.serverless.names import Name, concat

PLUGIN_ROLES_PER_FUNCTION = "serverless-iam-roles-per-function"
PLUGIN_STEP_FUNCTIONS = "serverless-step-functions"
PLUGIN_LIFT = "serverless-lift"
ROLES_PLUGINS = (PLUGIN_ROLES_PER_FUNCTION, "serverless-iamroles")
"""The plugin and its fork, which compiles the same roles (dist/lib/index.js of serverless-iamroles 3.2.7)."""


def roles_plugin(plugins: Collection[str]) -> str:
    """The plugin of these that reads ``iamRoleStatements`` of functions; empty where there is none."""
    return next((name for name in ROLES_PLUGINS if name in plugins), "")


@dataclass(slots=True)
class Service:
    """One service, after its variables: names and sections as the framework sees them, and what is to be told."""

    name: Name
    stage: str
    region: str
    place: Place
    provider: Mapping[str, Any]
    functions: dict[str, Mapping[str, Any]]
    resources: Mapping[str, Any]
    custom: Mapping[str, Any]
    plugins: tuple[str, ...]
    version: str = ""
    """``frameworkVersion`` as written, empty where it is not."""
    framework: str = "osls"
    """Which framework compiles the service (:mod:`~scopedown.project.serverless.frameworks`)."""
    layers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    step_functions: Mapping[str, Any] = field(default_factory=dict)
    fargate: Mapping[str, Any] = field(default_factory=dict)
    """The section of the plugin serverless-fargate."""
    package: Mapping[str, Any] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    added: list[DeclaredStatement] = field(default_factory=list)
    """Statements that a plugin adds to those of the provider."""
    generated: dict[str, DeclaredResource] = field(default_factory=dict)
    """Resources that a plugin adds before anything is compiled."""
    code: dict[str, str] = field(default_factory=dict)
    """The source of functions that a plugin writes, by the function's key: one that makes the same calls."""
    wrapped: dict[str, str] = field(default_factory=dict)
    """The project's own handlers, by the function's key, where a plugin writes the file that the function begins in."""
    unread: list[Unseen] = field(default_factory=list)
    """What plugins may change about functions and their roles, and was not read."""
    package_layers: list[Any] = field(default_factory=list)
    """Layers of plugins that hold the project's own packages alone."""

    @property
    def stack(self) -> Name:
        """The name of the stack: its own, or ``{service}-{stage}``."""
        written = self.provider.get("stackName")
        return written if is_text(written) and written else concat(self.name, f"-{self.stage}")

    def function_name(self, key: str) -> Name:
        """A function's real name: its own, or ``{service}-{stage}-{key}``."""
        name = self.functions[key].get("name")
        if isinstance(name, str | Text) and name:
            return name
        return concat(self.name, f"-{self.stage}-{key}")

    def events(self, key: str) -> Iterator[Event]:
        """A function's events in order; what is no event is skipped."""
        events = self.functions[key].get("events")
        for index, event in enumerate(as_list(events)):
            place = place_of(events, index) or self.place
            if isinstance(event, str):
                yield Event(event, None, place)
            elif isinstance(event, Mapping):
                for position, (kind, settings) in enumerate(event.items()):
                    if position == 0 or kind in event_names():
                        yield Event(kind, settings, place_of(event, kind) or place)

    def all_events_of(self, kind: str) -> Iterator[tuple[str, Event]]:
        """All functions' events of one kind, with the function's key: those without settings too."""
        for key in self.functions:
            yield from ((key, event) for event in self.events(key) if event.kind == kind)

    def events_of(self, kind: str) -> Iterator[tuple[str, Event]]:
        """All functions' events of one kind, with the function's key; those without settings are skipped."""
        is_kind = kind in event_names()
        for key, function in self.functions.items():
            events = function.get("events")
            for index, event in enumerate(as_list(events)):
                if isinstance(event, Mapping) and event.get(kind) and (is_kind or next(iter(event)) == kind):
                    yield key, Event(kind, event[kind], place_of(event, kind) or self.place_in(events, index))

    def place_in(self, container: object, key: str | int | None = None) -> Place:
        """Where something stands; the configuration file where nobody knows better."""
        return place_of(container, key) or self.place

    def report(self, name: str, place: Place | None, /, **values: object) -> None:
        """Note a finding of ``findings.tsv``."""
        self.findings.append(reported(name, place, **values))

    def refuse(self, key: str, what: str, place: Place, remedy: str) -> None:
        """Note that an event of a function stops the framework; it is read as far as it makes sense."""
        self.report("event-refused", place, key=key, what=what, remedy=remedy)

    def unread_plugin(self, plugin: str, why: str, place: Place) -> None:
        """Note that a plugin changes what is not known here: nothing is then called unused or missing for certain."""
        remedy = "pass --compiled or --run-framework to read the template that the framework compiles"
        self.report("plugin-not-read", place, plugin=plugin, why=why, remedy=remedy)
        what = f"the plugin {plugin} may change the function"
        self.unread.append(Unseen(Cause.PLUGIN, what, place, remedy=remedy))

    def has_plugin(self, name: str) -> bool:
        """Whether the service loads a plugin."""
        return name in self.plugins

    @property
    def roles_plugin(self) -> str:
        """The plugin that reads ``iamRoleStatements`` of functions; empty where none is loaded."""
        return roles_plugin(self.plugins)


def is_text(value: Any) -> bool:
    """Whether the framework sees a string there (one whose content may not be known)."""
    return isinstance(value, str | Text)


def merge(target: MapNode, source: Mapping[str, Any]) -> MapNode:
    """Merge ``source`` into ``target`` as the framework does: mappings by key, lists by position, all else replaced."""
    for key, value in source.items():
        mine = target.get(key)
        if isinstance(mine, MapNode) and isinstance(value, Mapping):
            merge(mine, value)
        elif isinstance(mine, ListNode) and isinstance(value, list):
            _merge_lists(mine, value)
        else:
            target[key] = clone(value)
        if isinstance(source, MapNode) and key in source.keys_at:
            target.keys_at[key] = source.keys_at[key]
            target.values_at[key] = source.values_at[key]
    return target


def _merge_lists(target: ListNode, source: list[Any]) -> None:
    for index, value in enumerate(source):
        place = place_of(source, index) or target.place
        if index >= len(target):
            target.append(clone(value))
            target.items_at.append(place)
            continue
        mine = target[index]
        if isinstance(mine, MapNode) and isinstance(value, Mapping):
            merge(mine, value)
        elif isinstance(mine, ListNode) and isinstance(value, list):
            _merge_lists(mine, value)
        else:
            target[index] = clone(value)
            if index < len(target.items_at):
                target.items_at[index] = place


def noded(value: Any, place: Place) -> Any:
    """A plain tree as one that can be merged into, every part of it standing at ``place``."""
    if isinstance(value, MapNode | ListNode):
        return clone(value)
    if isinstance(value, Mapping):
        node = MapNode(None, place)
        for key, item in value.items():
            node[key] = noded(item, place)
            node.keys_at[key] = node.values_at[key] = place
        return node
    if isinstance(value, list | tuple):
        items = ListNode([noded(item, place) for item in value], place)
        items.items_at = [place] * len(items)
        return items
    return value
