"""What a call needs: its actions, and their resources out of its arguments. One row is one call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from scopedown.calls.model import Alternatives
from scopedown.core.text import Att, ImportValue, Param, Ref, Text, Unknown
from scopedown.permissions.model import Certainty, RequiredPermission

EVENT = Unknown("event")
Permissions = Callable[..., tuple[RequiredPermission, ...]]

SECONDARY = [
    ("logs.ListTagsForResource", {"resourceArn": EVENT}, {"logs:ListTagsForResource": ["*"]}),
    (
        "logs.ListTagsForResource",
        {"resourceArn": "arn:aws:logs:eu-west-1:111122223333:log-group:a"},
        {"logs:ListTagsForResource": ["arn:aws:logs:eu-west-1:111122223333:log-group:a"]},
    ),
    (
        "kinesis.ListTagsForResource",
        {"ResourceARN": EVENT},
        {
            "kinesis:ListTagsForResource": [
                "arn:P:kinesis:R:A:*/*/consumer/*:*",
                "arn:P:kinesis:R:A:channel/*",
                "arn:P:kinesis:R:A:stream/*",
            ]
        },
    ),
    ("ecs.ListTasks", {}, {"ecs:ListTasks": ["*"]}),
    ("ecs.ListTasks", {"cluster": "c"}, {"ecs:ListTasks": ["*"]}),
    ("ecs.ListTasks", {"cluster": "c", "*": EVENT}, {"ecs:ListTasks": ["*"]}),
    (
        "ecs.ListTasks",
        {"cluster": "c", "containerInstance": "i"},
        {"ecs:ListTasks": ["arn:P:ecs:R:A:container-instance/c/i"]},
    ),
    (
        "macie2.CreateClassificationJob",
        {"name": "nightly"},
        {"macie2:CreateClassificationJob": ["arn:P:macie2:R:A:classification-job/*"]},
    ),
    (
        "macie2.UpdateFindingsFilter",
        {"id": "1", "name": "new name"},
        {"macie2:UpdateFindingsFilter": ["arn:P:macie2:R:A:findings-filter/1"]},
    ),
    ("databrew.DescribeJob", {"Name": "j"}, {"databrew:DescribeJob": ["arn:P:databrew:R:A:job/j"]}),
    (
        "pinpoint.PhoneNumberValidate",
        {"NumberValidateRequest": {"PhoneNumber": "1"}},
        {"mobiletargeting:PhoneNumberValidate": ["arn:P:mobiletargeting:R:A:phone/number/validate"]},
    ),
    (
        "rds.CreateDBSnapshot",
        {"DBSnapshotIdentifier": "nightly", "DBInstanceIdentifier": "main"},
        {"rds:CreateDBSnapshot": ["arn:P:rds:R:A:db:main", "arn:P:rds:R:A:snapshot:nightly"]},
    ),
    (
        "ssm.SendCommand",
        {"DocumentName": "AWS-RunShellScript", "InstanceIds": ["i-1"]},
        {
            "ssm:SendCommand": [
                "arn:P:ec2:R:A:instance/i-1",
                "arn:P:ssm:R:A:managed-instance/i-1",
                "arn:P:ssm:R::document/AWS-RunShellScript",
            ]
        },
    ),
    ("ssm.SendCommand", {"DocumentName": "Restart"}, {"ssm:SendCommand": ["arn:P:ssm:R:A:document/Restart"]}),
    (
        "s3.ListObjectsV2",  # a setting holds a whole URI where code takes a bucket for granted
        {"Bucket": "s3://lake/in/", "Prefix": "in/"},
        {"s3:ListBucket": ["arn:P:s3:::lake"]},
    ),
    ("ssm.GetParameter", {"Name": "/db/url:3"}, {"ssm:GetParameter": ["arn:P:ssm:R:A:parameter/db/url"]}),
    (
        "bedrock-runtime.Converse",
        {"modelId": "m", "guardrailConfig": {"guardrailIdentifier": "g1"}},
        {
            "bedrock:InvokeModel": ["arn:P:bedrock:R::foundation-model/m"],
            "bedrock:ApplyGuardrail": ["arn:P:bedrock:R:A:guardrail/g1"],
        },
    ),
    ("bedrock-runtime.InvokeModel", {"modelId": "m"}, {"bedrock:InvokeModel": ["arn:P:bedrock:R::foundation-model/m"]}),
    (
        "bedrock-runtime.InvokeModel",
        {"modelId": "m", "guardrailIdentifier": "arn:aws:bedrock:us-east-1:111122223333:guardrail/g"},
        {
            "bedrock:InvokeModel": ["arn:P:bedrock:R::foundation-model/m"],
            "bedrock:ApplyGuardrail": ["arn:aws:bedrock:us-east-1:111122223333:guardrail/g"],
        },
    ),
    (
        "bedrock-agent-runtime.RetrieveAndGenerate",
        {
            "retrieveAndGenerateConfiguration": {
                "knowledgeBaseConfiguration": {
                    "knowledgeBaseId": "K",
                    "modelArn": "arn:aws:bedrock:us-east-1::foundation-model/m",
                }
            }
        },
        {
            "bedrock:RetrieveAndGenerate": ["*"],
            "bedrock:InvokeModel": ["arn:aws:bedrock:us-east-1::foundation-model/m"],
        },
    ),
    (
        "secretsmanager.BatchGetSecretValue",
        {"Filters": [{"Key": "name", "Values": ["shop"]}]},
        {
            "secretsmanager:BatchGetSecretValue": ["*"],
            "secretsmanager:ListSecrets": ["*"],
            "secretsmanager:GetSecretValue": ["arn:P:secretsmanager:R:A:secret:*"],
        },
    ),
    (
        "secretsmanager.RotateSecret",
        {"SecretId": "s", "RotationLambdaARN": "arn:aws:lambda:us-east-1:111122223333:function:turn"},
        {
            "secretsmanager:RotateSecret": ["arn:P:secretsmanager:R:A:secret:s-??????"],
            "lambda:InvokeFunction": ["arn:aws:lambda:us-east-1:111122223333:function:turn"],
        },
    ),
    (
        "sqs.StartMessageMoveTask",
        {
            "SourceArn": "arn:aws:sqs:us-east-1:111122223333:dead",
            "DestinationArn": "arn:aws:sqs:us-east-1:111122223333:q",
        },
        {
            **{
                f"sqs:{name}": ["arn:aws:sqs:us-east-1:111122223333:dead"]
                for name in ("StartMessageMoveTask", "ReceiveMessage", "DeleteMessage", "GetQueueAttributes")
            },
            "sqs:SendMessage": ["arn:aws:sqs:us-east-1:111122223333:q"],
        },
    ),
]
"""Operations that act with their caller's permissions on a second thing."""

