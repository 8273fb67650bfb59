"""The resources of serverless-lift's constructs, with the properties that decide what a deployment calls.

Ids and properties are those that serverless-lift 1.37.7 wrote on `serverless package` (serverless 3.40.0), 2026-11-26.
"""

from __future__ import annotations

from pathlib import Path

from scopedown.catalog.load import catalog
from scopedown.deploy.plan import plan
from scopedown.project.load import load_project
from scopedown.project.model import Project
from scopedown.project.options import Options


def read(folder: Path, constructs: str) -> Project:
    head = "service: s\nprovider: {name: aws, runtime: python3.12}\nplugins: [serverless-lift]\n"
    (folder / "serverless.yml").write_text(f"{head}constructs:\n{constructs}")
    return load_project(folder, Options())


def test_a_storage_brings_its_bucket_and_the_bucket_s_policy(tmp_path: Path) -> None:
    project = read(tmp_path, "  inputBucket: {type: storage}\n")
    bucket, policy = project.resources["inputBucket1FA6A642"], project.resources["inputBucketPolicy6790AA37"]
    assert set(bucket.properties) == {
        "BucketEncryption", "LifecycleConfiguration", "PublicAccessBlockConfiguration", "VersioningConfiguration",
    }  # fmt: skip
    assert bucket.attributes["DeletionPolicy"] == "Retain"
    assert (policy.type, policy.properties["Bucket"]) == ("AWS::S3::BucketPolicy", {"Ref": "inputBucket1FA6A642"})


def test_what_a_storage_is_told_brings_more(tmp_path: Path) -> None:
    project = read(tmp_path, "  files: {type: storage, encryption: kms, allowAcl: true, cors: '*'}\n")
    (bucket,) = (
        one
        for one in project.resources.values()
        if one.logical_id.startswith("filesBucket") and one.type.endswith("Bucket")
    )
    assert {"OwnershipControls", "CorsConfiguration"} < set(bucket.properties)
    assert "aws:kms" in str(bucket.properties["BucketEncryption"])


def test_the_deploying_user_may_set_up_what_constructs_bring(tmp_path: Path) -> None:
    project = read(tmp_path, "  files: {type: storage}\n  table: {type: database/dynamodb-single-table}\n")
    made = plan(project, catalog(), "v3", ("deploy",))
    actions = {one.action for one in made.permissions if (place := str(one)) and ("files" in place or "table" in place)}
    assert actions >= {
        "s3:PutEncryptionConfiguration", "s3:PutLifecycleConfiguration", "s3:PutBucketPublicAccessBlock",
        "s3:PutBucketVersioning", "s3:PutBucketPolicy", "dynamodb:UpdateTimeToLive",
        "dynamodb:UpdateContinuousBackups",
    }  # fmt: skip
