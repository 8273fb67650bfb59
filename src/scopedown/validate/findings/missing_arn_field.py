"""An ARN has too few fields."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.arns import beginning
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        for value in statement.resources:
            wrong, code = beginning(value)
            if code == CHECK.code:
                yield Found(f"{value.text}: {wrong}", value.place, value.text or "")


CHECK = Check(
    code="MISSING_ARN_FIELD",
    type=Type.ERROR,
    summary="An ARN has too few fields.",
    explanation="An ARN has six fields with colons between them, of which some may be empty. A shorter text matches "
    "no resource.",
    remedy="Write all six fields: arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE.",
    bad=Example(policy('{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:eu-west-1:jobs"}')),
    good=Example(
        policy(
            '{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:eu-west-1:111122223333:jobs"}'
        )
    ),
    find=find,
)
