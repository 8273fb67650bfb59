"""Events, functions and resources as a graph in three columns, in an order in which few edges cross.

Each column is put in the order of the mean place of its nodes' neighbours, to and fro (the barycentre method of
Sugiyama, Tagawa and Toda 1981); of equal means the former order counts, so that the same project gives the same graph.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from scopedown.catalog.model import Catalog
from scopedown.core.text import Att, Ref, Text, Unknown
from scopedown.permissions.model import Certainty, Origin, RequiredPermission, Resource
from scopedown.project.intrinsics import Scope, is_intrinsic, to_text
from scopedown.project.model import Event, Project
from scopedown.project.serverless.event_kinds import event_kind
from scopedown.report.model import Edge, Graph, Node
from scopedown.scan import FunctionScan

_SENDERS = ("arn", "bucket", "topicName", "queue", "stream", "pool", "topic", "broker", "bootstrapServers", "cluster")
_ROUTES = (("method", "path"), ("route",), ("rate",), ("schedule",), ("sql",), ("pattern",), ("event",), ("type",))
_CUT = 80


@dataclass(frozen=True, slots=True)
class Told:
    """``group`` is equal for events of one sender; ``detail`` is the route, the rate, or empty."""

    group: object
    kind: str
    label: str
    detail: str

    def __str__(self) -> str:
        beside = "" if self.label == self.kind else f" {self.label}"
        return f"{self.kind}{beside}" + (f": {self.detail}" if self.detail else "")


def told(event: Event, project: Project) -> Told:
    """An event of a project."""
    settings = event.settings
    of_kind = event_kind(event.kind)
    kind = of_kind.shown
    if not isinstance(settings, Mapping) or is_intrinsic(settings):
        if of_kind.told_by_route:
            return Told((event.kind, ""), kind, kind, _short(settings, project))
        name = _short(settings, project)
        return Told((event.kind, name), kind, name or kind, "")
    sender = next((_short(settings[name], project) for name in _SENDERS if settings.get(name) is not None), "")
    detail = ""
    for names in _ROUTES:
        found = [_short(settings[name], project) for name in names if settings.get(name) is not None]
        if found:
            detail = " ".join([found[0].upper(), *found[1:]] if names[0] == "method" else found)
            break
    return Told((event.kind, sender), kind, sender or kind, detail)


def _short(value: Any, project: Project) -> str:
    """A value on one line: what is declared by its name, ``?`` for what is not known, a long value cut."""
    if value is None or isinstance(value, bool):
        return ""
    text = value if isinstance(value, Text) else None
    if isinstance(value, Mapping) and is_intrinsic(value):
        text = to_text(value, Scope.of(project))
    if text is not None:
        only = text.parts[0] if len(text.parts) == 1 else None
        if isinstance(only, Ref | Att):
            return only.id
        shown = str(text.replace(lambda part: "?" if isinstance(part, Unknown) else part))
    elif isinstance(value, list | tuple):
        shown = ", ".join(_short(one, project) for one in value)
    elif isinstance(value, Mapping):
        shown = ", ".join(f"{key}: {_short(item, project)}" for key, item in value.items())
    else:
        shown = str(value)
    return shown if len(shown) <= _CUT else f"{shown[: _CUT - 1]}…"


_SWEEPS = 6
_LETTERS = {"Read": "r", "List": "l"}
"""Every other level (Write, Tagging, Permissions management) changes something."""


def graph_of(project: Project, functions: Iterable[FunctionScan], facts: Catalog) -> Graph:
    """The graph of a project's functions; a function's node has its number."""
    events: dict[object, Node] = {}
    resources: dict[object, Node] = {}
    edges: dict[tuple[str, str], Edge] = {}
    boxes: list[Node] = []
    access = cache(partial(_access, facts=facts))
    for number, one in enumerate(functions):
        box = Node(f"f{number}", "function", one.function.key, one.function.runtime or "", number)
        boxes.append(box)
        for event in one.function.events:
            said = told(event, project)
            node = events.setdefault(said.group, _event(said, len(events)))
            _join(edges, Edge(node.id, box.id, (said.detail,) if said.detail else ()))
        for permission in _all_of(one):
            for resource in permission.resources:
                key, node = _resource(resource, permission, project, len(resources))
                node = resources.setdefault(key, node)
                setting = permission.origin is Origin.CONFIG
                _join(edges, Edge(box.id, node.id, (permission.action,), setting, access(permission.action)))
    columns = _ordered([list(events.values()), boxes, list(resources.values())], edges.values())
    return Graph(tuple(node for column in columns for node in column), tuple(edges.values()))


def _all_of(one: FunctionScan) -> Iterable[RequiredPermission]:
    """What the code needs before what settings do."""
    yield from sorted(one.permissions, key=lambda permission: permission.origin is Origin.CONFIG)
    for role in one.assumed:
        yield from role.permissions


def _join(edges: dict[tuple[str, str], Edge], new: Edge) -> None:
    """One edge between two nodes, with all that it stands for; what the code does counts before a setting."""
    old = edges.get((new.source, new.target), new)
    labels = tuple(dict.fromkeys((*old.labels, *new.labels)))
    access = "".join(sorted({*old.access, *new.access}))
    edges[new.source, new.target] = Edge(new.source, new.target, labels, old.setting and new.setting, access)


def _access(action: str, facts: Catalog) -> str:
    """Whether an action reads, writes or lists, by its access level in AWS's reference; what is not known may write."""
    known = facts.action(action)
    return _LETTERS.get(known.access_level if known else "", "w")


