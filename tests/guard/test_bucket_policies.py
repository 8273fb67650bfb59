"""The answer to PutBucketPolicy, which every version of an SDK must be able to read."""

from __future__ import annotations

from typing import Any

from scopedown.guard.gate import Gate


def test_putting_a_bucket_s_policy_is_answered_with_nothing(gate: Gate) -> None:
    s3, bodies = gate.client("s3", gate._admin, region="us-east-1"), []

    def see(response_dict: dict[str, Any], **_: Any) -> None:
        bodies.append(response_dict["body"])

    s3.meta.events.register("before-parse.s3.PutBucketPolicy", see)
    s3.create_bucket(Bucket="shop-files")
    s3.put_bucket_policy(Bucket="shop-files", Policy='{"Version": "2012-10-17", "Statement": []}')
    assert bodies == [b""]
