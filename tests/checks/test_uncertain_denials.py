"""What a role denies for certain, and what only seems so."""

from __future__ import annotations

from pathlib import Path

import pytest

from scopedown.catalog.load import catalog
from scopedown.checks.run import problems
from scopedown.project.load import Options, load_project
from scopedown.scan import scan

TEMPLATE = """\
Parameters:
  Given: {Type: String}
Resources:
  F:
    Type: AWS::Lambda::Function
    Properties:
      Handler: app.f
      Runtime: python3.12
      Code: .
      Role: {'Fn::GetAtt': [R, Arn]}
      Environment: {Variables: {GIVEN: {Ref: Given}, OTHER: {'Fn::GetAtt': [O, Arn]}}}
  R:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole']
      Policies: [{PolicyName: p, PolicyDocument: {Statement: [STATEMENTS]}}]
  O:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: EFFECT, Action: 'sts:AssumeRole', Principal: {AWS: {'Fn::GetAtt': [WHO, Arn]}}}]
  S: {Type: 'AWS::SecretsManager::Secret', Properties: {Name: orders}}
"""


def told(
    folder: Path, statements: str, call: str, effect: str = "Allow", who: str = "R", region: str | None = None
) -> set[str]:
    text = TEMPLATE.replace("STATEMENTS", statements).replace("EFFECT", effect).replace("WHO", who)
    (folder / "template.yaml").write_text(text)
    (folder / "app.py").write_text(f"import boto3, os\ndef f(event, context):\n    boto3.client{call}\n")
    return {one.rule for one in problems(scan(load_project(folder, Options(region=region)), catalog()), catalog())}


LOGS = "{Effect: Allow, Action: 'logs:PutLogEvents', Resource: '*'}"


@pytest.mark.parametrize(("deny", "denied"), [("'arn:aws:sns:*:*:*'", False), ("'*'", True)])
def test_a_deny_of_topics_is_none_of_text_messages(tmp_path: Path, deny: str, denied: bool) -> None:
    statements = (
        f"{{Effect: Deny, Action: 'sns:Publish', Resource: {deny}}}, "
        "{Effect: Allow, Action: 'sns:Publish', Resource: '*'}"
    )
    call = "('sns').publish(PhoneNumber=os.environ['GIVEN'], Message='m')"
    assert ("SD101" in told(tmp_path, statements, call)) is denied


@pytest.mark.parametrize(
    ("effect", "who", "denied"), [("Allow", "R", False), ("Deny", "R", True), ("Allow", "O", True)]
)
def test_a_trust_policy_that_names_the_role_lets_it_assume(tmp_path: Path, effect: str, who: str, denied: bool) -> None:
    call = "('sts').assume_role(RoleArn=os.environ['OTHER'], RoleSessionName='s')"
    assert ("SD101" in told(tmp_path, LOGS, call, effect, who)) is denied


def test_an_unknown_model_may_be_the_kind_that_is_allowed(tmp_path: Path) -> None:
    call = "('bedrock-runtime').invoke_model(modelId=event['model'], body='')"
    models = "{Effect: Allow, Action: 'bedrock:InvokeModel', Resource: 'arn:aws:bedrock:*::foundation-model/*'}"
    assert "SD101" not in told(tmp_path, models, call)
    assert "SD101" in told(tmp_path, models.replace("InvokeModel", "ListFoundationModels"), call)


def test_of_several_types_an_unknown_one_may_be_that_which_is_named(tmp_path: Path) -> None:
    both = "'arn:aws:rds:us-east-1:*:db:orders', 'arn:aws:rds:us-east-1:*:snapshot:*'"
    statements = f"{{Effect: Allow, Action: 'rds:DescribeDBSnapshots', Resource: [{both}]}}"
    call = "('rds').describe_db_snapshots(DBSnapshotIdentifier=event['s'], DBInstanceIdentifier=event['d'])"
    assert "SD202" not in told(tmp_path, statements, call)


def test_a_secret_by_a_parameter_may_be_the_declared_one(tmp_path: Path) -> None:
    statements = "{Effect: Allow, Action: 'secretsmanager:GetSecretValue', Resource: [{Ref: S}]}"
    assert not told(tmp_path, statements, "('secretsmanager').get_secret_value(SecretId=os.environ['GIVEN'])")
    assert "SD202" in told(tmp_path, statements, "('secretsmanager').get_secret_value(SecretId='invoices')")


def test_a_connector_for_aurora_that_was_not_read_may_need_what_seems_unused(tmp_path: Path) -> None:
    statements = "{Effect: Allow, Action: 'dsql:DbConnectAdmin', Resource: '*'}"
    assert "SD201" in told(tmp_path, statements, "('sqs')")
    (tmp_path / "app.py").write_text("import aurora_dsql_psycopg2 as dsql\ndef f(event, context): dsql.connect()\n")
    found = problems(scan(load_project(tmp_path, Options()), catalog()), catalog())
    assert [one.rule for one in found] == ["SD302"]