def _event(said: Told, number: int) -> Node:
    return Node(f"e{number}", "event", said.label, said.kind)


def _resource(resource: Resource, permission: RequiredPermission, project: Project, number: int) -> tuple[object, Node]:
    """A resource's node and what tells it from others: parts of a declared resource are one with it."""
    id = f"r{number}"
    service = permission.action.partition(":")[0]
    for part in resource.arn.parts:
        declared = project.resource(part.id) if isinstance(part, Ref | Att) else None
        if declared is not None:
            short = declared.type.removeprefix("AWS::").replace("::", " ")
            return declared.logical_id, Node(id, "resource", declared.logical_id, short)
    text = str(resource.arn)
    if resource.certainty is Certainty.UNKNOWN:
        return ("unknown", service), Node(id, "resource", "unresolved", service, None, True)
    if text == "*":
        return ("any", service), Node(id, "resource", "any resource", service)
    return _named(resource.arn), Node(id, "resource", _name(resource.arn), service)


def _named(arn: Text) -> str:
    """An ARN without what stands below the thing itself: a bucket's keys, a table's indexes."""
    text = str(arn)
    if ":s3:::" in text:
        return text.split("/", 1)[0]
    return text.split("/index/", 1)[0].removesuffix(":*:*").removesuffix(":*").removesuffix("/*")


def _name(arn: Text) -> str:
    """What an ARN names in its last field; a reference to a pseudo parameter has colons of its own."""
    named = _named(arn)
    fields = re.split(r":(?![^{]*\})", named, maxsplit=5)
    return fields[5] if len(fields) == 6 and fields[5] else named


def _ordered(columns: list[list[Node]], edges: Iterable[Edge]) -> list[list[Node]]:
    near: dict[str, list[str]] = {}
    for edge in edges:
        near.setdefault(edge.source, []).append(edge.target)
        near.setdefault(edge.target, []).append(edge.source)
    column_of = {node.id: number for number, column in enumerate(columns) for node in column}
    for sweep in range(_SWEEPS):
        # To the right, then to the left: a column is ordered by the one that was ordered before it.
        for number in (1, 2) if sweep % 2 == 0 else (1, 0):
            by = number - 1 if sweep % 2 == 0 else number + 1
            if columns[by]:
                beside = {id: [id_ for id_ in ids if column_of[id_] == by] for id, ids in near.items()}
                columns[number] = _by_neighbours(columns[number], _places(columns[by]), beside)
    return columns


def _places(column: list[Node]) -> dict[str, float]:
    """Where each node stands, from 0 at the top to 1 at the bottom."""
    return {node.id: (number + 0.5) / len(column) for number, node in enumerate(column)}


def _by_neighbours(column: list[Node], places: Mapping[str, float], beside: Mapping[str, list[str]]) -> list[Node]:
    """A column by the mean place of each node's neighbours; one without any stays about where it was."""
    own = _places(column)

    def mean(node: Node) -> float:
        found = [places[id] for id in beside.get(node.id, ())]
        return sum(found) / len(found) if found else own[node.id]

    return sorted(column, key=mean)
