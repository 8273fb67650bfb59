"""An ARN has a Region where AWS has none."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.arns import arns_of, forms
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        for arn in arns_of(statement):
            found = forms(arn, document.facts) if arn.region and arn.is_literal(arn.region) else ()
            if found and not any(form[3] for form in found):
                yield Found(f"{arn.text} has a Region, and such an ARN of {arn.service} has none", arn.place, arn.text)


CHECK = Check(
    code="ARN_REGION_NOT_ALLOWED",
    type=Type.ERROR,
    summary="An ARN has a Region where AWS has none.",
    explanation="The ARNs of global resources have an empty Region field, for example those of IAM roles and S3 "
    "buckets. An ARN with a Region there matches no resource.",
    remedy="Leave the Region field of the ARN empty.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": "iam:GetRole", "Resource": "arn:aws:iam:eu-west-1:111122223333:role/app"}'
        )
    ),
    good=Example(
        policy('{"Effect": "Allow", "Action": "iam:GetRole", "Resource": "arn:aws:iam::111122223333:role/app"}')
    ),
    find=find,
)
