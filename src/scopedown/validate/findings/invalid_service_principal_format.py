"""A service principal is not written as AWS writes them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.facts import regions
from scopedown.validate.model import Check, Example, Found, Type, policy
from scopedown.validate.values import is_known

_SUFFIX = r"(amazonaws\.com(\.cn)?|amazonaws\.eu|amazon\.com|aws\.internal|aws\.com|c2s\.ic\.gov|sc2s\.sgov\.gov)"
_SERVICE = re.compile(r"([a-z0-9-]+\.)+" + _SUFFIX)
_VIA = re.compile(r"[a-z0-9-]+\.(" + "|".join(regions()) + r")\.amazonaws\.com(\.cn)?")
_KEYS = ("aws:PrincipalServiceName", "aws:PrincipalServiceNamesList", "iam:PassedToService", "iam:AWSServiceName",
         "aws:CalledVia", "aws:CalledViaFirst", "aws:CalledViaLast", "organizations:ServicePrincipal")  # fmt: skip


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        for condition in statement.condition_on(*_KEYS, "kms:ViaService"):
            expected = _VIA if condition.lower == "kms:viaservice" else _SERVICE
            for value in condition.values if condition.family == "String" else ():
                if not set(value.shown) & set("*?$") and not expected.fullmatch(value.shown):
                    yield Found(
                        f"{value.shown} is not a service principal for {condition.key}", value.place, value.shown
                    )
        for type, principal in statement.principals if document.kind.has_principal else ():
            text = principal.text or ""
            if type == "Service" and is_known(text) and not set(text) & set("*?$") and not _SERVICE.fullmatch(text):
                yield Found(f"{text} is not a service principal", principal.place, text)


CHECK = Check(
    code="INVALID_SERVICE_PRINCIPAL_FORMAT",
    type=Type.ERROR,
    summary="A service principal is not written as AWS writes them.",
    explanation="A service principal is a name in lower case and the suffix amazonaws.com. kms:ViaService has the "
    "Region between the two.",
    remedy="Write name.amazonaws.com, or for kms:ViaService name.REGION.amazonaws.com.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": "kms:Decrypt", '
            '"Resource": "arn:aws:kms:eu-west-1:111122223333:key/*", '
            '"Condition": {"StringEquals": {"kms:ViaService": "s3.amazonaws.com"}}}'
        )
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Action": "kms:Decrypt", '
            '"Resource": "arn:aws:kms:eu-west-1:111122223333:key/*", '
            '"Condition": {"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}}}'
        )
    ),
    find=find,
)
