"""A statement has neither Resource nor NotResource."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.iam.document import Kind
from scopedown.validate.document import IAM_KINDS, PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements if document.kind in (*IAM_KINDS, Kind.SCP, Kind.RCP) else ():
        if not statement.has("Resource", "NotResource"):
            yield Found("the statement has neither Resource nor NotResource", statement.place, str(statement.number))


CHECK = Check(
    code="MISSING_RESOURCE",
    type=Type.ERROR,
    summary="A statement has neither Resource nor NotResource.",
    explanation="A statement of such a policy says with Resource or NotResource which resources it is about. AWS "
    "rejects one without.",
    remedy="Add Resource with the ARNs of the resources, or *.",
    bad=Example(policy('{"Effect": "Allow", "Action": "s3:ListBucket"}')),
    good=Example(policy('{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::reports"}')),
    find=find,
)
