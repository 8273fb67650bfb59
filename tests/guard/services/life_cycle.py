"""A service's life under its generated policy: deployed, deployed again, deployed changed, removed.

In: a folder with a serverless.yml, a framework, a gate. Out: :class:`Life`, what each command did, what was denied.
What the service expects its account to hold already (``needs.tsv``) is made first, as the administrator.
"""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from botocore import xform_name

from enforcement.frameworks import Outcome, Service
from oracle.harness import ROOT
from scopedown.catalog.load import catalog
from scopedown.core.tables import read_rows
from scopedown.deploy.documents import documents
from scopedown.deploy.plan import plan
from scopedown.guard.cloudformation.provision import driver_of
from scopedown.guard.cloudformation.stacks import CloudFormation
from scopedown.guard.gate import Gate
from scopedown.guard.model import ACCOUNT
from scopedown.iam import Policy, parse_policy
from scopedown.project.load import Options, load_project

SERVICES = ROOT.parent / "shared" / "cases" / "event-services"
NEEDS = Path(__file__).with_name("needs.tsv")
ADJUSTED = Path(__file__).with_name("adjusted.tsv")
COMMANDS = ("deploy", "deploy", "deploy", "remove")


@dataclass
class Life:
    """How a service's commands ended, and what was found on the way."""

    outcomes: list[Outcome] = field(default_factory=list)
    denied: list[str] = field(default_factory=list)
    stand_ins: list[tuple[str, str]] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    """Resources that stand in the local AWS although the service was removed."""

    @property
    def failed(self) -> Outcome | None:
        return next((one for one in self.outcomes if one.code), None)

    def __str__(self) -> str:
        ended = self.failed
        told = f"{ended.command} ended with {ended.code}: {ended.output[-1500:]}" if ended else ""
        return "\n".join([told, *self.denied, *(f"left: {one}" for one in self.left)])


def names() -> list[str]:
    """The services; none where the folder is not there."""
    return sorted(one.name for one in SERVICES.iterdir()) if SERVICES.is_dir() else []


def live(name: str, framework: str, gate: Gate, folder: Path, as_written: bool = False) -> Life:
    """A service's whole life in a copy of its folder; ``as_written``: without what ``adjusted.tsv`` changes."""
    shutil.copytree(SERVICES / name, folder)
    for one in (folder, *folder.rglob("*")):
        one.chmod(0o755)
    if not as_written:
        _adjust(name, framework, folder)
    gate.reset()
    who = gate.make_user("deployer", policies_of(folder, framework))
    gate.answers |= CloudFormation(gate, driver_of).answers()
    gate.existence.assumes = True
    _prepare(name, gate)
    before = _standing(gate)
    service, life = Service(framework, folder, gate, who), Life()
    for number, command in enumerate(COMMANDS):
        if number == 2:
            _change(folder)
        life.outcomes.append(service.run(command))
        if life.failed:
            break
    life.denied = sorted({f"denied: {one}" for one in gate.denied} | set(gate.unmapped))
    life.stand_ins = list(gate.stand_ins)
    if not life.failed:
        life.left = sorted(_standing(gate) - before)
    return life


def policies_of(folder: Path, framework: str) -> tuple[Policy, ...]:
    """The generated policy for the commands of a life, and no others."""
    project = load_project(folder, Options(account=ACCOUNT, framework=framework))
    made = plan(project, catalog(), framework, tuple(dict.fromkeys(COMMANDS)))
    return tuple(parse_policy(document) for document in documents(made.permissions))


def _prepare(name: str, gate: Gate) -> None:
    for row in read_rows(NEEDS):
        if row["service"] == name:
            service, _, operation = row["operation"].partition(".")
            getattr(gate.client(service), xform_name(operation))(**json.loads(row["parameters"]))


def _adjust(name: str, framework: str, folder: Path) -> None:
    for row in read_rows(ADJUSTED):
        if row["service"] == name and row["framework"] in ("*", framework):
            *parents, last = row["path"].split(".")
            config = folder / "serverless.yml"
            tree = inner = yaml.safe_load(config.read_text())
            for one in parents:
                inner = inner[one]
            if row["value"]:
                inner[last] = json.loads(row["value"])
            else:
                del inner[last]
            config.write_text(yaml.safe_dump(tree, sort_keys=False))


def _change(folder: Path) -> None:
    """Other code, and another timeout."""
    (folder / "h.js").write_text("exports.h = async () => ({ changed: true })\n")
    for archive in folder.glob("*.zip"):
        with zipfile.ZipFile(archive, "w") as made:
            made.writestr("changed.txt", "changed")
    config = folder / "serverless.yml"
    tree = yaml.safe_load(config.read_text())
    tree["functions"]["fn"]["timeout"] = 5
    config.write_text(yaml.safe_dump(tree, sort_keys=False))


def _standing(gate: Gate) -> set[str]:
    return set(_listed(gate))


def _listed(gate: Gate) -> Iterator[str]:
    """What stands in the local AWS of the services that the frameworks fill most."""
    yield from (one["Name"] for one in gate.client("s3").list_buckets()["Buckets"])
    yield from (one["FunctionArn"] for one in gate.client("lambda").list_functions()["Functions"])
    yield from (one["Arn"] for one in gate.client("iam").list_roles()["Roles"])
    yield from (one["logGroupName"] for one in gate.client("logs").describe_log_groups()["logGroups"])
    yield from (one["id"] for one in gate.client("apigateway").get_rest_apis()["items"])
    yield from (one["ApiId"] for one in gate.client("apigatewayv2").get_apis()["Items"])
    yield from (one["TopicArn"] for one in gate.client("sns").list_topics()["Topics"])
    yield from gate.client("sqs").list_queues().get("QueueUrls", [])
    yield from (one["Name"] for one in gate.client("events").list_rules()["Rules"])
    yield from gate.client("dynamodb").list_tables()["TableNames"]
