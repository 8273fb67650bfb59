"""Events of APIs, load balancers and pools whose settings only AWS knows: each keeps resources of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from scopedown.core.text import Text
from scopedown.project.load import load_project
from scopedown.project.model import DeclaredResource, Project
from scopedown.project.options import Options

HEAD = """service: s
provider: {name: aws, runtime: python3.12}
functions:
  f:
    handler: h.main
    events:
"""


def read(folder: Path, *events: str) -> Project:
    (folder / "serverless.yml").write_text(HEAD + "".join(f"      - {event}\n" for event in events))
    (folder / "h.py").write_text("def main(event, context): ...\n")
    return load_project(folder, Options())


def of_type(project: Project, type: str) -> list[DeclaredResource]:
    return [resource for resource in project.generated.values() if resource.type == type]


def is_unknown(value: Any) -> bool:
    return isinstance(value, Text) and bool(value.unknowns)


def test_two_unknown_routes_are_two_routes(tmp_path: Path) -> None:
    project = read(tmp_path, "httpApi: GET /${ssm:/a}", "httpApi: GET /${ssm:/b}", "httpApi: ${ssm:/c}")
    routes = of_type(project, "AWS::ApiGatewayV2::Route")
    assert len(routes) == 3
    assert project.findings == ()


def test_two_unknown_listeners_are_two_target_groups_of_unknown_names(tmp_path: Path) -> None:
    project = read(
        tmp_path,
        "alb: {listenerArn: '${ssm:/a}', priority: 1, conditions: {path: /a}}",
        "alb: {listenerArn: '${ssm:/b}', priority: 2, conditions: {path: /b}}",
    )
    groups = of_type(project, "AWS::ElasticLoadBalancingV2::TargetGroup")
    assert len(groups) == 2
    assert all(is_unknown(group.properties["Name"]) for group in groups)
    assert project.findings == ()


def test_an_unknown_authorizer_of_a_websocket_is_called_as_it_is_written(tmp_path: Path) -> None:
    project = read(tmp_path, "websocket: {route: $connect, authorizer: {arn: '${ssm:/a}'}}")
    (authorizer,) = of_type(project, "AWS::ApiGatewayV2::Authorizer")
    assert is_unknown(authorizer.properties["AuthorizerUri"])
    called = [one.properties["FunctionName"] for one in of_type(project, "AWS::Lambda::Permission")]
    assert [is_unknown(name) for name in called] == [False, True]


def test_two_unknown_pools_are_two_pools(tmp_path: Path) -> None:
    project = read(
        tmp_path,
        "cognitoUserPool: {pool: '${ssm:/a}', trigger: PreSignUp}",
        "cognitoUserPool: {pool: '${ssm:/b}', trigger: PreSignUp}",
    )
    assert len(of_type(project, "AWS::Cognito::UserPool")) == 2


def test_the_common_beginning_of_log_groups_ends_where_they_are_not_known(tmp_path: Path) -> None:
    project = read(tmp_path, "cloudwatchLog: /a/${ssm:/a}/x", "cloudwatchLog: /a/${ssm:/a}/y", "cloudwatchLog: /a/b")
    (permission,) = of_type(project, "AWS::Lambda::Permission")
    joined: Any = permission.properties["SourceArn"]
    assert joined["Fn::Join"][1][-2:] == ["/a/*", ":*"]
