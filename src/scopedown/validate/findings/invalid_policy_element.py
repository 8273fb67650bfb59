"""A policy has an element that AWS does not have."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy
from scopedown.validate.values import Value, is_known

_OF_POLICY = ("Version", "Id", "Statement")
_OF_STATEMENT = (
    "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition",
)  # fmt: skip


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    if document.root is not None:
        yield from _unknown(document.root, _OF_POLICY, "a policy")
    for statement in document.statements:
        yield from _unknown(statement.value, _OF_STATEMENT, "a statement")


def _unknown(value: Value, known: tuple[str, ...], where: str) -> Iterator[Found]:
    """The members of an object that are no element of it."""
    for member in value.members or ():
        if member.key not in known and is_known(member.key):
            near = get_close_matches(member.key.capitalize(), known, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            yield Found(f"{where} has no element {member.key}{hint}", member.place, member.key)


CHECK = Check(
    code="INVALID_POLICY_ELEMENT",
    type=Type.ERROR,
    summary="A policy has an element that AWS does not have.",
    explanation="Names of elements are case-sensitive. AWS rejects a policy with an element that it does not have.",
    remedy="Remove the element, or correct its spelling.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Actions": "s3:ListBucket", "Action": "s3:ListBucket", '
            '"Resource": "arn:aws:s3:::reports"}'
        )
    ),
    good=Example(policy('{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::reports"}')),
    find=find,
)
