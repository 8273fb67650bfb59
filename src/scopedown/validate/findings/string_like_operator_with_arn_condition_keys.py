"""StringLike compares an ARN with wildcards."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        for condition in statement.conditions:
            of_arn = (document.facts.key_type(condition.lower) or "").endswith("ARN")
            wild = any(set(value.shown) & set("*?") and value.shown != "*" for value in condition.values)
            if of_arn and wild and condition.base in ("StringLike", "StringNotLike"):
                yield Found(
                    f"the wildcards of {condition.operator.key} reach over the fields of {condition.key}",
                    condition.operator.place,
                    condition.key,
                )


CHECK = Check(
    code="STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS",
    type=Type.SECURITY_WARNING,
    summary="StringLike compares an ARN with wildcards.",
    explanation="The wildcard of StringLike takes in colons, so it reaches over the fields of an ARN: other accounts "
    "may match.",
    remedy="Use ArnLike, whose wildcards stay in their field.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*", '
            '"Condition": {"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/app"}}}'
        )
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*", '
            '"Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/app"}}}'
        )
    ),
    find=find,
    reading="StringLike or StringNotLike with wildcards on a key of the type ARN.",
    source=""
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN",
)
