"""The default of a policy variable is not in single quotes."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy
from scopedown.validate.variables import Flaw, flawed


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements if document.has_variables else ():
        for value, variable in flawed(statement, Flaw.QUOTE):
            yield Found(f"the default of {variable.written} is not in single quotes", value.place, value.text or "")


CHECK = Check(
    code="MISSING_QUOTE_IN_VARIABLE",
    type=Type.ERROR,
    summary="The default of a policy variable is not in single quotes.",
    explanation="A variable with a default is ${name, 'default'}: a comma, a space, and the default in single quotes.",
    remedy="Write the default in single quotes.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:GetObject", '
            '"Resource": "arn:aws:s3:::reports/${aws:username, nobody}/*"}'
        )
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:GetObject", '
            '"Resource": "arn:aws:s3:::reports/${aws:username, \'nobody\'}/*"}'
        )
    ),
    find=find,
)
