"""A resource control policy allows."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.iam.document import Kind
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements if document.kind is Kind.RCP else ():
        if statement.allows:
            yield Found("a resource control policy only denies", statement.place, str(statement.number))


CHECK = Check(
    code="RCP_SYNTAX_ERROR_ALLOW",
    type=Type.ERROR,
    summary="A resource control policy allows.",
    explanation="Resource control policies of customers only deny. The one that allows, RCPFullAWSAccess, is "
    "attached by AWS.",
    remedy="Write Deny, and the opposite of the condition.",
    bad=Example(
        policy('{"Effect": "Allow", "Principal": "*", "Action": "s3:DeleteBucket", "Resource": "*"}'), Kind.RCP
    ),
    good=Example(
        policy('{"Effect": "Deny", "Principal": "*", "Action": "s3:DeleteBucket", "Resource": "*"}'), Kind.RCP
    ),
    find=find,
    reading="Any statement with the effect Allow.",
    source="https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html",
)