DYNAMODB = [
    ("dynamodb.PutItem", {"TableName": "t"}, {"dynamodb:PutItem": ["arn:P:dynamodb:R:A:table/t"]}),
    ("dynamodb.Query", {"TableName": "t"}, {"dynamodb:Query": ["arn:P:dynamodb:R:A:table/t"]}),
    (
        "dynamodb.Query",
        {"TableName": "t", "IndexName": "byDate"},
        {"dynamodb:Query": ["arn:P:dynamodb:R:A:table/t/index/byDate"]},
    ),
    (
        "dynamodb.Scan",
        {"TableName": "arn:aws:dynamodb:us-east-1:111122223333:table/t", "IndexName": "i"},
        {"dynamodb:Scan": ["arn:aws:dynamodb:us-east-1:111122223333:table/t/index/i"]},
    ),
    (
        "dynamodb.BatchGetItem",
        {"RequestItems": {"a": {}, "b": {}}},
        {"dynamodb:BatchGetItem": ["arn:P:dynamodb:R:A:table/a", "arn:P:dynamodb:R:A:table/b"]},
    ),
    (
        "dynamodb.TransactWriteItems",
        {"TransactItems": [{"Put": {"TableName": "a"}}, {"Delete": {"TableName": "b"}}]},
        {
            "dynamodb:PutItem": ["arn:P:dynamodb:R:A:table/a"],
            "dynamodb:DeleteItem": ["arn:P:dynamodb:R:A:table/b"],
        },
    ),
    (
        "dynamodb.ExecuteStatement",
        {"Statement": 'SELECT * FROM "t"."i" WHERE id = ?'},
        {"dynamodb:PartiQLSelect": ["arn:P:dynamodb:R:A:table/t/index/i"]},
    ),
    (
        "dynamodb.ExecuteStatement",
        {"Statement": "insert into t value {'id': ?}"},
        {"dynamodb:PartiQLInsert": ["arn:P:dynamodb:R:A:table/t"]},
    ),
    ("dynamodb.ListTables", {}, {"dynamodb:ListTables": ["*"]}),
    (
        "dynamodbstreams.GetRecords",
        {"ShardIterator": EVENT},
        {"dynamodb:GetRecords": ["arn:P:dynamodb:R:A:table/*/stream/*"]},
    ),
]

S3 = [
    ("s3.GetObject", {"Bucket": "b", "Key": "a/k.txt"}, {"s3:GetObject": ["arn:P:s3:::b/a/k.txt"]}),
    ("s3.GetObject", {"Bucket": "b", "Key": EVENT}, {"s3:GetObject": ["arn:P:s3:::b/*"]}),
    ("s3.GetObject", {"Bucket": EVENT, "Key": EVENT}, {"s3:GetObject": ["arn:P:s3:::*/*"]}),
    ("s3.PutObject", {"Bucket": "b", "Key": Text.of("in/", EVENT)}, {"s3:PutObject": ["arn:P:s3:::b/in/*"]}),
    ("s3.ListObjectsV2", {"Bucket": "b", "Prefix": "in/"}, {"s3:ListBucket": ["arn:P:s3:::b"]}),
    ("s3.ListBuckets", {}, {"s3:ListAllMyBuckets": ["*"]}),
    (
        "s3.DeleteObjects",
        {"Bucket": "b", "Delete": {"Objects": [{"Key": "x"}, {"Key": "y"}]}},
        {"s3:DeleteObject": ["arn:P:s3:::b/x", "arn:P:s3:::b/y"]},
    ),
    (
        "s3.CopyObject",
        {"Bucket": "to", "Key": "k", "CopySource": "/from/a%20b"},
        {"s3:GetObject": ["arn:P:s3:::from/a b"], "s3:PutObject": ["arn:P:s3:::to/k"]},
    ),
    (
        "s3.CopyObject",
        {"Bucket": "to", "Key": "k", "CopySource": {"Bucket": "from", "Key": EVENT}},
        {"s3:GetObject": ["arn:P:s3:::from/*"], "s3:PutObject": ["arn:P:s3:::to/k"]},
    ),
    (
        "s3.CopyObject",
        {"Bucket": "to", "Key": "k", "CopySource": Text.of("from/", EVENT)},
        {"s3:GetObject": ["arn:P:s3:::from/*"], "s3:PutObject": ["arn:P:s3:::to/k"]},
    ),
    (
        "s3.GetObject",
        {"Bucket": "arn:aws:s3:us-east-1:111122223333:accesspoint/ap", "Key": "k"},
        {"s3:GetObject": ["arn:aws:s3:us-east-1:111122223333:accesspoint/ap/object/k"]},
    ),
]

