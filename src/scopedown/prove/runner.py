"""The commands of a framework, run as a user of the local AWS.

In: a :class:`~.frameworks.Framework`, the project's copy, a key. Out: for each command how it ended. A command runs in
a group of its own, which is ended whole, with the user's environment but nothing of their AWS: no key, no profile,
no configuration file.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final, Protocol

from scopedown.core.finding import ScopedownError
from scopedown.deploy.target import target_of
from scopedown.project.model import Project
from scopedown.project.serverless.frameworks import RUNNING
from scopedown.prove.command_lines import CdkCli, SamCli, ServerlessCli, bucket_of
from scopedown.prove.frameworks import CDK, SAM, Framework
from scopedown.prove.processes import end
from scopedown.prove.tool_errors import NO_ERROR, ToolError, error_of

SHOWN: Final = 8_000
"""Characters of a command's output that are kept: its end."""
READ: Final = 2_000_000
"""Bytes of it, from its end, in which the error is looked for."""
NOT_PASSED: Final = ("AWS_", "SLS_", "SERVERLESS_", "NODE_OPTIONS", "SAM_CLI_", "CDK_")


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended; ``code`` is None where its time ran out."""

    code: int | None
    output: str
    seconds: float
    error: ToolError = NO_ERROR
    """What went wrong, where something did."""


class Cli(Protocol):
    """How the commands of one framework are written."""

    def lines(self, command: str, changed: bool = False) -> list[list[str]]:
        """The programs that one command is, one after another, with their words; ``changed``: the code is other than
        in the last."""

    def environment(self, home: Path) -> Mapping[str, str]:
        """What they need beside the keys; ``home`` is an empty folder."""


def cli_of(framework: Framework, project: Project, options: tuple[str, ...]) -> Cli:
    """The framework's own."""
    if framework.name == SAM:
        template = Path(project.config).name
        return SamCli(framework, target_of(project).stack, project.region, template, options, bucket_of(project))
    if framework.name == CDK:
        return CdkCli(framework, project.region, options)
    return ServerlessCli(framework, options)


@dataclass(frozen=True, slots=True)
class Runner:
    """Runs commands of one framework in one folder as one user. ``home`` is an empty folder of ours."""

    cli: Cli
    folder: Path
    """Where the commands are run: the folder of the project file."""
    home: Path
    address: str
    key_id: str
    secret: str = field(repr=False)
    environment: Mapping[str, str] = field(default_factory=dict)
    """The user's values for variables (``--env``)."""
    timeout: float = 180.0

    @staticmethod
    def of(
        framework: Framework, project: Project, folder: Path, home: Path, address: str, key_id: str, secret: str,
        options: tuple[str, ...], environment: Mapping[str, str], timeout: float,
    ) -> Runner:  # fmt: skip
        """A runner for a project, with the profile that it names. ``folder`` is the copy of the project's."""
        profile = project.provider.get("profile")
        profiles = [profile] if isinstance(profile, str) and profile.isprintable() else []
        inside = folder if framework.is_serverless else (folder / project.config).parent
        inside = folder if framework.name == CDK else inside
        cli = cli_of(framework, project, options)
        return Runner.in_home(cli, inside, home, address, key_id, secret, environment, timeout, profiles)

    @staticmethod
    def in_home(
        cli: Cli, folder: Path, home: Path, address: str, key_id: str, secret: str, environment: Mapping[str, str],
        timeout: float, profiles: Sequence[str] = (),
    ) -> Runner:  # fmt: skip
        """A runner with a credentials file of its own, in ``home``."""
        home.mkdir(parents=True, exist_ok=True)
        keys = f"aws_access_key_id = {key_id}\naws_secret_access_key = {secret}\n"
        sections = (f"[{name}]\n{keys}\n" for name in ("default", *profiles))
        (home / "credentials").write_text("".join(sections), encoding="utf-8")
        (home / "config").write_text("", encoding="utf-8")
        return Runner(cli, folder, home, address, key_id, secret, environment, timeout)

    def run(self, command: str, changed: bool = False) -> Ended:
        """Run one command (``deploy function -f greet``): its programs, until one of them fails. ``changed``: the code
        is other than in the last."""
        started = time.monotonic()
        with tempfile.TemporaryFile() as output:
            code: int | None = 0
            for words in self.cli.lines(command, changed):
                code = self._run(words, output, self.timeout - (time.monotonic() - started))
                if code != 0:
                    break
            text = _end_of(output)
            error = error_of(text, self.folder) if code else NO_ERROR
            return Ended(code, text[-SHOWN:].strip(), time.monotonic() - started, error)

    def _run(self, words: Sequence[str], output: IO[bytes], seconds: float) -> int | None:
        """The exit code of one program; None where its time ran out."""
        try:
            process = subprocess.Popen(
                words, cwd=self.folder, env=self._environment(), stdin=subprocess.DEVNULL, stdout=output,
                stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        except OSError as error:
            raise ScopedownError(f"{words[0]} cannot be run: {error.strerror or error}") from error
        try:
            return process.wait(max(seconds, 0))
        except subprocess.TimeoutExpired:
            return None
        finally:
            end(process)

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.upper().startswith(NOT_PASSED)}
        return {
            **kept, **self.environment,
            "AWS_ENDPOINT_URL": self.address, "AWS_ACCESS_KEY_ID": self.key_id, "AWS_SECRET_ACCESS_KEY": self.secret,
            "AWS_SHARED_CREDENTIALS_FILE": str(self.home / "credentials"), "AWS_CONFIG_FILE": str(self.home / "config"),
            "AWS_EC2_METADATA_DISABLED": "true", "CI": "1", "NODE_NO_WARNINGS": "1", RUNNING: "1",
            **self.cli.environment(self.home),
        }  # fmt: skip


def _end_of(output: IO[bytes]) -> str:
    size = output.seek(0, os.SEEK_END)
    output.seek(max(0, size - READ))
    return output.read().decode("utf-8", "replace")
