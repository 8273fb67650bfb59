"""NotAction allows passing roles on a wildcard."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy
from scopedown.validate.wide_grants import By, by_star


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    yield from by_star(document, "iam:PassRole", By.NOT_ACTION, "iam:PassedToService")


CHECK = Check(
    code="PASS_ROLE_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION",
    type=Type.SECURITY_WARNING,
    summary="NotAction allows passing roles on a wildcard.",
    explanation="A role is passed to a service, which then acts as the role. A user who may pass every role gets the "
    "rights of all of them.",
    remedy="Write the ARNs of the roles in Resource, or add a condition on iam:PassedToService.",
    bad=Example(policy('{"Effect": "Allow", "NotAction": ["iam:CreateServiceLinkedRole", "ec2:*"], "Resource": "*"}')),
    good=Example(
        policy(
            '{"Effect": "Allow", "NotAction": ["iam:PassRole", "iam:CreateServiceLinkedRole", "ec2:*"], '
            '"Resource": "*"}'
        )
    ),
    find=find,
)
