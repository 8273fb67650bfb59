"""How commands of aws-cdk are written, and what its program needs of the environment.

The app runs in ``synth`` alone; the other commands take the assembly that it wrote (``--app cdk.out``). A deployment of
other code synthesizes first.
Reference: https://docs.aws.amazon.com/cdk/v2/guide/ref-cli-cmd.html
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scopedown.prove.frameworks import Framework

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
