"""Whatever a call's arguments and an environment hold, there is an answer and no exception."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from permission_words import PLACE, a_function, a_project

from scopedown.calls.model import Alternatives, SdkCall
from scopedown.catalog.load import catalog
from scopedown.core.text import ANY, Att, EnvVar, ImportValue, Literal, Param, Pseudo, Ref, Text, Unknown
from scopedown.emit.cloudformation import value
from scopedown.permissions.bind import bind
from scopedown.permissions.encryption import key_permissions
from scopedown.permissions.require import require
from scopedown.permissions.resources import EVERYTHING
from scopedown.permissions.well_formed import well_formed, wrong_with

OPERATIONS = [
    ("dynamodb", "Query"), ("dynamodb", "BatchWriteItem"), ("dynamodb", "ExecuteStatement"), ("s3", "CopyObject"),
    ("s3", "DeleteObjects"), ("sqs", "SendMessage"), ("sns", "Publish"), ("lambda", "Invoke"), ("kms", "Decrypt"),
    ("ssm", "GetParametersByPath"), ("secretsmanager", "GetSecretValue"), ("events", "PutEvents"), ("ses", "SendEmail"),
    ("bedrock-runtime", "Converse"), ("apigatewaymanagementapi", "PostToConnection"), ("ecs", "RunTask"),
    ("athena", "StartQueryExecution"), ("transcribe", "StartTranscriptionJob"), ("logs", "FilterLogEvents"),
    ("route53", "ChangeResourceRecordSets"), ("apigateway", "GetStage"), ("ec2", "RunInstances"), ("glue", "GetTable"),
    ("pinpoint", "PhoneNumberValidate"), ("rds", "CreateDBSnapshot"),
]  # fmt: skip

parts = st.one_of(
    st.sampled_from(
        ["arn:", "arn:aws:s3:::b", "s3://", "https://", "https://sqs.x.amazonaws.com/1/q", "/", ":", "a", "alias/", "?",
         "arn:aws:sqs:us-east-1:1:jobs", "SELECT * FROM ", "${", "", "b@c.d", "x<y>", ":function:", "\n", "%", "*"]
    ).map(Literal),
    st.text(max_size=5).map(Literal),
    st.sampled_from(
        [Ref("Orders"), Ref("Files"), Ref("Key"), Ref("Alias"), Ref("Nothing"), Att("Orders", "Arn"),
         Att("Orders", "StreamArn"), Att("Jobs", "QueueUrl"),
         Pseudo("AWS::Region"), Param("P"), EnvVar("E"), EnvVar("F", Text.of("d")), ANY,
         Unknown("event"), ImportValue(Text.of("x"))]
    ),
)  # fmt: skip
texts = st.lists(parts, max_size=4).map(lambda found: Text.of(*found))
arguments = st.recursive(
    st.one_of(texts, st.none(), st.booleans(), st.integers()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(
            st.sampled_from(["*", "Bucket", "Key", "Objects", "TableName", "EventBusName", "OutputLocation", "t"]),
            inner,
            max_size=3,
        ),
        st.lists(inner, min_size=1, max_size=3).map(lambda options: Alternatives(tuple(options))),
    ),
    max_leaves=6,
)
ENCRYPTION = {
    "ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"KMSMasterKeyID": {"Ref": "Key"}}}]
}
PROJECT = a_project(
    {
        "Orders": ("AWS::DynamoDB::Table", {"TableName": {"Ref": "P"}}),
        "Files": ("AWS::S3::Bucket", {"BucketName": "b", "BucketEncryption": ENCRYPTION}),
        "Jobs": ("AWS::SQS::Queue", {"QueueName": {"Fn::Sub": "jobs-${P}"}, "KmsMasterKeyId": {"Ref": "Alias"}}),
        "Key": "AWS::KMS::Key",
        "Alias": ("AWS::KMS::Alias", {"TargetKeyId": {"Fn::GetAtt": ["Alias", "X"]}}),
    },
    parameters={"P": {"Type": "String", "Default": "orders"}},
    account="111122223333",
)


@settings(max_examples=300, deadline=None)  # a busy machine is no failure
@given(st.data())
def test_any_arguments_have_an_answer(data: st.DataObject) -> None:
    facts = catalog()
    service, name = data.draw(st.sampled_from(OPERATIONS))
    operation = facts.operation(service, name)
    assert operation is not None
    given_names = data.draw(
        st.lists(st.sampled_from([*operation.required, *operation.members, "*", "$endpoint", "$region"]), max_size=5)
    )
    call = SdkCall(service, name, {one: data.draw(arguments) for one in given_names}, PLACE, (), "boto3")
    function = a_function({"E": data.draw(texts)}, events=[("s3", {"bucket": {"Ref": "Files"}})])
    needed = require(call, facts)
    assert needed or not operation.authorised or all(mapping.when for mapping in operation.actions)
    for one in needed:
        found = well_formed(bind(one, function, PROJECT, facts), facts)
        assert found.action == one.action and found.resources
        for resource in found.resources:
            shown: Any = value(resource.arn)
            assert shown != ""
            assert resource.arn == EVERYTHING or not wrong_with(resource.arn, ())
            assert (resource.certainty.value == "resolved") <= (not resource.arn.unknowns)
        for of_key in key_permissions([found], PROJECT):
            assert of_key.action.startswith("kms:") and of_key.because
