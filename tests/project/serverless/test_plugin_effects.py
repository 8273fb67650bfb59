"""What plugins change about a service, without the plugins: ``tests/oracle/test_plugins.py`` holds it against them."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from scopedown.catalog.load import catalog
from scopedown.core.coverage import Cause
from scopedown.deploy.plan import plan
from scopedown.permissions.layers import known_layer
from scopedown.project.load import load_project
from scopedown.project.model import Project
from scopedown.project.options import Options

SERVICE = """\
service: shop
provider: {name: aws, runtime: nodejs20.x, stage: dev}
"""


def project(folder: Path, text: str, options: Options | None = None) -> Project:
    (folder / "serverless.yml").write_text(SERVICE + dedent(text))
    (folder / "hello.js").write_text("exports.main = async () => 1;\n")
    return load_project(folder, options or Options())


IFELSE = """
    plugins: [serverless-plugin-ifelse]
    custom:
      serverlessIfElse:
        - If: '{condition}'
          Exclude: [functions.report]
          ElseExclude: [functions.hello]
    functions:
      hello: {{handler: hello.main}}
      report: {{handler: hello.main}}
    """


@pytest.mark.parametrize(
    ("condition", "left"),
    [
        ('"dev" == "dev"', ["hello"]),
        ('"dev" == "prod"', ["report"]),
        ('["a", "b"].includes("b") && 2 > 1', ["hello"]),
        ('"a-b".startsWith("c")', ["report"]),
        ('process.env.STAGE === "prod"', ["report"]),
    ],
)
def test_ifelse_leaves_out_what_its_condition_says(tmp_path: Path, condition: str, left: list[str]) -> None:
    made = project(tmp_path, IFELSE.format(condition=condition))
    assert [function.key for function in made.functions] == left
    assert not any(function.unread for function in made.functions)


@pytest.mark.parametrize("condition", ["unheardOf()", "1 +", "let a = 1; a", 'require("./a").b', "a" * 6000])
def test_a_condition_that_is_not_known_changes_nothing_and_is_told(tmp_path: Path, condition: str) -> None:
    text = IFELSE.replace("'{condition}'", "{condition}").replace("{{", "{").replace("}}", "}")
    made = project(tmp_path, text.replace("{condition}", repr(condition)))
    assert [function.key for function in made.functions] == ["hello", "report"]
    assert all(one.cause is Cause.PLUGIN for function in made.functions for one in function.unread)
    assert all(function.unread for function in made.functions)
    assert [one.code for one in made.findings if one.code == "plugin-not-read"] == ["plugin-not-read"]


def test_variables_of_a_dotenv_file_reach_functions(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("TABLE=plain\nOTHER=x\n")
    (tmp_path / ".env.prod").write_text("TABLE=of-prod\n")
    text = "plugins: [serverless-dotenv-plugin]\nfunctions: {hello: {handler: hello.main}}\n"
    (function,) = project(tmp_path, text).functions
    assert {name: str(value) for name, value in function.environment.items()} == {"TABLE": "plain", "OTHER": "x"}
    (function,) = project(tmp_path, text, Options(stage="prod")).functions
    assert str(function.environment["TABLE"]) == "of-prod"


def test_a_warmer_is_a_function_whose_calls_and_role_are_known(tmp_path: Path) -> None:
    made = project(
        tmp_path,
        """
        plugins: [serverless-plugin-warmup]
        custom: {warmup: {default: {enabled: true}}}
        functions: {hello: {handler: hello.main}}
        """,
    )
    warmer = made.functions[1]
    assert (warmer.key, warmer.role) == ("warmUpPluginDefault", "WarmUpPluginDefaultRole")
    assert warmer.handler is not None and warmer.handler.inline is not None
    assert "shop-dev-hello" in warmer.handler.inline.text
    assert {one.added_by for one in made.roles[warmer.role].statements} == {"framework"}


def test_functions_that_stand_in_data_sources_of_appsync_are_functions_of_the_service(tmp_path: Path) -> None:
    made = project(
        tmp_path,
        """
        plugins: [serverless-appsync-plugin]
        appSync:
          name: shop
          authentication: {type: AWS_IAM}
          dataSources:
            own: {type: AWS_LAMBDA, config: {function: {handler: hello.main}}}
        """,
    )
    (function,) = made.functions
    assert function.key == "own"
    (statement,) = made.roles["GraphQlDsownRole"].statements
    assert statement.statement["Action"] == ["lambda:invokeFunction"]
    assert statement.added_by == "framework"


def test_the_layer_of_packages_is_no_code_that_was_not_read(tmp_path: Path) -> None:
    text = """
        plugins: [serverless-layers]
        custom: {{serverless-layers: {settings}}}
        functions: {{hello: {{handler: hello.main}}}}
        """
    (function,) = project(tmp_path, text.format(settings="{dependenciesPath: package.json}")).functions
    assert function.foreign_layers == ()
    (function,) = project(tmp_path, text.format(settings="{localDir: lib}")).functions
    assert [str(layer.arn).split(":")[6] for layer in function.foreign_layers] == ["shop-dev-nodejs-default"]


def test_a_role_that_a_plugin_widens_keeps_the_statements_of_the_project(tmp_path: Path) -> None:
    made = project(
        tmp_path,
        """
        plugins: [serverless-plugin-canary-deployments]
        functions:
          hello: {handler: hello.main, deploymentSettings: {type: AllAtOnce, alias: live, preTrafficHook: check}}
          check: {handler: hello.main}
        """,
    )
    (added,) = [
        one for one in made.roles["IamRoleLambdaExecution"].statements if "codedeploy" in str(one.statement["Action"])
    ]
    assert added.added_by == "framework"


def test_methods_that_call_a_service_get_a_role_of_their_own(tmp_path: Path) -> None:
    made = project(
        tmp_path,
        """
        plugins: [serverless-apigateway-service-proxy]
        custom:
          apiGatewayServiceProxies:
            - sqs: {path: /orders, method: post, queueName: orders}
            - s3: {path: /files, method: get, action: GetObject, bucket: {Ref: Files}, key: one}
        functions: {hello: {handler: hello.main}}
        """,
    )
    (_, on_queue) = made.roles["ApigatewayToSqsRole"].statements
    (_, on_bucket) = made.roles["ApigatewayToS3Role"].statements
    assert on_queue.statement["Action"] == ["sqs:SendMessage"]
    assert on_bucket.statement["Action"] == "s3:GetObject*"
    assert on_bucket.added_by == "framework"
    assert made.deployed["ApiGatewayMethodOrdersPost"].properties["Integration"]["Credentials"] == {
        "Fn::GetAtt": ["ApigatewayToSqsRole", "Arn"]
    }
    assert not any(function.unread for function in made.functions)


def test_a_method_that_names_its_role_needs_no_other(tmp_path: Path) -> None:
    made = project(
        tmp_path,
        """
        plugins: [serverless-apigateway-service-proxy]
        custom:
          apiGatewayServiceProxies:
            - sns: {path: /news, method: post, topicName: news, roleArn: "arn:aws:iam::123456789012:role/sender"}
            - unheard: {path: /news, method: post}
            - sns: {method: post}
            - s3: {path: /files, method: get, action: [GetObject], bucket: files, key: all}
        """,
    )
    assert "ApigatewayToSnsRole" not in made.roles
    assert [finding.code for finding in made.findings] == ["event-refused"]


NEW_RELIC = """
    plugins: [serverless-newrelic-lambda-layers]
    custom: {newRelic: {apiKey: key, accountId: "1", %s}}
    functions: {hello: {handler: hello.main}}
    """


def test_the_handler_behind_new_relic_s_is_found_and_its_layer_is_known(tmp_path: Path) -> None:
    made = project(tmp_path, NEW_RELIC % "disableLicenseKeySecret: false")
    (function,) = made.functions
    assert made.deployed["HelloLambdaFunction"].properties["Handler"] == "newrelic-lambda-wrapper.handler"
    assert function.environment["NEW_RELIC_LAMBDA_HANDLER"].literal == "hello.main"
    assert function.handler is not None
    assert str(function.handler.file) == "hello.js"
    (layer,) = function.foreign_layers
    assert (row := known_layer(layer)) is not None
    assert "secretsmanager:GetSecretValue" in row.may_call
    (policy,) = made.roles["IamRoleLambdaExecution"].managed_policies
    assert policy == {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:policy/NewRelic-ViewLicenseKey-us-east-1"}


@pytest.mark.parametrize("setting", ["stages: [prod]", "exclude: [a], include: [b]", "apiKey: ''"])
def test_new_relic_s_plugin_does_nothing_where_its_settings_say_so(tmp_path: Path, setting: str) -> None:
    text = NEW_RELIC.replace("apiKey: key, ", "") if "apiKey" in setting else NEW_RELIC
    made = project(tmp_path, text % setting)
    assert made.deployed["HelloLambdaFunction"].properties["Handler"] == "hello.main"
    assert made.roles["IamRoleLambdaExecution"].managed_policies == ()


def test_a_fork_of_new_relic_s_plugin_is_read_as_its_origin(tmp_path: Path) -> None:
    text = NEW_RELIC.replace("[serverless-newrelic", '["@acme/serverless-newrelic').replace("layers]", 'layers"]')
    made = project(tmp_path, text % "disableLicenseKeySecret: true")
    assert made.deployed["HelloLambdaFunction"].properties["Handler"] == "newrelic-lambda-wrapper.handler"


def test_tasks_of_ecs_run_with_what_the_provider_s_role_may_do(tmp_path: Path) -> None:
    made = project(
        tmp_path,
        """
        plugins: [serverless-fargate]
        fargate:
          iamRoleStatements: [{Effect: Allow, Action: ["s3:GetObject"], Resource: "*"}]
          tasks: {work: {image: 123456789012.dkr.ecr.us-east-1.amazonaws.com/shop}}
        """,
    )
    (statement,) = made.roles["FargateIamTaskRole"].statements
    assert statement.statement["Action"] == ["s3:GetObject"]
    assert made.deployed["WorkService"].type == "AWS::ECS::Service"


ADDITIONAL = """
    plugins: [serverless-plugin-additional-stacks]
    custom:
      additionalStacks:
        base:
          DeployParameters: [{ParameterKey: Days, ParameterValue: 3}]
          Parameters: {Days: {Type: Number}, Other: {Type: String, Default: x}}
          Resources:
            Queue: {Type: AWS::SQS::Queue, Properties: {MessageRetentionPeriod: {Ref: Days}}}
            Policy:
              Type: AWS::SQS::QueuePolicy
              DependsOn: Queue
              Properties: {Queues: [{Ref: Queue}], Other: {"Fn::Sub": "${Queue.Arn}-${AWS::StackName}-${Other}"}}
        more:
          - {StackName: named, Resources: {One: {Type: AWS::SNS::Topic}}}
          - {Resources: {Two: {Type: AWS::SNS::Topic}}}
        odd: {Transform: AWS::Serverless-2016-10-31}
    functions: {hello: {handler: hello.main}}
    """


def test_further_stacks_are_read_under_their_own_names(tmp_path: Path) -> None:
    made = project(tmp_path, ADDITIONAL)
    policy = made.deployed["shop-dev-base/Policy"]
    assert made.deployed["shop-dev-base/Queue"].properties == {"MessageRetentionPeriod": 3}
    assert policy.properties["Queues"] == [{"Ref": "shop-dev-base/Queue"}]
    assert "${shop-dev-base/Queue.Arn}" in str(policy.properties["Other"])
    assert policy.attributes["DependsOn"] == "shop-dev-base/Queue"
    assert {"named/One", "named/Two"} <= set(made.deployed)
    assert [one.code for one in made.findings] == ["plugin-stack"]


def test_the_deploying_user_may_make_what_is_in_further_stacks(tmp_path: Path) -> None:
    made = plan(project(tmp_path, ADDITIONAL), catalog(), "v3", ("deploy",))
    made_by = {action: set[str]() for action in ("sqs:CreateQueue", "sns:CreateTopic")}
    for one in made.permissions:
        made_by.get(one.action, set()).update(arn.rpartition(":")[2] for arn in one.resources)
    assert made_by == {"sqs:CreateQueue": {"shop-dev-base-Queue-*"}, "sns:CreateTopic": {"named-One-*", "named-Two-*"}}


@pytest.mark.parametrize("setting", ["useLayers: true", "nodePackageManager: yarn"])
def test_the_handler_behind_lumigo_s_is_found(tmp_path: Path, setting: str) -> None:
    made = project(
        tmp_path,
        f"""
        plugins: [serverless-lumigo]
        custom: {{lumigo: {{token: one, {setting}}}}}
        functions: {{hello: {{handler: hello.main}}}}
        """,
    )
    (function,) = made.functions
    assert made.deployed["HelloLambdaFunction"].properties["Handler"] != "hello.main"
    assert function.handler is not None
    assert (str(function.handler.file), function.handler.symbol) == ("hello.js", "main")
    assert [layer for layer in function.foreign_layers if known_layer(layer) is None] == []
    assert not function.unread


def test_functions_run_in_the_network_that_a_plugin_makes(tmp_path: Path) -> None:
    made = project(
        tmp_path,
        """
        plugins: [serverless-vpc-plugin]
        custom: {vpcConfig: {createBastionHost: true, bastionHostKeyName: key}}
        functions: {hello: {handler: hello.main}}
        """,
    )
    network = made.deployed["HelloLambdaFunction"].properties["VpcConfig"]
    assert network["SecurityGroupIds"] == [{"Ref": "AppSecurityGroup"}]
    assert "VPCAccess" in str(made.roles["IamRoleLambdaExecution"].managed_policies)
    assert made.roles["BastionIamRole"].statements[0].statement["Action"] == "ec2:AssociateAddress"
    assert [one.code for one in made.findings] == ["plugin-not-read"], "AWS says which zones there are"
    assert not any(function.unread for function in made.functions)
    planned = plan(made, catalog(), "v3", ("deploy",))
    (read,) = (one for one in planned.permissions if one.action == "ssm:GetParameters")
    assert [arn.partition(":parameter")[2] for arn in read.resources] == [
        "/aws/service/ami-amazon-linux-latest/amzn2-ami-hvm-x86_64-gp2"
    ]


def test_the_layer_of_gems_is_no_code_that_was_not_read(tmp_path: Path) -> None:
    made = project(
        tmp_path,
        """
        plugins: [serverless-ruby-layer]
        custom: {rubyLayer: {exclude_functions: [plain]}}
        functions:
          hello: {handler: hello.main}
          plain: {handler: hello.main}
        """,
    )
    assert made.deployed["HelloLambdaFunction"].properties["Layers"] == [{"Ref": "GemLambdaLayer"}]
    assert "Layers" not in made.deployed["PlainLambdaFunction"].properties
    assert made.deployed["GemLambdaLayer"].properties["LayerName"] == "shop-dev-ruby-bundle"
    assert not any(function.unread or function.foreign_layers for function in made.functions)


def test_settings_of_plugins_that_are_no_mappings_do_no_harm(tmp_path: Path) -> None:
    names = [
        "serverless-appsync-plugin", "serverless-plugin-ifelse", "serverless-layers", "serverless-plugin-warmup",
        "serverless-plugin-aws-alerts", "serverless-dynamodb-autoscaling", "serverless-plugin-log-subscription",
        "serverless-plugin-canary-deployments", "serverless-dotenv-plugin", "serverless-plugin-split-stacks",
        "serverless-sqs-alarms-plugin", "serverless-plugin-lambda-insights", "serverless-plugin-log-retention",
        "serverless-apigateway-service-proxy", "serverless-newrelic-lambda-layers", "serverless-fargate",
        "serverless-plugin-additional-stacks", "serverless-lumigo", "serverless-vpc-plugin",
        "serverless-aws-documentation", "serverless-cf-vars", "serverless-ruby-layer",
    ]  # fmt: skip
    keys = [
        "appSync", "serverlessIfElse", "serverless-layers", "warmup", "alerts", "capacities", "logSubscription",
        "deploymentSettings", "dotenv", "splitStacks", "sqs-alarms", "lambdaInsights", "logRetentionInDays",
        "apiGatewayServiceProxies", "newRelic", "additionalStacks", "lumigo",
        "vpcConfig", "documentation", "rubyLayer",
    ]  # fmt: skip
    for value in ("text", "[1, text, [], {}, null]", "null", "{a: 1, b: [2], c: {d: null}}", "7"):
        settings = "".join(f"  {key}: {value}\n" for key in keys)
        text = f"plugins: [{', '.join(names)}]\ncustom:\n{settings}functions: {{hello: {{handler: hello.main}}}}\n"
        (tmp_path / "serverless.yml").write_text(f"{SERVICE}{text}appSync: {value}\nfargate: {{tasks: {value}}}\n")
        assert "hello" in [function.key for function in load_project(tmp_path, Options()).functions]


@pytest.mark.parametrize(
    "alerts",
    [
        "{definitions: {functionErrors: {alarmActions: [[a]]}}, alarms: [functionErrors]}",
        "{alarms: [functionErrors], nameTemplate: [a]}",
        "{alarms: [functionErrors], prefixTemplate: 7}",
        "{dashboards: [{a: b}]}",
    ],
)
def test_settings_of_alarms_of_a_wrong_type_do_no_harm(tmp_path: Path, alerts: str) -> None:
    made = project(
        tmp_path,
        f"""
        plugins: [serverless-plugin-aws-alerts]
        custom: {{alerts: {alerts}}}
        functions: {{hello: {{handler: hello.main}}}}
        """,
    )
    assert [function.key for function in made.functions] == ["hello"]


@pytest.mark.parametrize("number", ["²", "9" * 5000])
def test_what_only_looks_like_a_number_is_none(tmp_path: Path, number: str) -> None:
    made = project(
        tmp_path,
        f"""
        plugins: [serverless-plugin-ifelse, serverless-plugin-log-retention]
        custom:
          logRetentionInDays: "{number}"
          serverlessIfElse:
            - If: "true"
              Set: {{"package.patterns.{number[:300]}.a": 1}}
              Exclude: ["package.patterns.{number[:300]}"]
        package: {{patterns: [one]}}
        functions: {{hello: {{handler: hello.main}}}}
        """,
    )
    assert [function.key for function in made.functions] == ["hello"]


def test_the_stream_of_a_table_that_a_plugin_looks_up_is_one_of_that_table(tmp_path: Path) -> None:
    made = project(
        tmp_path,
        """
        plugins: [serverless-dynamodb-stream-arn-plugin]
        functions:
          hello: {handler: hello.main, events: [{stream: {type: dynamodb, arn: '${fetchStreamARN(notes, eu-west-1)}'}}]}
        """,
    )
    (statement,) = (
        one.statement for one in made.roles["IamRoleLambdaExecution"].statements if "GetRecords" in str(one.statement)
    )
    assert "table/notes/stream/" in str(statement["Resource"])
    assert not [one for one in made.findings if one.code.startswith(("plugin", "variable"))]


@pytest.mark.parametrize(
    ("plugin", "settings"),
    [
        ("serverless-plugin-warmup", "custom: ${file(there.yml)}"),
        ("serverless-newrelic-lambda-layers", "custom: {newRelic: '${file(there.yml)}'}"),
        ("serverless-appsync-plugin", "appSync: ${file(there.yml)}"),
        ("serverless-lift", "constructs: ${file(there.yml)}"),
    ],
)
def test_functions_are_seen_in_part_where_the_settings_of_a_plugin_are_not_known(
    tmp_path: Path, plugin: str, settings: str
) -> None:
    made = project(tmp_path, f"plugins: [{plugin}]\n{settings}\nfunctions: {{hello: {{handler: hello.main}}}}\n")
    assert [one.cause for function in made.functions for one in function.unread] == [Cause.PLUGIN]


def test_log_groups_are_subscribed_to_the_forwarder_of_datadog(tmp_path: Path) -> None:
    made = project(
        tmp_path,
        """
        plugins: [serverless-plugin-datadog]
        custom: {datadog: {forwarderArn: "arn:aws:lambda:us-east-1:123456789012:function:dd", addExtension: false}}
        functions: {hello: {handler: hello.main}}
        """,
    )
    assert made.deployed["HelloLogGroupSubscription"].type == "AWS::Logs::SubscriptionFilter"
    assert not [one for one in made.findings if one.code == "plugin-not-read"]