MESSAGES = [
    (
        "sqs.SendMessage",
        {"QueueUrl": "https://sqs.eu-west-1.amazonaws.com/111122223333/jobs"},
        {"sqs:SendMessage": ["arn:P:sqs:eu-west-1:111122223333:jobs"]},
    ),
    (
        "sqs.SendMessage",
        {"QueueUrl": Text.of("https://sqs.", EVENT, ".amazonaws.com/", EVENT, "/jobs")},
        {"sqs:SendMessage": ["arn:P:sqs:R:A:jobs"]},
    ),
    (
        "sqs.SendMessageBatch",
        {"QueueUrl": "http://localhost:4566/000000000000/jobs"},
        {"sqs:SendMessage": ["arn:P:sqs:R:A:jobs"]},
    ),
    ("sqs.SendMessage", {"QueueUrl": EVENT}, {"sqs:SendMessage": ["arn:P:sqs:R:A:*"]}),
    ("sqs.ListQueues", {}, {"sqs:ListQueues": ["*"]}),
    ("sns.Publish", {"TopicArn": "arn:aws:sns:us-east-1:1:t"}, {"sns:Publish": ["arn:aws:sns:us-east-1:1:t"]}),
    ("sns.Publish", {"PhoneNumber": EVENT}, {"sns:Publish": ["*"]}),
    ("sns.Publish", {"TopicArn": EVENT}, {"sns:Publish": ["arn:P:sns:R:A:*"]}),
    (
        "events.PutEvents",
        {"Entries": [{"EventBusName": "orders"}, {"Source": "x"}]},
        {"events:PutEvents": ["arn:P:events:R:A:event-bus/default", "arn:P:events:R:A:event-bus/orders"]},
    ),
    ("events.PutRule", {"Name": "r", "EventBusName": "b"}, {"events:PutRule": ["arn:P:events:R:A:rule/b/r"]}),
    ("events.PutRule", {"Name": "r"}, {"events:PutRule": ["arn:P:events:R:A:rule/r"]}),
    ("kinesis.PutRecord", {"StreamName": "s"}, {"kinesis:PutRecord": ["arn:P:kinesis:R:A:stream/s"]}),
    (
        "firehose.PutRecord",
        {"DeliveryStreamName": "d"},
        {"firehose:PutRecord": ["arn:P:firehose:R:A:deliverystream/d"]},
    ),
    (
        "ses.SendEmail",
        {"Source": "Shop <shop@example.com>"},
        {"ses:SendEmail": ["arn:P:ses:R:A:identity/example.com", "arn:P:ses:R:A:identity/shop@example.com"]},
    ),
    ("iot-data.Publish", {"topic": "rooms/1"}, {"iot:Publish": ["arn:P:iot:R:A:topic/rooms/1"]}),
    (
        "apigatewaymanagementapi.PostToConnection",
        {"ConnectionId": EVENT, "$endpoint": "https://abc123.execute-api.eu-west-1.amazonaws.com/dev"},
        {"execute-api:ManageConnections": ["arn:P:execute-api:eu-west-1:A:abc123/dev/POST/@connections/*"]},
    ),
    (
        "apigatewaymanagementapi.DeleteConnection",
        {"ConnectionId": EVENT},
        {"execute-api:ManageConnections": ["arn:P:execute-api:R:A:*/*/DELETE/@connections/*"]},
    ),
]

