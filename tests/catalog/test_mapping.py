"""The traps: operations whose actions do not bear their name, or that need more than one."""

from __future__ import annotations

import pytest

from scopedown.catalog.load import SqliteCatalog

ALWAYS = [
    ("dynamodb.PutItem", {"dynamodb:PutItem"}),
    ("dynamodb.BatchWriteItem", {"dynamodb:BatchWriteItem"}),
    ("dynamodb.BatchGetItem", {"dynamodb:BatchGetItem"}),
    ("dynamodb.TransactGetItems", {"dynamodb:GetItem"}),
    ("sqs.SendMessageBatch", {"sqs:SendMessage"}),
    ("sqs.DeleteMessageBatch", {"sqs:DeleteMessage"}),
    ("sqs.ChangeMessageVisibilityBatch", {"sqs:ChangeMessageVisibility"}),
    ("sns.PublishBatch", {"sns:Publish"}),
    ("s3.HeadBucket", {"s3:ListBucket"}),
    ("s3.ListObjects", {"s3:ListBucket"}),
    ("s3.ListObjectsV2", {"s3:ListBucket"}),
    ("s3.ListObjectVersions", {"s3:ListBucketVersions"}),
    ("s3.ListBuckets", {"s3:ListAllMyBuckets"}),
    ("s3.CopyObject", {"s3:PutObject"}),
    ("s3.UploadPartCopy", {"s3:PutObject"}),
    ("s3.CreateMultipartUpload", {"s3:PutObject"}),
    ("s3.UploadPart", {"s3:PutObject"}),
    ("s3.CompleteMultipartUpload", {"s3:PutObject"}),
    ("s3.AbortMultipartUpload", {"s3:AbortMultipartUpload"}),
    ("s3.DeleteObjects", {"s3:DeleteObject"}),
    ("s3.SelectObjectContent", {"s3:GetObject"}),
    ("s3.GetBucketEncryption", {"s3:GetEncryptionConfiguration"}),
    ("s3.DeleteBucketCors", {"s3:PutBucketCORS"}),
    ("s3.WriteGetObjectResponse", {"s3-object-lambda:WriteGetObjectResponse"}),
    ("s3control.PutPublicAccessBlock", {"s3:PutAccountPublicAccessBlock"}),
    ("kms.ReEncrypt", {"kms:ReEncryptFrom", "kms:ReEncryptTo"}),
    ("bedrock-runtime.Converse", {"bedrock:InvokeModel"}),
    ("bedrock-runtime.ConverseStream", {"bedrock:InvokeModelWithResponseStream"}),
    ("apigatewaymanagementapi.PostToConnection", {"execute-api:ManageConnections"}),
    ("lambda.Invoke", {"lambda:InvokeFunction"}),
    ("lambda.InvokeAsync", {"lambda:InvokeFunction"}),
    ("stepfunctions.StartExecution", {"states:StartExecution"}),
    ("cloudwatch.PutMetricData", {"cloudwatch:PutMetricData"}),
    ("apigateway.GetRestApi", {"apigateway:GET"}),
    ("apigateway.CreateRestApi", {"apigateway:POST"}),
    ("apigateway.UpdateRestApi", {"apigateway:PATCH"}),
    ("apigatewayv2.DeleteApi", {"apigateway:DELETE"}),
    ("iot-data.Publish", {"iot:Publish"}),
    ("iot-data.GetThingShadow", {"iot:GetThingShadow"}),
    ("timestream-write.WriteRecords", {"timestream:WriteRecords", "timestream:DescribeEndpoints"}),
    ("timestream-query.Query", {"timestream:Select", "timestream:DescribeEndpoints"}),
    ("mturk.CreateHIT", {"mechanicalturk:CreateHIT"}),
    ("budgets.DescribeBudgets", {"budgets:ViewBudget"}),
    ("ses.SendEmail", {"ses:SendEmail"}),
]

