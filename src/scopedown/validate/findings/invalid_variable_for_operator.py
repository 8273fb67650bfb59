"""A policy variable is in a condition that does not take variables."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy
from scopedown.validate.variables import variables


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements if document.has_variables else ():
        for condition in statement.conditions:
            for value in condition.values if condition.family not in ("", "String", "Arn") else ():
                if any(variable.key for variable in variables(value.shown)):
                    yield Found(
                        f"{condition.operator.key} does not take the variable {value.shown}", value.place, value.shown
                    )


CHECK = Check(
    code="INVALID_VARIABLE_FOR_OPERATOR",
    type=Type.ERROR,
    summary="A policy variable is in a condition that does not take variables.",
    explanation="Policy variables are replaced in the values of String and Arn operators. Other operators compare "
    "with the text of the variable itself.",
    remedy="Use a String or Arn operator, or write the value itself.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::reports", '
            '"Condition": {"NumericEquals": {"s3:max-keys": "${aws:PrincipalTag/pages}"}}}'
        )
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::reports", '
            '"Condition": {"StringEquals": {"s3:prefix": "${aws:PrincipalTag/pages}"}}}'
        )
    ),
    find=find,
)
