"""The project's real framework: where it is installed, and its commands run as a user of the local AWS.

In: a folder, and what the user named. Out: a :class:`Framework`, and for each command how it ended. A command runs in a
group of its own, which is ended whole, with the user's environment but nothing of their AWS: no key, no profile,
no configuration file.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from scopedown.core.finding import ScopedownError
from scopedown.project.model import Project
from scopedown.project.serverless.frameworks import RUNNING
from scopedown.prove.processes import end

NAMES: Final = {"osls": ("osls",), "v3": ("serverless",), "v4": ("serverless",)}
"""What the package of each framework is called in npm."""
VARIABLES: Final = {"osls": "SCOPEDOWN_OSLS", "v3": "SCOPEDOWN_SERVERLESS", "v4": "SCOPEDOWN_SERVERLESS"}
"""The environment variable that names its program, or the folder whose node_modules hold it."""
INSTALL: Final = {"osls": "npm install --save-dev osls", "v3": "npm install --save-dev serverless@3"}
ENTRY: Final = Path("bin") / "serverless.js"
PRELOAD: Final = Path(__file__).with_name("endpoint.cjs")
SHOWN: Final = 8_000
"""Characters of a command's output that are kept: its end, where the error stands."""
NOT_PASSED: Final = ("AWS_", "SLS_", "SERVERLESS_", "NODE_OPTIONS")


@dataclass(frozen=True, slots=True)
class Framework:
    """An installed framework: ``osls`` or ``v3``, its version, and the program that node runs."""

    name: str
    version: str
    entry: Path

    def __str__(self) -> str:
        return f"{'osls' if self.name == 'osls' else 'serverless'} {self.version}"


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended; ``code`` is None where its time ran out."""

    code: int | None
    output: str
    seconds: float


def find_framework(wanted: str, root: Path) -> Framework:
    """The framework that deploys the project in ``root``: the environment's, that of the project's folder (or one above
    it), that on the PATH. Raises ScopedownError where there is none that can be run."""
    if wanted not in INSTALL:
        raise ScopedownError(
            "serverless 4 asks for a login before it does anything",
            remedy="prove the project with --framework osls, or v3",
        )
    if given := os.environ.get(VARIABLES[wanted]):
        found = framework_at(Path(given))
        if found.name != wanted:
            raise ScopedownError(f"{VARIABLES[wanted]} names {found}", remedy="correct it, or unset it")
        return found
    other = ""
    for package in _installed(root, NAMES[wanted]):
        framework = _framework(package)
        if framework is not None and framework.name == wanted:
            return framework
        other = other or f"; {package} is {_version(package)}"
    name = "osls" if wanted == "osls" else "serverless 3"
    raise ScopedownError(
        f"{name} is installed neither in {root} nor above it, nor on the PATH{other}",
        remedy=f"{INSTALL[wanted]}, or name its program with --framework-program{_instead(wanted, root)}",
    )


def _instead(wanted: str, root: Path) -> str:
    """How to use the other framework that can be run, where it is installed; empty where it is not."""
    other = "v3" if wanted == "osls" else "osls"
    for package in _installed(root, NAMES[other]):
        found = _framework(package)
        if found is not None and found.name == other:
            return f"; {found} is installed, so you may also remove frameworkVersion and add --framework {other}"
    return ""


def framework_at(given: Path) -> Framework:
    """The framework that a path leads to: a program of it, a link to one, its package's folder, or the folder whose
    node_modules hold it. Raises ScopedownError where it is none that can be run."""
    package = _package_at(given, NAMES["osls"]) or _package_at(given, NAMES["v3"])
    if package is None:
        raise ScopedownError(f"{given} is not the program of osls or serverless", remedy="name its bin/serverless.js")
    found = _framework(package)
    if found is None:
        raise ScopedownError(f"{given} is serverless {_version(package)}", remedy="prove needs osls or serverless 3")
    return found


def require_node() -> None:
    """Raises ScopedownError where node is not installed."""
    if shutil.which("node") is None:
        raise ScopedownError("node was not found", remedy="install Node.js: the frameworks run on it")


def _installed(root: Path, names: Sequence[str]) -> list[Path]:
    """Folders of packages, the nearest first."""
    found = [folder / "node_modules" / name for folder in (root, *root.parents) for name in names]
    for command in (*names, "sls"):
        if on_path := shutil.which(command):
            found += [package] if (package := _package_at(Path(on_path), names)) is not None else []
    return [path for path in found if (path / ENTRY).is_file()]


def _package_at(given: Path, names: Sequence[str]) -> Path | None:
    if given.is_dir():
        for folder in (*(given / "node_modules" / name for name in names), *(given / name for name in names)):
            if (folder / ENTRY).is_file():
                return folder
    for folder in (given.resolve(), *given.resolve().parents):
        if folder.name in names and (folder / ENTRY).is_file():
            return folder
    return None


def _framework(package: Path) -> Framework | None:
    """What the package is. Of serverless 3, ``bin`` starts the one that stands in the working folder, whatever its
    release: the program behind it is this package's own."""
    version, package = _version(package), package.resolve()
    if package.name == "osls":
        return Framework("osls", version, package / ENTRY)
    if not version.startswith("3."):
        return None
    own = package / "scripts" / "serverless.js"
    return Framework("v3", version, own if own.is_file() else package / ENTRY)


