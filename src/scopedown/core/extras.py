"""How an extra is added to the scopedown that runs: the command, by how and from where scopedown was installed."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from scopedown.core.finding import ScopedownError


def not_installed(user: str, package: str | None, extra: str) -> ScopedownError:
    """The error where a command (``user``) needs a package of an extra, with the command that installs it."""
    return ScopedownError(
        f"{user} needs the package {package}, which is not installed", remedy=f"run {install_command(extra)}"
    )


def install_command(extra: str) -> str:
    """The command that installs scopedown with this extra where it is installed now.

    In: the extra's name. Out: a line for the shell. A checkout, a repository and a wheel are named as they were, since
    an index may not have scopedown.
    """
    words = [*_installer(), *_requirement(extra, _origin())]
    return shlex.join(words) if os.name == "posix" else subprocess.list2cmdline(words)


def _installer() -> list[str]:
    """``uv tool`` and ``pipx`` leave a file of their own in the environment that they make."""
    if Path(sys.prefix, "uv-receipt.toml").exists():
        return ["uv", "tool", "install"]
    if Path(sys.prefix, "pipx_metadata.json").exists():
        return ["pipx", "install", "--force"]
    if find_spec("pip") is None:
        return ["uv", "pip", "install", "--python", sys.executable]
    return [sys.executable, "-m", "pip", "install"]


def _origin() -> dict[str, Any]:
    """Where the package came from: https://packaging.python.org/en/latest/specifications/direct-url/ ; {}: an index."""
    try:
        found = json.loads(distribution("scopedown").read_text("direct_url.json") or "{}")
    except (PackageNotFoundError, ValueError):
        return {}
    return found if isinstance(found, dict) and isinstance(found.get("url"), str) else {}


def _requirement(extra: str, origin: dict[str, Any]) -> list[str]:
    wanted = f"scopedown[{extra}]"
    if not origin:
        return [wanted]
    if "dir_info" in origin:
        folder = f"{url2pathname(urlsplit(origin['url']).path)}[{extra}]"
        return ["--editable", folder] if origin["dir_info"].get("editable") else [folder]
    if vcs := origin.get("vcs_info"):
        return [f"{wanted} @ {vcs['vcs']}+{origin['url']}@{vcs['commit_id']}"]
    return [f"{wanted} @ {origin['url']}"]
