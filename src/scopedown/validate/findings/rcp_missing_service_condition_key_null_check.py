"""A resource control policy on sources denies services that do not name their source."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.iam.document import Kind
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy
from scopedown.validate.perimeter import OF_SOURCES, conditions_with, perimeter


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for condition in perimeter(document, OF_SOURCES):
        checked = any(one.family == "Null" and one.lower in OF_SOURCES for one in conditions_with(document, condition))
        if not checked:
            yield Found(
                f"the condition on {condition.key} also denies services that do not name their source",
                condition.place,
                condition.key,
            )


CHECK = Check(
    code="RCP_MISSING_SERVICE_CONDITION_KEY_NULL_CHECK",
    type=Type.WARNING,
    summary="A resource control policy on sources denies services that do not name their source.",
    explanation="Some services do not say for which account they act. A negated condition on the source holds for "
    "them, and they are denied.",
    remedy="Add a condition Null with aws:SourceAccount false.",
    bad=Example(
        policy(
            '{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*", '
            '"Condition": {"StringNotEqualsIfExists": {"aws:SourceOrgID": "o-1234567890"}, '
            '"Bool": {"aws:PrincipalIsAWSService": "true"}}}'
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
    reading="A negated condition on the source of a request, without Null on a key of the source.",
    source="https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_examples.html",
)
