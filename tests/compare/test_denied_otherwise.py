"""A denial is told of every deployment: not where other parameters, or another path of the program, may be allowed."""

from __future__ import annotations

from pathlib import Path

import pytest

from scopedown.catalog.load import catalog
from scopedown.checks.run import problems
from scopedown.project.load import Options, load_project
from scopedown.scan import scan

HEAD = """\
Transform: AWS::Serverless-2016-10-31
Parameters:
  Files: {Type: String, Default: ''}
  Prefix: {Type: String, Default: dev}
Conditions:
  HasFiles: !Not [!Equals [!Ref Files, '']]
Resources:
  Orders: {Type: 'AWS::DynamoDB::Table', Properties: {TableName: orders}}
  R:
    Type: AWS::IAM::Role
    Properties: {AssumeRolePolicyDocument: {}}
  F:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.f
      Runtime: python3.12
      CodeUri: .
      Environment: {Variables: {TABLE: !Ref Orders}}
"""
READS = "Statement: [{Effect: Allow, Action: 's3:GetObject', Resource: !Sub 'arn:aws:s3:::${Files}/*'}]"
GET_FILE = "boto3.client('s3').get_object(Bucket=event['bucket'], Key='k')"


def told(folder: Path, template: str, *code: str, **params: str) -> bool:
    (folder / "template.yaml").write_text(template)
    body = "".join(f"    {line}\n" for line in code)
    (folder / "app.py").write_text(f"import boto3, os\ndef f(event, context):\n{body}")
    read = scan(load_project(folder, Options(params=params)), catalog())
    return any(one.rule == "SD101" for one in problems(read, catalog()))


@pytest.mark.parametrize(
    "policies",
    [
        f"      Policies: [!If [HasFiles, {{{READS}}}, !Ref 'AWS::NoValue']]\n",
        "      Role: !GetAtt Own.Arn\n"
        "  Own:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument: {}\n"
        f"      Policies: !If [HasFiles, [{{PolicyName: p, PolicyDocument: {{{READS}}}}}], []]\n",
        "      Policies: [{Statement: [{Effect: Allow, Action: 'sqs:ListQueues', Resource: '*'}]}]\n"
        "  P:\n    Type: AWS::IAM::Policy\n    Condition: HasFiles\n"
        f"    Properties: {{PolicyName: p, Roles: [!Ref FRole], PolicyDocument: {{{READS}}}}}\n",
    ],
)
def test_a_policy_that_a_parameter_attaches_may_allow(tmp_path: Path, policies: str) -> None:
    assert not told(tmp_path, HEAD + policies, GET_FILE)
    assert told(tmp_path, HEAD + policies, "boto3.client('s3').list_buckets()")
    assert told(tmp_path, HEAD + policies, GET_FILE, Files="")


def test_a_function_whose_role_a_parameter_chooses_may_have_another(tmp_path: Path) -> None:
    chosen = "      Role: !If [HasFiles, !Ref Files, !GetAtt R.Arn]\n"
    assert not told(tmp_path, HEAD + chosen, GET_FILE)
    assert told(tmp_path, HEAD + "      Role: !GetAtt R.Arn\n", GET_FILE)


def test_a_name_with_a_parameter_may_be_the_one_that_the_code_has(tmp_path: Path) -> None:
    allowed = "Action: 'dynamodb:GetItem', Resource: !Sub 'arn:aws:dynamodb:*:*:table/${Prefix}-orders'"
    template = HEAD + f"      Policies: [{{Statement: [{{Effect: Allow, {allowed}}}]}}]\n"
    get = "boto3.client('dynamodb').get_item(TableName='{}', Key={{}})"
    assert not told(tmp_path, template, get.format("live-orders"))
    assert told(tmp_path, template, get.format("live-orders"), Prefix="dev")
    assert told(tmp_path, template, get.format("live-users"))


def test_a_path_may_take_the_value_that_is_allowed(tmp_path: Path) -> None:
    allowed = "Action: 'dynamodb:GetItem', Resource: !GetAtt Orders.Arn"
    template = HEAD + f"      Policies: [{{Statement: [{{Effect: Allow, {allowed}}}]}}]\n"
    get = "boto3.client('dynamodb').get_item(TableName=table, Key={})"
    either = "table = os.environ['TABLE'] if event['live'] else 'not-used'"
    assert not told(tmp_path, template, either, get)
    assert told(tmp_path, template, "table = 'one' if event['live'] else 'two'", get)
    both = "boto3.client('dynamodb').get_item(TableName=os.environ['TABLE'], Key={})"
    assert told(tmp_path, template, both, "table = 'other'", get)


