"""Ending what was started: a process with everything that it started itself."""

from __future__ import annotations

import os
import signal
import subprocess
from typing import Any


def end(process: subprocess.Popen[Any]) -> None:
    """End a process that leads a group of its own (``start_new_session``), and all of the group, also where it has
    ended by itself and left others behind."""
    if os.name == "posix":
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass
    elif process.poll() is None:
        # /T ends the tree (https://learn.microsoft.com/windows-server/administration/windows-commands/taskkill).
        subprocess.run(["taskkill", "/T", "/F", "/PID", str(process.pid)], capture_output=True, check=False)
    process.wait()
