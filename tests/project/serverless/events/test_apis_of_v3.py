"""Where serverless 3.40.0 compiles APIs and user pools to something else than osls.

The expected values are what serverless 3.40.0 itself packages of these services.
"""

from __future__ import annotations

from typing import Any

import pytest

from scopedown.core.place import Place
from scopedown.project.intrinsics import Scope
from scopedown.project.model import DeclaredResource
from scopedown.project.serverless.custom_resources import custom_resources_role
from scopedown.project.serverless.events import cognito_user_pool, websocket
from scopedown.project.serverless.frameworks import custom_resources_runtime
from scopedown.project.serverless.service import Service
from scopedown.project.serverless.template import Template

BOTH = pytest.mark.parametrize("framework", ["osls", "v3"])


def service(
    framework: str, *events: Any, provider: dict[str, Any] | None = None, functions: tuple[str, ...] = ("f",)
) -> Service:
    return Service(
        name="shop", stage="dev", region="us-east-1", place=Place("serverless.yml"), provider=provider or {},
        functions={
            key: {"handler": "a.b", "events": list(events), "provisionedConcurrency": 1} for key in functions
        },
        resources={}, custom={}, plugins=(), framework=framework,
    )  # fmt: skip


def compiled(module: Any, of: Service) -> dict[str, DeclaredResource]:
    template = Template(of, Scope({}, {}, {}), {})
    module.compile(template)
    return template.resources


@BOTH
@pytest.mark.parametrize("asked", [True, False])
def test_v3_tags_a_websocket_api_only_where_it_is_asked_to(framework: str, asked: bool) -> None:
    provider = {"tags": {"team": "talk"}, "websocket": {"useProviderTags": asked}}
    api = compiled(websocket, service(framework, {"websocket": "$connect"}, provider=provider))["WebsocketsApi"]
    assert ("Tags" in api.properties) is (framework == "osls" or asked)


def test_v3_gives_tokens_before_they_are_made_no_version() -> None:
    event = {"cognitoUserPool": {"pool": "p", "trigger": "PreTokenGeneration", "lambdaVersion": "V2_0"}}
    for framework, trigger in (("osls", "PreTokenGenerationConfig"), ("v3", "PreTokenGeneration")):
        pool = compiled(cognito_user_pool, service(framework, event))["CognitoUserPoolP"]
        configuration: Any = pool.properties["LambdaConfig"]
        assert list(configuration) == [trigger]


def test_v3_may_change_the_permissions_of_each_function_by_its_name() -> None:
    event = {"cognitoUserPool": {"pool": "p", "trigger": "PreSignUp", "existing": True}}
    role = custom_resources_role(service("v3", event, functions=("f", "g")))
    assert role is not None
    assert [(one.statement["Action"], one.statement["Resource"]) for one in role[2]] == [
        (["cognito-idp:ListUserPools", "cognito-idp:DescribeUserPool", "cognito-idp:UpdateUserPool"], "*"),
        (
            ["lambda:AddPermission", "lambda:RemovePermission"],
            {"Fn::Sub": "arn:${AWS::Partition}:lambda:*:*:function:shop-dev-f"},
        ),
        (
            ["lambda:AddPermission", "lambda:RemovePermission"],
            {"Fn::Sub": "arn:${AWS::Partition}:lambda:*:*:function:shop-dev-g"},
        ),
        (["iam:PassRole"], {"Fn::Sub": "arn:${AWS::Partition}:iam::*:role/*"}),
    ]


@pytest.mark.parametrize(
    ("framework", "runtime", "own"),
    [
        ("osls", "nodejs20.x", "nodejs20.x"),
        ("osls", "python3.12", "nodejs24.x"),
        ("v3", "nodejs20.x", "nodejs18.x"),
        ("v3", "python3.12", "nodejs18.x"),
    ],
)
def test_the_functions_of_v3_itself_run_on_node_18(framework: str, runtime: str, own: str) -> None:
    assert custom_resources_runtime(service(framework, provider={"runtime": runtime})) == own
