"""A condition on aws:SourceVpce has no identifier of an endpoint."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        for condition in statement.condition_on("aws:SourceVpce"):
            for value in condition.values if condition.family == "String" else ():
                text = value.shown
                wild = condition.is_like and set(text) & set("*?")
                if "${" not in text and not wild and not re.fullmatch("vpce-([0-9a-z]{8}|[0-9a-z]{17})", text):
                    yield Found(f"{text} is not an identifier of a VPC endpoint", value.place, text)


CHECK = Check(
    code="INVALID_VPCE_FORMAT",
    type=Type.ERROR,
    summary="A condition on aws:SourceVpce has no identifier of an endpoint.",
    explanation="The identifier of a VPC endpoint is vpce- and 8 or 17 letters and digits.",
    remedy="Write the identifier of the endpoint.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*", '
            '"Condition": {"StringEquals": {"aws:SourceVpce": "vpc-11223344556677889"}}}'
        )
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*", '
            '"Condition": {"StringEquals": {"aws:SourceVpce": "vpce-11223344556677889"}}}'
        )
    ),
    find=find,
)
