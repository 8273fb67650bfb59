"""What the framework's schema check changes in a configuration before it is compiled.

The framework validates with Ajv and ``coerceTypes: "array"``: a value of a wrong but convertible type is converted in
place, and so reaches the template. What each key may hold is told by :mod:`~.shapes`; a statement's action and
resource, where the order of the schema's branches decides, are converted by a rule of their own (a single action
becomes a list, a list of a single ARN that ARN). Sources: osls 4.3.1 ``lib/classes/config-schema-handler`` and the
schema in ``lib/plugins/aws/provider.js``; https://ajv.js.org/coercion.html.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.documents.nodes import ListNode, MapNode, place_of, value_place
from scopedown.documents.scalars import js_text
from scopedown.project.intrinsics import is_intrinsic
from scopedown.project.serverless.shapes import JOINED, Shape, shapes

_ONE_RESOURCE: Final = re.compile(r"arn:|[#A-Za-z0-9\-_./]+\*?\Z")
_NUMBER: Final = re.compile(r"\s*[+-]?(\d{1,300}(\.\d{0,300})?|\.\d{1,300})(e[+-]?\d{1,2})?\s*", re.IGNORECASE)


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


def coerce(tree: MapNode, is_v4: bool = False) -> None:
    """Convert the values of a resolved configuration, in place, to what the framework's schema wants of them."""
    _inside(tree, shapes(is_v4), top=True)


def _inside(value: Any, shape: Shape, top: bool = False) -> None:
    """Convert what stands below a value."""
    if isinstance(value, dict):
        if not top and is_intrinsic(value):
            return
        anything = shape.below.get("*")
        for key, item in value.items():
            one = shape.below.get(key, anything) if key not in ("*", "[]") else anything
            if one is None:
                continue
            if top and key in JOINED and not isinstance(item, dict):  # joined before anything is converted
                for part in item if isinstance(item, list) else ():
                    _inside(part, one)
            else:
                value[key] = _one(item, one, value, key)
    elif isinstance(value, list):
        one = shape.below.get("[]")
        if one is not None:
            for index, item in enumerate(value):
                value[index] = _one(item, one, value, index)


def _one(value: Any, shape: Shape, holder: Any, at: Any) -> Any:
    if value is None:
        return None
    if shape.kinds:
        value = _converted(value, shape.kinds, holder, at)
    if isinstance(value, dict | list) and shape.below:
        _inside(value, shape)
    return value


def _converted(value: Any, kinds: frozenset[str], holder: Any, at: Any) -> Any:
    """One value as Ajv leaves it; unchanged where it is of a kind that is wanted, or cannot be converted to one."""
    if isinstance(value, dict) or (isinstance(value, list) and "list" in kinds):
        return value
    if isinstance(value, list):
        if len(value) != 1 or isinstance(value[0], dict | list):
            return value
        value = value[0]
    if isinstance(value, str | Text):
        if isinstance(value, str) and "boolean" in kinds and value in ("true", "false"):
            return value == "true"  # also where single words are taken beside a boolean
        if "text" in kinds:
            return value
        if isinstance(value, str) and kinds & {"number", "integer"} and (number := _number(value)) is not None:
            return number
    elif isinstance(value, bool):
        if "boolean" in kinds:
            return value
        if "text" in kinds:
            return js_text(value)
        if kinds & {"number", "integer"}:
            return int(value)
    elif isinstance(value, int | float):
        if kinds & {"number", "integer"}:
            return value
        if "boolean" in kinds and value in (0, 1):
            return bool(value)
        if "text" in kinds:
            return js_text(value)
    if "list" in kinds:
        place = value_place(holder, at) or place_of(holder) or Place("")
        items = ListNode([value], place)
        items.items_at = [place]
        return items
    return value


def _number(text: str) -> int | float | None:
    """The number that JavaScript sees in a text; None where it sees none."""
    if not _NUMBER.fullmatch(text):
        return None
    value = float(text)
    return int(value) if value.is_integer() else value


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
