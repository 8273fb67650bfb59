"""A statement allows passing roles on a wildcard."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy
from scopedown.validate.wide_grants import By, by_star


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    yield from by_star(document, "iam:PassRole", By.NAME, "iam:PassedToService")


CHECK = Check(
    code="PASS_ROLE_WITH_STAR_IN_RESOURCE",
    type=Type.SECURITY_WARNING,
    summary="A statement allows passing roles on a wildcard.",
    explanation="A role is passed to a service, which then acts as the role. A user who may pass every role gets the "
    "rights of all of them.",
    remedy="Write the ARNs of the roles in Resource, or add a condition on iam:PassedToService.",
    bad=Example(policy('{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"}')),
    good=Example(
        policy('{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::111122223333:role/app"}')
    ),
    find=find,
)
