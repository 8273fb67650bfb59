"""A policy variable has no closing brace."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy
from scopedown.validate.variables import Flaw, flawed


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements if document.has_variables else ():
        for value, variable in flawed(statement, Flaw.BRACE):
            yield Found(f"{variable.written} has no closing brace", value.place, value.text or "")


CHECK = Check(
    code="MISSING_BRACE_IN_VARIABLE",
    type=Type.ERROR,
    summary="A policy variable has no closing brace.",
    explanation="A variable is ${name}. Without the closing brace it is literal text.",
    remedy="Add the closing brace.",
    bad=Example(
        policy('{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/${aws:username/*"}')
    ),
    good=Example(
        policy('{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/${aws:username}/*"}')
    ),
    find=find,
)
