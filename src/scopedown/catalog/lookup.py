"""What ``scopedown catalog NAME`` says: a name → JSON data, and that data → text. Pure: no output, no exit code.

A name is an action (``dynamodb:PutItem``), an operation or a Python method (``s3.HeadObject``, ``s3.head_object``), a
CloudFormation type (``AWS::DynamoDB::Table``), or a service by botocore's name or its IAM prefix (``dynamodb``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from scopedown.catalog.load import SqliteCatalog
from scopedown.catalog.model import Action, CloudFormationType, Operation, Service

SCHEMA = "scopedown.catalog/1"


def look_up(catalog: SqliteCatalog, name: str) -> dict[str, Any] | None:
    """Everything known under a name, as the JSON of ``--format json``; None where nothing is."""
    name = name.strip()
    if not name.isascii():
        return None  # no name of AWS's; SQLite would refuse what is not UTF-8
    if "::" in name:
        kind = catalog.cloudformation_type(name)
        return None if kind is None else {"schema": SCHEMA, "kind": "cloudformation", **_type_data(kind)}
    if ":" in name:
        action = catalog.action(name)
        return None if action is None else {"schema": SCHEMA, "kind": "action", **_action_data(catalog, action)}
    if "." in name:
        service, _, rest = name.partition(".")
        operation = catalog.operation(service, rest) or catalog.operation_of_method(service, rest)
        return None if operation is None else {"schema": SCHEMA, "kind": "operation", **_operation_data(operation)}
    data = _service_data(catalog, name)
    return None if data is None else {"schema": SCHEMA, "kind": "service", **data}


def near_matches(catalog: SqliteCatalog, name: str, count: int = 5) -> list[str]:
    """Known names that resemble an unknown one, best first."""
    from difflib import get_close_matches

    name = name.encode("ascii", "ignore").decode()
    known: Iterable[str]
    if "::" in name:
        known = catalog.cloudformation_types()
    elif ":" in name:
        prefix = name.partition(":")[0]
        known = [a.name for a in catalog.actions_of(prefix)] or catalog.action_names()
    elif "." in name:
        service = name.partition(".")[0]
        if catalog.service(service) is None:
            known = [s.name for s in catalog.services()]
            name = service
        else:
            known = [f"{service}.{o.name}" for o in catalog.operations_of(service)]
    else:
        known = {*(s.name for s in catalog.services()), *catalog.prefixes()}
    lower = {one.lower(): one for one in known}
    return [lower[match_] for match_ in get_close_matches(name.lower(), sorted(lower), count, 0.6)]


def did_you_mean(catalog: SqliteCatalog, name: str) -> str:
    """The remedy for an unknown name: those that resemble it; empty where none does."""
    near = near_matches(catalog, name, 3)
    return f"did you mean {', '.join(near)}?" if near else ""


def _action_data(catalog: SqliteCatalog, action: Action) -> dict[str, Any]:
    prefix = action.name.partition(":")[0]
    types = [(t, catalog.resource_type(prefix, t)) for t in action.resource_types]
    return {
        "name": action.name,
        "accessLevel": action.access_level,
        "permissionOnly": action.permission_only,
        "resourceTypes": [
            {"name": name, "arn": found.arn if found else None, "required": name in action.required_types}
            for name, found in types
        ],
        "conditionKeys": list(action.condition_keys),
        "dependentActions": list(action.dependent_actions),
        "operations": [f"{service}.{operation}" for service, operation in catalog.operations_needing(action.name)],
    }


def _operation_data(operation: Operation) -> dict[str, Any]:
    return {
        "name": f"{operation.service}.{operation.name}",
        "method": operation.method,
        "http": operation.http,
        "authorised": operation.authorised,
        "exception": operation.exception or None,
        "paginated": operation.paginated,
        "actions": [{"action": a.action, "when": a.when or None, "source": a.source} for a in operation.actions],
        "resources": [
            {
                "action": r.action,
                "parameter": r.parameter,
                "type": r.type or None,
                "variable": r.variable,
                "form": r.form,
                "source": r.source,
            }
            for r in operation.resources
        ],
        "parameters": [{"name": m, "required": m in operation.required} for m in operation.members],
    }


def _type_data(kind: CloudFormationType) -> dict[str, Any]:
    return {
        "name": kind.name,
        "ref": kind.ref,
        "attributes": list(kind.attributes),
        "arn": kind.arn,
        "nameProperty": kind.name_property,
        "handlers": {handler: list(actions) for handler, actions in kind.handlers.items()},
    }


def _service_data(catalog: SqliteCatalog, name: str) -> dict[str, Any] | None:
    own = catalog.service(name)
    prefix = own.prefix if own is not None else name.lower()
    actions = catalog.actions_of(prefix) if prefix else ()
    if own is None and not actions:
        return None
    levels: dict[str, int] = {}
    for action in actions:
        levels[action.access_level] = levels.get(action.access_level, 0) + 1
    sdks = [own] if own is not None else [s for s in catalog.services() if s.prefix == prefix]
    return {
        "name": name,
        "prefix": prefix or None,
        "sdks": [_sdk_data(catalog, service) for service in sdks],
        "actions": [{"name": a.name, "accessLevel": a.access_level} for a in actions],
        "accessLevels": dict(sorted(levels.items())),
        "resourceTypes": [{"name": t.name, "arn": t.arn} for t in catalog.resource_types_of(prefix)],
        "conditionKeys": [{"name": k, "type": t} for k, t in catalog.condition_keys_of(prefix).items()],
    }


def _sdk_data(catalog: SqliteCatalog, service: Service) -> dict[str, Any]:
    return {
        "botocore": service.name,
        "serviceId": service.service_id,
        "v2Class": service.v2_class,
        "v3Package": service.v3_package,
        "boto3Resources": list(catalog.resource_models_of(service.name)),
    }


def as_json(data: dict[str, Any]) -> dict[str, Any]:
    """The data itself."""
    return data


def as_text(data: dict[str, Any]) -> str:
    """The table that people read, from :func:`look_up`'s data; ends with a newline."""
    render = {
        "action": _action_text,
        "operation": _operation_text,
        "cloudformation": _type_text,
        "service": _service_text,
    }
    return "\n".join(render[data["kind"]](data)) + "\n"


