"""What is to be made in the account, as Terraform."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scopedown.deploy.account_resources import Bundle
from scopedown.emit.terraform import INSET, aligned, block, label_of, policy_document, text


def render(found: Bundle) -> str:
    """The configuration's text: no provider and no backend, which the user's own say."""
    blocks: list[Iterable[str]] = []
    for policy in found.policies:
        label = label_of(policy.name)
        blocks.append(policy_document(label, policy.document))
        blocks.append(
            block(
                f'resource "aws_iam_policy" "{label}"',
                [
                    f"name = {text(policy.name)}",
                    f"description = {text(policy.description)}",
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
            f"name = {text(role.name)}",
            f"assume_role_policy = data.aws_iam_policy_document.{label}_trust.json",
        ]
        blocks.append(block(f'resource "aws_iam_role" "{label}"', lines))
        for name in role.policies:
            lines = [
                f"role = aws_iam_role.{label}.name",
                f"policy_arn = aws_iam_policy.{label_of(name)}.arn",
            ]
            head = f'resource "aws_iam_role_policy_attachment" "{label}_{label_of(name)}"'
            blocks.append(block(head, lines))
    return "".join(f"{line}\n" for block in blocks for line in aligned(block)).removesuffix("\n")


def _provider(found: Bundle) -> Iterator[str]:
    assert found.provider is not None
    yield 'variable "create_oidc_provider" {'
    yield f"{INSET}type = bool"
    yield f"{INSET}default = false"
    yield f"{INSET}description = {text(f'Whether the account has no OIDC provider {found.provider.provider} yet')}"
    yield "}"
    yield ""
    yield 'resource "aws_iam_openid_connect_provider" "deploy" {'
    yield f"{INSET}count = var.create_oidc_provider ? 1 : 0"
    yield f"{INSET}url = {text(f'https://{found.provider.provider}')}"
    yield f"{INSET}client_id_list = [{text(found.provider.audience)}]"
    yield "}"
