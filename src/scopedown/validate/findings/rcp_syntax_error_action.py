"""A resource control policy has an action that it cannot have."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.iam.document import Kind
from scopedown.iam.services import RCP_SERVICES
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements if document.kind is Kind.RCP else ():
        for entry in statement.actions:
            prefix, colon, _ = (entry.text or "").partition(":")
            if entry.text == "*":
                yield Found("a resource control policy names services in its actions", entry.place, "*")
            elif colon and prefix.lower() in document.facts.prefixes and prefix.lower() not in RCP_SERVICES:
                yield Found(f"{prefix} does not support resource control policies", entry.place, entry.text or "")


CHECK = Check(
    code="RCP_SYNTAX_ERROR_ACTION",
    type=Type.ERROR,
    summary="A resource control policy has an action that it cannot have.",
    explanation="The actions of a resource control policy name a service that supports them. The wildcard * alone is "
    "not allowed.",
    remedy="Name the services, such as s3:*.",
    bad=Example(policy('{"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}'), Kind.RCP),
    good=Example(
        policy('{"Effect": "Deny", "Principal": "*", "Action": "s3:DeleteBucket", "Resource": "*"}'), Kind.RCP
    ),
    find=find,
    reading="The wildcard alone, and services that AWS does not list as supported.",
    source=""
    "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html#rcp-supported-services",
)
