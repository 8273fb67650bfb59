"""The operator Null has the suffix IfExists."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        node = statement.get("Condition")
        for operator in (node.members if node is not None else None) or ():
            if operator.key.endswith("NullIfExists"):
                yield Found("Null does not take IfExists", operator.place, operator.key)


CHECK = Check(
    code="NULL_WITH_IF_EXISTS",
    type=Type.ERROR,
    summary="The operator Null has the suffix IfExists.",
    explanation="Null itself asks whether a key is in the request, so IfExists has no meaning with it. AWS rejects "
    "the operator.",
    remedy="Write Null without IfExists.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*", '
            '"Condition": {"NullIfExists": {"aws:TokenIssueTime": "true"}}}'
        )
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*", '
            '"Condition": {"Null": {"aws:TokenIssueTime": "true"}}}'
        )
    ),
    find=find,
)
