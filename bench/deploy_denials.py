"""Which actions of the generated policy a life cycle needs: each is denied alone, and the commands run again.

usage: OSLS_DIR=FOLDER python bench/deploy_denials.py [osls|v3] [ACTION …]

Prints a line an action: the command that failed without it, or that none did. The service and its commands are those of
``tests/enforcement``, the local AWS the guard, with the tables of ``deploy`` for CloudFormation's calls. Takes half an
hour: the framework starts anew for each command.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "src")]

from deploy.enforcement.test_life_cycle import started  # noqa: E402
from enforcement.frameworks import actions_of  # noqa: E402


def main() -> int:
    name = sys.argv[1] if len(sys.argv) > 1 else "osls"
    with tempfile.TemporaryDirectory() as folder, started(Path(folder), name) as service:
        actions = sorted(actions_of(service.who.policies))
    wanted = sys.argv[2:] or actions
    needless = 0
    for action in wanted:
        failed = _without(name, action)
        needless += not failed
        print(f"{action:45} {failed or 'no command needs it'}", flush=True)
    print(f"{len(wanted)} actions, {needless} that no command needs")
    return 0


def _without(name: str, action: str) -> str:
    """The command that fails without an action; empty where none does."""
    with tempfile.TemporaryDirectory() as folder, started(Path(folder), name, action) as service:
        for outcome in service.life_cycle():
            if outcome.code:
                return outcome.command
    return ""


if __name__ == "__main__":
    raise SystemExit(main())
