"""The real ``sam`` deploys, redeploys and deletes a hello-world under the generated policy, with no denial.

aws-sam-cli has requirements of its own, so it is looked for in an environment of its own: the folder that ``SAM_DIR``
names, else ``.cache/sam`` in the checkout (``python -m venv .cache/sam``, then its pip).
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import pytest

from oracle.harness import ROOT
from scopedown.catalog.load import catalog
from scopedown.deploy.commands import commands_of
from scopedown.deploy.documents import documents
from scopedown.deploy.plan import split_plan, whole
from scopedown.guard.cloudformation.provision import driver_of
from scopedown.guard.cloudformation.stacks import CloudFormation
from scopedown.guard.gate import Gate
from scopedown.guard.model import ACCOUNT, REGION, Principal
from scopedown.iam import PolicySet, parse_policy
from scopedown.project.load import Options, load_project

pytestmark = [pytest.mark.oracle, pytest.mark.slow]

VERSION = "1.170.0"
PROGRAM = Path(os.environ.get("SAM_DIR") or ROOT / ".cache" / "sam") / "bin" / "sam"
INSTALL = f"python -m venv .cache/sam && .cache/sam/bin/pip install aws-sam-cli=={VERSION}, or set SAM_DIR"
HELLO = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Hello:
    Type: AWS::Serverless::Function
    Properties: {Handler: h.hello, Runtime: nodejs20.x, CodeUri: src}
"""
QUIET = {
    "SAM_CLI_TELEMETRY": "0", "SAM_CLI_POLL_DELAY": "0.1", "AWS_EC2_METADATA_DISABLED": "true", "CI": "1",
    "AWS_DEFAULT_REGION": REGION,
}  # fmt: skip


@lru_cache(maxsize=1)
def missing() -> str | None:
    """Why sam cannot be asked on this machine; None where it can."""
    if not PROGRAM.exists():
        return f"sam was not found: {INSTALL}"
    told = subprocess.run(
        [PROGRAM, "--version"], env={**os.environ, **QUIET}, capture_output=True, text=True, timeout=60, check=False
    )
    found = told.stdout.rpartition(" ")[2].strip()
    return None if found == VERSION else f"sam {found} is installed; the calls were recorded with {VERSION}"


@dataclass
class Sam:
    """``sam`` in a project's folder, run by a user of the local AWS."""

    folder: Path
    gate: Gate
    who: Principal
    output: str = field(default="")

    def run(self, *command: str) -> int:
        """Run a command on the stack ``hello``; its exit code."""
        environment = {
            **os.environ, **QUIET, "AWS_ENDPOINT_URL": self.gate.address, "HOME": str(self.folder),
            "AWS_ACCESS_KEY_ID": self.who.key_id, "AWS_SECRET_ACCESS_KEY": self.who.secret,
        }  # fmt: skip
        self.gate.during = command[0]
        done = subprocess.run(
            [PROGRAM, *command, "--stack-name", "hello", "--region", REGION], cwd=self.folder, env=environment,
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        self.output = f"{' '.join(command)}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done.returncode

    def code(self, answer: int) -> None:
        (self.folder / "src" / "h.js").write_text(f"exports.hello = async () => {answer}\n")


def policies_of(folder: Path) -> PolicySet:
    """The generated policy for all commands."""
    project = load_project(folder, Options(account=ACCOUNT, region=REGION))
    made = whole(split_plan(project, catalog(), "sam", commands_of("sam"), stack_name="hello"))
    return PolicySet(identity=tuple(parse_policy(document) for document in documents(made.permissions)))


@pytest.fixture
def sam(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Sam]:
    """Under the generated policy, without the action that the test is given."""
    if reason := missing():
        pytest.skip(reason)
    (tmp_path / "template.yaml").write_text(HELLO)
    (tmp_path / "src").mkdir()
    who = Principal.user("deployer", policies_of(tmp_path))
    with Gate([who]) as gate:
        gate.answers |= CloudFormation(gate, driver_of).answers()
        gate.without = {request.param} if hasattr(request, "param") else set()
        made = Sam(tmp_path, gate, who)
        made.code(1)
        yield made


DEPLOY = ("deploy", "--resolve-s3", "--capabilities", "CAPABILITY_IAM", "--no-fail-on-empty-changeset")


def test_a_life_cycle_has_no_denial(sam: Sam) -> None:
    assert sam.run(*DEPLOY) == 0, sam.output
    assert sam.run(*DEPLOY) == 0, sam.output
    sam.code(2)
    assert sam.run(*DEPLOY) == 0, sam.output
    for command in ("list resources", "list stack-outputs", "logs", "remote invoke Hello"):
        assert sam.run(*command.split()) == 0, sam.output
    assert sam.run("delete", "--no-prompts") == 0, sam.output
    assert [str(one) for one in sam.gate.denied] == []
    assert (sam.gate.unmapped, sam.gate.strange, sam.gate.stand_ins) == ([], [], [])
    standing = sam.gate.client("cloudformation").describe_stacks()["Stacks"]
    assert [one["StackName"] for one in standing] == ["aws-sam-cli-managed-default"]
    assert sam.gate.client("lambda").list_functions()["Functions"] == []


@pytest.mark.parametrize("sam", ["cloudformation:DescribeStackEvents", "s3:PutObject"], indirect=True)
def test_a_policy_without_one_action_fails_there(sam: Sam) -> None:
    """The local AWS does say no, and the command then fails."""
    assert sam.run(*DEPLOY) != 0
    assert {one.check.action for one in sam.gate.denied} == sam.gate.without
