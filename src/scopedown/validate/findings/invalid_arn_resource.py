"""An ARN has no form of its service's resources."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.arns import arns_of, forms
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        for arn in arns_of(statement):
            if forms(arn, document.facts) == () and arn.resource:
                known = document.facts.formats[arn.service]
                example = min((form[5] for form in known), key=len)
                message = f"{arn.text} has no form of a resource of {arn.service}, such as {example}"
                yield Found(message, arn.place, arn.text)


CHECK = Check(
    code="INVALID_ARN_RESOURCE",
    type=Type.ERROR,
    summary="An ARN has no form of its service's resources.",
    explanation="The last field of an ARN begins with the kind of resource, as the service reference has it, for "
    "example table/ for DynamoDB. An ARN of another form matches no resource.",
    remedy="Write the resource as the service reference has it; scopedown catalog SERVICE lists the forms.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": "dynamodb:GetItem", '
            '"Resource": "arn:aws:dynamodb:eu-west-1:111122223333:orders"}'
        )
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Action": "dynamodb:GetItem", '
            '"Resource": "arn:aws:dynamodb:eu-west-1:111122223333:table/orders"}'
        )
    ),
    find=find,
)