def test_what_the_reference_names_no_resource_for_may_have_one(tmp_path: Path) -> None:
    template = HEAD + "      Policies: [{Statement: [{Effect: Allow, Action: 'ACTION', Resource: RESOURCE}]}]\n"
    queues = template.replace("ACTION", "sqs:ListQueues").replace("RESOURCE", "!Sub 'arn:aws:sqs:*:*:orders'")
    metrics = template.replace("ACTION", "cloudwatch:Put*").replace("RESOURCE", "!Sub 'arn:aws:cloudwatch:*:*:x'")
    assert not told(tmp_path, queues, "boto3.client('sqs').list_queues()")
    assert told(tmp_path, metrics, "boto3.client('cloudwatch').put_metric_data(Namespace='n', MetricData=[])")


def test_a_macro_may_add_to_a_role(tmp_path: Path) -> None:
    transforms = HEAD.replace("AWS::Serverless-2016-10-31", "[AWS::Serverless-2016-10-31, OurMacro]")
    assert told(tmp_path, HEAD, GET_FILE)
    assert not told(tmp_path, transforms, GET_FILE)


def test_credentials_that_the_code_puts_into_a_session_are_not_the_roles(tmp_path: Path) -> None:
    policies = "      Policies: [{Statement: [{Effect: Allow, Action: 'sts:AssumeRole', Resource: '*'}]}]\n"
    listed = "boto3.Session(botocore_session=inner).client('sqs').list_queues()"
    inner = "import botocore.session", "inner = botocore.session.Session()"
    assert told(tmp_path, HEAD + policies, *inner, listed)
    assert not told(tmp_path, HEAD + policies, *inner, "inner._credentials = event['theirs']", listed)


def test_a_name_that_the_deployment_does_not_set_makes_no_request(tmp_path: Path) -> None:
    get = "boto3.client('dynamodb').get_item(TableName=os.environ['{}'], Key={{}})"
    assert told(tmp_path, HEAD, get.format("TABLE"))
    assert not told(tmp_path, HEAD, get.format("ELSEWHERE"))


def test_what_a_managed_policy_of_aws_allows_beside_its_service_is_not_denied(tmp_path: Path) -> None:
    dynamodb = HEAD + "      Policies: [AmazonDynamoDBFullAccess]\n"
    assert not told(tmp_path, dynamodb, "boto3.client('sns').create_topic(Name='news')")
    assert told(tmp_path, dynamodb, "boto3.client('sqs').list_queues()")
    assert told(tmp_path, HEAD + "      Policies: [AWSXRayDaemonWriteAccess]\n", "boto3.client('sqs').list_queues()")


def test_a_managed_policy_that_is_not_known_may_allow_everything(tmp_path: Path) -> None:
    unknown = HEAD + "      Policies: ['arn:aws:iam::aws:policy/AmazonOrdersFullAccess']\n"
    assert not told(tmp_path, unknown, "boto3.client('sqs').list_queues()")


def test_conditions_and_resources_of_a_managed_policy_count(tmp_path: Path) -> None:
    secrets = HEAD + "      Policies: [SecretsManagerReadWrite]\n"
    invoke = "boto3.client('lambda').invoke(FunctionName='{}')"
    assert not told(tmp_path, secrets, invoke.format("SecretsManagerRotation"))
    assert told(tmp_path, secrets, invoke.format("orders"))
    makes = "boto3.client('iam').create_service_linked_role(AWSServiceName=event['service'])"
    assert not told(tmp_path, HEAD + "      Policies: [AmazonDynamoDBFullAccess]\n", makes)
    assert told(tmp_path, secrets, makes)


def test_everything_but_some_services_denies_those(tmp_path: Path) -> None:
    power = HEAD + "      Policies: [PowerUserAccess]\n"
    assert not told(tmp_path, power, "boto3.client('sqs').list_queues()")
    assert not told(tmp_path, power, "boto3.client('iam').list_roles()")
    assert told(tmp_path, power, "boto3.client('iam').list_users()")


def test_a_managed_policy_that_denies_denies_what_others_allow(tmp_path: Path) -> None:
    allowed = HEAD + "      Policies: [AmazonSQSFullAccess, AWSLambdaExecute]\n"
    purge = "boto3.client('sqs').purge_queue(QueueUrl='https://sqs.eu-west-1.amazonaws.com/111122223333/jobs')"
    assert not told(tmp_path, allowed, purge)
    assert told(tmp_path, allowed.replace("AWSLambdaExecute", "AWSDenyAll"), purge)
