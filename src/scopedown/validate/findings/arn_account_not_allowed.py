"""An ARN has an account where AWS has none."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.arns import arns_of, forms
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        for arn in arns_of(statement):
            found = forms(arn, document.facts) if arn.account.isdigit() else ()
            if found and not any(form[4] for form in found):
                yield Found(
                    f"{arn.text} has an account, and such an ARN of {arn.service} has none", arn.place, arn.text
                )


CHECK = Check(
    code="ARN_ACCOUNT_NOT_ALLOWED",
    type=Type.ERROR,
    summary="An ARN has an account where AWS has none.",
    explanation="The ARNs of some resources have an empty account field, for example those of S3 buckets. An ARN "
    "with an account there matches no resource.",
    remedy="Leave the account field of the ARN empty.",
    bad=Example(
        policy('{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3::111122223333:reports"}')
    ),
    good=Example(policy('{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::reports"}')),
    find=find,
)
