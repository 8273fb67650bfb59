"""Records of CloudTrail that a role of a small project leaves, and what is read out of them."""

from __future__ import annotations

from typing import Any

from scopedown.catalog.load import catalog
from scopedown.observe.actions import Observed, observed
from scopedown.observe.events import Events
from scopedown.observe.model import Used
from scopedown.observe.reading.records import Fold
from scopedown.observe.reading.wanted import Wanted

ACCOUNT = "111122223333"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/todos-dev-role"


def record(
    source: str, event: str, role: str = "todos-dev-role", session: str = "todos-dev-create", **more: Any
) -> dict[str, Any]:
    """A record of a role's, with other members as given."""
    identity = {
        "type": "AssumedRole",
        "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/{session}",
        "accountId": ACCOUNT,
        "sessionContext": {"sessionIssuer": {"type": "Role", "arn": f"arn:aws:iam::{ACCOUNT}:role/{role}"}},
    }
    return {
        "eventVersion": "1.11", "eventTime": "2026-11-01T10:00:00Z", "eventType": "AwsApiCall",
        "eventCategory": "Management", "awsRegion": "eu-west-1", "recipientAccountId": ACCOUNT,
        "eventSource": f"{source}.amazonaws.com", "eventName": event, "userIdentity": identity, **more,
    }  # fmt: skip


def folded(*some: dict[str, Any], wanted: Wanted | None = None) -> Used:
    fold = Fold(wanted or Wanted(), Events(catalog()).hints)
    fold.add(some)
    return fold.used


def meant(*some: dict[str, Any]) -> list[Observed]:
    return observed(folded(*some), catalog())[0]