WHEN = [
    ("s3.PutObject", "s3:PutObjectAcl", "ACL"),
    ("s3.HeadObject", "s3:GetObject", "!VersionId"),
    ("s3.HeadObject", "s3:GetObjectVersion", "VersionId"),
    ("s3.GetObjectAttributes", "s3:GetObjectAttributes", "!VersionId"),
    ("s3.GetObjectAttributes", "s3:GetObject", "!VersionId"),
    ("dynamodb.TransactWriteItems", "dynamodb:ConditionCheckItem", "TransactItems[].ConditionCheck"),
    ("dynamodb.TransactWriteItems", "dynamodb:PutItem", "TransactItems[].Put"),
    ("dynamodb.ExecuteStatement", "dynamodb:PartiQLSelect", "Statement^=SELECT"),
    ("rekognition.DetectLabels", "s3:GetObject", "Image.S3Object"),
    ("rekognition.CompareFaces", "s3:GetObject", "TargetImage.S3Object"),
    ("textract.StartDocumentAnalysis", "s3:GetObject", "DocumentLocation.S3Object"),
    (
        "transcribe.StartTranscriptionJob",
        "s3:PutObject",
        "OutputBucketName & !JobExecutionSettings.DataAccessRoleArn",
    ),
    ("transcribe.StartTranscriptionJob", "iam:PassRole", "JobExecutionSettings.DataAccessRoleArn"),
    ("comprehend.StartEntitiesDetectionJob", "iam:PassRole", "DataAccessRoleArn"),
    ("lambda.CreateFunction", "iam:PassRole", "Role"),
    ("rds-data.ExecuteStatement", "secretsmanager:GetSecretValue", "secretArn"),
    ("sesv2.SendEmail", "ses:SendRawEmail", "Content.Raw"),
]


@pytest.mark.parametrize(("name", "actions"), ALWAYS)
def test_an_operation_always_needs(facts: SqliteCatalog, name: str, actions: set[str]) -> None:
    operation = facts.operation(*name.split("."))
    assert operation is not None and operation.authorised
    assert {a.action for a in operation.actions if not a.when} == actions


@pytest.mark.parametrize(("name", "action", "when"), WHEN)
def test_an_operation_needs_when(facts: SqliteCatalog, name: str, action: str, when: str) -> None:
    operation = facts.operation(*name.split("."))
    assert operation is not None
    assert (action, when) in {(a.action, a.when) for a in operation.actions}


@pytest.mark.parametrize(
    "name",
    ["sts.GetCallerIdentity", "cognito-idp.SignUp", "cognito-idp.InitiateAuth", "cognito-identity.GetId", "sso.Logout"],
)
def test_an_operation_that_nothing_guards(facts: SqliteCatalog, name: str) -> None:
    operation = facts.operation(*name.split("."))
    assert operation is not None
    assert not operation.authorised and not operation.actions and operation.exception


def test_copy_object_never_needs_to_list(facts: SqliteCatalog) -> None:
    """Old public data says so; the request itself lists nothing."""
    operation = facts.operation("s3", "CopyObject")
    assert operation is not None
    assert "s3:ListBucket" not in {a.action for a in operation.actions}


def test_a_reason_says_why_nothing_is_known(facts: SqliteCatalog) -> None:
    operation = facts.operation("polly", "DeleteVoice")
    assert operation is not None
    assert operation.authorised and not operation.actions
    assert "no action" in operation.exception


def test_resources_stand_in_parameters_named_like_the_arn(facts: SqliteCatalog) -> None:
    operation = facts.operation("mediastore", "DeleteMetricPolicy")
    assert operation is not None
    rows = [(r.parameter, r.type, r.variable) for r in operation.resources]
    assert ("ContainerName", "container", "ContainerName") in rows


def test_every_resource_row_fits_its_arn(facts: SqliteCatalog) -> None:
    """A row names a type of its action's service and a variable of that type's ARN."""
    wrong = []
    for service in facts.services():
        for operation in facts.operations_of(service.name):
            for row in operation.resources:
                if row.action == "*" or not row.type or row.variable in ("*", "+"):
                    continue
                found = facts.resource_type(row.action.split(":")[0], row.type)
                if found is None or f"${{{row.variable}}}" not in found.arn:
                    wrong.append((operation.service, operation.name, row.action, row.type, row.variable))
    assert wrong == []
