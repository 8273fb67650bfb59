"""Statements of resource-based policies that allow a service, which may act for anyone ("confused deputy").

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
"""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.iam.document import Kind
from scopedown.validate.document import PolicyDocument, Statement

_SOURCES = ("aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths", "aws:sourceowner",
            "kms:calleraccount", "kms:viaservice")  # fmt: skip


def serving(document: PolicyDocument) -> Iterator[Statement]:
    """The statements that allow services and nobody else."""
    if document.kind is Kind.RESOURCE:
        yield from (one for one in document.statements if one.allows and one.services_only)


def says_source(statement: Statement) -> bool:
    """Whether a condition limits what the service acts for; the encryption context of KMS names the resource too."""
    return any(
        one.lower in _SOURCES or one.lower.startswith("kms:encryptioncontext") for one in statement.conditions
    )  # fmt: skip
