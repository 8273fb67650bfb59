"""Services of serverless 4, each with the whole template that its compiler makes of it.

Every folder of ``golden/v4`` holds a service and ``expected.json``, in the form of ``golden/resources`` (logical ids
without their hashes, no properties of archives). They were compiled once with serverless at b9d7ea5; nothing is asked
of the framework here.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from oracle.comparing import differences
from oracle.resolving import Stubs
from scopedown.core.finding import Severity
from scopedown.core.text import Text
from scopedown.project.load import load_project
from scopedown.project.model import Project
from scopedown.project.options import Options

GOLDEN = Path(__file__).parent / "golden" / "v4"
FOLDERS = sorted(path.parent for path in GOLDEN.glob("*/expected.json"))


def read(folder: Path, text: str, options: Options | None = None) -> Project:
    (folder / "serverless.yml").write_text(text)
    (folder / "f.ts").write_text("export const main = () => 1;\n")
    return load_project(folder, options or Options())


def codes(project: Project) -> set[str]:
    return {finding.code for finding in project.findings}


def test_no_golden_service_lacks_its_expected_template() -> None:
    assert sorted(path for path in GOLDEN.iterdir() if path.is_dir()) == FOLDERS


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: str(folder.name))
def test_a_service_deploys_the_resources_that_serverless_4_compiles(folder: Path) -> None:
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    project = load_project(folder, Options(values=Stubs(), account="123456789012"))
    assert [str(one) for one in differences(expected, project)] == []


HEAD = "service: shop\nframeworkVersion: '4'\nprovider: {name: aws, runtime: nodejs20.x, region: eu-west-1}\n"


def test_a_role_that_is_never_made_is_told(tmp_path: Path) -> None:
    project = read(
        tmp_path, HEAD + "functions: {f: {handler: f.main, iam: {role: {name: mine}}}, g: {handler: f.main}}\n"
    )
    assert project.functions[0].role == "IamRoleLambdaExecution"
    assert codes(project) == {"own-role-ignored"}


@pytest.mark.parametrize(
    "own", ["iam: {role: {statements: []}}", "iamRoleStatements: []", "iam: {role: {managedPolicies: ['arn:x']}}"]
)
def test_a_role_beside_statements_of_ones_own_is_refused(tmp_path: Path, own: str) -> None:
    functions = f"{{f: {{handler: f.main, role: 'arn:aws:iam::123456789012:role/x', {own}}}, g: {{handler: f.main}}}}"
    project = read(tmp_path, f"{HEAD}functions: {functions}\n")
    told = [finding for finding in project.findings if finding.code == "own-role-refused"]
    assert [finding.severity for finding in told] == [Severity.ERROR]


def test_a_name_for_all_roles_is_refused(tmp_path: Path) -> None:
    head = HEAD.replace("region:", "iam: {role: {name: all}}, region:")
    project = read(tmp_path, head + "functions: {f: {handler: f.main, iam: {role: {statements: []}}}}\n")
    assert "own-role-refused" in codes(project)


def test_a_name_that_is_too_long_is_refused(tmp_path: Path) -> None:
    statements = "iam: {role: {statements: [{Effect: Allow, Action: 's3:GetObject', Resource: '*'}]}}"
    project = read(
        tmp_path, f"{HEAD}functions: {{{'f' * 60}: {{handler: f.main, {statements}}}, g: {{handler: f.main}}}}\n"
    )
    assert "own-role-refused" in codes(project)


def test_statements_of_a_function_say_where_they_stand(tmp_path: Path) -> None:
    project = read(
        tmp_path,
        HEAD
        + """functions:
  f:
    handler: f.main
    iam:
      inheritStatements: true
      role:
        statements:
          - {Effect: Allow, Action: ['s3:GetObject'], Resource: '*'}
""",
    )
    role = project.roles[project.functions[0].role]
    assert role.declared and role.id == "FIamRoleLambdaExecution"
    assert [(item.added_by, item.place.line if item.place else None) for item in role.statements] == [
        ("framework", 5),
        ("project", 11),
    ]


def test_other_versions_do_not_know_roles_of_functions(tmp_path: Path) -> None:
    text = HEAD.replace("'4'", "'3'") + "functions: {f: {handler: f.main, iam: {role: {statements: []}}}}\n"
    project = read(tmp_path, text)
    assert project.functions[0].role == "IamRoleLambdaExecution"
    assert "own-role-ignored" in codes(project)


@pytest.mark.parametrize("setting", ["", "enableLegacyDeploymentBucket: true", "deploymentBucket: mine"])
def test_services_share_a_bucket_unless_they_say_otherwise(tmp_path: Path, setting: str) -> None:
    head = HEAD.replace("region: eu-west-1", f"region: eu-west-1, {setting}") if setting else HEAD
    project = read(tmp_path, head + "functions: {f: {handler: f.main}}\n")
    code = project.generated["FLambdaFunction"].properties["Code"]
    assert isinstance(code, dict)
    bucket = code["S3Bucket"]
    assert ("ServerlessDeploymentBucket" in project.generated) is setting.startswith("enable")
    if setting:
        assert bucket == ("mine" if "mine" in setting else {"Ref": "ServerlessDeploymentBucket"})
    else:
        assert isinstance(bucket, Text)
        assert str(bucket).startswith("serverless-framework-deployments-eu-west-1-")
        assert bucket.unknowns


def test_typescript_needs_no_plugin(tmp_path: Path) -> None:
    project = read(tmp_path, HEAD + "functions: {f: {handler: f.main}}\n")
    handler = project.functions[0].handler
    assert handler is not None and handler.file == "f.ts"
    assert project.functions[0].language == "typescript"
    assert codes(project) == set()


def test_a_function_without_a_runtime_runs_on_the_frameworks_own(tmp_path: Path) -> None:
    project = read(tmp_path, HEAD.replace("runtime: nodejs20.x, ", "") + "functions: {f: {handler: f.main}}\n")
    assert project.functions[0].runtime == "nodejs20.x"


def test_what_a_valid_file_may_hold_is_not_objected_to(tmp_path: Path) -> None:
    project = read(
        tmp_path,
        """service: shop
