"""The name of a policy variable has a space."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy
from scopedown.validate.variables import Flaw, flawed


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements if document.has_variables else ():
        for value, variable in flawed(statement, Flaw.SPACE):
            yield Found(f"{variable.written} has a space in its name", value.place, value.text or "")


CHECK = Check(
    code="UNSUPPORTED_SPACE_IN_VARIABLE",
    type=Type.ERROR,
    summary="The name of a policy variable has a space.",
    explanation="The name in a variable is that of a condition key, without spaces.",
    remedy="Remove the space.",
    bad=Example(
        policy('{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/${aws: username}/*"}')
    ),
    good=Example(
        policy('{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/${aws:username}/*"}')
    ),
    find=find,
)