OTHERS = [
    ("lambda.Invoke", {"FunctionName": "f"}, {"lambda:InvokeFunction": ["arn:P:lambda:R:A:function:f"]}),
    (
        "lambda.Invoke",
        {"FunctionName": "111122223333:function:f:live"},
        {"lambda:InvokeFunction": ["arn:P:lambda:R:111122223333:function:f:live"]},
    ),
    (
        "lambda.Invoke",
        {"FunctionName": "f", "Qualifier": "live"},
        {"lambda:InvokeFunction": ["arn:P:lambda:R:A:function:f:live"]},
    ),
    ("ssm.GetParameter", {"Name": "/a/b"}, {"ssm:GetParameter": ["arn:P:ssm:R:A:parameter/a/b"]}),
    (
        "ssm.GetParameters",
        {"Names": ["/a", "b"]},
        {"ssm:GetParameters": ["arn:P:ssm:R:A:parameter/a", "arn:P:ssm:R:A:parameter/b"]},
    ),
    (
        "ssm.GetParametersByPath",
        {"Path": "/a/"},
        {"ssm:GetParametersByPath": ["arn:P:ssm:R:A:parameter/a", "arn:P:ssm:R:A:parameter/a/*"]},
    ),
    ("ssm.GetParametersByPath", {"Path": "/"}, {"ssm:GetParametersByPath": ["arn:P:ssm:R:A:parameter/*"]}),
    (
        "secretsmanager.GetSecretValue",
        {"SecretId": "db/main"},
        {"secretsmanager:GetSecretValue": ["arn:P:secretsmanager:R:A:secret:db/main-??????"]},
    ),
    (
        "secretsmanager.GetSecretValue",
        {"SecretId": "arn:aws:secretsmanager:us-east-1:1:secret:db-AbC1dE"},
        {"secretsmanager:GetSecretValue": ["arn:aws:secretsmanager:us-east-1:1:secret:db-AbC1dE"]},
    ),
    ("kms.Encrypt", {"KeyId": "1234"}, {"kms:Encrypt": ["arn:P:kms:R:A:key/1234"]}),
    ("kms.Decrypt", {}, {"kms:Decrypt": ["arn:P:kms:R:A:key/*"]}),
    ("stepfunctions.SendTaskSuccess", {"taskToken": EVENT}, {"states:SendTaskSuccess": ["*"]}),
    (
        "stepfunctions.DescribeExecution",
        {"executionArn": EVENT},
        {"states:DescribeExecution": ["arn:P:states:R:A:execution:*:*"]},
    ),
    (
        "bedrock-runtime.InvokeModel",
        {"modelId": "mistral.mistral-7b-instruct-v0:2"},
        {"bedrock:InvokeModel": ["arn:P:bedrock:R::foundation-model/mistral.mistral-7b-instruct-v0:2"]},
    ),
    (
        "bedrock-runtime.Converse",
        {"modelId": "eu.anthropic.claude-v1:0"},
        {
            "bedrock:InvokeModel": [
                "arn:P:bedrock:R:A:inference-profile/eu.anthropic.claude-v1:0",
                "arn:P:bedrock:*::foundation-model/anthropic.claude-v1:0",
            ]
        },
    ),
    (
        "logs.PutLogEvents",
        {"logGroupName": "g", "logStreamName": "s"},
        {"logs:PutLogEvents": ["arn:P:logs:R:A:log-group:g:log-stream:s"]},
    ),
    ("logs.FilterLogEvents", {"logGroupName": "g"}, {"logs:FilterLogEvents": ["arn:P:logs:R:A:log-group:g:*"]}),
    ("cloudwatch.PutMetricData", {"Namespace": "Shop"}, {"cloudwatch:PutMetricData": ["*"]}),
    ("polly.SynthesizeSpeech", {"Text": EVENT}, {"polly:SynthesizeSpeech": ["*"]}),
    (
        "polly.SynthesizeSpeech",
        {"Text": EVENT, "LexiconNames": ["w3c"]},
        {"polly:SynthesizeSpeech": ["arn:P:polly:R:A:lexicon/w3c"]},
    ),
    (
        "rekognition.DetectLabels",
        {"Image": {"S3Object": {"Bucket": "b", "Name": EVENT}}},
        {"rekognition:DetectLabels": ["*"], "s3:GetObject": ["arn:P:s3:::b/*"]},
    ),
    ("rekognition.DetectLabels", {"Image": {"Bytes": EVENT}}, {"rekognition:DetectLabels": ["*"]}),
    (
        "transcribe.StartTranscriptionJob",
        {"Media": {"MediaFileUri": Text.of("https://s3.amazonaws.com/in/", EVENT)}, "OutputBucketName": "out"},
        {
            "transcribe:StartTranscriptionJob": ["*"],
            "s3:GetObject": ["arn:P:s3:::in/*"],
            "s3:PutObject": ["arn:P:s3:::out/*"],
        },
    ),
    (
        "athena.StartQueryExecution",
        {"QueryString": EVENT, "ResultConfiguration": {"OutputLocation": "s3://b/out/"}},
        {
            "athena:StartQueryExecution": ["arn:P:athena:R:A:workgroup/primary"],
            "glue:GetDatabase": ["arn:P:glue:R:A:catalog", "arn:P:glue:R:A:database/*"],
            "glue:GetTable": ["arn:P:glue:R:A:catalog", "arn:P:glue:R:A:database/*", "arn:P:glue:R:A:table/*/*"],
            "glue:GetPartitions": ["arn:P:glue:R:A:catalog", "arn:P:glue:R:A:database/*", "arn:P:glue:R:A:table/*/*"],
            "s3:GetBucketLocation": ["arn:P:s3:::*", "arn:P:s3:::b"],
            "s3:ListBucket": ["arn:P:s3:::*"],
            "s3:PutObject": ["arn:P:s3:::b/out/*"],
            "s3:GetObject": ["arn:P:s3:::*/*", "arn:P:s3:::b/out/*"],
        },
    ),
    (
        "athena.StartQueryExecution",
        {
            "QueryString": "ALTER TABLE orders ADD IF NOT EXISTS PARTITION (day=1)",
            "QueryExecutionContext": {"Database": "shop"},
            "ResultConfiguration": {"OutputLocation": "s3://b/out/"},
            "WorkGroup": "w",
        },
        {
            "athena:StartQueryExecution": ["arn:P:athena:R:A:workgroup/w"],
            "glue:GetDatabase": ["arn:P:glue:R:A:catalog", "arn:P:glue:R:A:database/*"],
            "glue:GetTable": [
                "arn:P:glue:R:A:catalog",
                "arn:P:glue:R:A:database/*",
                "arn:P:glue:R:A:table/shop/orders",
            ],
            "glue:BatchCreatePartition": [
                "arn:P:glue:R:A:catalog",
                "arn:P:glue:R:A:database/*",
                "arn:P:glue:R:A:table/shop/orders",
            ],
            "s3:GetBucketLocation": ["arn:P:s3:::b"],
            "s3:PutObject": ["arn:P:s3:::b/out/*"],
            "s3:GetObject": ["arn:P:s3:::b/out/*"],
        },
    ),
    (
        "athena.StartQueryExecution",
        {"QueryString": "DROP TABLE IF EXISTS `shop`.`Old`", "WorkGroup": "w"},
        {
            "athena:StartQueryExecution": ["arn:P:athena:R:A:workgroup/w"],
            "glue:GetDatabase": ["arn:P:glue:R:A:catalog", "arn:P:glue:R:A:database/*"],
            "glue:GetTable": ["arn:P:glue:R:A:catalog", "arn:P:glue:R:A:database/*", "arn:P:glue:R:A:table/shop/old"],
            "glue:DeleteTable": [
                "arn:P:glue:R:A:catalog",
                "arn:P:glue:R:A:database/*",
                "arn:P:glue:R:A:table/shop/old",
            ],
            "s3:PutObject": ["arn:P:s3:::*/*"],
        },
    ),
    (
        "athena.CreateNamedQuery",
        {"Name": "q", "Database": "d", "QueryString": "SELECT 1"},
        {"athena:CreateNamedQuery": ["arn:P:athena:R:A:workgroup/primary"]},
    ),
    ("s3.GetObject", {"Bucket": "b", "Key": "arn:aws:sns:x"}, {"s3:GetObject": ["arn:P:s3:::b/arn:aws:sns:x"]}),
    ("s3.GetObject", {"Bucket": "b", "Key": Att("T", "Arn")}, {"s3:GetObject": ["arn:P:s3:::b/${T.Arn}"]}),
    (
        "logs.PutLogEvents",
        {"logGroupName": "g", "logStreamName": "arn:aws:states:r:1:execution:m:x"},
        {"logs:PutLogEvents": ["arn:P:logs:R:A:log-group:g:log-stream:arn:aws:states:r:1:execution:m:x"]},
    ),
    ("events.DeleteRule", {"Name": "arn:x"}, {"events:DeleteRule": ["arn:P:events:R:A:rule/arn:x"]}),
    (
        "redshift.GetClusterCredentials",
        {"ClusterIdentifier": "c", "DbUser": "u", "DbName": "d", "AutoCreate": True, "DbGroups": ["g"]},
        {
            "redshift:GetClusterCredentials": ["arn:P:redshift:R:A:dbname:c/d", "arn:P:redshift:R:A:dbuser:c/u"],
            "redshift:CreateClusterUser": ["arn:P:redshift:R:A:dbuser:c/u"],
            "redshift:JoinGroup": ["arn:P:redshift:R:A:dbgroup:c/g"],
        },
    ),
    ("s3.GetObject", {"Bucket": "", "Key": "k"}, {"s3:GetObject": ["arn:P:s3:::*/k"]}),
    (
        "s3.GetObject",
        {"Bucket": Alternatives((Text.of(""), Text.of("b"))), "Key": "k"},
        {"s3:GetObject": ["arn:P:s3:::b/k"]},
    ),
    ("sqs.SendMessage", {"QueueUrl": Param("Url")}, {"sqs:SendMessage": ["arn:P:sqs:R:A:*"]}),
    ("sqs.SendMessage", {"QueueUrl": ImportValue(Text.of("jobs-url"))}, {"sqs:SendMessage": ["arn:P:sqs:R:A:*"]}),
    ("sqs.SendMessage", {"QueueUrl": Param("QueueName")}, {"sqs:SendMessage": ["arn:P:sqs:R:A:${QueueName}"]}),
    ("sqs.SendMessage", {"QueueUrl": "http://localhost:4566/0/jobs"}, {"sqs:SendMessage": ["arn:P:sqs:R:A:jobs"]}),
    (
        "transcribe.StartTranscriptionJob",
        {"TranscriptionJobName": "j", "Media": {"MediaFileUri": "http://s3.amazonaws.com/b/k.mp3"}},
        {"s3:GetObject": ["arn:P:s3:::b/k.mp3"]},
    ),
    (
        "glue.GetTable",
        {"DatabaseName": "d", "Name": "t"},
        {"glue:GetTable": ["arn:P:glue:R:A:catalog", "arn:P:glue:R:A:database/d", "arn:P:glue:R:A:table/d/t"]},
    ),
    (
        "scheduler.DeleteSchedule",
        {"Name": "n"},
        {"scheduler:DeleteSchedule": ["arn:P:scheduler:R:A:schedule/default/n"]},
    ),
    (
        "route53.ChangeResourceRecordSets",
        {"HostedZoneId": "/hostedzone/Z1"},
        {"route53:ChangeResourceRecordSets": ["arn:P:route53:::hostedzone/Z1"]},
    ),
    (
        "ecs.UpdateService",
        {"service": "web", "cluster": "arn:aws:ecs:us-east-1:1:cluster/prod"},
        {"ecs:UpdateService": ["arn:P:ecs:R:A:service/prod/web"]},
    ),
]

