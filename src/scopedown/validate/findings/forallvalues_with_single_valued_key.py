"""ForAllValues is used with a key of one value."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        for condition in statement.conditions if statement.allows else ():
            single = not (document.facts.key_type(condition.lower) or "ArrayOf").startswith("ArrayOf")
            if (
                condition.qualifier == "ForAllValues"
                and condition.family != "Null"
                and single
                and not condition.negated
            ):
                yield Found(
                    f"ForAllValues with {condition.key} also holds where the key is missing",
                    condition.operator.place,
                    condition.key,
                )


CHECK = Check(
    code="FORALLVALUES_WITH_SINGLE_VALUED_KEY",
    type=Type.SECURITY_WARNING,
    summary="ForAllValues is used with a key of one value.",
    explanation="ForAllValues holds where the key is missing in the request. With a key of one value it only adds "
    "this case.",
    remedy="Remove ForAllValues:.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*", '
            '"Condition": {"ForAllValues:StringEquals": {"aws:PrincipalAccount": "111122223333"}}}'
        )
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*", '
            '"Condition": {"StringEquals": {"aws:PrincipalAccount": "111122223333"}}}'
        )
    ),
    find=find,
)
