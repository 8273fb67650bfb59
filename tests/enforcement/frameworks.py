"""osls and serverless 3, run as a user with a key of the local AWS; and the life cycle of a service.

Where the frameworks are looked for: :mod:`oracle.harness`.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from enforcement.drivers.table import DRIVERS
from oracle.harness import OSLS, SERVERLESS_3
from scopedown.catalog.load import catalog
from scopedown.deploy.commands import commands_of
from scopedown.deploy.documents import documents
from scopedown.deploy.plan import plan
from scopedown.guard.cloudformation.stacks import CloudFormation
from scopedown.guard.gate import Gate
from scopedown.guard.model import ACCOUNT, Principal
from scopedown.iam import PolicySet, parse_policy
from scopedown.project.load import Options, load_project
from scopedown.prove.frameworks import framework_at
from scopedown.prove.life_cycle import deployments
from scopedown.prove.runner import Runner

FRAMEWORKS = {"osls": OSLS, "v3": SERVERLESS_3}
HELLO = Path(__file__).with_name("hello")
GROUP, BUCKET = "/aws/lambda/greeter-dev-greet", "greeter-dev-serverlessdeploymentbucket"
TIMEOUT = 180.0
READING = ("info", "deploy list", "deploy list functions", "logs -f greet", "invoke -f greet", "metrics")
"""Commands that change nothing of what is deployed."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a command ended."""

    command: str
    code: int
    output: str


@dataclass
class Service:
    """A copy of the hello-world with a framework that deploys it."""

    framework: str
    folder: Path
    gate: Gate
    who: Principal
    codes: int = 0

    def run(self, command: str) -> Outcome:
        """Run a command; what it started is ended with it. The gate's record says which command each check is of."""
        package = FRAMEWORKS[self.framework]
        runner = Runner.of(
            framework_at(package.folder / "node_modules" / package.name), load_project(self.folder, Options()),
            self.folder, self.folder.parent / "home", self.gate.address, self.who.key_id, self.who.secret, (), {},
            TIMEOUT,
        )  # fmt: skip
        self.gate.during = command
        ended = runner.run(command)
        return Outcome(command, -1 if ended.code is None else ended.code, ended.output)

    def change_code(self) -> None:
        """Other code than was deployed."""
        self.codes += 1
        (self.folder / "greet.js").write_text(
            f"exports.handler = async () => ({{ greeting: 'number {self.codes}' }});\n"
        )

    def has_run(self) -> None:
        """The function leaves a log stream, as it does when it runs for the first time."""
        logs = self.gate.client("logs")
        logs.create_log_stream(logGroupName=GROUP, logStreamName="2026/01/01/[$LATEST]0")
        event = {"timestamp": 1767225600000, "message": "good day"}
        logs.put_log_events(logGroupName=GROUP, logStreamName="2026/01/01/[$LATEST]0", logEvents=[event])

    def deployments(self) -> list[str]:
        """The time stamps of what was deployed, the oldest first; empty where nothing is."""
        return deployments(self.gate.client("s3"))

    def life_cycle(self) -> Iterator[Outcome]:
        """Every command that the hello-world's user runs, in the order of a working day."""
        yield self.run("deploy")
        self.has_run()
        yield self.run("deploy")  # nothing changed
        self.change_code()
        yield self.run("deploy")
        self.change_code()
        yield self.run("deploy function -f greet")
        for command in READING:
            yield self.run(command)
        yield self.run(f"rollback -t {self.deployments()[0]}")
        yield self.run("remove")


def policies_of(folder: Path, framework: str) -> PolicySet:
    """The generated policy for all commands of a project."""
    project = load_project(folder, Options(account=ACCOUNT, framework=framework))
    made = plan(project, catalog(), framework, commands_of(framework))
    return PolicySet(identity=tuple(parse_policy(document) for document in documents(made.permissions)))


def actions_of(policies: PolicySet) -> set[str]:
    """The actions that policies name."""
    return {action for one in policies.identity for statement in one.statements for action in statement.action or ()}


@contextmanager
def deployable(framework: str, folder: Path) -> Iterator[Service]:
    """The hello-world in a folder, its user with the generated policy, and a local AWS."""
    shutil.copytree(HELLO, folder, dirs_exist_ok=True)
    who = Principal.user("deployer", policies_of(folder, framework))
    with Gate([who]) as gate:
        gate.answers |= CloudFormation(gate, DRIVERS).answers()
        yield Service(framework, folder, gate, who)
