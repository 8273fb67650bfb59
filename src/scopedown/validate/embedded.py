"""Policies in other files: templates, serverless.yml, Terraform's JSON, and the answers of AWS's commands.

A document is known by its statements, wherever it is; what kind it is, by the resource and property around it
(``embedded.tsv``). Documents that are JSON in a text (Terraform, ``aws s3api get-bucket-policy``) are read too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from scopedown.core.place import Place
from scopedown.core.tables import read_rows
from scopedown.core.text import Part, Text, Unknown
from scopedown.documents.nodes import ListNode, MapNode, place_of, value_place
from scopedown.iam.document import Kind

_SAYS = ("Effect", "Action", "NotAction", "Resource", "NotResource", "Principal")
_TEXTS = ("policydocument", "policy", "document", "content", "assumerolepolicydocument")
"""Members whose text may be a policy, beside the properties of the table; in lower case, without underscores."""
_DOCUMENTS = ("PolicyDocument", "AssumeRolePolicyDocument", "KeyPolicy", "RepositoryPolicyText", "FileSystemPolicy")
"""Properties that hold nothing but a document."""
_STATEMENTS = ("statements", "iamRoleStatements", "resourcePolicy")
"""Lists of statements of which a framework makes a document
(https://www.serverless.com/framework/docs/providers/aws/guide/iam)."""
_TERRAFORM = {
    "sid": "Sid", "effect": "Effect", "actions": "Action", "not_actions": "NotAction", "resources": "Resource",
    "not_resources": "NotResource",
}  # fmt: skip
"""Arguments of aws_iam_policy_document → elements
(https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document)."""
_SERVERLESS_VARIABLE = re.compile(r"\$\{(?!aws:(?!accountId\b|region\b))(?:[^{}]|\$\{(?:[^{}]|\$\{[^{}]*\})*\})*\}")
"""A variable of the framework, others in it; ``${aws:username}`` is one of IAM
(https://www.serverless.com/framework/docs/providers/aws/guide/variables)."""
_INTERPOLATION = re.compile(r"(?<!\$)\$\{[^}]*\}")


@dataclass(frozen=True, slots=True)
class Embedded:
    """A policy in a file: its tree, where it is, what kind it is if that is known, and what it is called.

    ``fragment``: it is a list of statements. ``cut`` parts its texts at what the file's tool fills in.
    """

    tree: Any
    place: Place
    kind: Kind | None
    resource_type: str
    name: str
    fragment: bool
    cut: Callable[[str], Text]


@dataclass(frozen=True, slots=True)
class _Around:
    """What is around a node: the keys that lead to it, and the types of the resources that it is in."""

    path: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    cut: Callable[[str], Text] = Text.of


def is_document(tree: object) -> bool:
    """Whether a tree is a policy document: an object with a Statement that is no property of something else."""
    if not isinstance(tree, Mapping) or "Statement" not in tree:
        return False
    statements = tree["Statement"]
    listed = statements if isinstance(statements, list) else [statements]
    return set(tree) <= {"Version", "Id", "Statement"} or any(_is_statement(one) for one in listed)


def embedded(tree: object, name: str) -> Iterator[Embedded]:
    """The policies in a file's tree, in reading order."""
    around = _Around(cut=_cut_of(tree, name))
    yield from _walk(tree, Place(name), around, _is_serverless(tree))


def _walk(tree: object, place: Place, around: _Around, serverless: bool) -> Iterator[Embedded]:
    waiting: list[tuple[object, Place, _Around]] = [(tree, place, around)]
    while waiting:
        node, at, here = waiting.pop()
        at = place_of(node) or at
        if isinstance(node, list):
            path = here.path
            waiting += [
                (item, value_place(node, number) or at, replace(here, path=(*path[:-1], f"{path[-1]}[{number}]")))
                if path
                else (item, value_place(node, number) or at, here)
                for number, item in reversed(list(enumerate(node)))
            ]
        elif isinstance(node, Mapping):
            if here.path and (is_document(node) or (_is_documents_place(here.path) and not _is_call(node))):
                yield _embedded(node, at, here)
                continue
            if _is_data(here.path) and "statement" in node:
                yield _embedded(_of_terraform(node), at, here)
                continue
            types = (*here.types, *(node[key] for key in ("Type", "type") if isinstance(node.get(key), str)))
            for key, item in reversed(list(node.items())):
                inner = replace(here, path=(*here.path, str(key)), types=types)
                where = value_place(node, str(key)) or at
                if isinstance(item, str) and (document := _in_text(str(key), item)) is not None:
                    waiting.append((document, where, inner))
                elif serverless and key in _STATEMENTS and _are_statements(item):
                    kind = Kind.RESOURCE if key == "resourcePolicy" else Kind.IDENTITY
                    of = "AWS::ApiGateway::RestApi" if kind is Kind.RESOURCE else ""
                    waiting.append((_Fragment(item, kind, of), place_of(item) or where, inner))
                else:
                    waiting.append((item, where, inner))
        elif isinstance(node, _Fragment):
            yield Embedded(node.statements, at, node.kind, node.resource_type, ".".join(here.path), True, here.cut)


@dataclass(frozen=True, slots=True)
class _Fragment:
    """A list of statements and what is made of it."""

    statements: list[Any]
    kind: Kind
    resource_type: str


def _embedded(tree: Any, place: Place, around: _Around) -> Embedded:
    keys = {key.partition("[")[0] for key in around.path}
    owners = (*around.types, *(key.partition("[")[0] for key in around.path))
    rows = [row for owner in reversed(owners) for row in _rows().get(owner, ()) if row["property"] in keys]
    kind, of = (Kind(rows[0]["kind"]), rows[0]["resource_type"]) if rows else (None, "")
    return Embedded(tree, place, kind, of, ".".join(around.path), False, around.cut)


@cache
def _rows() -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    columns = ("type", "property", "kind", "resource_type", "source")
    for row in read_rows(Path(__file__).with_name("embedded.tsv"), columns):
        found.setdefault(row["type"], []).append(row)
    return found


@cache
def _properties() -> frozenset[str]:
    return frozenset(row["property"].lower().replace("_", "") for rows in _rows().values() for row in rows)


def _in_text(key: str, text: str) -> object | None:
    """The document that a member's text is; None where it is none."""
    folded = key.lower().replace("_", "")
    if folded not in _TEXTS and folded not in _properties():
        return None
    written = unquote(text) if text.startswith("%7B") else text
    if not written.lstrip().startswith("{") or '"Statement"' not in written:
        return None
    try:
        found = json.loads(written)
    except (ValueError, RecursionError):
        return None
    return found if is_document(found) else None


def _is_statement(tree: object) -> bool:
    if not isinstance(tree, Mapping):
        return False
    return "Fn::If" in tree or ("Effect" in tree and any(key in tree for key in _SAYS[1:])) or "Action" in tree


def _are_statements(tree: object) -> bool:
    return isinstance(tree, list) and bool(tree) and any(_is_statement(one) for one in tree)


def _is_serverless(tree: object) -> bool:
    return isinstance(tree, Mapping) and "service" in tree and "provider" in tree


def _is_documents_place(path: tuple[str, ...]) -> bool:
    """Whether a value is a document by its name alone, whatever is in it."""
    return path[-1] in _DOCUMENTS


def _is_call(node: Mapping[str, object]) -> bool:
    """Whether a mapping is a call of an intrinsic function."""
    return len(node) == 1 and (next(iter(node)) == "Ref" or next(iter(node)).startswith("Fn::"))


def _is_data(path: tuple[str, ...]) -> bool:
    """Whether a node is a data source: below its type's name, or below that and its own name."""
    return any(key.partition("[")[0] == "aws_iam_policy_document" for key in path[-2:])


def _of_terraform(data: Mapping[str, Any]) -> MapNode:
    """A data source aws_iam_policy_document as the document that it makes."""
    place = place_of(data) or Place("")
    statements = ListNode(None, place)
    given = data["statement"]
    for number, block in enumerate(given if isinstance(given, list) else [given]):
        if not isinstance(block, Mapping):
            continue
        at = value_place(given, number) or place
        made = MapNode(None, at)
        if block.get("effect") is None:
            made["Effect"] = "Allow"
        for argument, element in _TERRAFORM.items():
            if block.get(argument) not in (None, []):
                _put(made, element, block[argument], value_place(block, argument) or at)
        for argument, element in (("principals", "Principal"), ("not_principals", "NotPrincipal")):
            if listed := _blocks(block.get(argument)):
                found = {one["type"]: one.get("identifiers") for one in listed if isinstance(one.get("type"), str)}
                whole = "*" if list(found.items()) == [("*", ["*"])] else found
                _put(made, element, whole, value_place(block, argument) or at)
        condition = MapNode(None, at)
        for one in _blocks(block.get("condition")):
            operator, key = one.get("test"), one.get("variable")
            if isinstance(operator, str) and isinstance(key, str):
                inside = condition.setdefault(operator, MapNode(None, place_of(one) or at))
                _put(inside, key, one.get("values"), place_of(one) or at)
        if condition:
            _put(made, "Condition", condition, at)
        statements.append(made)
        statements.items_at.append(at)
    document = MapNode(None, place)
    _put(document, "Version", data.get("version") or "2012-10-17", place)
    _put(document, "Statement", statements, place)
    return document


def _blocks(value: object) -> list[Mapping[str, Any]]:
    listed = value if isinstance(value, list) else [value]
    return [one for one in listed if isinstance(one, Mapping)]


def _put(node: MapNode, key: str, value: object, place: Place) -> None:
    node[key] = value
    node.keys_at[key] = node.values_at[key] = place


def _cut_of(tree: object, name: str) -> Callable[[str], Text]:
    """How texts of a file are parted at what its tool fills in."""
    if _is_serverless(tree):
        return lambda text: _cut(text, _SERVERLESS_VARIABLE)
    if name.endswith(".tf.json"):
        return lambda text: _cut(text, _INTERPOLATION)
    return Text.of


def _cut(text: str, variable: re.Pattern[str]) -> Text:
    parts: list[str | Part] = []
    at = 0
    for match in variable.finditer(text):
        parts += [text[at : match.start()].replace("$${", "${"), Unknown(match[0])]
        at = match.end()
    return Text.of(*parts, text[at:].replace("$${", "${").replace("&{", "${"))
