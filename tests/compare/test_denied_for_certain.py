"""A denial is told where it is certain: not where a statement, a stand-in or a region may turn out to be enough."""

from __future__ import annotations

from pathlib import Path

import pytest

from scopedown.catalog.load import catalog
from scopedown.checks.run import problems
from scopedown.project.load import Options, load_project
from scopedown.scan import scan

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders: {Type: 'AWS::DynamoDB::Table', Properties: {TableName: orders}}
  Shop: {Type: 'AWS::AppSync::GraphQLApi', Properties: {Name: shop, AuthenticationType: AWS_IAM}}
  Worker:
    Type: AWS::Serverless::Function
    Properties: {FunctionName: w, Handler: app.f, Runtime: python3.12, CodeUri: ., AutoPublishAlias: live}
  F:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.f
      Runtime: python3.12
      CodeUri: .
      Environment:
        Variables: {TABLE: !Ref Orders, WORKER: !Ref Worker.Alias, SHOP: !GetAtt Shop.GraphQLUrl}
      Policies: [{Statement: [{Effect: Allow, Action: 'ACTION', Resource: RESOURCE}]}]
"""


def found(folder: Path, code: str, **options: str) -> set[str]:
    (folder / "app.py").write_text(code)
    read = scan(load_project(folder, Options(**options)), catalog())
    return {one.rule for one in problems(read, catalog()) if "F" in one.functions}


def told(folder: Path, action: str, resource: str, call: str, **options: str) -> set[str]:
    (folder / "template.yaml").write_text(TEMPLATE.replace("ACTION", action).replace("RESOURCE", resource))
    return found(folder, f"import boto3, os\ndef f(event, context):\n    {call}\n", **options)


@pytest.mark.parametrize(
    ("resource", "denied"),
    [("!Sub 'arn:aws:s3:::files/in/*'", False), ("!Sub 'arn:aws:s3:::other/*'", True)],
)
def test_an_open_name_may_be_of_the_part_that_is_allowed(tmp_path: Path, resource: str, denied: bool) -> None:
    call = "boto3.client('s3').get_object(Bucket='files', Key=f\"{event['kind']}/list\")"
    assert ("SD101" in told(tmp_path, "s3:GetObject", resource, call)) is denied


def test_a_profile_of_several_regions_asks_for_the_model_in_all_of_them(tmp_path: Path) -> None:
    action = "bedrock:InvokeModel"
    invoke = "boto3.client('bedrock-runtime').invoke_model(modelId='{}amazon.nova-lite-v1:0', body='')"
    model = "arn:aws:bedrock:${AWS::Region}::foundation-model/amazon.nova-lite-v1:0"
    profiles = "arn:aws:bedrock:${AWS::Region}:${AWS::AccountId}:inference-profile/*"
    allowed = f"[!Sub '{model}', !Sub '{profiles}', 'arn:aws:bedrock:::foundation-model/*']"
    assert "SD101" in told(tmp_path, action, allowed, invoke.format("us."))
    assert "SD101" not in told(tmp_path, action, allowed, invoke.format("global."))
    here_alone = f"[!Sub '{model}', !Sub '{profiles}']"
    assert "SD101" in told(tmp_path, action, here_alone, invoke.format("global."))


def test_an_alias_is_one_of_its_function_with_any_qualifier(tmp_path: Path) -> None:
    call = "boto3.client('lambda').invoke(FunctionName=os.environ['WORKER'])"
    assert "SD101" not in told(tmp_path, "lambda:InvokeFunction", "!Sub '${Worker.Arn}:*'", call)
    assert "SD101" not in told(tmp_path, "lambda:InvokeFunction", "!Sub '${Worker.Arn}:live'", call)
    assert "SD101" in told(tmp_path, "lambda:InvokeFunction", "!GetAtt Worker.Arn", call)
    assert "SD101" in told(tmp_path, "lambda:InvokeFunction", "!Sub '${Worker.Arn}:old'", call)


def test_a_stack_may_deploy_to_the_region_that_its_code_names(tmp_path: Path) -> None:
    call = "boto3.client('dynamodb', region_name='eu-west-1').get_item(TableName=os.environ['TABLE'], Key={})"
    table = "!Sub 'arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Orders}'"
    assert told(tmp_path, "dynamodb:GetItem", table, call) == {"SD106"}
    assert "SD101" in told(tmp_path, "dynamodb:GetItem", table, call, region="us-east-1")


def test_what_is_asked_of_some_tables_is_not_denied_for_certain(tmp_path: Path) -> None:
    call = "boto3.client('athena').start_query_execution(QueryString=event['sql'], WorkGroup='w')"
    actions = "{}', 'athena:*', 'glue:GetTable', 's3:*"
    text = TEMPLATE.replace("Action: 'ACTION'", f"Action: ['{actions}']").replace("RESOURCE", "'*'")
    for named, denied in (("glue:GetDatabase", False), ("glue:GetDatabases", True)):
        (tmp_path / "template.yaml").write_text(text.replace("{}", named))
        code = f"import boto3\ndef f(event, context):\n    {call}\n"
        assert ("SD101" in found(tmp_path, code)) is denied


SERVICE = """\
service: s
provider: {name: aws, runtime: python3.12}
functions:
  F:
    handler: app.f
    events: [{stream: {type: kinesis, arn: 'arn:aws:kinesis:<region>:<account>:stream/<name>'}}]
