"""A statement allows creating service-linked roles on a wildcard."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy
from scopedown.validate.wide_grants import By, by_star


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    yield from by_star(document, "iam:CreateServiceLinkedRole", By.NAME, "iam:AWSServiceName")


CHECK = Check(
    code="CREATE_SLR_WITH_STAR_IN_RESOURCE",
    type=Type.WARNING,
    summary="A statement allows creating service-linked roles on a wildcard.",
    explanation="A service-linked role lets a service act in the account. With this permission, any service may be let "
    "in.",
    remedy="Write the ARNs of the roles in Resource, or add a condition on iam:AWSServiceName.",
    bad=Example(policy('{"Effect": "Allow", "Action": "iam:CreateServiceLinkedRole", "Resource": "*"}')),
    good=Example(
        policy(
            '{"Effect": "Allow", "Action": "iam:CreateServiceLinkedRole", '
            '"Resource": "arn:aws:iam::111122223333:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS"}'
        )
    ),
    find=find,
)
