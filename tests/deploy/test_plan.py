"""What a project needs: the property that makes an action needed, the ARN that it is allowed on, and what is told."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from scopedown.catalog.load import catalog
from scopedown.deploy.commands import commands_of
from scopedown.deploy.documents import documents
from scopedown.deploy.guard_rails import strict
from scopedown.deploy.model import DeployPermission, Phase, Plan, ResourceProperty
from scopedown.deploy.plan import Split, plan, split_plan, whole
from scopedown.deploy.target import target_of
from scopedown.iam import Caller, PolicySet, Request, evaluate, parse_policy
from scopedown.project.load import Options, load_project
from scopedown.project.model import Bootstrapped, Project

ACCOUNT = "123456789012"
HELLO = """
service: hello
provider: {name: aws, runtime: nodejs22.x, region: eu-west-1}
functions:
  hello: {handler: h.hello}
"""


def project(folder: Path, text: str, name: str = "serverless.yml", **options: Any) -> Project:
    (folder / name).write_text(dedent(text))
    return load_project(folder / name, Options(**{"account": ACCOUNT, **options}))


def template(folder: Path, resources: str, region: str = "eu-west-1", **options: Any) -> Project:
    text = "Resources:\n" + "".join(f"  {line}\n" for line in dedent(resources).strip().splitlines())
    return project(folder, text, "shop.yaml", region=region, **options)


def needed(found: Plan, prefix: str = "") -> dict[str, set[str]]:
    """The ARNs of each action."""
    by_action: dict[str, set[str]] = {}
    for one in found.permissions:
        if one.action.startswith(prefix):
            by_action.setdefault(one.action, set()).update(one.resources)
    return by_action


def resources_of(source: Project, commands: tuple[str, ...] = ("deploy",)) -> Plan:
    """What CloudFormation does for the resources of a template."""
    return split_plan(source, catalog(), "cloudformation", commands).role


def test_the_policy_of_hello_world_is_this_one(tmp_path: Path) -> None:
    """Every change of it is to be seen."""
    made = plan(project(tmp_path, HELLO), catalog(), "osls", commands_of("osls"))
    (document,) = documents(made.permissions)
    assert document == json.loads(Path(__file__).with_name("hello-world.json").read_text())


@pytest.mark.parametrize(
    ("resource", "action", "arn"),
    [
        ("Type: AWS::S3::Bucket, Properties: {BucketName: b, CorsConfiguration: {CorsRules: []}}",
         "s3:PutBucketCORS", "arn:aws:s3:::b"),
        ("Type: AWS::S3::Bucket", "s3:PutBucketCORS", None),
        ("Type: AWS::S3::Bucket, Properties: {ReplicationConfiguration: {Role: 'arn:aws:iam::1:role/r', Rules: []}}",
         "iam:PassRole", "arn:aws:iam::1:role/r"),
        ("Type: AWS::Lambda::Function, Properties: {FunctionName: f, Role: r, ReservedConcurrentExecutions: 0}",
         "lambda:PutFunctionConcurrency", "arn:aws:lambda:eu-west-1:123456789012:function:f"),
        ("Type: AWS::Lambda::Function, Properties: {FunctionName: f, Role: r}", "lambda:PutFunctionConcurrency", None),
        ("Type: AWS::Lambda::Function, Properties: {Role: r, VpcConfig: {SubnetIds: [a]}}", "ec2:DescribeSubnets", "*"),
        ("Type: AWS::Lambda::Function, Properties: {Role: r, KmsKeyArn: 'arn:aws:kms:eu-west-1:1:key/k'}",
         "kms:CreateGrant", "arn:aws:kms:eu-west-1:1:key/k"),
        ("Type: AWS::Lambda::Function, Properties: {Role: r, KmsKeyArn: alias/mine}",
         "kms:CreateGrant", "arn:aws:kms:eu-west-1:123456789012:key/*"),
        ("Type: AWS::Lambda::Function, Properties: {Role: r, Code: {S3Bucket: code, S3Key: a/b.zip}}",
         "s3:GetObject", "arn:aws:s3:::code/a/b.zip"),
        ("Type: AWS::Lambda::Function, Properties: {Role: r, Code: {ImageUri: "
         "'111122223333.dkr.ecr.us-east-1.amazonaws.com/team/app:1'}}",
         "ecr:GetRepositoryPolicy", "arn:aws:ecr:us-east-1:111122223333:repository/team/app"),
        ("Type: AWS::Lambda::Permission, Properties: {FunctionName: f, Action: a, Principal: p}",
         "lambda:AddPermission", "arn:aws:lambda:eu-west-1:123456789012:function:f"),
        ("Type: AWS::Lambda::Permission, Properties: {FunctionName: '123456789012:function:f:live', Action: a, "
         "Principal: p}", "lambda:AddPermission", "arn:aws:lambda:eu-west-1:123456789012:function:f:live"),
        ("Type: AWS::Logs::LogGroup, Properties: {LogGroupName: /g}",
         "logs:CreateLogGroup", "arn:aws:logs:eu-west-1:123456789012:log-group:/g:*"),
        ("Type: AWS::Logs::LogGroup, Properties: {LogGroupName: /g, Tags: [{Key: a, Value: b}]}",
         "logs:TagResource", "arn:aws:logs:eu-west-1:123456789012:log-group:/g"),
        ("Type: AWS::Logs::LogGroup, Properties: {LogGroupName: /g}", "logs:TagResource", None),
        ("Type: AWS::Events::Rule, Properties: {Name: n, EventBusName: default}",
         "events:PutRule", "arn:aws:events:eu-west-1:123456789012:rule/n"),
        ("Type: AWS::Events::Rule, Properties: {Name: n, EventBusName: 'arn:aws:events:eu-west-1:1:event-bus/bus'}",
         "events:PutRule", "arn:aws:events:eu-west-1:123456789012:rule/bus/n"),
        ("Type: AWS::Scheduler::Schedule, Properties: {Name: n, Target: {RoleArn: 'arn:aws:iam::1:role/s'}}",
         "iam:PassRole", "arn:aws:iam::1:role/s"),
        ("Type: AWS::Kinesis::StreamConsumer, Properties: {ConsumerName: c, "
         "StreamARN: 'arn:aws:kinesis:eu-west-1:1:stream/s'}",
         "kinesis:DescribeStreamConsumer", "arn:aws:kinesis:eu-west-1:1:stream/s/consumer/c:*"),
        ("Type: AWS::SQS::QueuePolicy, Properties: {Queues: ['https://sqs.eu-west-1.amazonaws.com/1/jobs']}",
         "sqs:SetQueueAttributes", "arn:aws:sqs:eu-west-1:123456789012:jobs"),
        ("Type: AWS::ApiGateway::Deployment, Properties: {RestApiId: abc123}",
         "apigateway:POST", "arn:aws:apigateway:eu-west-1::/restapis/abc123/deployments"),
        ("Type: AWS::ApiGateway::RestApi, Properties: {Body: {paths: {/: {get: {}}}}}", "iam:PassRole", None),
        ("Type: AWS::ElasticLoadBalancingV2::ListenerRule, Properties: {ListenerArn: "
         "'arn:aws:elasticloadbalancing:eu-west-1:1:listener/app/lb/1/2', Priority: 1}",
         "elasticloadbalancing:DeleteRule", "arn:aws:elasticloadbalancing:eu-west-1:1:listener-rule/app/lb/1/2/*"),
        ("Type: AWS::DynamoDB::Table, Properties: {TableName: t, TimeToLiveSpecification: {Enabled: true}}",
         "dynamodb:UpdateTimeToLive", "arn:aws:dynamodb:eu-west-1:123456789012:table/t"),
        ("Type: AWS::DynamoDB::Table, Properties: {TableName: t}", "dynamodb:UpdateTimeToLive", None),
        ("Type: AWS::IoT::TopicRule, Properties: {RuleName: r, TopicRulePayload: {Actions: [{Sqs: {RoleArn: "
         "'arn:aws:iam::1:role/i'}}]}}", "iam:PassRole", "arn:aws:iam::1:role/i"),
        ("Type: Custom::Thing, Properties: {ServiceToken: 'arn:aws:lambda:eu-west-1:1:function:f'}",
         "lambda:InvokeFunction", "arn:aws:lambda:eu-west-1:1:function:f"),
        ("Type: Custom::Thing, Properties: {ServiceToken: 'arn:aws:sns:eu-west-1:1:t'}",
         "sns:Publish", "arn:aws:sns:eu-west-1:1:t"),
        ("Type: Custom::Thing, Properties: {ServiceToken: 'arn:aws:sns:eu-west-1:1:t'}", "lambda:InvokeFunction", None),
    ],
)  # fmt: skip
def test_a_property_makes_an_action_needed(tmp_path: Path, resource: str, action: str, arn: str | None) -> None:
    found = needed(resources_of(template(tmp_path, f"One: {{{resource}}}")))
    if arn is None:
        assert action not in found
    else:
        assert arn in found[action]


def test_a_role_may_be_given_only_the_policies_that_the_template_gives_it(tmp_path: Path) -> None:
    source = template(tmp_path, """
        Role:
          Type: AWS::IAM::Role
          Properties:
            RoleName: r
            ManagedPolicyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
            PermissionsBoundary: arn:aws:iam::123456789012:policy/edge
        """)  # fmt: skip
    policies = PolicySet(identity=tuple(map(parse_policy, documents(resources_of(source).permissions))))
    user, role = Caller.user(ACCOUNT, "deployer"), f"arn:aws:iam::{ACCOUNT}:role/r"

    def answer(action: str, **context: str) -> str:
        keys = {name.replace("_", ":"): value for name, value in context.items()}
        return evaluate(Request(user, action, role, context=keys), policies).value

    assert answer("iam:AttachRolePolicy", iam_PolicyARN="arn:aws:iam::aws:policy/ReadOnlyAccess") == "allowed"
    assert answer("iam:AttachRolePolicy", iam_PolicyARN="arn:aws:iam::aws:policy/AdministratorAccess") != "allowed"
    boundary = f"arn:aws:iam::{ACCOUNT}:policy/edge"
    assert answer("iam:CreateRole", iam_PermissionsBoundary=boundary) == "allowed"
    assert answer("iam:CreateRole") != "allowed"


def test_removing_needs_what_deletes_and_no_more(tmp_path: Path) -> None:
    source = template(tmp_path, "Queue: {Type: AWS::SQS::Queue}")
    removed = {one.action for one in resources_of(source, ("delete",)).permissions}
    assert removed == {"sqs:DeleteQueue", "sqs:GetQueueAttributes"}
    assert not resources_of(source, ("info",)).permissions


def test_what_is_retained_is_never_deleted(tmp_path: Path) -> None:
    source = template(tmp_path, "Queue: {Type: AWS::SQS::Queue, DeletionPolicy: Retain}")
    assert "sqs:DeleteQueue" not in needed(resources_of(source))
    assert not resources_of(source, ("delete",)).permissions


def test_the_frameworks_tag_is_set_and_never_taken_away(tmp_path: Path) -> None:
    found = needed(plan(project(tmp_path, HELLO), catalog(), "osls", ("deploy",)))
    assert "lambda:TagResource" in found and "iam:TagRole" in found and "logs:TagResource" in found
    assert not [action for action in found if "Untag" in action]
    tagged = HELLO.replace("name: aws", "name: aws, stackTags: {team: a}")
    found = needed(plan(project(tmp_path, tagged), catalog(), "osls", ("deploy",)))
    assert "lambda:UntagResource" in found and "iam:UntagRole" in found


def test_a_deployment_role_takes_cloudformations_calls_off_the_user(tmp_path: Path) -> None:
    role = f"arn:aws:iam::{ACCOUNT}:role/cfn"
    source = project(tmp_path, HELLO.replace("name: aws", f"name: aws, iam: {{deploymentRole: '{role}'}}"))
    parts = split_plan(source, catalog(), "osls", ("deploy", "remove"))
    user, own = needed(whole(parts)), needed(parts.role)
    assert parts.role_arn == role
    assert user["iam:PassRole"] == {role}
    assert "lambda:CreateFunction" not in user and "lambda:CreateFunction" in own


def test_service_role_mode_proposes_a_role_where_the_project_names_none(tmp_path: Path) -> None:
    parts = split_plan(project(tmp_path, HELLO), catalog(), "v3", ("deploy",), service_role=True)
    proposed = f"arn:aws:iam::{ACCOUNT}:role/hello-dev-eu-west-1-cloudformation"
    assert isinstance(parts, Split) and parts.role_arn == proposed
    assert needed(parts.user)["iam:PassRole"] == {proposed}
    assert any(proposed in one.reason for one in parts.user.unresolved)


def test_templates_of_other_tools_pass_the_role_too(tmp_path: Path) -> None:
    source = template(tmp_path, "Queue: {Type: AWS::SQS::Queue}")
    parts = split_plan(source, catalog(), "cloudformation", ("deploy",), service_role=True)
    (passed,) = [one for one in parts.user.permissions if one.action == "iam:PassRole"]
    assert passed.conditions == {"StringEquals": {"iam:PassedToService": ("cloudformation.amazonaws.com",)}}


def test_every_role_is_passed_to_a_named_service(tmp_path: Path) -> None:
    found = plan(project(tmp_path, HELLO), catalog(), "osls", commands_of("osls"))
    passing = [one for one in found.permissions if one.action == "iam:PassRole"]
    assert passing and all("iam:PassedToService" in one.conditions["StringEquals"] for one in passing)


def test_event_source_mappings_are_known_by_their_function(tmp_path: Path) -> None:
    source = template(tmp_path, """
        Function: {Type: AWS::Lambda::Function, Properties: {Role: "arn:aws:iam::1:role/r"}}
        Mapping: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref Function}}
        """)  # fmt: skip
    made = [one for one in resources_of(source).permissions if one.action == "lambda:CreateEventSourceMapping"]
    function = f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:shop-Function-*"
    assert [one.conditions for one in made] == [{"ArnLike": {"lambda:FunctionArn": (function,)}}]


def test_a_type_without_rows_has_the_registrys_handlers_and_says_so(tmp_path: Path) -> None:
    found = resources_of(template(tmp_path, "One: {Type: AWS::DataBrew::Recipe, Properties: {Name: w}}"))
    recipe = f"arn:aws:databrew:eu-west-1:{ACCOUNT}:recipe/w"
    assert needed(found)["databrew:DescribeRecipe"] == {recipe}
    reasons = [because for one in found.permissions for because in one.because]
    assert all(isinstance(one, ResourceProperty) and one.fallback for one in reasons)
    assert "no row for AWS::DataBrew::Recipe" in str(found.unresolved[-1])


def test_roles_of_a_type_without_rows_are_those_that_it_names(tmp_path: Path) -> None:
    project = "Type: AWS::DataBrew::Project, Properties: {RoleArn: 'arn:aws:iam::123456789012:role/m'}"
    found = needed(resources_of(template(tmp_path, f"One: {{{project}}}")))
    assert found["iam:PassRole"] == {f"arn:aws:iam::{ACCOUNT}:role/m"}
    found = needed(resources_of(template(tmp_path, "One: {Type: AWS::DataBrew::Project}")))
    assert "iam:PassRole" not in found


@pytest.mark.parametrize(
    ("resource", "told"),
    [
        ("Type: AWS::Nothing::Here", "AWS::Nothing::Here is not a resource type"),
        ("Type: Third::Party::Thing", "Third::Party::Thing is not a resource type"),
        ("Type: Custom::Thing", "no row for Custom::Thing matches"),
        ("Type: AWS::CloudFormation::CustomResource", "no row for AWS::CloudFormation::CustomResource matches"),
        ("Type: AWS::SNS::Subscription, Properties: {Protocol: sqs}", "needs a property that is missing"),
    ],
)
def test_what_cannot_be_allowed_is_told(tmp_path: Path, resource: str, told: str) -> None:
    found = resources_of(template(tmp_path, f"One: {{{resource}}}"))
    assert any(told in str(one) for one in found.unresolved)
    assert not any("*" in one.resources for one in found.permissions)


def test_an_unknown_account_is_told_and_stands_open(tmp_path: Path) -> None:
    found = plan(project(tmp_path, HELLO, account=None), catalog(), "osls", ("info",))
    assert [one.subject for one in found.unresolved] == ["account"]
    assert needed(found)["cloudformation:DescribeStacks"] == {"arn:aws:cloudformation:eu-west-1:*:stack/hello-dev/*"}


def test_what_is_open_of_a_name_is_told_once_for_a_resource(tmp_path: Path) -> None:
    source = project(tmp_path, """
        Parameters: {Name: {Type: String}}
        Resources:
          Queue: {Type: AWS::SQS::Queue, Properties: {QueueName: !Ref Name}}
        """, "shop.yaml", region="eu-west-1")  # fmt: skip
    found = resources_of(source)
    assert [str(one) for one in found.unresolved] == [
        "shop.yaml:4:3: Queue: the parameter Name has no default; its actions are allowed on "
        "arn:aws:sqs:eu-west-1:123456789012:*"
    ]


def test_an_arn_of_which_nothing_is_known_is_narrowed_to_what_the_action_acts_on(tmp_path: Path) -> None:
    source = project(tmp_path, """
        Parameters: {Layer: {Type: String}, Role: {Type: String}}
        Resources:
          One: {Type: AWS::Lambda::Function, Properties: {Role: !Ref Role, Layers: [!Ref Layer]}}
        """, "shop.yaml", region="eu-west-1")  # fmt: skip
    found = needed(resources_of(source))
    assert found["lambda:GetLayerVersion"] == {"arn:aws:lambda:eu-west-1:*:layer:*:*"}
    assert found["iam:PassRole"] == {f"arn:aws:iam::{ACCOUNT}:role/*"}


@pytest.mark.parametrize(
    ("region", "start"),
    [("cn-north-1", "arn:aws-cn:"), ("us-gov-west-1", "arn:aws-us-gov:"), ("eu-west-1", "arn:aws:")],
)
def test_the_partition_is_that_of_the_region(tmp_path: Path, region: str, start: str) -> None:
    found = resources_of(template(tmp_path, "Queue: {Type: AWS::SQS::Queue}", region))
    assert all(arn.startswith(start) for one in found.permissions for arn in one.resources)


def test_each_action_says_which_phase_needs_it(tmp_path: Path) -> None:
    found = resources_of(template(tmp_path, "Queue: {Type: AWS::SQS::Queue}"))

    def phases(one: DeployPermission) -> tuple[Phase, ...]:
        (because,) = one.because
        assert isinstance(because, ResourceProperty)
        return because.phases

    by_action = {one.action: phases(one) for one in found.permissions}
    assert by_action["sqs:CreateQueue"] == (Phase.CREATE,)
    assert by_action["sqs:GetQueueAttributes"] == tuple(Phase)


def test_variables_that_ask_aws_need_permissions_of_every_command(tmp_path: Path) -> None:
    text = HELLO.replace(
        "runtime: nodejs22.x",
        'runtime: nodejs22.x, environment: {A: "${ssm:/app/a}", B: "${cf(us-east-1):other-dev.Out}", '
        'C: "${s3:conf/key.txt}", D: "${ssm:/aws/reference/secretsmanager/db}"}',
    )
    found = needed(plan(project(tmp_path, text), catalog(), "osls", ("info",)))
    assert found["ssm:GetParameter"] == {f"arn:aws:ssm:eu-west-1:{ACCOUNT}:parameter/app/a"}
    assert f"arn:aws:cloudformation:us-east-1:{ACCOUNT}:stack/other-dev/*" in found["cloudformation:DescribeStacks"]
    assert found["s3:GetObject"] == {"arn:aws:s3:::conf/key.txt"}
    assert found["secretsmanager:GetSecretValue"] == {f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:db-??????"}


def test_serverless_4_deploys_through_the_bucket_that_services_share(tmp_path: Path) -> None:
    source = project(tmp_path, HELLO, framework="v4")
    found = plan(source, catalog(), "v4", ("deploy",))
    by_action = needed(found)
    assert by_action["ssm:GetParameter"] == {
        f"arn:aws:ssm:eu-west-1:{ACCOUNT}:parameter/serverless-framework/deployment/s3-bucket"
    }
    assert by_action["s3:PutObject"] == {
        "arn:aws:s3:::serverless-framework-deployments-eu-west-1-*/serverless/hello/dev/*"
    }
    assert "cloudformation:CreateStack" in by_action and "cloudformation:CreateChangeSet" not in by_action
    assert found.read_only_facts


def test_cdk_assumes_the_roles_of_its_bootstrap(tmp_path: Path) -> None:
    source = template(tmp_path, "Queue: {Type: AWS::SQS::Queue}")
    parts = split_plan(source, catalog(), "cdk", ("deploy",))
    assert set(needed(whole(parts))) == {"sts:AssumeRole"}
    assert parts.role_arn.endswith(f"role/cdk-hnb659fds-cfn-exec-role-{ACCOUNT}-eu-west-1")
    assert "sqs:CreateQueue" in needed(parts.role)


@pytest.mark.parametrize("framework", ["sam", "cloudformation"])
def test_a_template_that_includes_files_needs_the_transform(tmp_path: Path, framework: str) -> None:
    transform = "arn:aws:cloudformation:eu-west-1:aws:transform/Include"
    plain = template(tmp_path, "Queue: {Type: AWS::SQS::Queue}")
    including = template(tmp_path, """
        Queue:
          Type: AWS::SQS::Queue
          Properties: {"Fn::Transform": {Name: AWS::Include, Parameters: {Location: "s3://pail/queue.yaml"}}}
    """)  # fmt: skip
    for source, needs in ((plain, False), (including, True)):
        found = needed(split_plan(source, catalog(), framework, ("deploy",)).user)
        assert (transform in found["cloudformation:CreateChangeSet"]) is needs


def test_each_stack_of_an_app_names_its_own_resources(tmp_path: Path) -> None:
    source = template(tmp_path, """
        Queue: {Type: AWS::SQS::Queue}
        Inner: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: "https://s3.amazonaws.com/b/k.json"}}
    """)  # fmt: skip
    queue, inner = source.resources["Queue"], source.resources["Inner"]
    resources = {"storage/Queue": queue, "storage/Inner": inner, "storage/Inner/Queue": queue, "api/Queue": queue}
    resources = {id: replace(one, logical_id=id) for id, one in resources.items()}
    app = replace(source, framework="cdk", service="shop", resources=resources)
    found = needed(split_plan(app, catalog(), "cdk", ("deploy",)).role)
    queues = f"arn:aws:sqs:eu-west-1:{ACCOUNT}"
    assert found["sqs:CreateQueue"] == {
        f"{queues}:storage-Queue-*", f"{queues}:storage-Inner-*-Queue-*", f"{queues}:api-Queue-*",
    }  # fmt: skip


def test_each_stack_of_an_app_is_deployed_to_its_own_region(tmp_path: Path) -> None:
    source = template(tmp_path, """
        Queue: {Type: AWS::SQS::Queue, Properties: {QueueName: jobs}}
        Key: {Type: AWS::KMS::Key, Properties: {KeyPolicy: {}}}
        Zoned: {Type: AWS::SSM::Parameter, Properties: {Value: "{{resolve:ssm:/shop/zone}}", Type: String}}
    """)  # fmt: skip
    resources = {
        f"{stack}/{id}": replace(one, logical_id=f"{stack}/{id}")
        for stack in ("west", "home")
        for id, one in source.resources.items()
    }
    used = Bootstrapped(own_stacks=("west", "home"))
    app = replace(
        source, framework="cdk", resources=resources, stack_regions={"west": "us-west-2"}, bootstrapped=used
    )  # fmt: skip
    split = split_plan(app, catalog(), "cdk", ("deploy",))
    found, user = needed(whole(split)), needed(split.user)
    assert found["sqs:CreateQueue"] == {f"arn:aws:sqs:{one}:{ACCOUNT}:jobs" for one in ("us-west-2", "eu-west-1")}
    assert user["cloudformation:CreateChangeSet"] == {
        f"arn:aws:cloudformation:us-west-2:{ACCOUNT}:stack/west/*",
        f"arn:aws:cloudformation:eu-west-1:{ACCOUNT}:stack/home/*",
    }
    assert {arn.split(":")[3] for arn in found["ssm:GetParameters"]} == {"us-west-2", "eu-west-1"}
    strictly = strict(whole(split), target_of(app), catalog(), False).permissions
    (creating,) = {str(one.conditions) for one in strictly if one.action == "kms:CreateKey"}
    assert "'aws:RequestedRegion': ('eu-west-1', 'us-west-2')" in creating


def test_the_next_deployment_of_an_app_may_have_other_assets(tmp_path: Path) -> None:
    """A policy that named the hash of today's code would deny its change."""
    bucket = '"Fn::Sub": "cdk-hnb659fds-assets-${AWS::AccountId}-${AWS::Region}"'
    source = template(tmp_path, f"""
        Function:
          Type: AWS::Lambda::Function
          Properties: {{Code: {{S3Bucket: {{{bucket}}}, S3Key: 0a1b.zip}}, Role: "arn:aws:iam::{ACCOUNT}:role/r"}}
    """)  # fmt: skip
    app = replace(source, framework="cdk")
    found = needed(split_plan(app, catalog(), "cdk", ("deploy",)).role)
    assert found["s3:GetObject"] == {f"arn:aws:s3:::cdk-hnb659fds-assets-{ACCOUNT}-eu-west-1/*"}


