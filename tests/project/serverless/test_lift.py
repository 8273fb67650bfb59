"""The resources of serverless-lift's constructs, with the properties that decide what a deployment calls.

Ids and properties are those that serverless-lift 1.37.7 wrote on `serverless package` (serverless 3.40.0), 2026-11-26.
"""

from __future__ import annotations

from pathlib import Path

import pytest

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


def test_a_webhook_brings_roles_and_the_function_that_lets_requests_through(tmp_path: Path) -> None:
    project = read(tmp_path, "  payments: {type: webhook, path: /pay, authorizer: {handler: h.main}}\n")
    assert [function.key for function in project.functions] == ["paymentsAuthorizer"]
    put, invoke = project.roles["paymentsApiGatewayRole9A3022E2"].statements
    assert (put.statement["Action"], invoke.statement["Action"]) == ("events:PutEvents", "lambda:InvokeFunction")


def test_functions_run_in_the_network_of_a_construct(tmp_path: Path) -> None:
    project = read(tmp_path, "  net: {type: vpc}\nfunctions: {hello: {handler: h.main}}\n")
    subnets = project.deployed["HelloLambdaFunction"].properties["VpcConfig"]["SubnetIds"]
    assert subnets == [{"Ref": "netPrivateSubnet1SubnetCE880968"}, {"Ref": "netPrivateSubnet2Subnet70946A9F"}]
    assert "VPCAccess" in str(project.roles["IamRoleLambdaExecution"].managed_policies)


def test_extensions_change_what_a_construct_makes(tmp_path: Path) -> None:
    extension = "{bucket: {Properties: {BucketName: mine, Tags: [1]}, DeletionPolicy: Delete}}"
    project = read(tmp_path, f"  files: {{type: storage, extensions: {extension}}}\n")
    (bucket,) = (one for one in project.resources.values() if one.properties.get("BucketName") == "mine")
    assert "VersioningConfiguration" in bucket.properties
    assert bucket.attributes["DeletionPolicy"] == "Delete"


def test_what_is_not_read_of_constructs_is_reported(tmp_path: Path) -> None:
    project = read(
        tmp_path,
        "  pay: {type: queue, provider: stripe}\n  odd: {type: [a]}\n"
        "  files: {type: storage, extensions: {table: {}}}\n",
    )
    assert [finding.code for finding in project.findings if finding.code.startswith("construct")] == [
        "construct-not-read", "construct-unknown", "construct-refused",
    ]  # fmt: skip


@pytest.mark.parametrize("value", ["text", "[1, text, {}]", "null", "{a: {b: [c]}}", "7", "${opt:x}"])
@pytest.mark.parametrize(
    "kind",
    [
        "queue", "storage", "database/dynamodb-single-table", "webhook", "static-website", "single-page-app",
        "server-side-website", "vpc",
    ],
)  # fmt: skip
def test_settings_of_a_wrong_type_do_no_harm(tmp_path: Path, kind: str, value: str) -> None:
    keys = (
        "worker", "maxRetries", "alarm", "batchSize", "maxBatchingWindow", "fifo", "delay", "encryption",
        "encryptionKey", "allowAcl", "publicPath", "cors", "lifecycleRules", "gsiCount", "localSecondaryIndexes",
        "authorizer", "path", "method", "eventType", "insecure", "domain", "certificate", "errorPage", "assets",
        "extensions", "redirectToMainDomain",
    )  # fmt: skip
    settings = "".join(f"    {key}: {value}\n" for key in keys)
    project = read(tmp_path, f"  one:\n    type: {kind}\n{settings}functions: {{hello: {{handler: h.main}}}}\n")
    assert "hello" in [function.key for function in project.functions]
