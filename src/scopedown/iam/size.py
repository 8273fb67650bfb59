"""How large a policy is, as each quota counts it (rule 51).

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html,
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html,
https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from scopedown.iam.document import Policy


class Quota(StrEnum):
    """What a size is held against; the value is AWS's name for it."""

    USER_INLINE = "inline policies of a user"
    ROLE_INLINE = "inline policies of a role"
    GROUP_INLINE = "inline policies of a group"
    MANAGED = "a managed policy"
    TRUST = "a role trust policy"
    SESSION = "session policies"
    SCP = "a service control policy"
    RCP = "a resource control policy"
    BUCKET = "a bucket policy"


@dataclass(frozen=True, slots=True)
class Limit:
    """The most that a quota allows."""

    characters: int
    white_space_counts: bool = False
    in_bytes: bool = False


LIMITS: dict[Quota, Limit] = {
    Quota.USER_INLINE: Limit(2_048),
    Quota.ROLE_INLINE: Limit(10_240),
    Quota.GROUP_INLINE: Limit(5_120),
    Quota.MANAGED: Limit(6_144),
    Quota.TRUST: Limit(2_048),
    Quota.SESSION: Limit(2_048),
    # 5,120 until 2026-05-15; the new limit from press reports and the documentation of LocalStack (pull request 758).
    Quota.SCP: Limit(10_240, white_space_counts=True),
    Quota.RCP: Limit(5_120, white_space_counts=True),
    Quota.BUCKET: Limit(20_480, in_bytes=True),
}

MANAGED_PER_ROLE = 10


def compact(policy: Policy) -> str:
    """The document without white space outside its texts."""
    return json.dumps(policy.emit(), separators=(",", ":"), ensure_ascii=False)


def size(policies: Iterable[Policy | str], quota: Quota) -> int:
    """The size of policies together, as the quota counts it.

    A policy is counted as :func:`compact` writes it. Text is counted as it stands where white space counts, and without
    it outside quotation marks elsewhere (IAM's own count leaves out white space wherever it stands between tokens).
    """
    limit = LIMITS[quota]
    total = 0
    for policy in policies:
        if isinstance(policy, Policy):
            text = compact(policy)
        elif limit.white_space_counts:
            text = policy
        else:
            text = json.dumps(json.loads(policy), separators=(",", ":"), ensure_ascii=False)
        total += len(text.encode()) if limit.in_bytes else len(text)
    return total


def fits(policies: Iterable[Policy | str], quota: Quota) -> bool:
    """Whether policies together stay within a quota that nobody has raised."""
    return size(policies, quota) <= LIMITS[quota].characters
