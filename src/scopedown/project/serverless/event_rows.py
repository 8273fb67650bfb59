"""The kinds of event that are described by the rows of ``events.tsv`` and the resources of ``events.yml``."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from scopedown.documents.nodes import as_map
from scopedown.project.model import DeclaredStatement, Event
from scopedown.project.serverless.additions import allow
from scopedown.project.serverless.conversions import boolean, changed, one_line, read_again, string, truthy
from scopedown.project.serverless.event_kinds import EVERYTHING, EventKind, InRoleOfV4, Needs, RoleReader
from scopedown.project.serverless.event_names import event_rows
from scopedown.project.serverless.events.parts.source_mapping import (
    NETWORK,
    add_mapping,
    check_start,
    last_name,
    resource_name,
    source_arn,
)
from scopedown.project.serverless.events.parts.targets import target_of
from scopedown.project.serverless.fragments import resources
from scopedown.project.serverless.names import alphanumeric, normalized
from scopedown.project.serverless.service import Service, is_text
from scopedown.project.serverless.template import Template

_GRANTS: Final = ("grant", "grant once")
_OF_RESOURCES: Final = ("resources", "alone", "required", "required text", "one of", "once")
_TEXTS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "plain": lambda value: value,
    "one line": lambda value: one_line(value) if is_text(value) else None,
    "read again": read_again,
    "no breaks": lambda value: changed(value, lambda part: re.sub(r"\\n|\\r", "", part)) if is_text(value) else value,
}
"""What the framework makes of the texts of settings."""


def kind_of_rows(name: str) -> EventKind:
    """The kind of that name."""
    facts = {row["fact"]: row["value"] for row in event_rows()[name]}
    position, *kinds = facts.get("v4", "0").split()
    in_v4 = InRoleOfV4(int(position), lambda alone: _of_kinds(alone, name, kinds)) if kinds else None
    return EventKind(
        name,
        int(facts["order"]),
        label=facts.get("label", ""),
        compile=lambda template: _compile(template, name),
        statements=lambda service: _of_service(service, name),
        in_role_of_v4=in_v4,
        of_plugin=lambda alone: _of_plugin(alone, name),
        needs=_needs,
        managed_policies=tuple(filter(None, [facts.get("managed policy")])),
        sample=facts.get("sample", ""),
        told_by_route="by route" in facts,
    )


def _setting(event: Event, name: str) -> Any:
    """A setting of an event, which may be written as the ARN alone."""
    return source_arn(event.settings) if name == "arn" else as_map(event.settings).get(name)


def _actions(row: Mapping[str, str]) -> tuple[str, ...]:
    return NETWORK if row["value"] == "network" else tuple(row["value"].split())


def _compile(template: Template, kind: str) -> None:
    """An event source mapping for each event, or the resources of ``events.yml``."""
    rows = event_rows()[kind]
    for mapping in (row["value"] for row in rows if row["fact"] == "mapping"):
        for key, event in template.service.events_of(kind):
            check_start(template.service, key, as_map(event.settings), event.place)
            parts = [_part(event, row) for row in rows if row["fact"] == "id"]
            add_mapping(template, key, "".join((mapping, *parts)), _setting(event, "arn"), event.place)
    facts: dict[tuple[str, str], str] = {}
    for row in (row for row in rows if row["fact"] in _OF_RESOURCES):
        name = row["fact"], row["setting"]
        facts[name] = f"{facts[name]} {row['value']}" if name in facts else row["value"]
    if facts:
        for key in template.service.functions:
            _add_resources(template, key, kind, facts)


def _add_resources(template: Template, key: str, kind: str, facts: Mapping[tuple[str, str], str]) -> None:
    """The resources of the events of a kind, numbered in each function."""
    service, number = template.service, 0
    text = _TEXTS[facts["resources", ""]]
    inputs = facts.get(("one of", ""), "").split()
    for event in service.events(key):
        settings = event.settings
        if event.kind != kind:
            continue
        if ("alone", "") in facts and not isinstance(settings, Mapping):
            settings = {facts["alone", ""]: settings}
        if not isinstance(settings, Mapping) or not _is_whole(settings, facts):
            continue
        number += 1
        if sum(truthy(settings.get(name)) for name in inputs) > 1:
            service.report(facts["one of", "finding"], event.place, key=key)
        if number > 1 and ("once", "finding") in facts:
            service.report(facts["once", "finding"], event.place, key=key)
            continue
        enabled = boolean(settings, "enabled", True) is not False
        values: dict[str, Any] = defaultdict(lambda: None)
        values |= {
            **{name: text(string(value)) or None for name, value in settings.items()},
            "Function": normalized(key), "number": number, "target": target_of(service, key).arn,
            "action": "lambda:InvokeFunction" if enabled else "lambda:DisableInvokeFunction",
        }  # fmt: skip
        for id, type, properties, _ in resources("events.yml", kind, values):
            template.add(id, type, properties, event.place)


def _is_whole(settings: Mapping[str, Any], facts: Mapping[tuple[str, str], str]) -> bool:
    """Whether an event has the setting without which the framework makes nothing."""
    required, text = facts.get(("required", "")), facts.get(("required text", ""))
    found = string(settings.get(required or text or ""))
    return not (required or text) or (is_text(found) and bool(found or text))


def _part(event: Event, row: Mapping[str, str]) -> str:
    """What a setting adds to the logical id of a mapping."""
    value, (most, *of_arn) = _setting(event, row["setting"]), row["value"].split()
    if of_arn:
        separator, index, *functions = of_arn
        name = resource_name(value, *functions) or last_name(value, separator, int(index))
    else:
        name = string(value)
    return alphanumeric(name)[: None if most == "all" else int(most)]


def _of_service(service: Service, kind: str) -> Iterator[DeclaredStatement]:
    rows = [row for row in event_rows()[kind] if row["fact"] in _GRANTS]
    of_functions = [[event for event in service.events(key) if event.kind == kind] for key in service.functions]
    if any(row["fact"] == "grant once" for row in rows):
        of_functions = [[event for events in of_functions for event in events]]
    for events in of_functions:
        written = [event for event in events if event.settings]
        for row in rows if written else ():
            resource = "*" if row["setting"] == "*" else [_setting(event, row["setting"]) for event in written]
            yield allow(_actions(row), resource, written[0].place)


def _of_kinds(alone: Service, name: str, kinds: list[str]) -> Iterator[DeclaredStatement]:
    """What v4 adds to the role of a single function: one statement for several kinds, on what is written. It comes with
    the first of them that the function has events of."""
    if len(kinds) == 1:
        yield from _of_service(alone, kinds[0])
        return
    found = [event for key in alone.functions for event in alone.events(key) if event.kind in kinds and event.settings]
    if not found or name != min((event.kind for event in found), key=kinds.index):
        return
    for row in (row for row in event_rows()[kinds[0]] if row["fact"] in _GRANTS):
        every = row["setting"] == "*"
        resource: Any = "*" if every else [value for one in found if (value := _setting(one, row["setting"]))]
        if resource:
            yield allow(_actions(row), resource, found[0].place)


def _of_plugin(service: Service, kind: str) -> Iterator[tuple[tuple[str, ...], list[Any]]]:
    """What serverless-iam-roles-per-function grants: reading queues, as it names them."""
    for row in (row for row in event_rows()[kind] if row["fact"] == "grant once"):
        arns = [as_map(event.settings).get("arn") or event.settings for _, event in service.events_of(kind)]
        if arns:
            yield _actions(row), arns


def _needs(event: Event, read: RoleReader) -> Needs:
    for row in (row for row in event_rows()[event.kind] if row["fact"].startswith("needs")):
        value = as_map(event.settings).get(row["setting"]) if event.settings else event.settings
        if row["setting"] == "arn" and not isinstance(event.settings, Mapping):
            value = event.settings
        if row["setting"] == "*":
            yield _actions(row), EVERYTHING
        elif value or row["fact"] == "needs":
            yield _actions(row), read.text(value)
