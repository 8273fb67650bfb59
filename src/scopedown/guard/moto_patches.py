"""moto's own checks of policies stand back: the gate has decided before, with conditions and principals, which they
do not know.

moto keeps a bucket's policy and a key's where it did, so that they are read and answered. What is taken away: a Deny of
a bucket's policy without a look at its conditions, the object ACL of a request without a signature, and a Deny of a
key's policy for DescribeKey.
"""

from __future__ import annotations

import moto.kms.responses
import moto.s3.models
from moto.iam.access_control import PermissionResult


def stand_back() -> None:
    """For this process, whose moto is behind a gate."""
    setattr(moto.s3.models.FakeBucket, "get_permission", _permitted)  # noqa: B010 - a method of moto's
    setattr(moto.kms.responses, "validate_policy", _not_asked)  # noqa: B010


def _permitted(bucket: object, action: str, resource: str) -> PermissionResult:
    return PermissionResult.PERMITTED


def _not_asked(key: object, action: str) -> None:
    return None
