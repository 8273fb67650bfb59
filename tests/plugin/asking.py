"""The plugin's functions, called in a node of their own."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

ASK = Path(__file__).with_name("ask.js")
needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="node was not found")


class ForUserError(Exception):
    """What the plugin tells its user."""


def ask(module: str, name: str, *given: Any, platform: str | None = None) -> Any:
    """The value of a function, on this platform or as on another. Raises ForUserError for what is one sentence."""
    ended = subprocess.run(
        [shutil.which("node") or "node", str(ASK)],
        input=json.dumps({"module": module, "name": name, "given": given, "platform": platform}),
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )
    answer = json.loads(ended.stdout)
    if "error" in answer:
        assert answer["isForUser"], answer["error"]
        raise ForUserError(answer["error"])
    return answer.get("value")
