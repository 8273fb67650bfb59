"""The name of a service has a wildcard."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.iam.document import Kind
from scopedown.validate.arns import arns_of
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        for arn in arns_of(statement):
            named = arn.text.split(":", 3)
            if len(named) == 4 and set(named[2]) & set("*?") and "${" not in named[2]:
                yield Found(f"{arn.text} has a wildcard in its service", arn.place, arn.text)
        for entry in (*statement.actions, *statement.not_actions) if document.kind is not Kind.SCP else ():
            service, colon, _ = (entry.text or "").partition(":")
            if colon and set(service) & set("*?"):
                yield Found(f"{entry.text} has a wildcard in its service", entry.place, entry.text or "")


CHECK = Check(
    code="WILDCARD_IN_SERVICE_NAME",
    type=Type.SUGGESTION,
    summary="The name of a service has a wildcard.",
    explanation="The wildcard takes in services that AWS may add. In an action IAM rejects it.",
    remedy="Write the name of the service.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": "codecommit:GetRepository", '
            '"Resource": "arn:aws:code*:eu-west-1:111122223333:shop"}'
        )
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Action": "codecommit:GetRepository", '
            '"Resource": "arn:aws:codecommit:eu-west-1:111122223333:shop"}'
        )
    ),
    find=find,
)
