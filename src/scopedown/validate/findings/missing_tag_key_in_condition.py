"""A condition on a tag does not name the tag."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.facts import global_keys
from scopedown.validate.model import Check, Example, Found, Type, policy
from scopedown.validate.values import is_known


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        for condition in statement.conditions:
            lower = condition.lower
            if lower == "aws:tagkeys" or not is_known(lower):
                continue
            bare = lower.rstrip("/")
            if "/" not in bare and _takes_name(document, bare) and (bare != lower or _lacks_name(document, bare)):
                yield Found(f"{condition.key} does not name a tag", condition.place, condition.key)


def _takes_name(document: PolicyDocument, key: str) -> bool:
    """Whether a key is one to which a slash and a name are added."""
    return document.facts.key_type(f"{key}/x") is not None


def _lacks_name(document: PolicyDocument, key: str) -> bool:
    """Whether a key without a name does not exist."""
    return key not in global_keys() and (f"{key}/" in global_keys() or document.facts.key_type(key) is None)


CHECK = Check(
    code="MISSING_TAG_KEY_IN_CONDITION",
    type=Type.ERROR,
    summary="A condition on a tag does not name the tag.",
    explanation="The keys for tags end in a slash and the key of the tag. Without it the key is never in a request.",
    remedy="Add a slash and the key of the tag, such as aws:ResourceTag/owner.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": "ec2:StartInstances", "Resource": "*", '
            '"Condition": {"StringEquals": {"aws:ResourceTag": "JaneDoe"}}}'
        )
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Action": "ec2:StartInstances", "Resource": "*", '
            '"Condition": {"StringEquals": {"aws:ResourceTag/owner": "JaneDoe"}}}'
        )
    ),
    find=find,
    by_aws=True,
)
