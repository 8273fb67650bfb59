"""Which framework compiles a service, and what serverless 3 does differently from osls."""

from __future__ import annotations

from pathlib import Path

import pytest

from scopedown.project.load import load_project
from scopedown.project.model import DeclaredResource
from scopedown.project.options import Options
from scopedown.project.serverless.frameworks import OSLS, V3, V4, framework_of

SERVICE = """\
service: shop
provider: {name: aws, region: us-east-1, stage: dev, logs: {lambda: {logFormat: JSON}}}
functions:
  one: {handler: f.one, url: true, condition: Wanted, recursiveLoop: Allow, provisionedConcurrency: 1}
  two: {handler: f.two, destinations: {onSuccess: one}}
resources: {Conditions: {Wanted: {Fn::Equals: [a, a]}}}
"""


@pytest.mark.parametrize(
    ("package", "version", "framework"),
    [
        ("", "", OSLS),
        ("", "3", V3),
        ("", ">=2.0.0 <4.0.0", V3),
        ("", "^4.3.0", V4),
        ("", "*", OSLS),
        ('{"devDependencies": {"osls": "^4.0.0"}}', "3", OSLS),
        ('{"dependencies": {"serverless": "^3.38.0"}}', "", V3),
        ('{"devDependencies": {"serverless": "4"}}', "3", V4),
        ('{"devDependencies": {"serverless": "latest"}}', "3", V3),
        ('{"devDependencies": ["serverless"]}', "", OSLS),
        ("{broken", "3", V3),
    ],
)
def test_the_framework_is_the_one_that_the_project_pins(
    tmp_path: Path, package: str, version: str, framework: str
) -> None:
    if package:
        (tmp_path / "package.json").write_text(package)
    assert framework_of(tmp_path, version) == framework


@pytest.mark.parametrize(
    "configuration",
    [
        {"stages": {"default": {"params": {"x": 1}}}},
        {"provider": {"name": "aws", "iam": {"role": {"mode": "perFunction"}}}},
        {"functions": {"f": {"handler": "f.main", "iam": {"role": {"statements": []}}}}},
    ],
)
def test_what_only_serverless_4_knows_tells_that_it_compiles(tmp_path: Path, configuration: dict[str, object]) -> None:
    assert framework_of(tmp_path, "", configuration) == V4
    assert framework_of(tmp_path, "3", configuration) == V3


def compiled(folder: Path, framework: str) -> dict[str, DeclaredResource]:
    (folder / "serverless.yml").write_text(SERVICE)
    return dict(load_project(folder, Options(framework=framework)).generated)


def test_a_url_of_serverless_3_is_called_with_one_permission(tmp_path: Path) -> None:
    assert "OneLambdaPermissionFn" in compiled(tmp_path, OSLS)
    ours = compiled(tmp_path, V3)
    assert "OneLambdaPermissionFnUrl" in ours
    assert "OneLambdaPermissionFn" not in ours


def test_a_destination_of_serverless_3_is_the_function_and_not_its_alias(tmp_path: Path) -> None:
    path = ("DestinationConfig", "OnSuccess", "Destination")
    arn = {"Fn::GetAtt": ["OneLambdaFunction", "Arn"]}
    found = []
    for framework in (OSLS, V3):
        value: object = compiled(tmp_path, framework)["TwoLambdaEvConf"].properties
        for name in path:
            assert isinstance(value, dict)
            value = value[name]
        found.append(value)
    assert found == [{"Fn::Join": [":", [arn, "provisioned"]]}, arn]


def test_serverless_3_has_its_own_default_runtime_and_ignores_newer_settings(tmp_path: Path) -> None:
    osls, v3 = (compiled(tmp_path, framework)["OneLambdaFunction"].properties for framework in (OSLS, V3))
    assert (osls["Runtime"], v3["Runtime"]) == ("nodejs24.x", "nodejs16.x")
    assert {"RecursiveLoop", "LoggingConfig"} <= set(osls)
    assert not {"RecursiveLoop", "LoggingConfig"} & set(v3)


def test_serverless_3_makes_the_function_alone_conditional(tmp_path: Path) -> None:
    conditional = {
        framework: {id for id, item in compiled(tmp_path, framework).items() if "Condition" in item.attributes}
        for framework in (OSLS, V3)
    }
    assert conditional[V3] == {"OneLambdaFunction"}
    assert {"OneLambdaFunction", "OneLogGroup", "OneProvConcLambdaAlias"} <= conditional[OSLS]