def test_a_layer_that_is_not_in_the_project_may_need_what_seems_unused(tmp_path: Path) -> None:
    service = (
        "service: s\nprovider:\n  name: aws\n  runtime: nodejs20.x\n  iam: {role: {statements: [{Effect: Allow, "
        "Action: 'ssm:GetParameter', Resource: '*'}]}}\nfunctions: {f: {handler: app.f}}\n"
    )
    (tmp_path / "serverless.yml").write_text(service, "utf-8")
    (tmp_path / "app.mjs").write_text("export const f = async () => 1;\n", "utf-8")
    rules = [one.rule for one in problems(scan(load_project(tmp_path, Options()), catalog()), catalog())]
    assert "SD201" in rules
    (tmp_path / "app.mjs").write_text(
        "import { read } from '/opt/nodejs/read.mjs';\nexport const f = async () => read();\n", "utf-8"
    )
    [function] = (read := scan(load_project(tmp_path, Options()), catalog())).functions
    assert function.report.not_analysed == ("/opt/nodejs/read.mjs",)
    assert [one.rule for one in problems(read, catalog())] == ["SD302"]


LINES = """\
service: s
provider: {name: aws, runtime: python3.12}
functions: {f: {handler: app.f, role: R, events: [{stream: {STREAM}}]}}
resources: {Resources: {R: {Type: 'AWS::IAM::Role', Properties: {AssumeRolePolicyDocument: {}}}}}
"""


@pytest.mark.parametrize(("kind", "lost"), [("", False), ("type: kinesis, ", True)])
def test_a_stream_of_which_the_kind_is_not_known_is_no_lost_setting(tmp_path: Path, kind: str, lost: bool) -> None:
    (tmp_path / "serverless.yml").write_text(LINES.replace("STREAM", f"{kind}arn: '${{cf:other.Lines}}'"))
    (tmp_path / "app.py").write_text("def f(event, context): pass\n")
    found = {one.rule for one in problems(scan(load_project(tmp_path, Options()), catalog()), catalog())}
    assert ("SD102" in found) is lost


@pytest.mark.parametrize(("items", "denied"), [("event['items']", False), ("[{'Delete': {'TableName': 't'}}]", True)])
def test_a_transaction_of_items_that_are_not_known_deletes_none_for_certain(
    tmp_path: Path, items: str, denied: bool
) -> None:
    call = f"('dynamodb').transact_write_items(TransactItems={items})"
    assert ("SD101" in told(tmp_path, LOGS, call)) is denied


@pytest.mark.parametrize(("name", "denied"), [("first-lines", False), ("first-orders", True)])
def test_a_stack_may_have_the_name_that_the_code_begins_with(tmp_path: Path, name: str, denied: bool) -> None:
    arn = "{'Fn::Sub': 'arn:aws:dynamodb:*:*:table/${AWS::StackName}-lines'}"
    statements = f"{LOGS}, {{Effect: Allow, Action: 'dynamodb:PutItem', Resource: {arn}}}"
    call = f"('dynamodb').put_item(TableName='{name}', Item={{}})"
    assert ("SD101" in told(tmp_path, statements, call)) is denied


@pytest.mark.parametrize(("account", "denied"), [("AWS::Account", False), ("AWS::StackId", True)])
def test_a_pseudo_parameter_that_cloudformation_does_not_have_denies_nothing(
    tmp_path: Path, account: str, denied: bool
) -> None:
    arn = f"{{'Fn::Sub': 'arn:aws:sqs:${{AWS::Region}}:${{{account}}}:lines'}}"
    statements = f"{LOGS}, {{Effect: Allow, Action: 'sqs:PurgeQueue', Resource: {arn}}}"
    call = "('sqs').purge_queue(QueueUrl='https://sqs.us-east-1.amazonaws.com/123456789012/lines')"
    assert ("SD101" in told(tmp_path, statements, call)) is denied


@pytest.mark.parametrize(("bucket", "denied"), [("os.environ['NOWHERE']", False), ("event['bucket']", True)])
def test_a_bucket_in_a_variable_that_nobody_sets_is_asked_nothing(tmp_path: Path, bucket: str, denied: bool) -> None:
    assert ("SD101" in told(tmp_path, LOGS, f"('s3').get_object(Bucket={bucket}, Key=event['key'])")) is denied


@pytest.mark.parametrize(("table", "rules"), [("lines", set[str]()), ("orders", {"SD101", "SD202"})])
def test_a_region_that_the_code_names_may_be_the_stacks(tmp_path: Path, table: str, rules: set[str]) -> None:
    arn = "{'Fn::Sub': 'arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/lines'}"
    statements = f"{LOGS}, {{Effect: Allow, Action: 'dynamodb:PutItem', Resource: {arn}}}"
    call = f"('dynamodb', region_name='eu-west-3').put_item(TableName='{table}', Item={{}})"
    assert told(tmp_path, statements, call) & {"SD101", "SD202"} == rules


