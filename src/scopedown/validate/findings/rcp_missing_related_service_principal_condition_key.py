"""A resource control policy on sources denies other requests too."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.iam.document import Kind
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy
from scopedown.validate.perimeter import OF_SOURCES, perimeter


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for condition in perimeter(document, OF_SOURCES, "aws:PrincipalIsAWSService", "aws:PrincipalServiceName"):
        yield Found(
            f"the condition on {condition.key} also denies requests that no service makes",
            condition.place,
            condition.key,
        )


CHECK = Check(
    code="RCP_MISSING_RELATED_SERVICE_PRINCIPAL_CONDITION_KEY",
    type=Type.WARNING,
    summary="A resource control policy on sources denies other requests too.",
    explanation="aws:SourceOrgID and its kin are only in requests that services make. A negated condition on them "
    "holds for all others, which are denied.",
    remedy="Add a condition that aws:PrincipalIsAWSService is true.",
    bad=Example(
        policy(
            '{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*", '
            '"Condition": {"StringNotEqualsIfExists": {"aws:SourceOrgID": "o-1234567890"}, '
            '"Null": {"aws:SourceAccount": "false"}}}'
        ),
        Kind.RCP,
    ),
    good=Example(
        policy(
            '{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*", '
            '"Condition": {"StringNotEqualsIfExists": {"aws:SourceOrgID": "o-1234567890"}, '
            '"Null": {"aws:SourceAccount": "false"}, "Bool": {"aws:PrincipalIsAWSService": "true"}}}'
        ),
        Kind.RCP,
    ),
    find=find,
    reading="A negated condition on the source of a request, without one on aws:PrincipalIsAWSService.",
    source="https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_examples.html",
)
