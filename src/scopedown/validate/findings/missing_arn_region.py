"""An ARN has no Region where AWS has one."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.arns import arns_of, forms
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        for arn in arns_of(statement):
            found = forms(arn, document.facts) if not arn.region else ()
            if found and all(form[3] for form in found):
                yield Found(f"{arn.text} has no Region, and such an ARN of {arn.service} has one", arn.place, arn.text)


CHECK = Check(
    code="MISSING_ARN_REGION",
    type=Type.ERROR,
    summary="An ARN has no Region where AWS has one.",
    explanation="The ARNs of most services name the Region. With an empty field the ARN matches no resource.",
    remedy="Write the Region, or a wildcard.",
    bad=Example(
        policy('{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs::111122223333:jobs"}')
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:eu-west-1:111122223333:jobs"}'
        )
    ),
    find=find,
)
