"""AWS::S3 types."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from generated_names import generated, pairs
from scopedown.guard.cloudformation.driver import AsCaller, Place, tags_of
from scopedown.guard.cloudformation.template import Made


class Bucket:
    """CreateBucket, then one operation for each property that is set."""

    replaced_by = frozenset({"BucketName"})

    def create(self, aws: AsCaller, place: Place, properties: Mapping[str, Any]) -> Made:
        name = properties.get("BucketName") or generated(place, 63, lower=True)
        aws.call("s3", "CreateBucket", Bucket=name)
        self._set(aws, place, name, properties, frozenset(properties))
        arn = f"arn:aws:s3:::{name}"
        return Made(name, {"Arn": arn, "DomainName": f"{name}.s3.amazonaws.com"})

    def update(
        self, aws: AsCaller, place: Place, made: Made, properties: Mapping[str, Any], changed: frozenset[str]
    ) -> None:
        self._set(aws, place, made.physical, properties, changed)

    def _set(
        self, aws: AsCaller, place: Place, name: str, properties: Mapping[str, Any], changed: frozenset[str]
    ) -> None:
        if "BucketEncryption" in changed:
            given = properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]
            rules = [{"ApplyServerSideEncryptionByDefault": one["ServerSideEncryptionByDefault"]} for one in given]
            aws.call("s3", "PutBucketEncryption", Bucket=name, ServerSideEncryptionConfiguration={"Rules": rules})
        if "VersioningConfiguration" in changed:
            given = properties["VersioningConfiguration"]
            aws.call("s3", "PutBucketVersioning", Bucket=name, VersioningConfiguration=given)
        if "PublicAccessBlockConfiguration" in changed:
            given = properties["PublicAccessBlockConfiguration"]
            aws.call("s3", "PutPublicAccessBlock", Bucket=name, PublicAccessBlockConfiguration=given)
        if tags := tags_of(place, properties):
            aws.call("s3", "PutBucketTagging", Bucket=name, Tagging={"TagSet": pairs(tags)})

    def delete(self, aws: AsCaller, made: Made) -> None:
        aws.call("s3", "DeleteBucket", Bucket=made.physical)


class BucketPolicy:
    """PutBucketPolicy, after a look at the present one (registry: every handler names s3:GetBucketPolicy).

    It is authorised and not given to moto, whose S3 obeys policies without a look at their conditions: the frameworks'
    own, a Deny unless aws:SecureTransport, would refuse everything.
    """

    replaced_by = frozenset({"Bucket"})

    def create(self, aws: AsCaller, place: Place, properties: Mapping[str, Any]) -> Made:
        self._put(aws, properties)
        return Made(properties["Bucket"])

    def update(
        self, aws: AsCaller, place: Place, made: Made, properties: Mapping[str, Any], changed: frozenset[str]
    ) -> None:
        self._put(aws, properties)

    def _put(self, aws: AsCaller, properties: Mapping[str, Any]) -> None:
        aws.ask("s3", "GetBucketPolicy", Bucket=properties["Bucket"])
        aws.ask("s3", "PutBucketPolicy", Bucket=properties["Bucket"], Policy=json.dumps(properties["PolicyDocument"]))

    def delete(self, aws: AsCaller, made: Made) -> None:
        aws.ask("s3", "GetBucketPolicy", Bucket=made.physical)
        aws.ask("s3", "DeleteBucketPolicy", Bucket=made.physical)
