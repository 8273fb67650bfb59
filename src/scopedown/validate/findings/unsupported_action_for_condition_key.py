"""An action does not set the condition key of its statement."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import IAM_KINDS, Condition, PolicyDocument
from scopedown.validate.facts import global_keys
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        for condition in statement.conditions:
            if not _is_of_service(document, condition):
                continue
            for entry in statement.actions:
                action = entry.text or ""
                exists = not set(action) & set("*?") and document.facts.actions_like(action.lower())
                if exists and not document.facts.sets(action, condition.lower):
                    yield Found(f"{action} does not set {condition.key}", entry.place, f"{action} {condition.key}")


def _is_of_service(document: PolicyDocument, condition: Condition) -> bool:
    """Whether a key exists that services list for their actions, and its condition needs it to be there.

    Global keys are left out, but for those of the tags of a request, which actions list too; the DynamoDB keys have
    findings that are about them alone.
    """
    lower = condition.lower
    if condition.if_exists or condition.family in ("", "Null") or lower.startswith("dynamodb:"):
        return False
    if lower.startswith("aws:requesttag/") or lower == "aws:tagkeys":
        return document.kind in IAM_KINDS and not condition.negated and condition.qualifier != "ForAllValues"
    key = lower.partition("/")[0]
    listed = lower not in global_keys() and f"{key}/" not in global_keys() and not lower.startswith(("sts:", "saml:"))
    return listed and document.facts.key_type(lower) is not None


CHECK = Check(
    code="UNSUPPORTED_ACTION_FOR_CONDITION_KEY",
    type=Type.ERROR,
    summary="An action does not set the condition key of its statement.",
    explanation="The service reference does not list the key for the action. In requests for it the key is missing: "
    "the condition does not hold, or with a negated operator always.",
    remedy="Move the action to a statement without this condition key.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": ["s3:ListBucket", "s3:GetObject"], '
            '"Resource": ["arn:aws:s3:::reports", "arn:aws:s3:::reports/*"], '
            '"Condition": {"StringEquals": {"s3:prefix": "2026/"}}}'
        )
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::reports", '
            '"Condition": {"StringEquals": {"s3:prefix": "2026/"}}}'
        )
    ),
    find=find,
)
