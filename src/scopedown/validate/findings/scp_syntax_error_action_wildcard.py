"""An action of a service control policy has a wildcard in its service."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.iam.document import Kind
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements if document.kind is Kind.SCP else ():
        for entry in (*statement.actions, *statement.not_actions):
            service, colon, _ = (entry.text or "").partition(":")
            if colon and set(service) & set("*?"):
                yield Found(f"{entry.text} has a wildcard in its service", entry.place, entry.text or "")


CHECK = Check(
    code="SCP_SYNTAX_ERROR_ACTION_WILDCARD",
    type=Type.ERROR,
    summary="An action of a service control policy has a wildcard in its service.",
    explanation="A service control policy names the service of an action in full; wildcards may be in the name of "
    "the action.",
    remedy="Write the service's prefix, and one entry for each service.",
    bad=Example(policy('{"Effect": "Deny", "Action": "s3*:PutObject", "Resource": "*"}'), Kind.SCP),
    good=Example(
        policy('{"Effect": "Deny", "Action": ["s3:Put*Object", "s3express:CreateSession"], "Resource": "*"}'), Kind.SCP
    ),
    find=find,
    reading="Wildcards inside the service's prefix. AWS's text of 2023 also forbids wildcards before the end of "
    "an action's name; service control policies take those since September 2025.",
    source="https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_syntax.html",
)