def _action_text(data: dict[str, Any]) -> Iterator[str]:
    yield data["name"]
    yield from _fields(
        [
            ("access level", data["accessLevel"]),
            ("permission only", "yes: no API operation of that name" if data["permissionOnly"] else ""),
        ]
    )
    rows = [(t["name"], t["arn"] or "", "required" if t["required"] else "") for t in data["resourceTypes"]]
    yield from _section("resource types", rows, none='none: only Resource "*"')
    yield from _section("condition keys", [(k,) for k in data["conditionKeys"]])
    yield from _section("dependent actions", [(a,) for a in data["dependentActions"]])
    yield from _section("operations that need it", [(o,) for o in data["operations"]])


def _operation_text(data: dict[str, Any]) -> Iterator[str]:
    yield data["name"]
    required = [p["name"] for p in data["parameters"] if p["required"]]
    yield from _fields(
        [
            ("Python method", data["method"]),
            ("HTTP", data["http"]),
            ("paginated", "yes" if data["paginated"] else ""),
            ("required", ", ".join(required)),
            ("authorised", "" if data["authorised"] else f"no: {data['exception']}"),
            ("no action", (data["exception"] or "") if data["authorised"] else ""),
        ]
    )
    rows = [(a["action"], f"when {a['when']}" if a["when"] else "", a["source"]) for a in data["actions"]]
    yield from _section("actions", rows)
    places = [
        (r["action"], r["parameter"], r["type"] or "", "whole ARN" if r["variable"] == "*" else f"${{{r['variable']}}}")
        for r in data["resources"]
    ]
    yield from _section("resources come from", places)


def _type_text(data: dict[str, Any]) -> Iterator[str]:
    yield data["name"]
    yield from _fields([("Ref", data["ref"]), ("ARN", data["arn"]), ("named by", data["nameProperty"])])
    yield from _section("Fn::GetAtt", [(a,) for a in data["attributes"]])
    rows = [(handler, a) for handler, actions in data["handlers"].items() for a in actions]
    yield from _section("handler permissions", [(h if new else "", a) for new, h, a in _first_of_each(rows)])


def _service_text(data: dict[str, Any]) -> Iterator[str]:
    yield data["name"]
    yield from _fields([("IAM prefix", data["prefix"] or "none")])
    for sdk in data["sdks"]:
        yield from _fields(
            [
                ("botocore", sdk["botocore"]),
                ("serviceId", sdk["serviceId"]),
                ("aws-sdk v2", sdk["v2Class"]),
                ("aws-sdk v3", sdk["v3Package"]),
                ("boto3 resources", ", ".join(sdk["boto3Resources"])),
            ]
        )
    yield from _section("resource types", [(t["name"], t["arn"]) for t in data["resourceTypes"]])
    yield from _section("condition keys", [(k["name"], k["type"]) for k in data["conditionKeys"]])
    yield from _section("actions", [(a["name"], a["accessLevel"]) for a in data["actions"]])


def _first_of_each(rows: list[tuple[str, str]]) -> Iterator[tuple[bool, str, str]]:
    before = None
    for key, value in rows:
        yield key != before, key, value
        before = key


def _fields(rows: list[tuple[str, str | None]]) -> Iterator[str]:
    yield from (f"  {name:<16}{value}" for name, value in rows if value)


def _section(title: str, rows: Sequence[tuple[str, ...]], none: str = "") -> Iterator[str]:
    if not rows and none:
        yield f"  {title}: {none}"
    if not rows:
        return
    yield f"  {title}:"
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        yield "    " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
