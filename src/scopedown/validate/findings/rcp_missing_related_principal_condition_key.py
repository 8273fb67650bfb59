"""A resource control policy on principals denies services of AWS too."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.iam.document import Kind
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy
from scopedown.validate.perimeter import OF_PRINCIPALS, perimeter


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for condition in perimeter(document, OF_PRINCIPALS, "aws:PrincipalIsAWSService", "aws:PrincipalServiceName"):
        yield Found(f"the condition on {condition.key} also denies services of AWS", condition.place, condition.key)


CHECK = Check(
    code="RCP_MISSING_RELATED_PRINCIPAL_CONDITION_KEY",
    type=Type.WARNING,
    summary="A resource control policy on principals denies services of AWS too.",
    explanation="Requests of a service have no organization and no account of a principal. A negated condition on "
    "these keys holds for them, and they are denied.",
    remedy="Add a condition that aws:PrincipalIsAWSService is false.",
    bad=Example(
        policy(
            '{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*", '
            '"Condition": {"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-1234567890"}}}'
        ),
        Kind.RCP,
    ),
    good=Example(
        policy(
            '{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*", '
            '"Condition": {"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-1234567890"}, '
            '"BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}}'
        ),
        Kind.RCP,
    ),
    find=find,
    reading="A negated condition on the organization or account of the principal, without one on "
    "aws:PrincipalIsAWSService.",
    source="https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_examples.html",
)
