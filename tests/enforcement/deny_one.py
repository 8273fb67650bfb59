"""Each action of the generated policy denied alone, and the real command run again: what fails without it?

``PYTHONPATH=tests python -m enforcement.deny_one osls v3`` writes ``deny-one.tsv`` anew (some four minutes). A command
is run again with one action denied only where it was seen to ask for it; the first command that fails without it
settles an action. ``result`` is ``needed`` (the command fails), ``tolerated`` (every command that asks for it ends well
without it) or ``never asked``.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from enforcement.drivers.table import DRIVERS
from enforcement.frameworks import READING, Service, actions_of, deployable
from scopedown.guard.cloudformation.stacks import CloudFormation

TABLE = Path(__file__).with_name("deny-one.tsv")
HEADER = "framework\taction\tresult\tcommand"


@dataclass
class Tried:
    """What is known so far, by action."""

    needed: dict[str, str] = field(default_factory=dict)
    tolerated: dict[str, str] = field(default_factory=dict)

    def note(self, action: str, command: str, code: int) -> None:
        (self.needed if code else self.tolerated).setdefault(action, command)


def deny_each(service: Service) -> Tried:
    """Every action that a command asks for, denied in that command."""
    tried = Tried()
    fresh(service)
    asked = asked_by(service, "deploy")
    for action in sorted(asked):
        fresh(service)
        attempt(service, action, "deploy", tried)
    fresh(service)
    assert service.run("deploy").code == 0
    service.has_run()
    for command in ("deploy", "deploy function -f greet", *READING):
        for action in sorted(asked_by(service, command) - set(tried.needed)):
            service.change_code()
            attempt(service, action, command, tried)
    for command in ("rollback", "remove"):
        for action in sorted(asked_by(service, prepared(service, command)) - set(tried.needed)):
            attempt(service, action, prepared(service, command), tried)
    return tried


def fresh(service: Service) -> None:
    """Nothing is deployed."""
    service.gate.without = set()
    service.gate.reset()
    service.gate.answers |= CloudFormation(service.gate, DRIVERS).answers()


def prepared(service: Service, command: str) -> str:
    """A service that was deployed twice, and the command that is then run."""
    fresh(service)
    for _ in range(2):
        service.change_code()
        assert service.run("deploy").code == 0
    return f"rollback -t {service.deployments()[0]}" if command == "rollback" else command


def asked_by(service: Service, command: str) -> set[str]:
    """What a command asks for where nothing is denied."""
    before = len(service.gate.decided)
    service.change_code()
    outcome = service.run(command)
    assert outcome.code == 0, outcome.output
    return {one.check.action for one in service.gate.decided[before:]}


def attempt(service: Service, action: str, command: str, tried: Tried) -> None:
    """Run a command without one action."""
    service.gate.without = {action}
    tried.note(action, command.split(" -")[0], service.run(command).code)
    service.gate.without = set()


def rows(framework: str) -> Iterator[str]:
    """The rows of a framework."""
    with tempfile.TemporaryDirectory() as folder, deployable(framework, Path(folder) / "greeter") as service:
        tried = deny_each(service)
        for action in sorted(actions_of(service.who.policies)):
            known = (("needed", tried.needed), ("tolerated", tried.tolerated))
            result, command = next(((name, by[action]) for name, by in known if action in by), ("never asked", ""))
            yield f"{framework}\t{action}\t{result}\t{command}"


if __name__ == "__main__":
    TABLE.write_text("\n".join([HEADER, *(row for framework in sys.argv[1:] for row in rows(framework))]) + "\n")
