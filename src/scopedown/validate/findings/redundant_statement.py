"""A statement is there twice."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy
from scopedown.validate.redundant import same


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    seen: dict[str, int] = {}
    for statement in document.statements:
        said = same(statement)
        if said in seen:
            yield Found(
                f"the statement says the same as statement {seen[said] + 1}", statement.place, str(statement.number)
            )
        seen.setdefault(said, statement.number)


CHECK = Check(
    code="REDUNDANT_STATEMENT",
    type=Type.SUGGESTION,
    summary="A statement is there twice.",
    explanation="The second statement adds nothing. Who edits only one of them is surprised.",
    remedy="Remove one of the statements.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"}',
            '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"}',
        )
    ),
    good=Example(policy('{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"}')),
    find=find,
)
