"""The Region in an ARN does not exist."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.arns import arns_of, forms, overlap
from scopedown.validate.document import PolicyDocument
from scopedown.validate.facts import regions
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        for arn in arns_of(statement):
            found = forms(arn, document.facts) or ()
            if found and not any(form[3] for form in found):
                continue  # it has no Region: ARN_REGION_NOT_ALLOWED
            named = any(overlap(arn.region, region) for region in regions()) or any(
                form[3] == arn.region for form in found
            )
            if arn.region and not named:
                yield Found(f"{arn.text}: AWS has no Region {arn.region}", arn.place, arn.text)


CHECK = Check(
    code="INVALID_ARN_REGION",
    type=Type.ERROR,
    summary="The Region in an ARN does not exist.",
    explanation="No resource is in a Region that AWS does not have, so the ARN matches nothing. Whether the service "
    "is available in the Region is not checked.",
    remedy="Write the code of a Region, such as eu-west-1, or a wildcard.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:eu-west-9:111122223333:jobs"}'
        )
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:eu-west-1:111122223333:jobs"}'
        )
    ),
    find=find,
)
