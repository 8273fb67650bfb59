"""What running the functions leaves in the stack's buckets is taken out again.

In: the deployed stack. Objects are put there for the events of S3, and by the functions' own code; CloudFormation
deletes no bucket that holds an object, and emptying one is its owner's work, not the framework's.
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from scopedown.prove.deployed import Deployed

_Found = dict[tuple[str, str, str], None]


@contextmanager
def taken_out(s3: Any, deployed: Deployed) -> Iterator[None]:
    """Objects that stand in the stack's buckets afterwards and did not before are deleted, with all versions."""
    buckets = [made.physical for made in deployed.made.values() if made.type == "AWS::S3::Bucket"]
    before = _objects(s3, buckets)
    try:
        yield
    finally:
        for bucket, key, version in _objects(s3, buckets):
            if (bucket, key, version) not in before:
                s3.delete_object(Bucket=bucket, Key=key, VersionId=version)


def _objects(s3: Any, buckets: list[str]) -> _Found:
    found: _Found = {}
    for bucket in buckets:
        try:
            pages = list(s3.get_paginator("list_object_versions").paginate(Bucket=bucket))
        except s3.exceptions.ClientError:
            continue  # a stand-in
        for page in pages:
            for one in (*page.get("Versions", ()), *page.get("DeleteMarkers", ())):
                found[bucket, one["Key"], one["VersionId"]] = None
    return found
