"""A policy variable is in an element that does not take variables."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy
from scopedown.validate.variables import variables


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        texts = [
            *statement.texts("Action"),
            *statement.texts("NotAction"),
            *statement.texts("Sid"),
            *statement.texts("Effect"),
        ]
        for value in (*texts, *(principal for _, principal in statement.principals)):
            if any(variable.key for variable in variables(value.text or "")):
                yield Found(
                    f"{value.text} has a policy variable, which is not replaced here", value.place, value.text or ""
                )


CHECK = Check(
    code="VARIABLE_UNSUPPORTED_IN_ELEMENT",
    type=Type.ERROR,
    summary="A policy variable is in an element that does not take variables.",
    explanation="Policy variables are replaced in Resource, NotResource and the values of conditions. Elsewhere they "
    "are literal text.",
    remedy="Write the value itself, or use a condition.",
    bad=Example(
        policy(
            '{"Sid": "Read", "Effect": "Allow", "Action": "s3:${aws:PrincipalTag/verb}", '
            '"Resource": "arn:aws:s3:::reports/*"}'
        )
    ),
    good=Example(
        policy('{"Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"}')
    ),
    find=find,
)
