"""A condition on a key with several values has no set operator."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        for condition in statement.conditions:
            several = (document.facts.key_type(condition.lower) or "").startswith("ArrayOf")
            if several and not condition.qualifier and condition.family not in ("", "Null"):
                yield Found(
                    f"{condition.key} has several values in a request, and {condition.operator.key} compares one",
                    condition.operator.place,
                    condition.key,
                )


CHECK = Check(
    code="MISSING_QUALIFIER",
    type=Type.ERROR,
    summary="A condition on a key with several values has no set operator.",
    explanation="Some keys have several values in one request, for example aws:TagKeys. Without ForAllValues or "
    "ForAnyValue it is not defined how they are compared.",
    remedy="Write ForAnyValue: or ForAllValues: before the operator.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": "ec2:CreateTags", "Resource": "*", '
            '"Condition": {"StringEquals": {"aws:TagKeys": "team"}}}'
        )
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Action": "ec2:CreateTags", "Resource": "*", '
            '"Condition": {"ForAnyValue:StringEquals": {"aws:TagKeys": "team"}}}'
        )
    ),
    find=find,
)
