"""A wildcard allows creating service-linked roles on all but some resources."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy
from scopedown.validate.wide_grants import By, by_not_resource


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    yield from by_not_resource(document, "iam:CreateServiceLinkedRole", By.WILDCARD)


CHECK = Check(
    code="CREATE_SLR_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE",
    type=Type.WARNING,
    summary="A wildcard allows creating service-linked roles on all but some resources.",
    explanation="A service-linked role lets a service act in the account. With this permission, any service may be let "
    "in.",
    remedy="Write the ARNs of the roles in Resource.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": "iam:CreateServiceLinked*", '
            '"NotResource": "arn:aws:iam::111122223333:role/app"}'
        )
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Action": "iam:CreateServiceLinkedRole", '
            '"Resource": "arn:aws:iam::111122223333:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS"}'
        )
    ),
    find=find,
)
