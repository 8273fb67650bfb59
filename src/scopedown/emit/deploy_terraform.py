"""What is to be made in the account, as Terraform: policy documents as data sources, which a plan shows readably.

In a string of Terraform's ``${`` and ``%{`` begin a template; in a policy document's data source ``&{`` stands for
IAM's own ``${`` of a policy variable, and a literal ``%{`` is written with its percent sign doubled
(https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from scopedown.deploy.account_resources import Bundle

INSET = "  "
_ATTRIBUTE = re.compile(r"( *\w+) += (.*)")
_ELEMENTS = (("Action", "actions"), ("NotAction", "not_actions"), ("Resource", "resources"),
             ("NotResource", "not_resources"))  # fmt: skip


def terraform(found: Bundle) -> str:
    """The configuration's text: no provider and no backend, which the user's own say."""
    blocks: list[Iterable[str]] = []
    for policy in found.policies:
        label = label_of(policy.name)
        blocks.append(policy_document(label, policy.document))
        blocks.append(
            _block(
                f'resource "aws_iam_policy" "{label}"',
                [
                    f"name = {_text(policy.name)}",
                    f"description = {_text(policy.description)}",
                    f"policy = data.aws_iam_policy_document.{label}.json",
                ],
            )
        )
    if found.provider is not None:
        blocks.append(_provider(found))
    for role in found.roles:
        label = label_of(role.name)
        blocks.append(policy_document(f"{label}_trust", role.trust))
        lines = [
            f"name = {_text(role.name)}",
            f"assume_role_policy = data.aws_iam_policy_document.{label}_trust.json",
        ]
        blocks.append(_block(f'resource "aws_iam_role" "{label}"', lines))
        for name in role.policies:
            lines = [
                f"role = aws_iam_role.{label}.name",
                f"policy_arn = aws_iam_policy.{label_of(name)}.arn",
            ]
            head = f'resource "aws_iam_role_policy_attachment" "{label}_{label_of(name)}"'
            blocks.append(_block(head, lines))
    return "".join(f"{line}\n" for block in blocks for line in aligned(block)).removesuffix("\n")


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


def _provider(found: Bundle) -> Iterator[str]:
    assert found.provider is not None
    yield 'variable "create_oidc_provider" {'
    yield f"{INSET}type = bool"
    yield f"{INSET}default = false"
    yield f"{INSET}description = {_text(f'Whether the account has no OIDC provider {found.provider.provider} yet')}"
    yield "}"
    yield ""
    yield 'resource "aws_iam_openid_connect_provider" "deploy" {'
    yield f"{INSET}count = var.create_oidc_provider ? 1 : 0"
    yield f"{INSET}url = {_text(f'https://{found.provider.provider}')}"
    yield f"{INSET}client_id_list = [{_text(found.provider.audience)}]"
    yield "}"


def policy_document(label: str, document: Mapping[str, Any]) -> Iterator[str]:
    """The lines of a policy document's data source."""
    yield f'data "aws_iam_policy_document" "{label}" {{'
    if "Version" in document:
        yield f"{INSET}version = {_text(document['Version'])}"
    for statement in document["Statement"]:
        yield ""
        yield f"{INSET}statement {{"
        yield from (f"{INSET * 2}{line}" for line in _statement(statement))
        yield f"{INSET}}}"
    yield "}"


def _statement(statement: Mapping[str, Any]) -> Iterator[str]:
    if "Sid" in statement:
        yield f"sid = {_text(statement['Sid'])}"
    yield f"effect = {_text(statement['Effect'])}"
    for element, argument in _ELEMENTS:
        if element in statement:
            yield from _list(argument, statement[element])
    for kind, values in statement.get("Principal", {}).items():
        yield "principals {"
        yield f"{INSET}type = {_text(kind)}"
        yield from (f"{INSET}{line}" for line in _list("identifiers", values))
        yield "}"
    for operator, keys in statement.get("Condition", {}).items():
        for key, values in keys.items():
            yield "condition {"
            yield f"{INSET}test = {_text(operator)}"
            yield f"{INSET}variable = {_text(key)}"
            yield from (f"{INSET}{line}" for line in _list("values", values))
            yield "}"


def _list(name: str, values: str | Iterable[str]) -> Iterator[str]:
    items = [values] if isinstance(values, str) else list(values)
    if len(items) == 1:
        yield f"{name} = [{_text(items[0])}]"
        return
    yield f"{name} = ["
    yield from (f"{INSET}{_text(item)}," for item in items)
    yield "]"


def _block(head: str, lines: Iterable[str]) -> Iterator[str]:
    yield f"{head} {{"
    yield from (f"{INSET}{line}" for line in lines)
    yield "}"


def _text(value: str) -> str:
    """A string literal: JSON's escapes are Terraform's too, but for the two that begin a template.

    >>> print(_text("arn:aws:s3:::b/${aws:username}"))
    "arn:aws:s3:::b/&{aws:username}"
    """
    if isinstance(value, Template):
        return f'"{value}"'
    return json.dumps(value, ensure_ascii=False).replace("${", "&{").replace("%{", "%%{")


def label_of(name: str) -> str:
    """A name as Terraform's identifiers are: ``shop-dev-deploy`` is ``shop_dev_deploy``."""
    label = re.sub("[^A-Za-z0-9_]+", "_", name)
    return label if re.match("[A-Za-z_]", label) else f"_{label}"
