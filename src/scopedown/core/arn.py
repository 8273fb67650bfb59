"""ARNs: their six fields, of a whole one and of what is only known to begin one.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
"""

from __future__ import annotations

from typing import NamedTuple


class Arn(NamedTuple):
    """The six fields of an ARN, or of a pattern of some; ``resource`` is everything after the fifth colon and may hold
    colons. ``str`` joins them again."""

    scheme: str
    partition: str
    service: str
    region: str
    account: str
    resource: str

    def __str__(self) -> str:
        return ":".join(self)


def parse_arn(text: str) -> Arn | None:
    """The fields of an ARN, or None where the text is none (fewer than six fields, or another beginning).

    >>> parse_arn("arn:aws:lambda:eu-west-1:111122223333:function:f:prod").resource
    'function:f:prod'
    """
    fields = text.split(":", 5)
    return Arn(*fields) if len(fields) == 6 and fields[0] == "arn" else None


def account_of(text: str) -> str | None:
    """The account in an ARN's fifth field, where one is written there."""
    arn = parse_arn(text)
    return arn.account if arn and arn.account else None


def service_of(text: str) -> str:
    """The service in the third field of an ARN, also where only its beginning is known; empty where there is none.

    >>> service_of("arn:aws:sqs:eu-west-1:"), service_of("orders")
    ('sqs', '')
    """
    fields = text.split(":", 3)
    return fields[2] if len(fields) == 4 and fields[0] == "arn" else ""


def resource_of(text: str) -> str:
    """The last field of an ARN; the whole text where it is none.

    >>> resource_of("arn:aws:iam::111122223333:role/app"), resource_of("orders")
    ('role/app', 'orders')
    """
    return text.split(":", 5)[-1]
