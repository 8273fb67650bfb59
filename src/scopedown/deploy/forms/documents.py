"""What is to be made in the account, as JSON: each policy document is a file."""

from __future__ import annotations

from scopedown.deploy.account_resources import POLICY, TRUST, Bundle
from scopedown.deploy.documents import written


def render(found: Bundle) -> dict[str, list[str]]:
    """The documents by their title, the trust policy of the pipeline's role last."""
    made: dict[str, list[str]] = {}
    for policy in found.policies:
        made.setdefault(policy.title, []).append(written(dict(policy.document)))
    for role in found.roles:
        if role.title == POLICY:
            made[TRUST] = [written(dict(role.trust))]
    return made