MORE = [
    (
        "sqs.GetQueueUrl",
        {"QueueName": "q", "QueueOwnerAWSAccountId": "444455556666"},
        {"sqs:GetQueueUrl": ["arn:P:sqs:R:444455556666:q"]},
    ),
    ("kinesis.ListShards", {"StreamName": "s"}, {"kinesis:ListShards": ["arn:P:kinesis:R:A:stream/s"]}),
    (
        "ssm.PutParameter",
        {"Name": "/p", "KeyId": "1234", "Tags": [{"Key": "k"}]},
        {
            "ssm:PutParameter": ["arn:P:ssm:R:A:parameter/p"],
            "kms:Encrypt": ["arn:P:kms:R:A:key/1234"],
            "ssm:AddTagsToResource": ["arn:P:ssm:R:A:parameter/p"],
        },
    ),
    (
        "ssm.PutParameter",
        {"Name": "/p", "KeyId": "1234", "Tier": "Advanced"},
        {"ssm:PutParameter": ["arn:P:ssm:R:A:parameter/p"], "kms:GenerateDataKey": ["arn:P:kms:R:A:key/1234"]},
    ),
    (
        "ssm.AddTagsToResource",
        {"ResourceType": "Parameter", "ResourceId": "/p"},
        {"ssm:AddTagsToResource": ["arn:P:ssm:R:A:parameter/p"]},
    ),
    (
        "ssm.SendCommand",
        {"DocumentName": "AWS-RunShellScript", "Targets": [{"Key": "tag:web"}]},
        {
            "ssm:SendCommand": [
                "arn:P:ec2:R:A:instance/*",
                "arn:P:ssm:R:A:managed-instance/*",
                "arn:P:ssm:R::document/AWS-RunShellScript",
            ]
        },
    ),
    (
        "events.StartReplay",
        {
            "ReplayName": "r",
            "EventSourceArn": "arn:aws:events:us-east-1:1:archive/a",
            "Destination": {"Arn": "arn:aws:events:us-east-1:1:event-bus/b"},
        },
        {
            "events:StartReplay": [
                "arn:P:events:R:A:replay/r",
                "arn:aws:events:us-east-1:1:archive/a",
                "arn:aws:events:us-east-1:1:event-bus/b",
            ]
        },
    ),
    (
        "lambda.PutProvisionedConcurrencyConfig",
        {"FunctionName": "f", "Qualifier": "live"},
        {"lambda:PutProvisionedConcurrencyConfig": ["arn:P:lambda:R:A:function:f:live"]},
    ),
    (
        "dynamodb.ExportTableToPointInTime",
        {"TableArn": "arn:aws:dynamodb:us-east-1:1:table/t", "S3Bucket": "b", "S3Prefix": "out/"},
        {
            "dynamodb:ExportTableToPointInTime": ["arn:aws:dynamodb:us-east-1:1:table/t"],
            **{f"s3:{name}": ["arn:P:s3:::b/out/*"] for name in ("AbortMultipartUpload", "PutObject", "PutObjectAcl")},
        },
    ),
    (
        "dynamodb.RestoreTableFromBackup",
        {"TargetTableName": "t", "BackupArn": "arn:aws:dynamodb:us-east-1:1:table/x/backup/1"},
        {
            "dynamodb:RestoreTableFromBackup": [
                "arn:P:dynamodb:R:A:table/t",
                "arn:aws:dynamodb:us-east-1:1:table/x/backup/1",
            ],
            "dynamodb:PutItem": ["arn:P:dynamodb:R:A:table/t"],
        },
    ),
    (
        "bedrock-runtime.InvokeModel",
        {"modelId": "arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.meta.llama3-1-70b-instruct-v1:0"},
        {
            "bedrock:InvokeModel": [
                "arn:P:bedrock:*::foundation-model/meta.llama3-1-70b-instruct-v1:0",
                "arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.meta.llama3-1-70b-instruct-v1:0",
            ]
        },
    ),
    (
        "bedrock-runtime.InvokeModel",
        {"modelId": "arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/p"},
        {
            "bedrock:InvokeModel": [
                "arn:P:bedrock:*::foundation-model/*",
                "arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/p",
            ]
        },
    ),
    (
        "bedrock-agentcore.InvokeAgentRuntime",
        {"agentRuntimeArn": "arn:aws:bedrock-agentcore:us-east-1:1:runtime/r"},
        {
            "bedrock-agentcore:InvokeAgentRuntime": [
                "arn:aws:bedrock-agentcore:us-east-1:1:runtime/r",
                "arn:aws:bedrock-agentcore:us-east-1:1:runtime/r/runtime-endpoint/DEFAULT",
            ]
        },
    ),
    (
        "ec2.RunInstances",
        {"LaunchTemplate": {"LaunchTemplateId": "lt-1"}, "SecurityGroupIds": ["sg-1"]},
        {
            "ec2:RunInstances": [
                "arn:P:ec2:R:A:instance/*",
                "arn:P:ec2:R:A:launch-template/lt-1",
                "arn:P:ec2:R:A:network-interface/*",
                "arn:P:ec2:R:A:security-group/sg-1",
                "arn:P:ec2:R:A:subnet/*",
                "arn:P:ec2:R:A:volume/*",
                "arn:P:ec2:R::image/*",
            ]
        },
    ),
    (
        "sts.AssumeRole",
        {"RoleArn": "arn:aws:iam::1:role/r", "Tags": [{"Key": "k"}], "SourceIdentity": EVENT},
        {f"sts:{name}": ["arn:aws:iam::1:role/r"] for name in ("AssumeRole", "TagSession", "SetSourceIdentity")},
    ),
    (
        "glue.GetDatabases",
        {},
        {"glue:GetDatabases": ["arn:P:glue:R:A:catalog", "arn:P:glue:R:A:database/*"]},
    ),
    (
        "kinesis.GetRecords",
        {"ShardIterator": EVENT, "$StreamName": "s"},
        {"kinesis:GetRecords": ["arn:P:kinesis:R:A:stream/s"]},
    ),
    (
        "athena.GetQueryResults",
        {"QueryExecutionId": EVENT, "$WorkGroup": "w"},
        {"athena:GetQueryResults": ["arn:P:athena:R:A:workgroup/w"]},
    ),
    (
        "stepfunctions.DescribeExecution",
        {"executionArn": EVENT, "$stateMachineArn": "arn:aws:states:us-east-1:1:stateMachine:m"},
        {"states:DescribeExecution": ["arn:aws:states:us-east-1:1:execution:m:*"]},
    ),
    (
        "stepfunctions.StopExecution",
        {"executionArn": EVENT, "$stateMachineArn": Ref("Machine")},
        {"states:StopExecution": ["arn:P:states:R:A:execution:${Machine.Name}:*"]},
    ),
    ("iot.SearchIndex", {"queryString": EVENT}, {"iot:SearchIndex": ["arn:P:iot:R:A:index/AWS_Things"]}),
    (
        "sesv2.SendEmail",
        {"FromEmailAddressIdentityArn": "arn:aws:ses:us-east-1:1:identity/a.example", "Content": EVENT},
        {
            "ses:SendEmail": ["arn:aws:ses:us-east-1:1:identity/a.example"],
            "ses:SendRawEmail": ["arn:aws:ses:us-east-1:1:identity/a.example"],
        },
    ),
]

