"""What http events make that no golden service shows: what is told, what stays unknown."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from scopedown.core.place import Place
from scopedown.project.intrinsics import Scope
from scopedown.project.load import load_project
from scopedown.project.model import Project
from scopedown.project.options import Options
from scopedown.project.serverless.events import http
from scopedown.project.serverless.service import Service
from scopedown.project.serverless.template import Template


def read(folder: Path, *events: Any, provider: Mapping[str, Any] | None = None, **functions: Any) -> Project:
    service = {
        "service": "shop",
        "provider": {"name": "aws", "runtime": "python3.12", **(provider or {})},
        "functions": {"sell": {"handler": "h.main", "events": [{"http": event} for event in events]}, **functions},
    }
    (folder / "serverless.json").write_text(json.dumps(service))
    (folder / "h.py").write_text("def main(event, context): ...\n")
    return load_project(folder, Options())


def codes(project: Project) -> list[str]:
    return [finding.code for finding in project.findings]


def ids(project: Project, type: str) -> list[str]:
    return [id for id, resource in project.generated.items() if resource.type == type]


def test_an_event_without_a_path_is_told_and_the_others_are_compiled(tmp_path: Path) -> None:
    project = read(tmp_path, {"method": "get"}, "GET", ["x"], "GET orders")
    assert codes(project).count("event-refused") == 3
    assert ids(project, "AWS::ApiGateway::Method") == ["ApiGatewayMethodOrdersGet"]


def test_a_service_whose_http_events_are_all_invalid_has_no_api(tmp_path: Path) -> None:
    assert ids(read(tmp_path, {"method": "get"}), "AWS::ApiGateway::RestApi") == []


def test_methods_of_a_path_that_is_not_known_keep_resources_of_their_own(tmp_path: Path) -> None:
    same = "v1/${ssm:/shop/path}/orders"
    events = ({"path": same, "method": "get"}, {"path": same, "method": "post"}, "GET /${ssm:/other}")
    project = read(tmp_path, *events, "GET /")
    resources = ids(project, "AWS::ApiGateway::Resource")
    assert {"ApiGatewayResourceV1Unknown1", "ApiGatewayResourceUnknown2"} <= set(resources)
    assert ids(project, "AWS::ApiGateway::Method") == [
        "ApiGatewayMethodV1Unknown1OrdersGet", "ApiGatewayMethodV1Unknown1OrdersPost", "ApiGatewayMethodUnknown2Get",
        "ApiGatewayMethodGet",
    ]  # fmt: skip


def test_a_path_of_very_many_segments_is_told_instead_of_compiled(tmp_path: Path) -> None:
    project = read(tmp_path, {"path": "a/" * 5000, "method": "get"}, "GET b")
    assert "event-refused" in codes(project)
    assert ids(project, "AWS::ApiGateway::Resource") == ["ApiGatewayResourceB"]


@pytest.mark.parametrize(
    "authorizer",
    [
        {"type": "token"},
        {"type": "COGNITO_USER_POOLS", "arn": {"Fn::GetAtt": ["Pool", "Arn"]}},
        ["a", "b"],
        "nobody",
        {"name": "nobody"},
    ],
)
def test_an_authorizer_that_is_not_clear_or_no_function_is_told(tmp_path: Path, authorizer: Any) -> None:
    project = read(tmp_path, {"path": "a", "method": "get", "authorizer": authorizer})
    assert "event-refused" in codes(project)
    assert "ApiGatewayMethodAGet" in project.generated


@pytest.mark.parametrize(
    "provider",
    [
        {"apiGateway": {"restApiId": "abc"}},
        {"apiGateway": {"restApiId": "abc", "restApiRootResourceId": "r"}, "logs": {"restApi": True}},
        {"endpointType": "regional", "vpcEndpointIds": ["vpce-1"]},
        {"stage": "a.b"},
    ],
)
def test_settings_of_an_api_that_do_not_go_together_are_told(tmp_path: Path, provider: Mapping[str, Any]) -> None:
    assert "api-refused" in codes(read(tmp_path, "GET a", provider=provider))
    assert "api-refused" not in codes(read(tmp_path, provider=provider))


def test_an_http_integration_without_an_address_is_told(tmp_path: Path) -> None:
    project = read(tmp_path, {"path": "a", "method": "get", "integration": "http-proxy"})
    assert "event-refused" in codes(project)


def test_paths_below_those_of_another_stack_need_its_ids(tmp_path: Path) -> None:
    gateway = {"restApiId": "abc", "restApiRootResourceId": "root", "restApiResources": {"shop/orders": "o1"}}
    project = read(tmp_path, "GET shop", provider={"apiGateway": gateway})
    assert "api-refused" in codes(project)


def test_keys_of_a_plan_that_is_not_there_are_told(tmp_path: Path) -> None:
    gateway = {"apiKeys": [{"free": ["a"]}, "b"], "usagePlan": [{"paid": {"quota": {"limit": 1}}}]}
    project = read(tmp_path, "GET a", provider={"apiGateway": gateway})
    assert "api-refused" in codes(project)
    assert ids(project, "AWS::ApiGateway::ApiKey") == ["ApiGatewayApiKey1"]


def test_resources_stand_where_their_event_stands(tmp_path: Path) -> None:
    project = read(tmp_path, "GET a", "GET b")
    places = {project.generated[f"ApiGatewayMethod{name}Get"].place.column for name in "AB"}
    assert len(places) == 2


def test_only_osls_tags_an_api() -> None:
    found = {}
    for framework in ("osls", "v3"):
        service = Service(
            name="shop", stage="dev", region="us-east-1", place=Place("serverless.yml"), provider={"tags": {"a": "b"}},
            functions={"sell": {"events": [{"http": "GET a"}]}}, resources={}, custom={}, plugins=(),
            framework=framework,
        )  # fmt: skip
        template = Template(service, Scope({}, {}, {}), {})
        http.compile(template)
        found[framework] = "Tags" in template.resources["ApiGatewayRestApi"].properties
    assert found == {"osls": True, "v3": False}
