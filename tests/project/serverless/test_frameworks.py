"""Which framework compiles a service, and what serverless 3 does differently from osls."""

from __future__ import annotations

from pathlib import Path

import pytest

from scopedown.project.load import load_project
from scopedown.project.model import DeclaredResource
from scopedown.project.options import Options
from scopedown.project.serverless.frameworks import OSLS, V3, V4, Choice, choose

SERVICE = """\
service: shop
provider: {name: aws, region: us-east-1, stage: dev, logs: {lambda: {logFormat: JSON}}}
functions:
  one: {handler: f.one, url: true, condition: Wanted, recursiveLoop: Allow, provisionedConcurrency: 1}
  two: {handler: f.two, destinations: {onSuccess: one}}
resources: {Conditions: {Wanted: {Fn::Equals: [a, a]}}}
"""


@pytest.mark.parametrize(
    ("package", "version", "framework", "reason"),
    [
        ("", "", OSLS, "neither package.json nor frameworkVersion names another version"),
        ("", "3", V3, "frameworkVersion is 3"),
        ("", ">=2.0.0 <4.0.0", V3, "frameworkVersion is >=2.0.0 <4.0.0"),
        ("", "^4.3.0", V4, "frameworkVersion is ^4.3.0"),
        ("", "*", OSLS, "neither package.json nor frameworkVersion names another version"),
        ('{"devDependencies": {"osls": "^4.0.0"}}', "3", OSLS, "package.json lists osls in its devDependencies"),
        (
            '{"dependencies": {"serverless": "^3.38.0"}}', "",
            V3, "package.json lists serverless ^3.38.0 in its dependencies",
        ),
        (
            '{"devDependencies": {"serverless": "4"}}', "3",
            V4, "package.json lists serverless 4 in its devDependencies",
        ),
        ('{"devDependencies": {"serverless": "latest"}}', "3", V3, "frameworkVersion is 3"),
        ('{"devDependencies": ["serverless"]}', "", OSLS, "neither package.json nor frameworkVersion names another "
        "version"),
        ("{broken", "3", V3, "frameworkVersion is 3"),
    ],
)  # fmt: skip
def test_the_framework_is_the_one_that_the_project_pins(
    tmp_path: Path, package: str, version: str, framework: str, reason: str
) -> None:
    if package:
        (tmp_path / "package.json").write_text(package)
    assert choose(tmp_path, {"frameworkVersion": version}) == Choice(framework, reason)


def test_what_the_user_says_goes_before_what_the_project_pins(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"devDependencies": {"osls": "4"}}')
    assert choose(tmp_path, {"frameworkVersion": "4"}, V3) == Choice(V3, "--framework sets it")
    assert choose(tmp_path, {"frameworkVersion": "4"}, V3, runs_us=True) == Choice(V3, "it runs this command")


def test_a_repository_pins_the_framework_of_the_services_in_it(tmp_path: Path) -> None:
    service = tmp_path / "services" / "shop"
    service.mkdir(parents=True)
    (tmp_path / "package.json").write_text('{"devDependencies": {"serverless": "^3.38.0"}}')
    assert choose(service, {}).framework == OSLS  # nothing tells that the two belong together
    (tmp_path / ".git").mkdir()
    assert choose(service, {}) == Choice(V3, "../../package.json lists serverless ^3.38.0 in its devDependencies")
    assert choose(service, {"frameworkVersion": "4"}) == Choice(V4, "frameworkVersion is 4")
    (tmp_path / "services" / "package.json").write_text('{"dependencies": {"osls": "4.0.0"}}')
    assert choose(service, {}) == Choice(OSLS, "../package.json lists osls in its dependencies")
    (service / ".git").write_text("gitdir: elsewhere")
    assert choose(service, {}).framework == OSLS
    assert "another version" in choose(service, {}).reason


@pytest.mark.parametrize(
    ("configuration", "sign"),
    [
        ({"stages": {"default": {"params": {"x": 1}}}}, "stages"),
        ({"build": {"esbuild": False}}, "build"),
        ({"provider": {"name": "aws", "iam": {"role": {"mode": "perFunction"}}}}, "provider.iam.role.mode"),
        ({"functions": {"f": {"handler": "f.main", "iam": {"role": {"statements": []}}}}}, "functions.f.iam"),
    ],
)
def test_what_only_serverless_4_knows_tells_that_it_compiles(
    tmp_path: Path, configuration: dict[str, object], sign: str
) -> None:
    assert choose(tmp_path, configuration) == Choice(V4, f"it has {sign}, which only serverless 4 supports")
    assert choose(tmp_path, configuration | {"frameworkVersion": "3"}).framework == V3


def test_what_a_variable_gives_tells_which_framework_compiles_too(tmp_path: Path) -> None:
    (tmp_path / "functions.yml").write_text("f: {handler: f.main, iam: {role: {statements: []}}}\n")
    (tmp_path / "serverless.yml").write_text(
        "service: shop\nprovider: {name: aws, runtime: nodejs20.x}\nfunctions: ${file(functions.yml)}\n"
    )
    project = load_project(tmp_path, Options())
    assert project.compiler == "serverless 4"
    assert "functions.f.iam" in project.compiler_reason


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
    assert "RecursiveLoop" in osls
    assert "RecursiveLoop" not in v3


def test_serverless_3_makes_the_function_alone_conditional(tmp_path: Path) -> None:
    conditional = {
        framework: {id for id, item in compiled(tmp_path, framework).items() if "Condition" in item.attributes}
        for framework in (OSLS, V3)
    }
    assert conditional[V3] == {"OneLambdaFunction"}
    assert {"OneLambdaFunction", "OneLogGroup", "OneProvConcLambdaAlias"} <= conditional[OSLS]