HTTP_VERBS = [
    (
        "apigateway.GetStage",
        {"restApiId": "abc", "stageName": EVENT},
        {"apigateway:GET": ["arn:P:apigateway:R::/restapis/abc/stages/*"]},
    ),
    ("apigateway.GetRestApis", {}, {"apigateway:GET": ["arn:P:apigateway:R::/restapis"]}),
    ("apigatewayv2.DeleteApi", {"ApiId": "abc"}, {"apigateway:DELETE": ["arn:P:apigateway:R::/apis/abc"]}),
]

BY_NAMES_ALONE = [
    # No row is written for these: the ARN's variables are named as the parameters are.
    ("codebuild.StartBuild", {"projectName": "p"}, {"codebuild:StartBuild": ["arn:P:codebuild:R:A:project/p"]}),
    ("sts.AssumeRole", {"RoleArn": "arn:aws:iam::1:role/r"}, {"sts:AssumeRole": ["arn:aws:iam::1:role/r"]}),
    ("iam.GetRole", {"RoleName": "r"}, {"iam:GetRole": ["arn:P:iam::A:role/r"]}),
    (
        "ec2.StartInstances",
        {"InstanceIds": ["i-1", "i-2"]},
        {"ec2:StartInstances": ["arn:P:ec2:R:A:instance/i-1", "arn:P:ec2:R:A:instance/i-2"]},
    ),
    (
        "cloudformation.DescribeStacks",
        {"StackName": "s"},
        {"cloudformation:DescribeStacks": ["arn:P:cloudformation:R:A:stack/s/*"]},
    ),
    ("sesv2.GetDedicatedIpPool", {"PoolName": "p"}, {"ses:GetDedicatedIpPool": ["arn:P:ses:R:A:dedicated-ip-pool/p"]}),
    (
        "qbusiness.StartDataSourceSyncJob",
        {"applicationId": "a", "indexId": "i", "dataSourceId": "d"},
        {
            "qbusiness:StartDataSourceSyncJob": [
                "arn:P:qbusiness:R:A:application/a",
                "arn:P:qbusiness:R:A:application/a/index/i",
                "arn:P:qbusiness:R:A:application/a/index/i/data-source/d",
            ]
        },
    ),
    (
        "fsx.CreateSnapshot",
        {"VolumeId": "v"},
        {"fsx:CreateSnapshot": ["arn:P:fsx:R:A:snapshot/v/*", "arn:P:fsx:R:A:volume/*/v"]},
    ),
    ("ec2.DescribeInstances", {}, {"ec2:DescribeInstances": ["*"]}),
    # The name that something is given is not the id that the service makes for it.
    (
        "ec2.CreateImage",
        {"InstanceId": "i-1", "Name": "nightly"},
        {"ec2:CreateImage": ["arn:P:ec2:R:A:instance/i-1", "arn:P:ec2:R::image/*"]},
    ),
    (
        "iotsitewise.UpdateDashboard",
        {"dashboardId": "d-1", "dashboardName": "Floor"},
        {"iotsitewise:UpdateDashboard": ["arn:P:iotsitewise:R:A:dashboard/d-1"]},
    ),
]


