"""What plugins of the Serverless Framework call while they deploy is granted, and only where they are named."""

from __future__ import annotations

from pathlib import Path

import pytest

from scopedown.catalog.load import catalog
from scopedown.deploy.plan import plan
from scopedown.project.load import load_project
from scopedown.project.model import Project
from scopedown.project.options import Options


def api(folder: Path, plugins: str) -> Project:
    (folder / "h.py").write_text("")
    (folder / "serverless.yml").write_text(
        "service: s\nprovider: {name: aws, runtime: python3.12}\n"
        f"plugins: [{plugins}]\ncustom: {{apigwBinary: {{types: ['*/*']}}}}\n"
        "functions: {f: {handler: h.main, events: [{http: GET /}]}}\n"
    )
    return load_project(folder, Options())


@pytest.mark.parametrize("framework", ["osls", "v3"])
def test_binary_types_are_put_into_the_rest_api_after_the_deployment(tmp_path: Path, framework: str) -> None:
    made = plan(api(tmp_path, "serverless-apigw-binary"), catalog(), framework, ("deploy",))
    (granted,) = (one for one in made.permissions if "apigateway.PutRestApi" in str(one.because))
    assert granted.action == "apigateway:PUT"
    assert [str(arn) for arn in granted.resources] == ["arn:aws:apigateway:us-east-1::/restapis/*"]


def test_without_the_plugin_nobody_may_overwrite_the_rest_api(tmp_path: Path) -> None:
    made = plan(api(tmp_path, "serverless-offline"), catalog(), "v3", ("deploy",))
    assert not [one for one in made.permissions if "apigateway.PutRestApi" in str(one.because)]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("serverless-domain-manager", "it calls AWS by itself (custom domains and their records)"),
        ("./plugins/own", "scopedown does not know whether it calls AWS"),
    ],
)
def test_a_plugin_whose_calls_are_in_no_table_is_named(tmp_path: Path, name: str, reason: str) -> None:
    made = plan(api(tmp_path, name), catalog(), "v3", ("deploy",))
    (named,) = (one for one in made.unresolved if one.subject == f"plugin {name}")
    assert named.reason == reason and named.effect == "the policy allows none of its calls"


@pytest.mark.parametrize("name", ["serverless-offline", "serverless-esbuild", "serverless-apigw-binary"])
def test_a_plugin_without_calls_or_with_rows_is_not_named(tmp_path: Path, name: str) -> None:
    made = plan(api(tmp_path, name), catalog(), "v3", ("deploy",))
    assert not [one for one in made.unresolved if one.subject.startswith("plugin")]