frameworkVersion: '4'
org: acme
app: shop
licenseKey: ${env:KEY, 'none'}
useDotenv: [.env.more, env]
state: remote
build: {esbuild: {bundle: true, external: [x]}}
stages:
  default: {params: {a: 1}, observability: axiom, resolvers: {v: {type: vault, token: '${env:T, "t"}'}}}
  prod: {observability: {provider: dashboard}}
provider:
  name: aws
  runtime: nodejs20.x
  resolver: v
  domain: {name: example.com}
  logs: {lambda: {logGroupClass: INFREQUENT_ACCESS}}
functions:
  f:
    handler: f.main
    provisionedConcurrency: {executions: 2, alias: live}
    tenancy: {mode: per_tenant}
    build: esbuild
    environment: {A: '${v:secret/x.y}', B: '${param:a}'}
    events: [{sns: {topicName: t, kmsMasterKeyId: alias/k}}]
    iam: {inheritStatements: false, role: {path: /x/, tags: {a: b}, statements: []}}
""",
    )
    assert [str(finding) for finding in project.findings] == []
    function = project.functions[0]
    assert "the resolver v (HashiCorp Vault)" in function.environment["A"].unknowns[0].reason
    assert project.generated["SNSTopicT"].properties["KmsMasterKeyId"] == "alias/k"
    assert project.generated["FProvConcLiveLambdaAlias"].properties["Name"] == "live"


def test_a_role_for_all_beside_one_for_each_is_refused(tmp_path: Path) -> None:
    head = HEAD.replace("region:", "role: Own, iam: {role: {mode: perFunction}}, region:")
    project = read(tmp_path, head + "functions: {f: {handler: f.main}, g: {handler: f.main}}\n")
    assert [finding.code for finding in project.findings if finding.severity is Severity.ERROR] == ["own-role-refused"]


@pytest.mark.parametrize(
    ("section", "name"),
    [
        ("appSync: {name: api}", "appSync"),
        ("ai: {agents: {a: {}}}", "ai"),
        ("sandboxes: {s: {}}", "sandboxes"),
        ("mcp: {servers: {}}", "mcp"),
        ("custom: {alerts: {stages: [dev]}}", "custom.alerts"),
        ("custom: {apiGatewayServiceProxies: [{sqs: {path: /x, method: post}}]}", "custom.apiGatewayServiceProxies"),
    ],
)
def test_what_serverless_4_took_in_of_plugins_is_named(tmp_path: Path, section: str, name: str) -> None:
    text = f"{HEAD}functions: {{f: {{handler: f.main}}}}\n{section}\n"
    told = [finding for finding in read(tmp_path, text).findings if finding.code == "feature-not-read"]
    assert [finding.message.partition(":")[0] for finding in told] == [
        f"scopedown did not read what serverless 4 compiles from {name}"
    ]
    assert told[0].place is not None and told[0].place.line == 5
    assert "feature-not-read" not in codes(read(tmp_path, text, Options(framework="v3")))


def test_what_a_plugin_does_that_serverless_4_took_in_is_read_where_the_plugin_is_listed(tmp_path: Path) -> None:
    text = HEAD + "functions: {f: {handler: f.main}}\nappSync: {name: api}\nplugins: [serverless-appsync-plugin]\n"
    project = read(tmp_path, text)
    assert codes(project) == set()
    assert "GraphQlApi" in project.deployed


@pytest.mark.parametrize(
    ("build", "refused"), [("", True), ("build: esbuild", True), ("build: {esbuild: false}", False)]
)
def test_a_bundler_is_refused_beside_the_frameworks_own(tmp_path: Path, build: str, refused: bool) -> None:
    text = f"{HEAD}functions: {{f: {{handler: f.main}}}}\nplugins: [serverless-esbuild]\n{build}\n"
    assert codes(read(tmp_path, text)) == ({"plugin-conflict"} if refused else set())
