"""A resource's policy names an action of another service."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.iam.document import Kind
from scopedown.validate.document import PolicyDocument
from scopedown.validate.facts import resource_kinds
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    kind = resource_kinds().get(document.resource_type)
    for statement in document.statements if kind is not None and "*" not in kind.actions else ():
        for entry in (*statement.actions, *statement.not_actions):
            prefix, colon, _ = (entry.text or "").partition(":")
            known = colon and prefix.lower() in document.facts.prefixes
            if kind is not None and known and prefix.lower() not in kind.actions:
                yield Found(
                    f"{entry.text} is not an action for the policy of {document.resource_type}",
                    entry.place,
                    entry.text or "",
                )


CHECK = Check(
    code="UNSUPPORTED_ACTION_IN_POLICY",
    type=Type.ERROR,
    summary="A resource's policy names an action of another service.",
    explanation="The policy of a resource names the actions of one service. AWS rejects actions of others.",
    remedy="Write actions of the service that the resource belongs to.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": ["s3:GetObject", '
            '"kms:Decrypt"], "Resource": "arn:aws:s3:::reports/*"}'
        ),
        Kind.RESOURCE,
        "AWS::S3::Bucket",
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "s3:GetObject", '
            '"Resource": "arn:aws:s3:::reports/*"}'
        ),
        Kind.RESOURCE,
        "AWS::S3::Bucket",
    ),
    find=find,
    by_aws=True,
)
