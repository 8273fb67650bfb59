"""A statement allows passing roles on all but some resources."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy
from scopedown.validate.wide_grants import By, by_not_resource


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    yield from by_not_resource(document, "iam:PassRole", By.NAME)


CHECK = Check(
    code="PASS_ROLE_WITH_NOT_RESOURCE",
    type=Type.SECURITY_WARNING,
    summary="A statement allows passing roles on all but some resources.",
    explanation="A role is passed to a service, which then acts as the role. A user who may pass every role gets the "
    "rights of all of them.",
    remedy="Write the ARNs of the roles in Resource.",
    bad=Example(
        policy('{"Effect": "Allow", "Action": "iam:PassRole", "NotResource": "arn:aws:iam::111122223333:role/app"}')
    ),
    good=Example(
        policy('{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::111122223333:role/app"}')
    ),
    find=find,
)
