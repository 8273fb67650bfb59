"""A policy variable is in a document whose version has none."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy
from scopedown.validate.variables import variables, with_variables


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements if not document.has_variables else ():
        for value in with_variables(statement):
            if any(variable.key and not variable.is_escape for variable in variables(value.text or "")):
                yield Found(
                    f"{value.text} has a policy variable, and the version of the document has none",
                    value.place,
                    value.text or "",
                )


CHECK = Check(
    code="VARIABLE_UNSUPPORTED_IN_VERSION",
    type=Type.ERROR,
    summary="A policy variable is in a document whose version has none.",
    explanation="Policy variables exist since the version 2012-10-17. In a document of another version, or without "
    "Version, they are literal text.",
    remedy='Add "Version": "2012-10-17" to the document.',
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/${aws:username}/*"}',
            version='"Version": "2008-10-17", ',
        )
    ),
    good=Example(
        policy('{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/${aws:username}/*"}')
    ),
    find=find,
)
