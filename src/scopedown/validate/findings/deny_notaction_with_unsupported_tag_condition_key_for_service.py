"""A denial by tag with NotAction leaves actions that do not know the tag."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy
from scopedown.validate.tags import tag_conditions


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        for condition in tag_conditions(statement) if statement.effect == "Deny" and statement.has("NotAction") else ():
            yield Found(
                f"many actions do not set {condition.key}, and NotAction does not say which are meant",
                condition.place,
                condition.key,
            )


CHECK = Check(
    code="DENY_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",
    type=Type.SECURITY_WARNING,
    summary="A denial by tag with NotAction leaves actions that do not know the tag.",
    explanation="NotAction takes in all other actions, and many of them do not set the tags of their resource. Those "
    "are not denied.",
    remedy="List the actions with Action.",
    bad=Example(
        policy(
            '{"Effect": "Deny", "NotAction": "appmesh:ListMeshes", "Resource": "*", '
            '"Condition": {"StringEquals": {"aws:ResourceTag/team": "shop"}}}'
        )
    ),
    good=Example(
        policy(
            '{"Effect": "Deny", "Action": "appmesh:DeleteMesh", "Resource": "*", '
            '"Condition": {"StringEquals": {"aws:ResourceTag/team": "shop"}}}'
        )
    ),
    find=find,
)
