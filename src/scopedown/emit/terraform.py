"""Terraform's own language: literals, labels, blocks; policy documents as data sources, which a plan shows readably.

In a string of Terraform's ``${`` and ``%{`` begin a template; in a policy document's data source ``&{`` stands for
IAM's own ``${`` of a policy variable, and a literal ``%{`` is written with its percent sign doubled
(https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

INSET = "  "
_ATTRIBUTE = re.compile(r"( *\w+) += (.*)")
_ELEMENTS = (("Action", "actions"), ("NotAction", "not_actions"), ("Resource", "resources"),
             ("NotResource", "not_resources"))  # fmt: skip


class Template(str):
    """The inside of a string literal as Terraform has it, references and all."""

    __slots__ = ()


def aligned(lines: Iterable[str]) -> Iterator[str]:
    """Lines with the equals signs of neighbours below each other, as ``terraform fmt`` has them; then an empty one."""
    run: list[tuple[str, str]] = []
    for line in (*lines, ""):
        found = _ATTRIBUTE.fullmatch(line)
        if found and not line.endswith(("[", "{")) and (not run or _inset(run[0][0]) == _inset(found[1])):
            run.append((found[1], found[2]))
            continue
        width = max((len(name) for name, _ in run), default=0)
        yield from (f"{name.ljust(width)} = {value}" for name, value in run)
        run = [(found[1], found[2])] if found and not line.endswith(("[", "{")) else []
        if not run:
            yield line


def _inset(name: str) -> int:
    return len(name) - len(name.lstrip())


def policy_document(label: str, document: Mapping[str, Any]) -> Iterator[str]:
    """The lines of a policy document's data source."""
    yield f'data "aws_iam_policy_document" "{label}" {{'
    if "Version" in document:
        yield f"{INSET}version = {text(document['Version'])}"
    for statement in document["Statement"]:
        yield ""
        yield f"{INSET}statement {{"
        yield from (f"{INSET * 2}{line}" for line in _statement(statement))
        yield f"{INSET}}}"
    yield "}"


def _statement(statement: Mapping[str, Any]) -> Iterator[str]:
    if "Sid" in statement:
        yield f"sid = {text(statement['Sid'])}"
    yield f"effect = {text(statement['Effect'])}"
    for element, argument in _ELEMENTS:
        if element in statement:
            yield from _list(argument, statement[element])
    for kind, values in statement.get("Principal", {}).items():
        yield "principals {"
        yield f"{INSET}type = {text(kind)}"
        yield from (f"{INSET}{line}" for line in _list("identifiers", values))
        yield "}"
    for operator, keys in statement.get("Condition", {}).items():
        for key, values in keys.items():
            yield "condition {"
            yield f"{INSET}test = {text(operator)}"
            yield f"{INSET}variable = {text(key)}"
            yield from (f"{INSET}{line}" for line in _list("values", values))
            yield "}"


def _list(name: str, values: str | Iterable[str]) -> Iterator[str]:
    items = [values] if isinstance(values, str) else list(values)
    if len(items) == 1:
        yield f"{name} = [{text(items[0])}]"
        return
    yield f"{name} = ["
    yield from (f"{INSET}{text(item)}," for item in items)
    yield "]"


def block(head: str, lines: Iterable[str]) -> Iterator[str]:
    """The lines of a block with these arguments."""
    yield f"{head} {{"
    yield from (f"{INSET}{line}" for line in lines)
    yield "}"


def text(value: str) -> str:
    """A string literal: JSON's escapes are Terraform's too, but for the two that begin a template.

    >>> print(text("arn:aws:s3:::b/${aws:username}"))
    "arn:aws:s3:::b/&{aws:username}"
    """
    if isinstance(value, Template):
        return f'"{value}"'
    return json.dumps(value, ensure_ascii=False).replace("${", "&{").replace("%{", "%%{")


def label_of(name: str) -> str:
    """A name as Terraform's identifiers are: ``shop-dev-deploy`` is ``shop_dev_deploy``."""
    label = re.sub("[^A-Za-z0-9_]+", "_", name)
    return label if re.match("[A-Za-z_]", label) else f"_{label}"
