"""What functions leave in buckets is gone before the stack is removed; what was there stays."""

from __future__ import annotations

from scopedown.guard.cloudformation.template import Made
from scopedown.prove.bucket_cleanup import taken_out
from scopedown.prove.deployed import Deployed
from scopedown.prove.local_aws import LocalAws


def test_objects_of_the_functions_are_taken_out_with_their_versions() -> None:
    deployed = Deployed(
        {
            "Plain": Made("plain-files", type="AWS::S3::Bucket"),
            "Versioned": Made("versioned-files", type="AWS::S3::Bucket"),
            "StandIn": Made("is-not-there", type="AWS::S3::Bucket"),
            "Table": Made("no-bucket", type="AWS::DynamoDB::Table"),
        },
        {},
    )
    with LocalAws({}) as aws:
        s3 = aws.admin("s3", "us-east-1")
        for bucket in ("plain-files", "versioned-files"):
            s3.create_bucket(Bucket=bucket)
            s3.put_object(Bucket=bucket, Key="before", Body=b"1")
        s3.put_bucket_versioning(Bucket="versioned-files", VersioningConfiguration={"Status": "Enabled"})
        with taken_out(s3, deployed):
            for bucket in ("plain-files", "versioned-files"):
                s3.put_object(Bucket=bucket, Key="new", Body=b"2")
            s3.put_object(Bucket="versioned-files", Key="new", Body=b"3")
            s3.delete_object(Bucket="versioned-files", Key="new")
        for bucket in ("plain-files", "versioned-files"):
            left = s3.list_object_versions(Bucket=bucket)
            assert [one["Key"] for one in left["Versions"]] == ["before"], bucket
            assert "DeleteMarkers" not in left, bucket