def _version(package: Path) -> str:
    try:
        return str(json.loads((package / "package.json").read_text(encoding="utf-8"))["version"])
    except (OSError, ValueError, KeyError, TypeError):
        return "?"


@dataclass(frozen=True, slots=True)
class Runner:
    """Runs commands of one framework in one folder as one user. ``home`` is an empty folder of ours."""

    framework: Framework
    folder: Path
    home: Path
    address: str
    key_id: str
    secret: str
    options: tuple[str, ...] = ()
    """Given to every command: ``--stage``, ``--param``."""
    environment: Mapping[str, str] = ()  # type: ignore[assignment]
    """The user's values for variables (``--env``)."""
    timeout: float = 180.0

    @staticmethod
    def of(
        framework: Framework, project: Project, folder: Path, home: Path, address: str, key_id: str, secret: str,
        options: tuple[str, ...], environment: Mapping[str, str], timeout: float,
    ) -> Runner:  # fmt: skip
        """A runner, with the profile that the project names in a credentials file of its own."""
        home.mkdir(parents=True, exist_ok=True)
        profile = project.provider.get("profile")
        names = ["default", *([profile] if isinstance(profile, str) and profile.isprintable() else [])]
        keys = f"aws_access_key_id = {key_id}\naws_secret_access_key = {secret}\n"
        (home / "credentials").write_text("".join(f"[{name}]\n{keys}\n" for name in names), encoding="utf-8")
        (home / "config").write_text("", encoding="utf-8")
        return Runner(framework, folder, home, address, key_id, secret, options, environment, timeout)

    def run(self, command: str) -> Ended:
        """Run one command (``deploy function -f greet``)."""
        node = shutil.which("node") or "node"
        words = [node, "-r", str(PRELOAD), str(self.framework.entry), *command.split(), *self.options]
        started = time.monotonic()
        with tempfile.TemporaryFile() as output:
            try:
                process = subprocess.Popen(
                    words, cwd=self.folder, env=self._environment(), stdin=subprocess.DEVNULL, stdout=output,
                    stderr=subprocess.STDOUT, start_new_session=True,
                )  # fmt: skip
            except OSError as error:
                raise ScopedownError(f"{words[0]} cannot be run: {error.strerror or error}") from error
            code: int | None
            try:
                code = process.wait(self.timeout)
            except subprocess.TimeoutExpired:
                code = None
            finally:
                end(process)
            return Ended(code, _end_of(output), time.monotonic() - started)

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.upper().startswith(NOT_PASSED)}
        return {
            **kept, **dict(self.environment),
            "AWS_ENDPOINT_URL": self.address, "AWS_ACCESS_KEY_ID": self.key_id, "AWS_SECRET_ACCESS_KEY": self.secret,
            "AWS_SHARED_CREDENTIALS_FILE": str(self.home / "credentials"), "AWS_CONFIG_FILE": str(self.home / "config"),
            "AWS_EC2_METADATA_DISABLED": "true", "HOME": str(self.home), "USERPROFILE": str(self.home),
            "SLS_AWS_MONITORING_FREQUENCY": "100", "SLS_TELEMETRY_DISABLED": "1", "SLS_NOTIFICATIONS_MODE": "off",
            "SLS_AWS_REQUEST_MAX_RETRIES": "0", "CI": "1", "NODE_NO_WARNINGS": "1", RUNNING: "1",
        }  # fmt: skip


def _end_of(output: IO[bytes]) -> str:
    size = output.seek(0, os.SEEK_END)
    output.seek(max(0, size - 2 * SHOWN))
    return output.read().decode("utf-8", "replace")[-SHOWN:].strip()
