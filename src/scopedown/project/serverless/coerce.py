"""What the framework's schema check changes in a configuration before it is compiled.

The framework validates with Ajv and ``coerceTypes: "array"``: a value of a wrong but convertible type is converted in
place, and so reaches the template. Only what permissions depend on is followed here: statements (a single action
becomes a list, a list of a single ARN that ARN), booleans and numbers written as text, names written as numbers.
Source: osls 4.3.1 ``lib/classes/config-schema-handler`` and the schema in ``lib/plugins/aws/provider.js``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from scopedown.core.text import Text
from scopedown.project.nodes import ListNode, MapNode
from scopedown.project.scalars import js_text

_ONE_RESOURCE: Final = re.compile(r"arn:|[#A-Za-z0-9\-_./]+\*?\Z")
_BOOLEANS: Final = ("disableLogs", "versionFunction", "snapStart", "iamRoleStatementsInherit")
_INTEGERS: Final = ("memorySize", "timeout")


def coerced_statement(statement: Mapping[str, Any]) -> Mapping[str, Any]:
    """A statement of ``iam.role.statements`` (or of ``iamRoleStatements``) as it is compiled."""
    changed: dict[str, Any] = {}
    for key in ("Action", "NotAction"):
        value = statement.get(key)
        if isinstance(value, str):
            changed[key] = [value]
    for key in ("Resource", "NotResource"):
        value = statement.get(key)
        if isinstance(value, list) and len(value) == 1:
            only = value[0]
            text = str(only) if isinstance(only, str | Text) else ""
            if _ONE_RESOURCE.match(text):
                changed[key] = only
    if not changed:
        return statement
    return _with(statement, changed)


def coerced_function(function: Mapping[str, Any]) -> Mapping[str, Any]:
    """A function's settings as they are compiled."""
    changed: dict[str, Any] = {}
    for key in _BOOLEANS:
        if function.get(key) in ("true", "false"):
            changed[key] = function[key] == "true"
    for key in _INTEGERS:
        value = function.get(key)
        if isinstance(value, str) and value.strip().isdigit():
            changed[key] = int(value)
    for key in ("name", "handler", "runtime"):
        value = function.get(key)
        if isinstance(value, int | float) and not isinstance(value, bool):
            changed[key] = js_text(value)
    if "vpc" in function:
        changed.update(_network(function))
    return _with(function, changed) if changed else function


def coerced_provider(provider: Mapping[str, Any]) -> Mapping[str, Any]:
    """The provider's settings as they are compiled."""
    changed = _network(provider)
    stage = provider.get("stage")
    if isinstance(stage, int | float) and not isinstance(stage, bool):
        changed["stage"] = js_text(stage)
    iam = provider.get("iam")
    role = iam.get("role") if isinstance(iam, Mapping) else None
    if isinstance(iam, Mapping) and isinstance(role, Mapping):
        role_changes: dict[str, Any] = {}
        if isinstance(role.get("managedPolicies"), str | Text):
            role_changes["managedPolicies"] = [role["managedPolicies"]]
        if isinstance(role.get("tags"), Mapping):
            role_changes["tags"] = {
                key: value if isinstance(value, str | Text) else js_text(value) for key, value in role["tags"].items()
            }
        if role_changes:
            changed["iam"] = _with(iam, {"role": _with(role, role_changes)})
    if isinstance(provider.get("iamManagedPolicies"), str | Text):
        changed["iamManagedPolicies"] = [provider["iamManagedPolicies"]]
    return _with(provider, changed) if changed else provider


def _network(holder: Mapping[str, Any]) -> dict[str, Any]:
    """A security group or a subnet written alone becomes a list."""
    vpc = holder.get("vpc")
    if not isinstance(vpc, Mapping):
        return {}
    changed = {key: [vpc[key]] for key in ("securityGroupIds", "subnetIds") if isinstance(vpc.get(key), str | Text)}
    return {"vpc": _with(vpc, changed)} if changed else {}


def _with(node: Mapping[str, Any], changed: Mapping[str, Any]) -> Mapping[str, Any]:
    """A copy of a node, its places kept, with some values replaced."""
    copy = MapNode(node, node.place) if isinstance(node, MapNode) else MapNode(dict(node))
    for key, value in changed.items():
        old = node.get(key)
        if isinstance(value, list) and not isinstance(value, ListNode):
            place = copy.values_at.get(key, copy.place)
            items = ListNode(value, old.place if isinstance(old, ListNode) else place)
            items.items_at = [place] * len(value)
            value = items
        copy[key] = value
    return copy
