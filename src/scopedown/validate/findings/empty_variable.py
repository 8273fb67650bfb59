"""A policy variable has no name."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy
from scopedown.validate.variables import Flaw, flawed


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements if document.has_variables else ():
        for value, variable in flawed(statement, Flaw.EMPTY):
            yield Found(f"{variable.written} has no name", value.place, value.text or "")


CHECK = Check(
    code="EMPTY_VARIABLE",
    type=Type.ERROR,
    summary="A policy variable has no name.",
    explanation="A variable is ${name}. An empty one has no value, and the text matches nothing.",
    remedy="Write a name in the braces, or remove the variable.",
    bad=Example(policy('{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/${}/*"}')),
    good=Example(
        policy('{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/${aws:username}/*"}')
    ),
    find=find,
)
