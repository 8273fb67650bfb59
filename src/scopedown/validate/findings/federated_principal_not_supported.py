"""A resource's policy has a federated principal."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.iam.document import Kind
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements if document.kind in (Kind.RESOURCE, Kind.VPCE) else ():
        for type, principal in statement.principals:
            if type == "Federated":
                yield Found(
                    f"{document.words} cannot name the identity provider {principal.text}",
                    principal.place,
                    principal.text or "",
                )


CHECK = Check(
    code="FEDERATED_PRINCIPAL_NOT_SUPPORTED",
    type=Type.ERROR,
    summary="A resource's policy has a federated principal.",
    explanation="Only role trust policies name identity providers. The users of a provider act as a role, "
    "which other policies name.",
    remedy="Name the role that the federated user assumes.",
    bad=Example(
        policy(
            '{"Effect": "Allow", '
            '"Principal": {"Federated": "arn:aws:iam::111122223333:saml-provider/office"}, '
            '"Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"}'
        ),
        Kind.RESOURCE,
        "AWS::S3::Bucket",
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/office"}, '
            '"Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"}'
        ),
        Kind.RESOURCE,
        "AWS::S3::Bucket",
    ),
    find=find,
)
