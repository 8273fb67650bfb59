"""A denial reaches a program as its SDK's own error: boto3's, and those of both JavaScript SDKs."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from oracle.harness import OSLS, SERVERLESS_3
from scopedown.guard.gate import Gate
from scopedown.guard.model import Principal
from scopedown.guard.services import cloudformation

SCRIPT = Path(__file__).with_name("denials.js")
NO_DENIAL = "is not authorized to perform"
# service of boto3, its method, parameters, code in boto3, code in JavaScript
CALLS = [
    ("sns", "list_topics", {}, "AuthorizationError"),
    ("iam", "list_users", {}, "AccessDenied"),
    ("ec2", "describe_vpcs", {}, "UnauthorizedOperation"),
    ("dynamodb", "list_tables", {}, "AccessDeniedException"),
    ("sqs", "list_queues", {}, "AccessDenied"),
    ("lambda", "list_functions", {}, "AccessDeniedException"),
    ("apigateway", "get_rest_apis", {}, "AccessDeniedException"),
    ("s3", "list_buckets", {}, "AccessDenied"),
    ("route53", "list_hosted_zones", {}, "AccessDenied"),
    ("cloudwatch", "list_metrics", {}, "AccessDenied"),
    ("kms", "list_keys", {}, "AccessDeniedException"),
    ("secretsmanager", "list_secrets", {}, "AccessDeniedException"),
    ("ssm", "describe_parameters", {}, "AccessDeniedException"),
    ("stepfunctions", "list_state_machines", {}, "AccessDeniedException"),
    ("logs", "describe_log_groups", {}, "AccessDeniedException"),
    ("events", "list_rules", {}, "AccessDeniedException"),
    ("kinesis", "list_streams", {}, "AccessDeniedException"),
    ("cognito-idp", "list_user_pools", {"MaxResults": 1}, "AccessDeniedException"),
    ("cloudfront", "list_distributions", {}, "AccessDenied"),
    ("elbv2", "describe_load_balancers", {}, "AccessDenied"),
]
V3 = [
    ("api-gateway", "APIGatewayClient", "GetRestApisCommand", {}, "AccessDeniedException"),
    ("apigatewayv2", "ApiGatewayV2Client", "GetApisCommand", {}, "AccessDeniedException"),
    ("cloudformation", "CloudFormationClient", "ListTypesCommand", {}, "AccessDenied"),
    ("cloudwatch", "CloudWatchClient", "ListMetricsCommand", {}, "AccessDenied"),
    ("cloudwatch-logs", "CloudWatchLogsClient", "DescribeLogGroupsCommand", {}, "AccessDeniedException"),
    ("ecr", "ECRClient", "DescribeRepositoriesCommand", {}, "AccessDeniedException"),
    ("eventbridge", "EventBridgeClient", "ListRulesCommand", {}, "AccessDeniedException"),
    ("iam", "IAMClient", "ListUsersCommand", {}, "AccessDenied"),
    ("lambda", "LambdaClient", "ListFunctionsCommand", {}, "AccessDeniedException"),
    ("s3", "S3Client", "ListBucketsCommand", {}, "AccessDenied"),
    ("s3", "S3Client", "GetObjectCommand", {"Bucket": "pail", "Key": "k"}, "AccessDenied"),
    ("ssm", "SSMClient", "DescribeParametersCommand", {}, "AccessDeniedException"),
]
V2 = [
    ("", "APIGateway", "getRestApis", {}, "AccessDeniedException"),
    ("", "CloudFormation", "listTypes", {}, "AccessDenied"),
    ("", "CloudWatch", "listMetrics", {}, "AccessDenied"),
    ("", "DynamoDB", "listTables", {}, "AccessDeniedException"),
    ("", "EC2", "describeVpcs", {}, "UnauthorizedOperation"),
    ("", "IAM", "listUsers", {}, "AccessDenied"),
    ("", "Lambda", "listFunctions", {}, "AccessDeniedException"),
    ("", "S3", "getObject", {"Bucket": "pail", "Key": "k"}, "AccessDenied"),
    ("", "SQS", "listQueues", {}, "AccessDenied"),
    ("", "SNS", "listTopics", {}, "AuthorizationError"),
    ("", "StepFunctions", "listStateMachines", {}, "AccessDeniedException"),
]


@pytest.fixture(scope="module")
def gate() -> Iterator[Gate]:
    with Gate(services=(cloudformation,)) as one:
        yield one


@pytest.fixture(scope="module")
def nobody(gate: Gate) -> Principal:
    return gate.make_user("nobody")


@pytest.mark.parametrize(("service", "method", "given", "code"), CALLS)
def test_boto3_raises_the_services_own_error(
    gate: Gate, nobody: Principal, service: str, method: str, given: dict[str, Any], code: str
) -> None:
    with pytest.raises(ClientError) as told:
        getattr(gate.client(service, nobody), method)(**given)
    assert told.value.response["Error"]["Code"] in (*code.split("|"), f"{code}Exception")
    assert NO_DENIAL in told.value.response["Error"]["Message"]


def test_a_denied_head_has_no_body_and_says_403(gate: Gate, nobody: Principal) -> None:
    with pytest.raises(ClientError) as told:
        gate.client("s3", nobody).head_bucket(Bucket="pail")
    assert told.value.response["Error"]["Code"] == "403"


@pytest.mark.oracle
@pytest.mark.slow
@pytest.mark.parametrize(("version", "package", "calls"), [("v3", OSLS, V3), ("v2", SERVERLESS_3, V2)])
def test_the_sdks_of_javascript_raise_their_own_errors(
    gate: Gate, nobody: Principal, version: str, package: Any, calls: list[tuple[Any, ...]]
) -> None:
    if not (package.folder / "node_modules").is_dir():
        pytest.skip(f"{package.name} is not installed")
    asked = json.dumps([call[:4] for call in calls])
    arguments = [version, str(package.folder / "node_modules"), gate.address, nobody.key_id, nobody.secret, asked]
    done = subprocess.run(["node", str(SCRIPT), *arguments], capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
    for call, told in zip(calls, json.loads(done.stdout), strict=True):
        assert told["name"] in (call[4], f"{call[4]}Exception"), (call, told)
        assert NO_DENIAL in told["message"], (call, told)
