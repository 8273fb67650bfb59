"""An ARN has no account where AWS has one."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.arns import arns_of, forms
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        for arn in arns_of(statement):
            found = forms(arn, document.facts) if not arn.account else ()
            if found and all(form[4] for form in found):
                yield Found(f"{arn.text} has no account, and such an ARN of {arn.service} has one", arn.place, arn.text)


CHECK = Check(
    code="MISSING_ARN_ACCOUNT",
    type=Type.ERROR,
    summary="An ARN has no account where AWS has one.",
    explanation="The ARNs of most services name the account. With an empty field the ARN matches no resource.",
    remedy="Write the account's twelve digits, or a wildcard.",
    bad=Example(policy('{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:eu-west-1::jobs"}')),
    good=Example(
        policy(
            '{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:eu-west-1:111122223333:jobs"}'
        )
    ),
    find=find,
    reading="An ARN whose account field is empty, where every form of the resource in the service reference has "
    "an account.",
    source=""
    "https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html",
)
