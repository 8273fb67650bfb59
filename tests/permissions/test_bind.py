"""A function's environment and its project's resources, put into what its calls need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from permission_words import a_function, a_project, sdk_call, short

from scopedown.catalog.load import SqliteCatalog
from scopedown.core.place import Place
from scopedown.core.text import ANY, Att, EnvVar, ImportValue, Param, Pseudo, Ref, Text, Unknown
from scopedown.permissions.bind import bind, bind_text
from scopedown.permissions.model import Certainty, RequiredPermission
from scopedown.permissions.require import require
from scopedown.project.model import DeclaredResource, Function, Project

E = EnvVar("NAME")
TABLE: Mapping[str, Any] = {"Orders": ("AWS::DynamoDB::Table", {"TableName": "orders"})}


def bound(
    facts: SqliteCatalog,
    operation: str,
    arguments: Mapping[str, Any],
    project: Project,
    function: Function | None = None,
) -> list[RequiredPermission]:
    function = function or a_function()
    return [bind(one, function, project, facts) for one in require(sdk_call(operation, arguments), facts)]


def arns(found: list[RequiredPermission]) -> list[str]:
    return [short(resource.arn) for one in found for resource in one.resources]


ENVIRONMENT = [
    # operation, parameter, what the variable is set to, the declared resource's type and properties, the ARN
    ("dynamodb.GetItem", "TableName", Ref("X"), "AWS::DynamoDB::Table", {}, "${X.Arn}"),
    ("dynamodb.GetItem", "TableName", Att("X", "Arn"), "AWS::DynamoDB::Table", {}, "${X.Arn}"),
    ("dynamodb.GetItem", "TableName", "orders", "AWS::DynamoDB::Table", {"TableName": "orders"}, "${X.Arn}"),
    (
        "dynamodb.GetItem",
        "TableName",
        "other",
        "AWS::DynamoDB::Table",
        {"TableName": "orders"},
        "arn:P:dynamodb:R:A:table/other",
    ),
    (
        "dynamodb.GetItem",
        "TableName",
        "orders-old",
        "AWS::DynamoDB::Table",
        {"TableName": "orders"},
        "arn:P:dynamodb:R:A:table/orders-old",
    ),
    ("s3.ListObjectsV2", "Bucket", Ref("X"), "AWS::S3::Bucket", {}, "arn:P:s3:::${X}"),
    ("s3.ListObjectsV2", "Bucket", Att("X", "Arn"), "AWS::S3::Bucket", {}, "arn:P:s3:::${X}"),
    ("s3.ListObjectsV2", "Bucket", "shop-files", "AWS::S3::Bucket", {"BucketName": "shop-files"}, "arn:P:s3:::${X}"),
    ("sqs.SendMessage", "QueueUrl", Ref("X"), "AWS::SQS::Queue", {}, "${X.Arn}"),
    ("sqs.SendMessage", "QueueUrl", Att("X", "QueueUrl"), "AWS::SQS::Queue", {}, "${X.Arn}"),
    ("sqs.GetQueueUrl", "QueueName", Att("X", "QueueName"), "AWS::SQS::Queue", {}, "${X.Arn}"),
    (
        "sqs.SendMessage",
        "QueueUrl",
        "https://sqs.eu-west-1.amazonaws.com/111122223333/jobs",
        "AWS::SQS::Queue",
        {"QueueName": "jobs"},
        "${X.Arn}",
    ),
    ("sns.Publish", "TopicArn", Ref("X"), "AWS::SNS::Topic", {}, "${X}"),
    ("sns.Publish", "TopicArn", Att("X", "TopicArn"), "AWS::SNS::Topic", {}, "${X}"),
    (
        "sns.Publish",
        "TopicArn",
        "arn:aws:sns:eu-west-1:111122223333:news",
        "AWS::SNS::Topic",
        {"TopicName": "news"},
        "${X}",
    ),
    ("stepfunctions.StartExecution", "stateMachineArn", Ref("X"), "AWS::StepFunctions::StateMachine", {}, "${X}"),
    (
        "stepfunctions.StartExecution",
        "stateMachineArn",
        Att("X", "Arn"),
        "AWS::StepFunctions::StateMachine",
        {},
        "${X}",
    ),
    (
        "stepfunctions.StartExecution",
        "stateMachineArn",
        Text.of(
            "arn:aws:states:", Pseudo("AWS::Region"), ":", Pseudo("AWS::AccountId"), ":stateMachine:", Att("X", "Name")
        ),
        "AWS::StepFunctions::StateMachine",
        {},
        "${X}",
    ),
    ("kinesis.PutRecord", "StreamName", Ref("X"), "AWS::Kinesis::Stream", {}, "${X.Arn}"),
    ("secretsmanager.GetSecretValue", "SecretId", Ref("X"), "AWS::SecretsManager::Secret", {}, "${X}"),
    ("secretsmanager.GetSecretValue", "SecretId", "db", "AWS::SecretsManager::Secret", {"Name": "db"}, "${X}"),
    ("cognito-idp.AdminGetUser", "UserPoolId", Ref("X"), "AWS::Cognito::UserPool", {}, "${X.Arn}"),
    ("kms.Encrypt", "KeyId", Ref("X"), "AWS::KMS::Key", {}, "${X.Arn}"),
    (
        "ssm.GetParameter",
        "Name",
        Ref("X"),
        "AWS::SSM::Parameter",
        {"Name": "/shop/key"},
        "arn:P:ssm:R:A:parameter/shop/key",
    ),
    ("ssm.GetParameter", "Name", Ref("X"), "AWS::SSM::Parameter", {}, "arn:P:ssm:R:A:parameter/${X}"),
    ("events.PutRule", "Name", Ref("X"), "AWS::Events::Rule", {}, "${X.Arn}"),
    ("logs.FilterLogEvents", "logGroupName", Ref("X"), "AWS::Logs::LogGroup", {}, "arn:P:logs:R:A:log-group:${X}:*"),
    (
        "lambda.Invoke",
        "FunctionName",
        "shop-dev-other",
        "AWS::SNS::Topic",
        {},
        "arn:P:lambda:R:A:function:shop-dev-other",
    ),
    (
        "lambda.Invoke",
        "FunctionName",
        Ref("OtherLambdaFunction"),
        "AWS::SNS::Topic",
        {},
        "arn:P:lambda:R:A:function:shop-dev-other",
    ),
    (
        "lambda.Invoke",
        "FunctionName",
        Att("OtherLambdaFunction", "Arn"),
        "AWS::SNS::Topic",
        {},
        "arn:P:lambda:R:A:function:shop-dev-other",
    ),
]


@pytest.mark.parametrize(("operation", "parameter", "value", "type_name", "properties", "arn"), ENVIRONMENT)
def test_a_variable_leads_to_the_declared_resource(
    facts: SqliteCatalog, operation: str, parameter: str, value: Any, type_name: str, properties: Any, arn: str
) -> None:
    function = a_function({"NAME": value})
    project = a_project({"X": (type_name, properties)}, (function, a_function(key="other")), account="111122223333")
    found = bound(facts, operation, {parameter: E, "Entries": ()}, project, function)
    assert arns(found)[:1] == [arn.replace(":A:", ":111122223333:")]
    assert found[0].resources[0].certainty is Certainty.RESOLVED


def test_an_index_is_part_of_the_declared_table(facts: SqliteCatalog) -> None:
    found = bound(facts, "dynamodb.Query", {"TableName": "orders", "IndexName": "byDate"}, a_project(TABLE))
    assert arns(found) == ["${Orders.Arn}/index/byDate"]


def test_a_name_out_of_a_parameter_is_that_of_the_resource_that_takes_it_from_there(facts: SqliteCatalog) -> None:
    project = a_project(
        {"Orders": ("AWS::DynamoDB::Table", {"TableName": {"Ref": "OrdersName"}})},
        parameters={"OrdersName": {"Type": "String", "Default": "orders"}},
    )
    for name in (Param("OrdersName"), "orders"):
        assert arns(bound(facts, "dynamodb.GetItem", {"TableName": name}, project)) == ["${Orders.Arn}"]


def test_a_name_that_sub_builds_is_compared_as_text(facts: SqliteCatalog) -> None:
    project = a_project({"Jobs": ("AWS::SQS::Queue", {"QueueName": {"Fn::Sub": "jobs-${AWS::Region}"}})})
    function = a_function()
    named = Text.of("https://sqs.x.amazonaws.com/1/jobs-", EnvVar("AWS_REGION"))
    found = bound(facts, "sqs.GetQueueUrl", {"QueueName": Text.of("jobs-", EnvVar("AWS_REGION"))}, project, function)
    assert arns(found) == ["${Jobs.Arn}"]
    assert arns(bound(facts, "sqs.SendMessage", {"QueueUrl": named}, project)) == ["arn:P:sqs:x:1:jobs-R"]


def test_a_key_of_a_batch_is_bound_too(facts: SqliteCatalog) -> None:
    function = a_function({"NAME": Ref("Orders")})
    call = {"RequestItems": {Text.of(E): ()}}
    assert arns(bound(facts, "dynamodb.BatchWriteItem", call, a_project(TABLE), function)) == ["${Orders.Arn}"]


def test_an_alias_of_a_key_leads_to_its_key(facts: SqliteCatalog) -> None:
    project = a_project({
        "Key": "AWS::KMS::Key",
        "Alias": ("AWS::KMS::Alias", {"AliasName": "alias/shop", "TargetKeyId": {"Ref": "Key"}}),
    })  # fmt: skip
    function = a_function({"NAME": Ref("Alias")})
    assert arns(bound(facts, "kms.Encrypt", {"KeyId": E}, project, function)) == ["${Key.Arn}"]


def test_an_import_stays_an_import(facts: SqliteCatalog) -> None:
    function = a_function({"NAME": ImportValue(Text.of("orders-table"))})
    found = bound(facts, "dynamodb.GetItem", {"TableName": E}, a_project(), function)
    assert arns(found) == ["arn:P:dynamodb:R:A:table/${ImportValue orders-table}"]
    assert found[0].resources[0].certainty is Certainty.RESOLVED


def test_an_import_whose_name_says_arn_is_taken_as_one(facts: SqliteCatalog) -> None:
    function = a_function({"NAME": ImportValue(Text.of("OrdersTableArn"))})
    assert arns(bound(facts, "dynamodb.GetItem", {"TableName": E}, a_project(), function)) == [
        "${ImportValue OrdersTableArn}"
    ]


def test_a_variable_that_nobody_sets_is_unknown_and_says_so(facts: SqliteCatalog) -> None:
    (found,) = bound(facts, "dynamodb.GetItem", {"TableName": E}, a_project())
    (resource,) = found.resources
    assert short(resource.arn) == "arn:P:dynamodb:R:A:table/*"
    assert resource.certainty is Certainty.UNKNOWN
    assert resource.reason == "TableName: the environment variable NAME is not set in the project"


def test_the_default_in_the_code_counts_where_the_project_sets_nothing(facts: SqliteCatalog) -> None:
    call = {"TableName": EnvVar("NAME", Text.of("orders"))}
    assert arns(bound(facts, "dynamodb.GetItem", call, a_project(TABLE))) == ["${Orders.Arn}"]
    elsewhere = a_function({"NAME": "archive"})
    assert arns(bound(facts, "dynamodb.GetItem", call, a_project(TABLE), elsewhere)) == [
        "arn:P:dynamodb:R:A:table/archive"
    ]


def test_a_reference_to_the_wrong_kind_of_resource_is_no_evidence(facts: SqliteCatalog) -> None:
    function = a_function({"NAME": Ref("Files")})
    project = a_project({"Files": "AWS::S3::Bucket"})
    (found,) = bound(facts, "dynamodb.GetItem", {"TableName": E}, project, function)
    assert short(found.resources[0].arn) == "arn:P:dynamodb:R:A:table/*"
    assert found.resources[0].reason == "Files is an AWS::S3::Bucket, which dynamodb:GetItem does not act on"
    (found,) = bound(facts, "sns.Publish", {"TopicArn": E}, a_project({"Files": "AWS::SQS::Queue"}), function)
    assert short(found.resources[0].arn) == "arn:P:sns:R:A:*"


def test_a_reference_in_a_key_is_only_text(facts: SqliteCatalog) -> None:
    project = a_project({"Files": "AWS::S3::Bucket", **TABLE})
    call = {"Bucket": Ref("Files"), "Key": Text.of(Ref("Orders"), "/", Unknown("event"))}
    assert arns(bound(facts, "s3.GetObject", call, project)) == ["arn:P:s3:::${Files}/${Orders}/*"]


def test_a_given_account_and_region_take_their_places(facts: SqliteCatalog) -> None:
    project = a_project(account="111122223333", partition="aws-cn", given_region="cn-north-1")
    (needed,) = require(sdk_call("sqs.GetQueueUrl", {"QueueName": "q"}), facts)
    found = bind(needed, a_function(), project, facts)
    assert str(found.resources[0].arn) == "arn:aws-cn:sqs:cn-north-1:111122223333:q"


def test_a_region_from_the_environment_is_that_of_the_resources(facts: SqliteCatalog) -> None:
    call = {"modelId": "amazon.titan-embed-text-v1", "$region": EnvVar("MODELS")}
    for value, region in (("eu-central-1", "eu-central-1"), (Param("Models"), "${Models}"), (None, "R")):
        function = a_function({} if value is None else {"MODELS": value})
        assert arns(bound(facts, "bedrock-runtime.InvokeModel", call, a_project(), function)) == [
            f"arn:P:bedrock:{region}::foundation-model/amazon.titan-embed-text-v1"
        ]


def test_a_region_out_of_a_parameter_is_the_stacks_own_where_its_default_says_so(facts: SqliteCatalog) -> None:
    call = {"TableName": Param("Name"), "$region": EnvVar("AT")}
    function = a_function({"AT": Param("At")})
    for default, arn in (("R1", "${Orders.Arn}"), ("R2", "arn:P:dynamodb:${At}:A:table/${Name}")):
        project = a_project(
            {"Orders": ("AWS::DynamoDB::Table", {"TableName": {"Ref": "Name"}})},
            parameters={"Name": {"Type": "String"}, "At": {"Type": "String", "Default": default}},
        )
        assert arns(bound(facts, "dynamodb.GetItem", call, replace(project, region="R1"), function)) == [arn]


def test_the_reason_keeps_the_call_as_it_was_found(facts: SqliteCatalog) -> None:
    function = a_function({"NAME": Ref("Orders")})
    (found,) = bound(facts, "dynamodb.GetItem", {"TableName": E}, a_project(TABLE), function)
    assert found.because == (sdk_call("dynamodb.GetItem", {"TableName": E}),)


@pytest.mark.parametrize(
    "reference", [{"Fn::GetAtt": ["HelloLambdaFunction", "Arn"]}, {"Fn::Sub": "${HelloLambdaFunction.Arn}"}]
)
def test_a_name_stays_where_a_reference_would_close_a_circle(facts: SqliteCatalog, reference: Any) -> None:
    notified = {"NotificationConfiguration": {"LambdaConfigurations": [{"Function": reference}]}}
    function = a_function({"NAME": "uploads"})
    for properties in (notified, {"Tags": [{"Key": "k", "Value": {"Ref": "Between"}}]}):
        project = a_project(
            {
                "Uploads": ("AWS::S3::Bucket", {"BucketName": "uploads", **properties}),
                "Between": ("AWS::SNS::Topic", {"TopicName": reference}),
            },
            (function,),
        )
        assert arns(bound(facts, "s3.ListObjectsV2", {"Bucket": E}, project, function)) == ["arn:P:s3:::uploads"]
        by_reference = bound(facts, "s3.ListObjectsV2", {"Bucket": Ref("Uploads")}, project, function)
        assert arns(by_reference) == ["arn:P:s3:::${Uploads}"]


def test_text_that_looks_like_a_variable_of_sub_closes_no_circle(facts: SqliteCatalog) -> None:
    tags = [{"Key": "note", "Value": "see ${HelloLambdaFunction} docs"}]
    function = a_function({"NAME": "orders"})
    project = a_project({"Orders": ("AWS::DynamoDB::Table", {"TableName": "orders", "Tags": tags})}, (function,))
    assert arns(bound(facts, "dynamodb.GetItem", {"TableName": E}, project, function)) == ["${Orders.Arn}"]


def test_a_name_stays_where_a_resource_of_the_framework_waits_for_the_function(facts: SqliteCatalog) -> None:
    place = Place("serverless.yml", 9, 5)
    bucket = DeclaredResource(
        "S3BucketUploads", "AWS::S3::Bucket", {"BucketName": "uploads"}, place, {"DependsOn": ["Permission"]}
    )
    permission = DeclaredResource(
        "Permission", "AWS::Lambda::Permission", {"FunctionName": {"Ref": "HelloLambdaFunction"}}, place
    )
    function = a_function({"NAME": "uploads"})
    project = a_project({}, (function,), generated={"S3BucketUploads": bucket, "Permission": permission})
    assert arns(bound(facts, "s3.ListObjectsV2", {"Bucket": E}, project, function)) == ["arn:P:s3:::uploads"]


def test_the_endpoint_of_a_declared_api_names_it(facts: SqliteCatalog) -> None:
    function = a_function({"NAME": Text.of(Att("Chat", "ApiEndpoint"), "/dev")})
    call = {"ConnectionId": Unknown("event"), "$endpoint": E}
    project = a_project({"Chat": "AWS::ApiGatewayV2::Api"})
    assert arns(bound(facts, "apigatewaymanagementapi.PostToConnection", call, project, function)) == [
        "arn:P:execute-api:R:A:${Chat}/dev/POST/@connections/*"
    ]


def test_a_function_names_itself(facts: SqliteCatalog) -> None:
    call = {"FunctionName": EnvVar("AWS_LAMBDA_FUNCTION_NAME")}
    function = a_function()
    found = bound(facts, "lambda.Invoke", call, a_project(functions=(function,)), function)
    assert arns(found) == ["arn:P:lambda:R:A:function:shop-dev-hello"]


def test_a_function_without_a_name_is_named_by_pattern_in_its_own_role_and_by_reference_in_others(
    facts: SqliteCatalog,
) -> None:
    generated = Text.of(Pseudo("AWS::StackName"), "-Hello-", ANY)
    itself = replace(a_function(), name=generated)
    other = replace(a_function(), name=Text.of("other"), logical_id="OtherLambdaFunction", key="other")
    project = a_project({}, (itself, other))
    called = {"FunctionName": Att("HelloLambdaFunction", "Arn")}
    own = "arn:P:lambda:R:A:function:${AWS::StackName}-Hello-*"
    assert arns(bound(facts, "lambda.Invoke", called, project, itself)) == [own]
    assert arns(bound(facts, "lambda.Invoke", {"FunctionName": generated}, project, itself)) == [own]
    assert arns(bound(facts, "lambda.Invoke", called, project, other)) == ["${HelloLambdaFunction.Arn}"]


def test_variables_that_refer_to_each_other_end() -> None:
    function = a_function({"A": EnvVar("B"), "B": EnvVar("A")})
    assert bind_text(Text.of(EnvVar("A")), function).parts


@pytest.mark.parametrize(
    ("operation", "parameter", "type", "properties", "arn"),
    [
        ("ssm.GetParameter", "Name", "AWS::SSM::Parameter", {"Name": "/a/b"}, "arn:P:ssm:eu-west-2:A:parameter/a/b"),
        (
            "dynamodb.GetItem",
            "TableName",
            "AWS::DynamoDB::Table",
            {"TableName": "t"},
            "arn:P:dynamodb:eu-west-2:A:table/t",
        ),
        ("dynamodb.GetItem", "TableName", "AWS::DynamoDB::Table", {}, "arn:P:dynamodb:eu-west-2:A:table/${X}"),
    ],
)
def test_in_another_region_a_reference_is_the_name_that_it_gives(
    facts: SqliteCatalog, operation: str, parameter: str, type: str, properties: Any, arn: str
) -> None:
    project = a_project({"X": (type, properties)})
    arguments = {parameter: Text.of(E), "$region": Text.of("eu-west-2")}
    found = bound(facts, operation, arguments, project, a_function(environment={"NAME": Text.of(Ref("X"))}))
    assert arns(found) == [arn]
