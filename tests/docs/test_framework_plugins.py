"""The lists of docs/framework-plugins.md are those of the tables."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_page_of_plugins_is_made_of_the_tables() -> None:
    """Run ``python tools/plugins_page.py`` where this fails."""
    done = subprocess.run([sys.executable, "tools/plugins_page.py", "--check"], cwd=ROOT, check=False, timeout=60)
    assert done.returncode == 0
