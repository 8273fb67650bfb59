"""The principal of a resource control policy is not *."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.iam.document import Kind
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements if document.kind is Kind.RCP else ():
        for member in statement.value.members or ():
            wrong = member.key == "NotPrincipal" or (member.key == "Principal" and not statement.everyone)
            several = member.key == "Principal" and len(statement.principals_of("Principal")) > 1
            if wrong or several:
                yield Found("the principal of a resource control policy is *", member.place, member.key)


CHECK = Check(
    code="RCP_SYNTAX_ERROR_PRINCIPAL",
    type=Type.ERROR,
    summary="The principal of a resource control policy is not *.",
    explanation="A resource control policy is about all principals: its Principal is *, and it has no NotPrincipal.",
    remedy='Write "Principal": "*", and limit the principals with conditions.',
    bad=Example(
        policy(
            '{"Effect": "Deny", "Principal": {"AWS": "111122223333"}, "Action": "s3:DeleteBucket", "Resource": "*"}'
        ),
        Kind.RCP,
    ),
    good=Example(
        policy('{"Effect": "Deny", "Principal": "*", "Action": "s3:DeleteBucket", "Resource": "*"}'), Kind.RCP
    ),
    find=find,
    reading="Any principal but *.",
    source="https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html",
)
