"""The account in an ARN is not valid."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scopedown.validate.arns import beginning, has_such_account
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy

_PSEUDO = re.compile(r"\$\{AWS::\w+\}")
"""A pseudo parameter of CloudFormation, which is text where no function replaces it."""


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        for value in statement.resources:
            wrong, code = beginning(value)
            if code == CHECK.code and not has_such_account(value, document.facts):
                pseudo = _PSEUDO.search(value.text or "")
                why = f"{pseudo[0]} is not replaced without Fn::Sub" if pseudo else wrong
                yield Found(f"{value.text}: {why}", value.place, value.text or "")


CHECK = Check(
    code="INVALID_ARN_ACCOUNT",
    type=Type.ERROR,
    summary="The account in an ARN is not valid.",
    explanation="An account ID has twelve digits. An ARN with another text in the account field matches no resource.",
    remedy="Write the account's twelve digits, or a wildcard.",
    bad=Example(
        policy('{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:eu-west-1:11112222333:jobs"}')
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:eu-west-1:111122223333:jobs"}'
        )
    ),
    find=find,
)
