"""NotAction allows creating service-linked roles on all but some resources."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy
from scopedown.validate.wide_grants import By, by_not_resource


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    yield from by_not_resource(document, "iam:CreateServiceLinkedRole", By.NOT_ACTION)


CHECK = Check(
    code="CREATE_SLR_WITH_NOT_ACTION_AND_NOT_RESOURCE",
    type=Type.WARNING,
    summary="NotAction allows creating service-linked roles on all but some resources.",
    explanation="A service-linked role lets a service act in the account. With this permission, any service may be let "
    "in.",
    remedy="Write the ARNs of the roles in Resource.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "NotAction": ["iam:PassRole", "ec2:*"], '
            '"NotResource": "arn:aws:iam::111122223333:role/app"}'
        )
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "NotAction": ["iam:PassRole", "iam:CreateServiceLinkedRole", "ec2:*"], '
            '"NotResource": "arn:aws:iam::111122223333:role/app"}'
        )
    ),
    find=find,
)
