"""A statement that allows by tag has actions that do not know the tag."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy
from scopedown.validate.tags import tag_conditions, without_tags


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        for condition in tag_conditions(statement) if statement.effect == "Allow" else ():
            for entry in without_tags(statement):
                yield Found(f"{entry.text} does not set {condition.key}", entry.place, entry.text or "")


CHECK = Check(
    code="ALLOW_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",
    type=Type.SUGGESTION,
    summary="A statement that allows by tag has actions that do not know the tag.",
    explanation="Where an action does not set the tags of its resource, the condition does not hold, and the action "
    "is not allowed.",
    remedy="Move the action to a statement that names the resources.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": ["appmesh:DescribeMesh", "s3:ListAllMyBuckets"], '
            '"Resource": "*", "Condition": {"StringEquals": {"aws:ResourceTag/team": "shop"}}}'
        )
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Action": "appmesh:DescribeMesh", "Resource": "*", '
            '"Condition": {"StringEquals": {"aws:ResourceTag/team": "shop"}}}'
        )
    ),
    find=find,
)
