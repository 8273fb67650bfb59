"""Attacks by who may use no key of the customer: what a key encrypts is read, written, and made.

Source: https://docs.aws.amazon.com/kms/latest/developerguide/service-integration.html, and the rows of the guard's table.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from attacks.lacking import Row, without
from attacks.operations import Attack, family
from attacks.world import World, arn

KMS = ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:CreateGrant", "kms:DescribeKey", "kms:ReEncryptFrom", "kms:ReEncryptTo"]  # fmt: skip


def _names(world: World) -> list[str]:
    """What the own key may be called."""
    key = world.ids["own key"]
    return [key, arn("kms", "key/" + key), "alias/own", arn("kms", "alias/own")]


@family("keys: of what is read and written")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    for number, name in enumerate(_names(world)):
        sqs, sns, s3 = world.client("sqs"), world.client("sns"), world.client("s3")
        url = sqs.create_queue(QueueName=f"own-k{number}", Attributes={"KmsMasterKeyId": name})["QueueUrl"]
        topic = sns.create_topic(Name=f"own-k{number}", Attributes={"KmsMasterKeyId": name})["TopicArn"]
        secret = world.client("secretsmanager").create_secret(Name=f"own-k{number}", SecretString="x", KmsKeyId=name)[
            "ARN"
        ]
        s3.create_bucket(Bucket=(bucket := f"own-k{number}"))
        rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": name}}
        s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [rule]})
        s3.put_object(Bucket=bucket, Key="k", Body=b"x", ServerSideEncryption="aws:kms", SSEKMSKeyId=name)
        kinesis = world.client("kinesis")
        kinesis.create_stream(StreamName=f"own-k{number}", ShardCount=1)
        kinesis.start_stream_encryption(StreamName=f"own-k{number}", EncryptionType="KMS", KeyId=name)
        rows: list[tuple[str, str, str, dict[str, Any]]] = [
            ("kms:GenerateDataKey", "sqs", "SendMessage", {"QueueUrl": url, "MessageBody": "x"}), ("kms:Decrypt", "sqs", "ReceiveMessage", {"QueueUrl": url}),
            ("kms:GenerateDataKey", "sqs", "SendMessageBatch", {"QueueUrl": url, "Entries": [{"Id": "1", "MessageBody": "x"}]}),
            ("kms:GenerateDataKey", "sns", "Publish", {"TopicArn": topic, "Message": "x"}), ("kms:Decrypt", "sns", "Publish", {"TopicArn": topic, "Message": "x"}),
            ("kms:GenerateDataKey", "sns", "PublishBatch", {"TopicArn": topic, "PublishBatchRequestEntries": [{"Id": "1", "Message": "x"}]}),
            ("kms:Decrypt", "secretsmanager", "GetSecretValue", {"SecretId": secret}), ("kms:GenerateDataKey", "secretsmanager", "PutSecretValue", {"SecretId": secret, "SecretString": "y"}),
            ("kms:Decrypt", "secretsmanager", "GetSecretValue", {"SecretId": f"own-k{number}", "VersionStage": "AWSCURRENT"}),
            ("kms:Decrypt", "s3", "GetObject", {"Bucket": bucket, "Key": "k"}), ("kms:GenerateDataKey", "s3", "PutObject", {"Bucket": bucket, "Key": "n", "Body": b"x"}),
            ("kms:Decrypt", "s3", "GetObject", {"Bucket": bucket, "Key": "k", "Range": "bytes=0-0"}), ("kms:Decrypt", "s3", "CopyObject", {"Bucket": "own-bucket", "Key": "c", "CopySource": f"{bucket}/k"}),
            ("kms:GenerateDataKey", "s3", "CopyObject", {"Bucket": bucket, "Key": "c", "CopySource": "own-bucket/mine"}), ("kms:GenerateDataKey", "s3", "CreateMultipartUpload", {"Bucket": bucket, "Key": "m"}),
            ("kms:GenerateDataKey", "s3", "PutObject", {"Bucket": "own-bucket", "Key": "n", "Body": b"x", "ServerSideEncryption": "aws:kms", "SSEKMSKeyId": name}),
            ("kms:GenerateDataKey", "s3", "CopyObject", {"Bucket": "own-bucket", "Key": "n", "CopySource": "own-bucket/mine", "ServerSideEncryption": "aws:kms", "SSEKMSKeyId": name}),
            ("kms:GenerateDataKey", "kinesis", "PutRecord", {"StreamName": f"own-k{number}", "Data": b"x", "PartitionKey": "1"}),
            ("kms:GenerateDataKey", "kinesis", "PutRecords", {"StreamName": f"own-k{number}", "Records": [{"Data": b"x", "PartitionKey": "1"}]}),
        ]  # fmt: skip
        for action, service, operation, parameters in rows:
            yield from without(world, action, [Row(service, operation, parameters)])


@family("keys: of SecureStrings")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    """https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html"""
    ssm = world.client("ssm")
    for number, key in enumerate(_names(world)):
        path, name = f"/own/s{number}", f"/own/s{number}/p"
        ssm.put_parameter(Name=name, Value="x", Type="SecureString", KeyId=key)
        ssm.label_parameter_version(Name=name, Labels=["first"])
        reads: list[tuple[str, dict[str, Any]]] = [
            ("GetParameter", {"Name": name}), ("GetParameter", {"Name": f"{name}:1"}), ("GetParameter", {"Name": f"{name}:first"}), ("GetParameter", {"Name": arn("ssm", f"parameter{name}")}),
            ("GetParameters", {"Names": [name]}), ("GetParameters", {"Names": ["/own/p", name]}), ("GetParametersByPath", {"Path": path}), ("GetParametersByPath", {"Path": path + "/"}),
            ("GetParametersByPath", {"Path": "/own", "Recursive": True}), ("GetParametersByPath", {"Path": "/", "Recursive": True}), ("GetParameterHistory", {"Name": name}),
        ]  # fmt: skip
        for operation, given in reads:
            yield from without(world, "kms:Decrypt", [Row("ssm", operation, {**given, "WithDecryption": True})])
        put = {"Name": f"/own/n{number}", "Value": "x", "Type": "SecureString", "KeyId": key}
        yield from without(world, "kms:Encrypt", [Row("ssm", "PutParameter", put)])


@family("keys: named where something is made")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    for name in _names(world):
        rows: list[Row] = [
            Row("ec2", "CreateVolume", {"AvailabilityZone": "us-east-1a", "Size": 1, "Encrypted": True, "KmsKeyId": name}),
            Row("ec2", "CopySnapshot", {"SourceRegion": "us-east-1", "SourceSnapshotId": "snap-1", "Encrypted": True, "KmsKeyId": name}),
            Row("ec2", "RunInstances", {"ImageId": "ami-1", "MinCount": 1, "MaxCount": 1, "BlockDeviceMappings": [{"DeviceName": "/dev/sda1", "Ebs": {"Encrypted": True, "KmsKeyId": name}}]}),
            Row("rds", "CreateDBInstance", {"DBInstanceIdentifier": "d", "DBInstanceClass": "db.t3.micro", "Engine": "mysql", "KmsKeyId": name}),
            Row("rds", "CopyDBSnapshot", {"SourceDBSnapshotIdentifier": "s", "TargetDBSnapshotIdentifier": "t", "KmsKeyId": name}), Row("efs", "CreateFileSystem", {"CreationToken": "t", "Encrypted": True, "KmsKeyId": name}),
            Row("ecr", "CreateRepository", {"repositoryName": "own-r", "encryptionConfiguration": {"encryptionType": "KMS", "kmsKey": name}}),
            Row("redshift", "CreateCluster", {"ClusterIdentifier": "c", "NodeType": "ra3.large", "MasterUsername": "u", "MasterUserPassword": "Passw0rdA", "Encrypted": True, "KmsKeyId": name}),
            Row("lambda", "UpdateFunctionConfiguration", {"FunctionName": "own", "KMSKeyArn": name}), Row("backup", "CreateBackupVault", {"BackupVaultName": "v", "EncryptionKeyArn": name}),
            Row("dynamodb", "UpdateTable", {"TableName": "own", "SSESpecification": {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": name}}), Row("events", "CreateEventBus", {"Name": "own-b", "KmsKeyIdentifier": name}),
            Row("secretsmanager", "CreateSecret", {"Name": "own-z", "SecretString": "x", "KmsKeyId": name}),
        ]  # fmt: skip
        yield from without(world, KMS, rows)
