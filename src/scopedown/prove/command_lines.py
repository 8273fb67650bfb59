"""How the commands of each framework are written, and what its program needs of the environment.

aws-cdk: the app runs in ``synth`` alone; the other commands take the assembly that it wrote (``--app cdk.out``). A
deployment of other code synthesizes first (https://docs.aws.amazon.com/cdk/v2/guide/ref-cli-cmd.html).
aws-sam-cli: ``deploy`` builds first, as its users do: ``sam build --cached``, so that code that stays the same is not
built again.
https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-command-reference.html
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from scopedown.documents.nodes import as_map
from scopedown.project.model import Project
from scopedown.prove.frameworks import SAM, Framework

OUTPUT: Final = "cdk.out"
EVERY: Final = "**"
"""Every stack: ``--all`` leaves out those of stages (measured with aws-cdk 2.1148.1)."""
QUIET: Final = ("--no-notices", "--ci", "--no-color")


@dataclass(frozen=True, slots=True)
class CdkCli:
    """All stacks of one app. ``options`` are ``--parameters`` of a deployment."""

    framework: Framework
    region: str
    options: tuple[str, ...] = ()

    def lines(self, command: str, changed: bool = False) -> list[list[str]]:
        """The programs that one command is (``deploy``, ``bootstrap aws://ACCOUNT/REGION``), with their words."""
        name, *words = command.split()
        cdk = [shutil.which("node") or "node", str(self.framework.entry), name, *words, *QUIET]
        synth = [*cdk[:2], "synth", "--quiet", "--output", OUTPUT, *QUIET]
        if name == "synth":
            return [synth]
        if name == "bootstrap":
            return [cdk]
        cdk += [EVERY, "--app", OUTPUT]
        if name == "deploy":
            cdk += ["--require-approval", "never", *self.options]
        elif name == "destroy":
            cdk += ["--force"]
        return [synth, cdk] if changed else [cdk]

    def environment(self, home: Path) -> Mapping[str, str]:
        """What it needs beside the keys: ``home`` is where it keeps what it knows of its users. The user's own HOME
        stays, where npm and pip are set up."""
        return {
            "CDK_HOME": str(home), "CDK_DISABLE_CLI_TELEMETRY": "true", "AWS_REGION": self.region,
            "CDK_DOCKER": str(_no_docker(home)), "SCOPEDOWN_DOCKER": os.environ.get("CDK_DOCKER", "docker"),
            "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1", "JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION": "1",
        }  # fmt: skip


def _no_docker(home: Path) -> Path:
    """The program that takes the place of Docker for images: the local AWS has no registry to push them to."""
    program = home / "docker"
    if not program.exists():
        shutil.copyfile(Path(__file__).with_name("docker.sh"), program)
        program.chmod(0o755)
    return program


CAPABILITIES: Final = ("CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND")
POLL_DELAY: Final = "0.2"
"""Seconds between two looks at the stack's events (5 by default): the local AWS is ready when it answers."""


LONGEST: Final = 128
"""Characters of a stack's name
(https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html)."""


def named_stack(project: Project) -> Project:
    """A project of a template, its service a name that a stack may have: a folder's may be another.

    >>> named_stack(Project("/p", "template.yaml", "sam", "2_orders.api", "", "us-east-1", ())).service
    'stack-2-orders-api'
    """
    if project.framework != SAM:
        return project
    name = re.sub(r"[^A-Za-z0-9-]", "-", project.service)
    name = name if name[:1].isalpha() else f"stack-{name}"
    return replace(project, service=name[:LONGEST].rstrip("-"))


def bucket_of(project: Project) -> str:
    """The bucket that samconfig.toml names for what is deployed; empty where it names none."""
    name = as_map(project.provider.get("deploymentBucket")).get("name") if project.framework == SAM else None
    return name if isinstance(name, str) else ""


def options_of_sam(stage: str | None, parameters: Mapping[str, str]) -> tuple[str, ...]:
    """The options for the section of samconfig.toml and for the template's parameters.

    >>> options_of_sam("prod", {"Table": "orders"})
    ('--config-env=prod', '--parameter-overrides', 'ParameterKey=Table,ParameterValue="orders"')
    """
    quoted = (value.replace("\\", "\\\\").replace('"', '\\"') for value in parameters.values())
    pairs = [f'ParameterKey={key},ParameterValue="{value}"' for key, value in zip(parameters, quoted, strict=True)]
    return (*([f"--config-env={stage}"] if stage else []), *(["--parameter-overrides", *pairs] if pairs else []))


@dataclass(frozen=True, slots=True)
class SamCli:
    """One stack of one template, in one region. ``options`` are ``--config-env`` and ``--parameter-overrides``."""

    framework: Framework
    stack: str
    region: str
    template: str
    """The template's file, in the folder where the commands are run."""
    options: tuple[str, ...] = ()
    bucket: str = ""
    """The bucket of samconfig.toml (``s3_bucket``), which sam takes by itself and not together with --resolve-s3."""

    def lines(self, command: str, changed: bool = False) -> list[list[str]]:
        """The programs that one command is (``deploy``, ``logs -n Greeter``), with their words."""
        sam, *words = str(self.framework.entry), *command.split()
        of_stack = ["--stack-name", self.stack, "--region", self.region]
        if words == ["deploy"]:
            build = [sam, "build", "--cached", "--template", self.template, "--region", self.region, *self.options]
            deploy = [
                sam, "deploy", *of_stack, "--capabilities", *CAPABILITIES, "--no-confirm-changeset",
                "--no-fail-on-empty-changeset", "--no-progressbar", *([] if self.bucket else ["--resolve-s3"]),
            ]  # fmt: skip
            return [build, [*deploy, *self.options]]
        if words == ["delete"]:
            return [[sam, "delete", *of_stack, "--no-prompts"]]
        if words == ["list"]:
            # not the endpoints, which sam asks Cloud Control for: the local AWS does not have that service
            resources = [sam, "list", "resources", *of_stack, "--template-file", self.template, "--output", "json"]
            return [resources, [sam, "list", "stack-outputs", *of_stack, "--output", "json"]]
        return [[sam, *words, *of_stack]]

    def environment(self, home: Path) -> Mapping[str, str]:
        """What it needs beside the keys: ``home`` is where it keeps what it knows of its users. The user's own HOME
        stays, where pip and npm are set up."""
        return {"SAM_CLI_TELEMETRY": "0", "SAM_CLI_POLL_DELAY": POLL_DELAY, "__SAM_CLI_APP_DIR": str(home),
                "AWS_DEFAULT_REGION": self.region}  # fmt: skip


PRELOAD: Final = Path(__file__).with_name("endpoint.cjs")


@dataclass(frozen=True, slots=True)
class ServerlessCli:
    """osls, or serverless 3. ``options`` are given to every command: ``--stage``, ``--param``."""

    framework: Framework
    options: tuple[str, ...] = ()

    def lines(self, command: str, changed: bool = False) -> list[list[str]]:
        """The programs that one command is, with their words."""
        node = shutil.which("node") or "node"
        return [[node, "-r", str(PRELOAD), str(self.framework.entry), *command.split(), *self.options]]

    def environment(self, home: Path) -> Mapping[str, str]:
        """What it needs beside the keys. ``home`` is an empty folder, for what it keeps of its users."""
        return {
            "HOME": str(home), "USERPROFILE": str(home), "SLS_AWS_MONITORING_FREQUENCY": "100",
            "SLS_TELEMETRY_DISABLED": "1", "SLS_NOTIFICATIONS_MODE": "off", "SLS_AWS_REQUEST_MAX_RETRIES": "0",
        }  # fmt: skip