@pytest.mark.parametrize(
    ("operation", "arguments", "expected"),
    [*SECONDARY, *DYNAMODB, *S3, *MESSAGES, *OTHERS, *MORE, *HTTP_VERBS, *BY_NAMES_ALONE],
)
def test_a_call_needs_these_actions_on_these_resources(
    required: Callable[..., Any], operation: str, arguments: dict[str, Any], expected: dict[str, list[str]]
) -> None:
    found = required(operation, arguments)
    assert {action: found.get(action) for action in expected} == expected


@pytest.mark.parametrize(
    ("operation", "arguments"),
    [("sts.GetCallerIdentity", {}), ("cognito-idp.InitiateAuth", {"ClientId": "c"}), ("nothing.AtAll", {})],
)
def test_what_no_permission_guards_needs_none(
    required: Callable[..., Any], operation: str, arguments: dict[str, Any]
) -> None:
    assert required(operation, arguments) == {}


def test_either_of_two_tables_is_needed_where_either_may_be_used(required: Callable[..., Any]) -> None:
    either = Alternatives((Text.of("a"), Text.of("b")))
    found = required("dynamodb.GetItem", TableName=either)
    assert found == {"dynamodb:GetItem": ["arn:P:dynamodb:R:A:table/a", "arn:P:dynamodb:R:A:table/b"]}


def test_very_many_tables_become_one_pattern_and_none_is_lost(required: Callable[..., Any]) -> None:
    keys = [{"Key": f"{n}"} for n in range(30)]
    buckets = Alternatives((Text.of("a"), Text.of("b"), Text.of("arn:aws:s3:us-east-1:1:accesspoint/p")))
    found = required("s3.DeleteObjects", Bucket=buckets, Delete={"Objects": keys})["s3:DeleteObject"]
    assert found == ["arn:P:s3:::a/*", "arn:P:s3:::b/*", "arn:aws:s3:us-east-1:1:accesspoint/p/object/*"]


def test_an_alias_of_a_key_is_a_condition_and_not_a_resource(permissions: Permissions) -> None:
    (decrypt,) = permissions("kms.Decrypt", KeyId="alias/shop")
    assert str(decrypt.resources[0].arn).endswith(":key/*")
    assert decrypt.conditions == {"StringEquals": {"kms:RequestAlias": ("alias/shop",)}}


def test_an_action_that_an_argument_makes_necessary_is_needed_only_with_it(required: Callable[..., Any]) -> None:
    assert "s3:PutObjectAcl" not in required("s3.PutObject", Bucket="b", Key="k")
    assert "s3:PutObjectAcl" in required("s3.PutObject", Bucket="b", Key="k", ACL="public-read")
    assert "s3:PutObjectAcl" not in required("s3.PutObject", Bucket="b", Key="k", ACL=None)


