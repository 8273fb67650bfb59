"""The real ``cdk`` deploys, compares, redeploys and destroys a hello-world under the generated policy, with no denial.

Whoever runs it may assume the roles of ``cdk bootstrap``, and nothing else: what those ask for is allowed and kept.
aws-cdk and aws-cdk-lib are looked for in the folder that ``CDK_DIR`` names, else in ``.cache/cdk``.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from deploy.enforcement.local_transforms import WithTransforms, serve
from deploy.enforcement.template import ACCOUNT, REGION
from oracle.harness import Package
from scopedown.catalog.load import catalog
from scopedown.deploy.commands import commands_of
from scopedown.deploy.documents import documents
from scopedown.deploy.plan import plan
from scopedown.iam import Policy, parse_policy
from scopedown.project.load import Options, load_project

pytestmark = [pytest.mark.oracle, pytest.mark.slow]

CDK = Package("aws-cdk", "2.1148.1", "CDK_DIR", "cdk")
APP = f"""
const cdk = require("aws-cdk-lib"), lambda = require("aws-cdk-lib/aws-lambda")
const app = new cdk.App({{analyticsReporting: false}})
const stack = new cdk.Stack(app, "hello", {{env: {{account: "{ACCOUNT}", region: "{REGION}"}}}})
new lambda.Function(stack, "Hello", {{
  runtime: lambda.Runtime.NODEJS_22_X, handler: "index.handler", code: lambda.Code.fromAsset(__dirname + "/src"),
}})
"""
DEPLOY = "deploy --require-approval never"
ASSETS = f"cdk-hnb659fds-assets-{ACCOUNT}-{REGION}"
QUIET = {
    "CDK_DISABLE_VERSION_CHECK": "1", "CDK_DISABLE_CLI_TELEMETRY": "true", "AWS_EC2_METADATA_DISABLED": "true",
    "CI": "1", "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": REGION,
    "NODE_NO_WARNINGS": "1",
}  # fmt: skip


@dataclass
class Cdk:
    """``cdk`` in an app's folder, pointed at a local AWS once there is one."""

    folder: Path
    address: str = ""
    output: str = field(default="")

    def run(self, *command: str) -> int:
        """Run a command; its exit code."""
        modules = CDK.folder / "node_modules"
        environment = {
            **os.environ, **QUIET, "AWS_ENDPOINT_URL": self.address, "HOME": str(self.folder), "NODE_PATH": str(modules)
        }  # fmt: skip
        done = subprocess.run(
            ["node", str(modules / "aws-cdk" / "bin" / "cdk"), *command, "--app", "node app.js"], cwd=self.folder,
            env=environment, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        self.output = f"{' '.join(command)}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done.returncode

    def code(self, answer: int) -> None:
        (self.folder / "src" / "index.js").write_text(f"exports.handler = async () => {answer}\n")


def policies_of(folder: Path) -> tuple[Policy, ...]:
    project = load_project(folder / "cdk.out" / "hello.template.json", Options(account=ACCOUNT, region=REGION))
    made = plan(project, catalog(), "cdk", commands_of("cdk"))
    return tuple(parse_policy(document) for document in documents(made.permissions))


def test_a_life_cycle_assumes_roles_and_has_no_denial(tmp_path: Path) -> None:
    reason = CDK.missing()
    if reason is None and not (CDK.folder / "node_modules" / "aws-cdk-lib").exists():
        reason = "aws-cdk-lib was not found: npm install --prefix .cache/cdk aws-cdk-lib constructs"
    if reason:
        pytest.skip(reason)
    (tmp_path / "app.js").write_text(APP)
    (tmp_path / "src").mkdir()
    cdk = Cdk(tmp_path)
    cdk.code(1)
    assert cdk.run("synth", "--quiet") == 0, cdk.output
    aws = WithTransforms(policies_of(tmp_path))
    aws.buckets[ASSETS] = {}
    cdk.address = serve(aws)[1]
    for command in ("diff", DEPLOY, DEPLOY):
        assert cdk.run(*command.split(), "hello") == 0, cdk.output
    cdk.code(2)
    for command in ("diff", DEPLOY, "destroy --force"):
        assert cdk.run(*command.split(), "hello") == 0, cdk.output
    assert aws.denied == []
    assert aws.unknown == []
    assert aws.used == {"sts:AssumeRole"}
    assert (f"cdk-hnb659fds-cfn-exec-role-{ACCOUNT}-{REGION}", "lambda:UpdateFunctionCode") in aws.by_roles
    assert "hello" not in aws.stacks
