"""The policy document of a ``data "aws_iam_policy_document"``.

In: the blocks of the data source, worked out. Out: the document that its ``json`` is, with the places of the blocks.
Reference: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.core.text import Literal, Text
from scopedown.documents.nodes import ListNode, MapNode, place_of, rewritten
from scopedown.project.terraform.access import items_in
from scopedown.project.terraform.blocks import MAYBE
from scopedown.project.terraform.values import decoded, list_of, plain, simple

_ELEMENTS: Final = {
    "sid": "Sid",
    "effect": "Effect",
    "actions": "Action",
    "not_actions": "NotAction",
    "resources": "Resource",
    "not_resources": "NotResource",
}


def document_of(arguments: Mapping[str, Any], place: Place) -> MapNode:
    """The document of a data source's arguments and blocks."""
    statements: list[tuple[Any, Place]] = []
    for name in ("source_json", "source_policy_documents"):
        statements += _given(arguments.get(name), place)
    for written in items_in(arguments.get("statement")):
        at = place_of(written) or place
        statement = _statement(written, at) if isinstance(written, Mapping) else written
        if isinstance(written, Mapping) and MAYBE in written:
            condition = Text.unknown("only an apply shows whether the statement is there", at)
            statement = MapNode({"Fn::If": [condition, statement, {"Ref": "AWS::NoValue"}]}, at)
        statements.append((statement, at))
    for name in ("override_json", "override_policy_documents"):
        for statement, at in _given(arguments.get(name), place):
            sid = statement.get("Sid") if isinstance(statement, Mapping) else None
            if sid:
                statements = [one for one in statements if not _has_sid(one[0], sid)]
            statements.append((statement, at))
    listed = ListNode([statement for statement, _ in statements], place)
    listed.items_at = [at for _, at in statements]
    document = MapNode({"Version": arguments.get("version") or "2012-10-17", "Statement": listed}, place)
    document.keys_at = dict.fromkeys(document, place)
    return document


def _has_sid(statement: Any, sid: Any) -> bool:
    return isinstance(statement, Mapping) and statement.get("Sid") == sid


def _given(value: Any, place: Place) -> list[tuple[Any, Place]]:
    """The statements of other documents that a data source takes over."""
    found: list[tuple[Any, Place]] = []
    for one in items_in(value):
        document = decoded(one, place)
        if not isinstance(document, Mapping):
            found.append((document, place))  # a statement of which nothing is known
            continue
        written = document.get("Statement")
        for index, statement in enumerate(items_in(written)):
            found.append((statement, place_of(statement) or place_of(written, index) or place))
    return found


def _statement(written: Mapping[str, Any], place: Place) -> MapNode:
    statement = MapNode(None, place)

    def put(name: str, value: Any, at: Place | None) -> None:
        statement[name] = value
        statement.keys_at[name] = statement.values_at[name] = at or place

    for argument, element in _ELEMENTS.items():
        value = written.get(argument)
        if value is not None and value != []:
            put(element, _with_variables(plain(value)), place_of(written, argument))
    if "Effect" not in statement:
        put("Effect", "Allow", place)
    for block, element in (("principals", "Principal"), ("not_principals", "NotPrincipal")):
        principals: dict[str, Any] = {}
        for one in items_in(written.get(block)):
            kind, identifiers = (one.get("type"), one.get("identifiers")) if isinstance(one, Mapping) else (None, one)
            listed = [plain(item) for item in items_in(identifiers)]
            principals.setdefault(kind if isinstance(kind, str) else "AWS", []).extend(listed)
        if principals:
            everyone = principals == {"*": ["*"]}
            put(element, "*" if everyone else MapNode(principals, place), place_of(written, block))
    conditions = MapNode(None, place)
    for one in items_in(written.get("condition")):
        if not isinstance(one, Mapping) or not isinstance(one.get("test"), str):
            conditions["unknown"] = Text.unknown("the condition is known only after apply", place)
            continue
        test = conditions.setdefault(one["test"], MapNode(None, place))
        values = [_with_variables(plain(item)) for item in items_in(one.get("values"))]
        test[str(plain(one.get("variable")))] = list_of(values, place_of(one) or place)
    if conditions:
        put("Condition", conditions, place_of(written, "condition"))
    return statement


def _with_variables(value: Any) -> Any:
    """``&{aws:username}`` is the data source's way to write ``${aws:username}``."""
    if isinstance(value, dict | list):
        return rewritten(value, lambda _, item: _with_variables(item))
    if isinstance(value, str):
        return value.replace("&{", "${")
    if isinstance(value, Text):
        return simple(value.replace(lambda part: part.value.replace("&{", "${") if isinstance(part, Literal) else part))
    return value