@pytest.mark.parametrize(
    ("source", "action"),
    [
        ("from/k", "s3:GetObject"),
        ("from/k?versionId=7", "s3:GetObjectVersion"),
        ({"Bucket": "from", "Key": "k"}, "s3:GetObject"),
        ({"Bucket": "from", "Key": "k", "VersionId": EVENT}, "s3:GetObjectVersion"),
        (EVENT, "s3:GetObject"),
        (Text.of("from/", EVENT), "s3:GetObject"),
    ],
)
@pytest.mark.parametrize("operation", ["s3.CopyObject", "s3.UploadPartCopy"])
def test_a_copy_of_one_version_reads_that_version(
    required: Callable[..., Any], operation: str, source: Any, action: str
) -> None:
    found = required(operation, Bucket="to", Key="k", CopySource=source)
    assert {name for name in found if name.startswith("s3:Get")} == {action}


def test_tags_at_creation_need_the_tagging_action_on_what_is_made(required: Callable[..., Any]) -> None:
    assert "fsx:TagResource" not in required("fsx.CreateSnapshot", Name="n", VolumeId="v")
    found = required("fsx.CreateSnapshot", Name="n", VolumeId="v", Tags=({"Key": "k", "Value": "v"},))
    assert found["fsx:TagResource"] == ["arn:P:fsx:R:A:snapshot/v/*"]
    found = required("ec2.CreateSecurityGroup", GroupName="g", TagSpecifications=({"Tags": ()},))
    assert found["ec2:CreateTags"] == ["arn:P:ec2:R:A:security-group/*"]


def test_a_role_that_is_passed_is_the_resource_of_pass_role(required: Callable[..., Any]) -> None:
    found = required("mediaconvert.CreateJob", Role="arn:aws:iam::1:role/media", Settings={})
    assert found["iam:PassRole"] == ["arn:aws:iam::1:role/media"]


def test_keys_of_a_mapping_that_are_symbolic_are_tables_too(required: Callable[..., Any]) -> None:
    found = required("dynamodb.BatchWriteItem", {"RequestItems": {Text.of("orders-", Unknown("event")): ()}})
    assert found == {"dynamodb:BatchWriteItem": ["arn:P:dynamodb:R:A:table/orders-*"]}


class TestArgumentsOfWhichSomeAreNotSeen:
    """``*`` is what any further argument may hold."""

    def test_an_index_may_be_read_beside_its_table(self, required: Callable[..., Any]) -> None:
        found = required("dynamodb.Query", {"TableName": "t", "*": EVENT})
        assert found == {"dynamodb:Query": ["arn:P:dynamodb:R:A:table/t", "arn:P:dynamodb:R:A:table/t/index/*"]}

    def test_a_required_one_is_unknown(self, required: Callable[..., Any]) -> None:
        assert required("dynamodb.GetItem", {"*": EVENT}) == {"dynamodb:GetItem": ["arn:P:dynamodb:R:A:table/*"]}

    def test_one_that_would_widen_everything_is_not_assumed(self, required: Callable[..., Any]) -> None:
        assert required("sns.Publish", {"Message": "x", "*": EVENT}) == {"sns:Publish": ["arn:P:sns:R:A:*"]}
        assert required("lambda.Invoke", {"FunctionName": "f", "*": EVENT}) == {
            "lambda:InvokeFunction": ["arn:P:lambda:R:A:function:f"]
        }


class TestHowMuchIsKnown:
    @pytest.mark.parametrize(
        ("operation", "arguments", "certainty", "reason"),
        [
            ("dynamodb.GetItem", {"TableName": "t"}, Certainty.RESOLVED, ""),
            ("dynamodb.GetItem", {"TableName": EVENT}, Certainty.UNKNOWN, "TableName: event"),
            ("dynamodb.GetItem", {"TableName": Text.of("t-", EVENT)}, Certainty.PATTERN, "TableName: event"),
            (
                "dynamodb.Query",
                {"TableName": EVENT, "IndexName": EVENT},
                Certainty.UNKNOWN,
                "TableName: event; IndexName: event",
            ),
            ("s3.GetObject", {"Bucket": "b", "Key": EVENT}, Certainty.PATTERN, "Key: event"),
            ("s3.GetObject", {"Bucket": EVENT, "Key": EVENT}, Certainty.UNKNOWN, "Bucket: event; Key: event"),
            ("s3.GetObject", {"Bucket": EVENT, "Key": "a/b"}, Certainty.UNKNOWN, "Bucket: event"),
            ("dynamodb.Query", {"TableName": EVENT, "IndexName": "i"}, Certainty.UNKNOWN, "TableName: event"),
            ("ssm.GetParameter", {"Name": Text.of("/", EVENT, "/config")}, Certainty.PATTERN, "Name: event"),
            ("secretsmanager.GetSecretValue", {"SecretId": "s"}, Certainty.RESOLVED, ""),
            ("logs.FilterLogEvents", {"logGroupName": "g"}, Certainty.RESOLVED, ""),
            ("kinesis.GetRecords", {"ShardIterator": EVENT}, Certainty.UNKNOWN, "no argument gives its StreamName"),
            ("states.Nothing", {}, None, ""),
        ],
    )
    def test_is_said_with_the_reason(
        self,
        permissions: Permissions,
        operation: str,
        arguments: dict[str, Any],
        certainty: Certainty | None,
        reason: str,
    ) -> None:
        found = permissions(operation, arguments)
        assert [(one.resources[0].certainty, one.resources[0].reason) for one in found[:1]] == (
            [] if certainty is None else [(certainty, reason)]
        )

    def test_an_action_of_many_types_none_of_them_named_takes_everything_and_says_so(
        self, permissions: Permissions
    ) -> None:
        tags = permissions("ec2.CreateTags", Resources=(EVENT,))[0]
        assert [str(one.arn) for one in tags.resources] == ["*"]
        assert tags.resources[0].certainty is Certainty.UNKNOWN and tags.resources[0].reason
