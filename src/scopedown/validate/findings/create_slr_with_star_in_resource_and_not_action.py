"""NotAction allows creating service-linked roles on a wildcard."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy
from scopedown.validate.wide_grants import By, by_star


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    yield from by_star(document, "iam:CreateServiceLinkedRole", By.NOT_ACTION, "iam:AWSServiceName")


CHECK = Check(
    code="CREATE_SLR_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION",
    type=Type.WARNING,
    summary="NotAction allows creating service-linked roles on a wildcard.",
    explanation="A service-linked role lets a service act in the account. With this permission, any service may be let "
    "in.",
    remedy="Write the ARNs of the roles in Resource, or add a condition on iam:AWSServiceName.",
    bad=Example(policy('{"Effect": "Allow", "NotAction": ["iam:PassRole", "ec2:*"], "Resource": "*"}')),
    good=Example(
        policy(
            '{"Effect": "Allow", "NotAction": ["iam:PassRole", "iam:CreateServiceLinkedRole", "ec2:*"], '
            '"Resource": "*"}'
        )
    ),
    find=find,
)
