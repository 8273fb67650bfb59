"""boto3's resource models as rows: what each member of a resource object calls. Source: ``boto3`` and ``botocore``.

Names follow boto3's own rules (``boto3/resources/model.py``): members in snake case, sub-resources as written, a
suffix on a name already taken. Values: an identifier's Python name, ``'text'`` for a constant, ``@path`` for data
that the resource loads, ``$0``, ``$1`` … for a call's arguments, ``<path`` for what stands in the response.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from catalog.operations import xform_name
from catalog.sources import Sources
from catalog.write import Table

Definition = dict[str, Any]


def tables(sources: Sources) -> Iterator[Table]:
    """``boto3_resources``: service, resource, kind, name, operation, type, parameters."""
    wheel = sources.wheel("boto3")
    xform = xform_name(sources.wheel("botocore"))
    newest: dict[str, str] = {}
    for name in wheel.names:
        if (match := re.match(r"boto3/data/([^/]+)/[^/]+/resources-1\.json$", name)) is not None:
            newest[match[1]] = max(newest.get(match[1], ""), name)
    rows: list[tuple[str, ...]] = []
    for service, file in newest.items():
        data = wheel.json(file)
        definitions = data["resources"]
        for resource, definition in [("ServiceResource", data["service"]), *definitions.items()]:
            rows += [(service, resource, *row) for row in resource_rows(resource, definition, definitions, xform)]
    yield Table("boto3_resources", ("service", "resource", "kind", "name", "operation", "type", "parameters"), rows)


def resource_rows(
    resource: str, definition: Definition, definitions: dict[str, Definition], xform: Callable[[str], str]
) -> Iterator[tuple[str, str, str, str, str]]:
    """(kind, name, operation, type, parameters) of every member of one resource."""
    taken = {"meta", "load"} if "load" in definition else {"meta"}

    def name_of(name: str, category: str, snake: bool = True) -> str:
        name = xform(name) if snake else name
        if name in taken:
            name += f"_{category}"
        taken.add(name)
        return name

    for number, one in enumerate(definition.get("identifiers", ())):
        yield "identifier", name_of(one["name"], "identifier"), "", "", str(number)
    if "load" in definition:
        request = definition["load"]["request"]
        for name in ("load", "reload"):
            yield "load", name, request["operation"], "", parameters(request, xform)
    for name, action in definition.get("actions", {}).items():
        target = action.get("resource", {})
        yield (
            "action",
            name_of(name, "action"),
            action["request"]["operation"],
            target.get("type", ""),
            " ".join(filter(None, [parameters(action["request"], xform), passed(target, xform, result=True)])),
        )
    for name, has in related(resource, definition, definitions).items():
        target = has["resource"]
        reference = any(i["source"] == "data" for i in target.get("identifiers", ()))
        shown = name_of(name, "reference") if reference else name_of(name, "subresource", snake=False)
        yield "resource", shown, "", target["type"], passed(target, xform)
    for name, many in definition.get("hasMany", {}).items():
        target = many.get("resource", {})
        yield (
            "collection",
            name_of(name, "collection"),
            many["request"]["operation"],
            target.get("type", ""),
            " ".join(filter(None, [parameters(many["request"], xform), passed(target, xform, result=True)])),
        )
    for name, waiter in definition.get("waiters", {}).items():
        shown = name_of("WaitUntil" + name, "waiter")
        yield "waiter", shown, waiter["waiterName"], "", parameters(waiter, xform)
    for name, action in definition.get("batchActions", {}).items():
        yield "batch", xform(name), action["request"]["operation"], "", parameters(action["request"], xform)


def related(resource: str, definition: Definition, definitions: dict[str, Definition]) -> dict[str, Definition]:
    """Sub-resources and references; the service resource reaches every type, as boto3 has it."""
    if resource in definitions:
        return dict(definition.get("has", {}))
    found: dict[str, Definition] = {}
    for name, target in definitions.items():
        known = {n: h for n, h in definition.get("has", {}).items() if h.get("resource", {}).get("type") == name}
        inputs = [{"target": i["name"], "source": "input"} for i in target.get("identifiers", ())]
        found.update(known or {name: {"resource": {"type": name, "identifiers": inputs}}})
    return found


def parameters(request: Definition, xform: Callable[[str], str]) -> str:
    """``Target=value`` for each filled parameter, space separated."""
    found = []
    for one in request.get("params", ()):
        value = _value(one, xform)
        if value is not None:
            found.append(f"{one['target'].replace('[*]', '[]')}={value}")
    return " ".join(found)


def passed(target: Definition, xform: Callable[[str], str], result: bool = False) -> str:
    """``identifier=value`` for a related resource; with ``result``, marked ``>`` to tell them from parameters."""
    found = []
    inputs = 0
    for one in target.get("identifiers", ()):
        if one["source"] == "input":
            value: str | None = f"${inputs}"
            inputs += 1
        else:
            value = _value(one, xform)
        if value is not None:
            found.append(f"{'>' if result else ''}{xform(one['target'])}={value}")
    return " ".join(found)


def _value(one: Definition, xform: Callable[[str], str]) -> str | None:
    match one["source"]:
        case "identifier":
            return xform(one["name"])
        case "data":
            return f"@{one['path']}"
        case "string" | "integer" | "boolean":
            return f"'{one['value']}'"
        case "requestParameter":
            return f"${one['path']}"
        case "response":
            return f"<{one['path']}"
    return None
