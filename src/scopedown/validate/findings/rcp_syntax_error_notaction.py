"""A resource control policy has NotAction."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.iam.document import Kind
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements if document.kind is Kind.RCP else ():
        for member in statement.value.members or ():
            if member.key == "NotAction":
                yield Found("a resource control policy has no NotAction", member.place, str(statement.number))


CHECK = Check(
    code="RCP_SYNTAX_ERROR_NOTACTION",
    type=Type.ERROR,
    summary="A resource control policy has NotAction.",
    explanation="Resource control policies name their actions with Action.",
    remedy="List the actions with Action.",
    bad=Example(policy('{"Effect": "Deny", "Principal": "*", "NotAction": "s3:GetObject", "Resource": "*"}'), Kind.RCP),
    good=Example(
        policy('{"Effect": "Deny", "Principal": "*", "Action": "s3:DeleteBucket", "Resource": "*"}'), Kind.RCP
    ),
    find=find,
    reading="Any statement with NotAction.",
    source="https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html",
)
