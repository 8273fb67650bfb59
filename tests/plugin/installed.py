"""A small service with the plugin installed, and a framework that runs in it as a user runs it.

The service's role suffices as it stands; ``lacking`` makes one of it that does not. Where the frameworks are looked
for: :mod:`oracle.harness`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from command_line import PROGRAM
from oracle.harness import OSLS, ROOT, SERVERLESS_3

PLUGIN = ROOT / "plugin"
ORDERS = Path(__file__).with_name("orders")
FRAMEWORKS = {"osls": OSLS, "v3": SERVERLESS_3}
TELLS_ITS_WORDS = 'printf "%s\\n" "$PWD" "$SCOPEDOWN_RUNNING" "$@"\nexit "${ENDS_WITH:-0}"'
"""A stand-in for scopedown: where it is run, what guards it, its arguments line by line."""


@dataclass
class Service:
    """A folder with the service, and the programs on its PATH."""

    framework: str
    folder: Path
    bin: Path
    home: Path
    variables: dict[str, str] = field(default_factory=dict)

    @staticmethod
    def make(framework: str, folder: Path) -> Service:
        """Copy the service, install the plugin, and put scopedown and the framework on the PATH."""
        service = Service(framework, folder / "service", folder / "bin", folder / "home")
        shutil.copytree(ORDERS, service.folder)
        shutil.copytree(PLUGIN, service.folder / "node_modules" / "serverless-scopedown")
        service.bin.mkdir()
        service.home.mkdir()
        python, option, program = PROGRAM
        service.put("scopedown", f"exec {python} {option} '{program}' \"$@\"")
        service.put("osls" if framework == "osls" else "serverless", f'exec "{_node()}" "{service.entry}" "$@"')
        return service

    @property
    def entry(self) -> Path:
        package = FRAMEWORKS[self.framework]
        return package.folder / "node_modules" / package.name / "bin" / "serverless.js"

    def put(self, name: str, script: str) -> Path:
        """A program on the PATH."""
        path = self.bin / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return path

    def change(self, old: str, new: str) -> None:
        """Other text in the project file."""
        path = self.folder / "serverless.yml"
        text = path.read_text()
        assert text.count(old) == 1
        path.write_text(text.replace(old, new))

    def lacking(self) -> Service:
        """The role does not allow what the function calls."""
        self.change("dynamodb:PutItem", "dynamodb:GetItem")
        return self

    def set(self, *settings: str) -> Service:
        """More settings of the plugin."""
        self.change("    gate: check\n", "".join(f"    {one}\n" for one in settings))
        return self

    def run(self, *words: str, only: bool = False, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run the framework; with ``only`` there is nothing else on the PATH than what the service has put there."""
        kept = {
            key: value
            for key, value in os.environ.items()
            if not key.startswith(("AWS_", "SLS_", "SERVERLESS_", "SCOPEDOWN_G", "NODE_OPTIONS"))
        }
        path = os.pathsep.join([str(self.bin), *([] if only else [kept["PATH"]])])
        return subprocess.run(
            [_node(), str(self.entry), *words],
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            env={
                **kept, "PATH": path, "HOME": str(self.home), "CI": "1", "SLS_TELEMETRY_DISABLED": "1",
                "SLS_NOTIFICATIONS_MODE": "off", "AWS_EC2_METADATA_DISABLED": "true", "NODE_NO_WARNINGS": "1",
                **variables,
            },
            timeout=240,
            check=False,
        )  # fmt: skip


def _node() -> str:
    return shutil.which("node") or "node"