"""


def test_a_stand_in_in_the_place_of_a_stream_is_that_of_its_statement(tmp_path: Path) -> None:
    (tmp_path / "serverless.yml").write_text(SERVICE)
    assert "SD102" not in found(tmp_path, "def f(event, context): pass\n")


def test_descriptions_may_be_allowed_on_everything_of_their_type(tmp_path: Path) -> None:
    """SAM's own statement for a cluster's event: rds:DescribeDBSubnetGroups on every subnet group."""
    event = (
        "{Type: DocumentDB, Properties: {Cluster: 'arn:aws:rds:us-east-1:123456789012:cluster:c', DatabaseName: d, "
        "SourceAccessConfigurations: [{Type: BASIC_AUTH, "
        "URI: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:s'}]}}"
    )
    text = TEMPLATE.replace("      Policies:", f"      Events: {{Cluster: {event}}}\n      Policies:")
    (tmp_path / "template.yaml").write_text(text.replace("ACTION", "sqs:ListQueues").replace("RESOURCE", "'*'"))
    assert "SD102" not in found(tmp_path, "def f(event, context): pass\n")


@pytest.mark.parametrize(("action", "unused"), [("kafka:ListScramSecrets", False), ("kafka:DeleteCluster", True)])
def test_what_the_documentation_asks_for_a_topics_login_is_not_unused(
    tmp_path: Path, action: str, unused: bool
) -> None:
    event = (
        "{Type: MSK, Properties: {Stream: 'arn:aws:kafka:us-east-1:123456789012:cluster/c/u', Topics: [t], "
        "StartingPosition: LATEST, SourceAccessConfigurations: [{Type: SASL_SCRAM_512_AUTH, "
        "URI: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:s'}]}}"
    )
    text = TEMPLATE.replace("      Policies:", f"      Events: {{Topic: {event}}}\n      Policies:")
    (tmp_path / "template.yaml").write_text(text.replace("ACTION", action).replace("RESOURCE", "'*'"))
    assert ("SD201" in found(tmp_path, "def f(event, context): pass\n")) is unused


@pytest.mark.parametrize(
    ("call", "action", "resource", "denied"),
    [
        (
            "stepfunctions').send_task_success(taskToken='t', output='o')",
            "states:SendTaskSuccess",
            "stateMachine:m",
            False,
        ),
        (
            "stepfunctions').send_task_success(taskToken='t', output='o')",
            "states:SendTaskFailure",
            "stateMachine:m",
            True,
        ),
        ("events').list_rules()", "events:ListRules", "rule/*", False),
        ("stepfunctions').list_activities()", "states:ListActivities", "activity:a", False),
        ("ec2').describe_instances()", "ec2:DescribeInstances", "instance/i", True),
    ],
)
def test_what_the_reference_names_no_resource_for_may_be_asked_of_one(
    tmp_path: Path, call: str, action: str, resource: str, denied: bool
) -> None:
    service = action.partition(":")[0]
    arn = f"!Sub 'arn:aws:{service}:${{AWS::Region}}:${{AWS::AccountId}}:{resource}'"
    rules = told(tmp_path, action, arn, f"boto3.client('{call}")
    assert ("SD101" in rules) is denied
    assert "SD202" not in rules or denied


def test_an_older_extension_of_appconfig_asks_for_another_action(tmp_path: Path) -> None:
    call = "__import__('urllib.request').request.urlopen('http://localhost:2772/applications/a/environments/b/configurations/c')"
    assert not told(tmp_path, "appconfig:GetConfiguration", "'*'", call) & {"SD101", "SD201"}
    assert "SD101" in told(tmp_path, "appconfig:GetEnvironment", "'*'", call)


def test_what_goes_on_from_a_given_arn_may_be_the_resource(tmp_path: Path) -> None:
    queue = "https://sqs.us-east-1.amazonaws.com/123456789012/jobs"
    call = f"boto3.client('sqs').send_message(QueueUrl='{queue}', MessageBody='')"
    given = "Parameters: {Given: {Type: 'AWS::SSM::Parameter::Value<String>'}}\nResources:"
    for resource, denied in (("!Sub '${Given}bs'", False), ("!Sub 'arn:aws:sqs:*:*:${Given}/bs'", True)):
        text = (
            TEMPLATE.replace("Resources:", given, 1).replace("ACTION", "sqs:SendMessage").replace("RESOURCE", resource)
        )
        (tmp_path / "template.yaml").write_text(text)
        rules = found(tmp_path, f"import boto3\ndef f(event, context):\n    {call}\n")
        assert ("SD101" in rules) is denied


PLAIN = """\
Resources:
  Logs: {Type: 'AWS::Logs::LogGroup', Properties: {LogGroupName: /aws/lambda/shop}}
  Files: {Type: 'AWS::S3::Bucket', Properties: {BucketName: files}}
  FilesPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Files
      PolicyDocument:
        Statement: [{Effect: Allow, Principal: PRINCIPAL, Action: 's3:GetObject', Resource: !Sub '${Files.Arn}/*'}]
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}]
      Policies:
        - PolicyName: own
          PolicyDocument:
            Statement:
              - {Effect: Allow, Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: !GetAtt Logs.Arn}
              - {Effect: Allow, Action: 'dynamodb:PutItem', Resource: 'arn:aws:dynamodb:eu-west-3:*:table/orders'}
  F:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: shop
      Handler: app.f
      Runtime: python3.12
      Role: !GetAtt Role.Arn
      Code: .
"""
CODE = """\
import boto3
def f(event, context):
    boto3.client("s3").get_object(Bucket="files", Key="a")
    boto3.client("dynamodb").put_item(TableName="orders", Item={})
"""


@pytest.mark.parametrize(
    ("principal", "region", "denied"),
    [
        ("'*'", None, set()),
        ("{AWS: '*'}", None, set()),
        ("{AWS: '111122223333'}", None, {"SD101"}),
        ("'*'", "eu-west-1", {"SD101"}),
    ],
)
def test_what_stands_beside_the_role_may_allow_it(
    tmp_path: Path, principal: str, region: str | None, denied: set[str]
) -> None:
    """A bucket's policy for everybody, a log group's attribute that names its streams, a region that nobody says."""
    (tmp_path / "template.yaml").write_text(PLAIN.replace("PRINCIPAL", principal))
    options = {} if region is None else {"region": region}
    assert found(tmp_path, CODE, **options) & {"SD101", "SD103"} == denied
