"""The project's real framework: where it is installed.

In: a folder, and what the user named. Out: a :class:`Framework`, which :mod:`.runner` runs.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scopedown.core.finding import ScopedownError
from scopedown.project.cdk import run as cdk

NAMES: Final = {"osls": ("osls",), "v3": ("serverless",), "v4": ("serverless",)}
"""What the package of each framework is called in npm."""
VARIABLES: Final = {"osls": "SCOPEDOWN_OSLS", "v3": "SCOPEDOWN_SERVERLESS", "v4": "SCOPEDOWN_SERVERLESS"}
"""The environment variable that names its program, or the folder whose node_modules hold it."""
INSTALL: Final = {"osls": "npm install --save-dev osls", "v3": "npm install --save-dev serverless@3"}
ENTRY: Final = Path("bin") / "serverless.js"
SAM: Final = "sam"
CDK: Final = "cdk"
SAM_PROGRAM: Final = "SCOPEDOWN_SAM"
"""The environment variable that names the program of aws-sam-cli."""
_SAM_VERSION: Final = re.compile(r"SAM CLI, version (\S+)")


@dataclass(frozen=True, slots=True)
class Framework:
    """An installed framework (``osls``, ``v3``, ``sam`` or ``cdk``), its version, and its program: a script of node's,
    but for sam."""

    name: str
    version: str
    entry: Path

    def __str__(self) -> str:
        return f"{SHOWN.get(self.name, 'serverless')} {self.version}"

    @property
    def is_serverless(self) -> bool:
        """Whether it is a release of the Serverless Framework."""
        return self.name in NAMES


SHOWN: Final = {"osls": "osls", SAM: "aws-sam-cli", CDK: cdk.PACKAGE}
"""What a framework is called in reports."""


def find_framework(wanted: str, root: Path) -> Framework:
    """The framework that deploys the project in ``root``: the environment's, that of the project's folder (or one above
    it), that on the PATH. Raises ScopedownError where there is none that can be run."""
    if wanted == SAM:
        return _find_sam()
    if wanted == CDK:
        return _find_cdk(root)
    if wanted not in INSTALL:
        raise ScopedownError(
            "serverless 4 needs a login, so prove does not run it",
            remedy="add --framework osls (or v3), which deploys in its place; the report says what that does not prove",
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
    if given.stem == SAM and (version := _sam_version(given)):
        return Framework(SAM, version, given)
    package = _package_at(given, NAMES["osls"]) or _package_at(given, NAMES["v3"])
    if package is None and (of_cdk := _package_at(given, (cdk.PACKAGE,), cdk.ENTRY)) is not None:
        return Framework(CDK, _version(of_cdk), of_cdk.resolve() / cdk.ENTRY)
    if package is None:
        raise ScopedownError(
            f"{given} is not the program of osls, serverless, sam or cdk",
            remedy="name its bin/serverless.js, sam, or cdk",
        )
    found = _framework(package)
    if found is None:
        raise ScopedownError(f"{given} is serverless {_version(package)}", remedy="prove needs osls or serverless 3")
    return found


def _find_sam() -> Framework:
    """The program that SCOPEDOWN_SAM names, or the one on the PATH. Raises ScopedownError where there is none."""
    given = os.environ.get(SAM_PROGRAM)
    found = given or shutil.which(SAM)
    version = _sam_version(Path(found)) if found else ""
    if found and version:
        return Framework(SAM, version, Path(found))
    raise ScopedownError(
        f"{SAM_PROGRAM} names {given}, which is not aws-sam-cli" if given else "sam was not found on the PATH",
        remedy="pipx install aws-sam-cli, or name its program with --framework-program",
    )


def _find_cdk(root: Path) -> Framework:
    """aws-cdk as ``--run-framework`` finds it too. Raises ScopedownError."""
    command = cdk.cdk_command(root, os.environ)
    if command is None:
        raise ScopedownError(
            f"aws-cdk is installed neither in {root} nor above it, nor on the PATH",
            remedy="npm install --save-dev aws-cdk, or name its program with --framework-program",
        )
    package = cdk.package_of(command)
    if package is None:
        raise ScopedownError(
            f"{command} is not the program of aws-cdk", remedy="name its bin/cdk with --framework-program"
        )
    return Framework(CDK, _version(package), package / cdk.ENTRY)


def _sam_version(program: Path) -> str:
    """What ``sam --version`` prints after "SAM CLI, version"; empty where it is another program."""
    environment = {**os.environ, "SAM_CLI_TELEMETRY": "0"}
    try:
        told = subprocess.run(
            [str(program), "--version"], capture_output=True, text=True, timeout=60, check=False, env=environment,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return ""
    match = _SAM_VERSION.search(told.stdout)
    return match[1] if match else ""


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


def _package_at(given: Path, names: Sequence[str], entry: Path = ENTRY) -> Path | None:
    if given.is_dir():
        for folder in (*(given / "node_modules" / name for name in names), *(given / name for name in names)):
            if (folder / entry).is_file():
                return folder
    for folder in (given.resolve(), *given.resolve().parents):
        if folder.name in names and (folder / entry).is_file():
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
