"""How commands of the Serverless Framework are written, and what its program needs of the environment."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scopedown.prove.frameworks import Framework

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