def test_a_templates_stack_is_named_by_the_user(tmp_path: Path) -> None:
    source = template(tmp_path, "Queue: {Type: AWS::SQS::Queue}")
    guessed = split_plan(source, catalog(), "cloudformation", ("deploy",))
    assert any("assumes shop" in one.reason for one in guessed.user.unresolved)
    said = split_plan(source, catalog(), "cloudformation", ("deploy",), stack_name="orders-prod")
    assert not said.user.unresolved
    assert needed(said.user)["cloudformation:CreateChangeSet"] == {
        f"arn:aws:cloudformation:eu-west-1:{ACCOUNT}:stack/orders-prod/*"
    }
    assert needed(said.role)["sqs:CreateQueue"] == {f"arn:aws:sqs:eu-west-1:{ACCOUNT}:orders-prod-Queue-*"}


def test_logs_are_read_where_the_function_writes_them(tmp_path: Path) -> None:
    source = project(tmp_path, """
        service: hello
        provider: {name: aws, runtime: nodejs22.x, region: eu-west-1}
        functions:
          hello: {handler: h.hello}
        resources:
          extensions:
            HelloLambdaFunction: {Properties: {LoggingConfig: {LogGroup: /team/logs}}}
        """)  # fmt: skip
    found = needed(plan(source, catalog(), "osls", ("logs",)))
    assert found["logs:FilterLogEvents"] == {f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:/team/logs:*"}


def test_a_deployment_role_that_is_not_known_is_any_role_and_told(tmp_path: Path) -> None:
    text = HELLO.replace("name: aws", "name: aws, iam: {deploymentRole: {'Fn::ImportValue': cfn-role}}")
    parts = split_plan(project(tmp_path, text), catalog(), "osls", ("deploy",))
    assert parts.role_arn == f"arn:aws:iam::{ACCOUNT}:role/*"
    assert needed(parts.user)["iam:PassRole"] == {f"arn:aws:iam::{ACCOUNT}:role/*"}
    assert any("cfn-role is exported by another stack" in str(one) for one in parts.user.unresolved)


def test_a_managed_policy_that_is_not_known_is_told(tmp_path: Path) -> None:
    source = project(tmp_path, """
        Parameters: {Policy: {Type: String}}
        Resources:
          Role: {Type: AWS::IAM::Role, Properties: {RoleName: r, ManagedPolicyArns: [!Ref Policy]}}
        """, "shop.yaml")  # fmt: skip
    found = resources_of(source)
    assert any("the parameter Policy has no default" in str(one) for one in found.unresolved)


def test_both_ways_of_a_condition_are_allowed(tmp_path: Path) -> None:
    source = project(tmp_path, """
        Parameters: {Stage: {Type: String}}
        Conditions: {IsProd: !Equals [!Ref Stage, prod]}
        Resources:
          One:
            Type: AWS::Lambda::Permission
            Properties: {FunctionName: !If [IsProd, live, trial], Action: a, Principal: p}
        """, "shop.yaml", region="eu-west-1")  # fmt: skip
    assert needed(resources_of(source))["lambda:AddPermission"] == {
        f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:live",
        f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:trial",
    }