@pytest.mark.parametrize(("region", "rules"), [(None, {"SD106"}), ("us-east-1", {"SD101"}), ("eu-west-3", set[str]())])
def test_a_call_of_another_region_is_denied_unless_the_stack_is_there(
    tmp_path: Path, region: str | None, rules: set[str]
) -> None:
    arn = "{'Fn::Sub': 'arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/lines'}"
    statements = f"{LOGS}, {{Effect: Allow, Action: 'dynamodb:PutItem', Resource: {arn}}}"
    call = "('dynamodb', region_name='eu-west-3').put_item(TableName='lines', Item={})"
    assert told(tmp_path, statements, call, region=region) & {"SD101", "SD106"} == rules


def test_a_statement_in_the_codes_region_or_in_all_denies_nothing_elsewhere(tmp_path: Path) -> None:
    for region in ("eu-west-3", "*"):
        statements = f"{LOGS}, {{Effect: Allow, Action: 'dynamodb:PutItem', Resource: 'arn:aws:dynamodb:{region}:*:*'}}"
        call = "('dynamodb', region_name='eu-west-3').put_item(TableName='lines', Item={})"
        assert not told(tmp_path, statements, call) & {"SD101", "SD106"}


def test_a_role_may_name_the_log_group_by_the_function_whose_name_is_generated(tmp_path: Path) -> None:
    arn = "{'Fn::Sub': 'arn:aws:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/lambda/${F}:log-stream:*'}"
    logs = f"{{Effect: Allow, Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: {arn}}}"
    text = TEMPLATE.replace("[STATEMENTS]", "[]").replace("EFFECT", "Allow").replace("WHO", "R").splitlines()
    text = [line for line in text if "ManagedPolicyArns" not in line]
    document = f"{{PolicyName: p, Roles: [{{Ref: R}}], PolicyDocument: {{Statement: [{logs}]}}}}"
    policy = f"  P: {{Type: 'AWS::IAM::Policy', Properties: {document}}}"
    (tmp_path / "template.yaml").write_text("\n".join([*text, policy]))
    (tmp_path / "app.py").write_text("def f(event, context): pass\n")
    assert [one.rule for one in problems(scan(load_project(tmp_path, Options()), catalog()), catalog())] == []


@pytest.mark.parametrize(
    ("action", "call", "unused"),
    [
        ("aws-marketplace:Subscribe", "('bedrock-runtime').invoke_model(modelId='m.n', body='{}')", False),
        ("aws-marketplace:Subscribe", "('sqs').list_queues()", True),
        ("s3:ListBucket", "('s3').head_object(Bucket='b', Key='k')  # raises 404", False),
        ("s3:ListBucket", "('s3').head_object(Bucket='b', Key='k')", True),
    ],
)
def test_what_the_first_and_the_failed_calls_need_is_not_unused(
    tmp_path: Path, action: str, call: str, unused: bool
) -> None:
    statements = f"{LOGS}, {{Effect: Allow, Action: '{action}', Resource: '*'}}"
    assert ("SD201" in told(tmp_path, statements, call)) is unused


@pytest.mark.parametrize(("allowed", "lost"), [("PutTraceSegments", False), ("PutTelemetryRecords", True)])
def test_tracing_is_lost_without_what_lambda_refuses_it_for(tmp_path: Path, allowed: str, lost: bool) -> None:
    text = TEMPLATE.replace("Code: .", "Code: .\n      TracingConfig: {Mode: Active}")
    text = text.replace("STATEMENTS", f"{{Effect: Allow, Action: 'xray:{allowed}', Resource: '*'}}")
    (tmp_path / "template.yaml").write_text(text.replace("EFFECT", "Allow").replace("WHO", "R"))
    (tmp_path / "app.py").write_text("def f(event, context): pass\n")
    found = {one.rule for one in problems(scan(load_project(tmp_path, Options()), catalog()), catalog())}
    assert ("SD102" in found) is lost


SEND = '("ses").send_email(Source="shop@example.com", Destination={}, Message={})'


@pytest.mark.parametrize("identity", ["shop@example.com", "example.com"])
def test_mail_is_sent_as_the_address_or_as_its_domain(tmp_path: Path, identity: str) -> None:
    statement = f"{{Effect: Allow, Action: 'ses:SendEmail', Resource: 'arn:aws:ses:*:*:identity/{identity}'}}"
    assert "SD101" not in told(tmp_path, statement, SEND)


def test_mail_is_not_sent_as_another_address_of_the_domain(tmp_path: Path) -> None:
    statement = "{Effect: Allow, Action: 'ses:SendEmail', Resource: 'arn:aws:ses:*:*:identity/other@example.com'}"
    assert "SD101" in told(tmp_path, statement, SEND)
