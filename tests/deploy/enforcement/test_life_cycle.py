"""The real commands of osls and serverless 3 run their whole life cycle under the generated policy, with no denial.

A hello-world is deployed, deployed again, listed, asked, invoked, rolled back and removed against a local AWS that
authorises every request. Node and the frameworks are needed (:mod:`oracle.harness` says where they are looked for).
"""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from deploy.enforcement.local_aws import LocalAws, serve
from deploy.enforcement.template import ACCOUNT
from oracle.harness import OSLS, SERVERLESS_3, Package
from scopedown.catalog.load import catalog
from scopedown.deploy.commands import commands_of
from scopedown.deploy.documents import documents
from scopedown.deploy.plan import plan
from scopedown.iam import Policy, parse_policy
from scopedown.project.load import Options, load_project

pytestmark = [pytest.mark.oracle, pytest.mark.slow]

PACKAGES = {"osls": OSLS, "v3": SERVERLESS_3}
HELLO = """
service: hello
provider: {name: aws, runtime: nodejs20.x, region: us-east-1}
functions:
  hello: {handler: h.hello}
"""
UNUSED = {
    "iam:UpdateAssumeRolePolicy": "the role's trust policy changes with settings that this service does not have",
    "logs:ListTagsForResource": "asked for when a log group changes, as with another retention",
}
"""Actions of the policy that no command of the life cycle needs, and what they are for."""


@dataclass
class Framework:
    """A framework's command line, pointed at a local AWS."""

    name: str
    folder: Path
    aws: LocalAws
    address: str
    outputs: list[str] = field(default_factory=list)

    @property
    def package(self) -> Package:
        return PACKAGES[self.name]

    def run(self, *command: str) -> int:
        """Run a command; its exit code."""
        entry = self.package.folder / "node_modules" / self.package.name / "bin" / "serverless.js"
        preload = ["-r", str(Path(__file__).with_name("endpoint.js"))] if self.name == "v3" else []
        environment = {
            **os.environ, "AWS_ENDPOINT_URL": self.address, "LOCAL_AWS": self.address, "FRAMEWORK": str(entry),
            "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "HOME": str(self.folder),
            "SLS_AWS_MONITORING_FREQUENCY": "100", "SLS_TELEMETRY_DISABLED": "1", "SLS_NOTIFICATIONS_MODE": "off",
            "NODE_NO_WARNINGS": "1",
        }  # fmt: skip
        done = subprocess.run(
            ["node", *preload, str(entry), *command], cwd=self.folder, env=environment, capture_output=True, text=True,
            timeout=120, check=False,
        )  # fmt: skip
        self.outputs.append(f"{' '.join(command)}: {done.returncode}\n{done.stdout}{done.stderr}")
        return done.returncode


def policies_of(folder: Path, framework: str) -> tuple[Policy, ...]:
    made = plan(
        load_project(folder, Options(account=ACCOUNT, framework=framework)),
        catalog(),
        framework,
        commands_of(framework),
    )
    return tuple(parse_policy(document) for document in documents(made.permissions))


def started(folder: Path, name: str, without: str = "") -> Framework:
    if reason := PACKAGES[name].missing():
        pytest.skip(reason)
    (folder / "serverless.yml").write_text(HELLO)
    (folder / "h.js").write_text("exports.hello = async () => 1\n")
    aws = LocalAws(policies_of(folder, name), without)
    return Framework(name, folder, aws, serve(aws)[1])


def life_cycle(framework: Framework) -> None:
    """Every command once, the deployment twice, with other code; each must end well."""
    assert framework.run("deploy") == 0, framework.outputs[-1]
    (framework.folder / "h.js").write_text("exports.hello = async () => 2\n")
    assert framework.run("deploy") == 0, framework.outputs[-1]
    assert framework.run("deploy", "function", "-f", "hello", "--force") == 0, framework.outputs[-1]
    for command in ("info", "deploy list", "deploy list functions", "logs -f hello", "invoke -f hello", "metrics"):
        assert framework.run(*command.split()) == 0, framework.outputs[-1]
    keys = [key for objects in framework.aws.buckets.values() for key in objects]
    first = min(match[1] for key in keys if (match := re.search(r"/(\d{13})-", key)))
    assert framework.run("rollback", "-t", first) == 0, framework.outputs[-1]
    assert framework.run("remove") == 0, framework.outputs[-1]


@pytest.mark.parametrize("name", ["osls", "v3"])
def test_a_life_cycle_has_no_denial_and_needs_all_but_a_few_actions(tmp_path: Path, name: str) -> None:
    framework = started(tmp_path, name)
    life_cycle(framework)
    assert framework.aws.denied == []
    assert framework.aws.unknown == []
    actions = {
        action
        for policy in policies_of(tmp_path, name)
        for statement in policy.statements
        for action in statement.action or ()
    }
    assert actions - framework.aws.used == set(UNUSED)


@pytest.mark.parametrize("action", ["iam:TagRole", "logs:TagResource", "cloudformation:ListStackResources"])
def test_a_policy_without_one_action_fails_there(tmp_path: Path, action: str) -> None:
    """The local AWS does say no, and the command then fails."""
    framework = started(tmp_path, "osls", without=action)
    assert framework.run("deploy") != 0
    assert [denied for denied, _ in framework.aws.denied] == [action]


@pytest.mark.parametrize("action", ["ecr:DescribeRepositories"])
def test_what_is_tolerated_is_tolerated(tmp_path: Path, action: str) -> None:
    framework = started(tmp_path, "osls", without=action)
    assert framework.run("deploy") == 0
    assert framework.run("remove") == 0
    assert [denied for denied, _ in framework.aws.denied] == [action]
