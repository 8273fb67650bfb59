"""A principal is not written as a type with its values."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scopedown.iam.document import Kind
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy
from scopedown.validate.values import is_known

_OF_AWS = re.compile(
    r"\*|[0-9]{12}|arn:[^:]+:(iam|sts)::[^:]*:(root|(user|role|group|assumed-role|federated-user)/.+)|A[A-Z]{2}A[A-Z0-9]{12,}"
)


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements if document.kind.has_principal else ():
        for type, principal in statement.principals:
            text = principal.text or ""
            if not is_known(text) or "${" in text or set(text) & set("*?"):
                continue
            if type == "":
                yield Found(f"the principal {text} has no type; write it in an object", principal.place, text)
            elif type == "AWS" and not _OF_AWS.fullmatch(text):
                yield Found(f"{text} is not an account, nor an ARN of IAM or STS", principal.place, text)


CHECK = Check(
    code="INVALID_PRINCIPAL_FORMAT",
    type=Type.ERROR,
    summary="A principal is not written as a type with its values.",
    explanation="Principal is * or an object: a type (AWS, Service, Federated, CanonicalUser) with one value or a "
    "list. The values of AWS are account IDs, ARNs of IAM and STS, and unique IDs.",
    remedy='Write the principal as {"AWS": "ARN or account"}, {"Service": "name.amazonaws.com"}, or *.',
    bad=Example(
        policy(
            '{"Effect": "Allow", "Principal": "111122223333", "Action": "s3:ListBucket", '
            '"Resource": "arn:aws:s3:::reports"}'
        ),
        Kind.RESOURCE,
        "AWS::S3::Bucket",
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "s3:ListBucket", '
            '"Resource": "arn:aws:s3:::reports"}'
        ),
        Kind.RESOURCE,
        "AWS::S3::Bucket",
    ),
    find=find,
)
