"""An operator compares another type than its key has."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy

_FAMILIES = {
    "String": ("String",), "ARN": ("Arn", "String"), "Numeric": ("Numeric",), "Bool": ("Bool",),
    "Date": ("Date", "Numeric"), "IPAddress": ("IpAddress",), "Binary": ("Binary",),
}  # fmt: skip
"""The type of a key → the families of operators that compare it; a text operator compares an ARN's text."""


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        for condition in statement.conditions:
            type = (document.facts.key_type(condition.lower) or "").removeprefix("ArrayOf")
            families = _FAMILIES.get(type, ())
            if type == "String" and condition.family == "Arn" and _may_be_arn(condition.lower):
                continue
            if families and condition.family not in (*families, "", "Null", "Binary"):
                message = (
                    f"{condition.key} is of the type {type}, and {condition.operator.key} compares {condition.family}"
                )
                yield Found(message, condition.operator.place, condition.key)


def _may_be_arn(key: str) -> bool:
    """Whether a key's values are free texts that may be ARNs: of tags and of encryption contexts."""
    return "/" in key or key.startswith("kms:encryptioncontext:")


CHECK = Check(
    code="TYPE_MISMATCH",
    type=Type.WARNING,
    summary="An operator compares another type than its key has.",
    explanation="A condition key has a type in the service reference. An operator of another type may never match.",
    remedy="Use an operator of the type of the key.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*", '
            '"Condition": {"StringEquals": {"aws:SecureTransport": "true"}}}'
        )
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*", '
            '"Condition": {"Bool": {"aws:SecureTransport": "true"}}}'
        )
    ),
    find=find,
)
