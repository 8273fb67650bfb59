"""A trust policy has a condition key whose action it does not allow."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.iam.document import Kind
from scopedown.iam.wildcard import matching
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy

_ACTIONS = {
    "sts:SourceIdentity": "sts:SetSourceIdentity", "sts:TransitiveTagKeys": "sts:TagSession",
    "aws:RequestTag/": "sts:TagSession", "aws:TagKeys": "sts:TagSession",
}  # fmt: skip
"""https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_permissions-required and
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html"""


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements if document.kind is Kind.TRUST else ():
        for key, action in _ACTIONS.items():
            allowed = any(matching((entry.text or "").lower())(action.lower()) for entry in statement.actions)
            for condition in statement.condition_on(key) if statement.allows and not allowed else ():
                if statement.actions:
                    yield Found(
                        f"{condition.key} is set by {action}, which the statement does not allow",
                        condition.place,
                        condition.key,
                    )


CHECK = Check(
    code="MISSING_ACTION_FOR_CONDITION_KEY",
    type=Type.ERROR,
    summary="A trust policy has a condition key whose action it does not allow.",
    explanation="Tags and the source identity of a session are set by separate actions. A role trust policy with "
    "a condition on them has to allow those actions too.",
    remedy="Add the action to the statement.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/app"}, '
            '"Action": "sts:AssumeRole", "Condition": {"StringLike": {"sts:SourceIdentity": "*admin"}}}'
        ),
        Kind.TRUST,
        "AWS::IAM::AssumeRolePolicyDocument",
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/app"}, '
            '"Action": ["sts:AssumeRole", "sts:SetSourceIdentity"], '
            '"Condition": {"StringLike": {"sts:SourceIdentity": "*admin"}}}'
        ),
        Kind.TRUST,
        "AWS::IAM::AssumeRolePolicyDocument",
    ),
    find=find,
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html",
)
