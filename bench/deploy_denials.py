"""Which actions of the generated policy a life cycle needs: each is denied alone, and the commands run again.

usage: OSLS_DIR=FOLDER python bench/deploy_denials.py [osls|v3] [ACTION …]

Prints a line an action: the command that failed without it, or that none did. The service is the hello-world of
``tests/deploy/enforcement``, the local AWS the one there. Takes half an hour: the framework starts anew for each
command.
"""

from __future__ import annotations

import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "src")]

from deploy.enforcement.test_life_cycle import life_cycle, policies_of, started  # noqa: E402

WORKERS = 2


def main() -> int:
    name = sys.argv[1] if len(sys.argv) > 1 else "osls"
    with tempfile.TemporaryDirectory() as folder:
        started(Path(folder), name)
        policies = policies_of(Path(folder), name)
    actions = sorted({one for policy in policies for statement in policy.statements for one in statement.action or ()})
    wanted = sys.argv[2:] or actions
    needless = 0
    with ThreadPoolExecutor(WORKERS) as pool:
        for action, failed in zip(wanted, pool.map(lambda action: _without(name, action), wanted), strict=True):
            needless += not failed
            print(f"{action:45} {failed or 'no command needs it'}", flush=True)
    print(f"{len(wanted)} actions, {needless} that no command needs")
    return 0


def _without(name: str, action: str) -> str:
    """The command that fails without an action; empty where none does."""
    with tempfile.TemporaryDirectory() as folder:
        framework = started(Path(folder), name, action)
        try:
            life_cycle(framework)
        except AssertionError:
            return framework.outputs[-1].partition(":")[0]
    return ""


if __name__ == "__main__":
    raise SystemExit(main())
