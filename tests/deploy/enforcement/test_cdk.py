"""The real ``cdk`` deploys, compares, redeploys and destroys a hello-world under the generated policy, with no denial.

``cdk bootstrap`` makes its own roles and bucket first, as an administrator. Whoever runs the other commands may assume
those roles, and nothing else; what the roles may do is what the bootstrap's template says. aws-cdk and aws-cdk-lib are
looked for in the folder that ``CDK_DIR`` names, else in ``.cache/cdk``.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from oracle.harness import Package
from scopedown.catalog.load import catalog
from scopedown.deploy.commands import commands_of
from scopedown.deploy.documents import documents
from scopedown.deploy.plan import plan
from scopedown.guard.cloudformation.provision import driver_of
from scopedown.guard.cloudformation.stacks import CloudFormation
from scopedown.guard.gate import Gate
from scopedown.guard.model import ACCOUNT, REGION, Decided, Principal
from scopedown.iam import PolicySet, parse_policy
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
BOOTSTRAP = ("bootstrap", f"aws://{ACCOUNT}/{REGION}", "--cloudformation-execution-policies",
             "arn:aws:iam::aws:policy/AdministratorAccess")  # fmt: skip
DEPLOY = "deploy --require-approval never"
EXECUTION = f"cdk-hnb659fds-cfn-exec-role-{ACCOUNT}-{REGION}"
QUIET = {
    "CDK_DISABLE_VERSION_CHECK": "1", "CDK_DISABLE_CLI_TELEMETRY": "true", "AWS_EC2_METADATA_DISABLED": "true",
    "CI": "1", "AWS_REGION": REGION, "NODE_NO_WARNINGS": "1",
}  # fmt: skip


@dataclass
class Cdk:
    """``cdk`` in an app's folder, run by a user of the local AWS."""

    folder: Path
    gate: Gate
    who: Principal = field(default_factory=lambda: Principal.user("nobody", PolicySet()))
    output: str = ""

    def run(self, *command: str) -> int:
        """Run a command; its exit code."""
        modules = CDK.folder / "node_modules"
        environment = {
            **os.environ, **QUIET, "AWS_ENDPOINT_URL": self.gate.address, "HOME": str(self.folder),
            "NODE_PATH": str(modules), "AWS_ACCESS_KEY_ID": self.who.key_id,
            "AWS_SECRET_ACCESS_KEY": self.who.secret,
        }  # fmt: skip
        self.gate.during = command[0]
        done = subprocess.run(
            ["node", str(modules / "aws-cdk" / "bin" / "cdk"), *command, "--app", "node app.js"], cwd=self.folder,
            env=environment, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        self.output = f"{' '.join(command)}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done.returncode

    def code(self, answer: int) -> None:
        (self.folder / "src" / "index.js").write_text(f"exports.handler = async () => {answer}\n")

    def becomes(self, name: str, policies: PolicySet) -> None:
        """Another user runs the commands from now on."""
        self.who = Principal.user(name, policies)
        self.gate.principals[self.who.key_id] = self.who


def policies_of(folder: Path) -> PolicySet:
    """The generated policy for all commands of an app that was synthesized."""
    project = load_project(folder / "cdk.out" / "hello.template.json", Options(account=ACCOUNT, region=REGION))
    made = plan(project, catalog(), "cdk", commands_of("cdk"))
    return PolicySet(identity=tuple(parse_policy(document) for document in documents(made.permissions)))


@pytest.fixture
def cdk(tmp_path: Path) -> Iterator[Cdk]:
    """An app in a bootstrapped account, its user with the generated policy."""
    reason = CDK.missing()
    if reason is None and not (CDK.folder / "node_modules" / "aws-cdk-lib").exists():
        reason = "aws-cdk-lib was not found: npm install --prefix .cache/cdk aws-cdk-lib constructs"
    if reason:
        pytest.skip(reason)
    (tmp_path / "app.js").write_text(APP)
    (tmp_path / "src").mkdir()
    with Gate() as gate:
        gate.answers |= CloudFormation(gate, driver_of).answers()
        made = Cdk(tmp_path, gate)
        made.code(1)
        everything = {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
        made.becomes("administrator", PolicySet(identity=(parse_policy(everything),)))
        assert made.run("synth", "--quiet") == 0, made.output
        assert made.run(*BOOTSTRAP) == 0, made.output
        made.becomes("deployer", policies_of(tmp_path))
        yield made


def own(cdk: Cdk) -> list[Decided]:
    """What the user asked for itself, and not in a role."""
    return [one for one in cdk.gate.decided if one.principal == cdk.who.caller.arn]


def test_a_life_cycle_assumes_roles_and_has_no_denial(cdk: Cdk) -> None:
    for command in ("diff", DEPLOY, DEPLOY):
        assert cdk.run(*command.split(), "hello") == 0, cdk.output
    cdk.code(2)
    for command in ("diff", DEPLOY, "destroy --force"):
        assert cdk.run(*command.split(), "hello") == 0, cdk.output
    assert [str(one) for one in cdk.gate.denied] == []
    assert (cdk.gate.unmapped, cdk.gate.strange) == ([], [])
    assert {one.check.action for one in own(cdk)} == {"sts:AssumeRole"}
    by_roles = {(one.principal.split("/")[1], one.check.action) for one in cdk.gate.decided if one not in own(cdk)
                and "assumed-role" in one.principal}  # fmt: skip
    assert (EXECUTION, "lambda:UpdateFunctionCode") in by_roles
    standing = cdk.gate.client("cloudformation").describe_stacks()["Stacks"]
    assert [one["StackName"] for one in standing] == ["CDKToolkit"]


def test_who_may_not_assume_the_roles_deploys_nothing(cdk: Cdk) -> None:
    cdk.gate.without = {"sts:AssumeRole"}
    assert cdk.run(*DEPLOY.split(), "hello") != 0
    assert {one.check.action for one in own(cdk) if not one.allowed} >= {"sts:AssumeRole"}
