"""What the record did not need, taken away for real: the project lives again without it.

First without all of it at once: where every command ends well, nothing of it is needed by what was run. Where one does
not, each is taken away alone.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from scopedown.prove.life_cycle import stages
from scopedown.prove.local_aws import Documents, Holder
from scopedown.prove.model import DEPLOYING, EXECUTION_ROLE, FRAMEWORK_USER, ActionUse, StatementUse
from scopedown.prove.run import Run
from scopedown.prove.usage import reduced
from scopedown.prove.workspace import make_workspace

Deleted = tuple[str, str, int, str]
"""A holder's name, a policy's, a statement's number from 0, an action."""
Policies = Mapping[str, Documents]
"""The documents of the framework user and of CloudFormation's role, by :attr:`~.model.StatementUse.holder`."""
Prepare = Callable[[Path, Documents], Sequence[Holder]]
"""Makes what the project finds in its account before it is deployed from a folder (what variables ask for, buckets, a
bootstrapping with these policies); who holds the policies."""
NEEDED, ENDED_WELL = "needed", "ended well"


@dataclass(frozen=True, slots=True)
class Again:
    """How a project is given another life: from ``root``, the user's own folder, in a copy under ``into``."""

    run: Run
    root: Path
    into: Path
    policies: Policies
    prepare: Prepare

    def without(self, statements: Sequence[StatementUse]) -> tuple[StatementUse, ...]:
        """The statements with what came of each action of a deployment that no recorded request needed."""
        spare = list(dict.fromkeys(
            (statement.holder, statement.policy, statement.number - 1, action.action)
            for statement in statements
            if statement.holder in DEPLOYING
            for action in statement.actions
            if not action.needed
        ))  # fmt: skip
        if not spare:
            return tuple(statements)
        if self._lives_without(spare):
            results = dict.fromkeys(spare, ENDED_WELL)
        else:
            results = {one: ENDED_WELL if self._lives_without([one]) else NEEDED for one in spare}
        return tuple(_with(statement, results) for statement in statements)

    def _lives_without(self, deleted: Iterable[Deleted]) -> bool:
        taken = list(deleted)
        run = self.run
        run.tell(f"again, without {', '.join(dict.fromkeys(action for *_, action in taken))}")
        shutil.rmtree(self.into / "again", ignore_errors=True)
        copy = make_workspace(self.root, self.into / "again")
        run.aws.reset()
        user, role = (
            reduced(self.policies[holder], {(policy, number, action) for of, policy, number, action in taken
                                            if of == holder})
            for holder in (FRAMEWORK_USER, EXECUTION_ROLE)
        )  # fmt: skip
        self.prepare(copy, role)
        again = Run(run.aws, run.project, run.how, copy, run.home, lambda text: None, stacks=run.stacks, is_strict=True)
        again.live(run.aws.user(FRAMEWORK_USER, user), stages(run.how.run), None)
        return all(step.ok for step in again.steps)


def _with(one: StatementUse, results: dict[Deleted, str]) -> StatementUse:
    def told(action: ActionUse) -> ActionUse:
        return replace(action, rerun=results.get((one.holder, one.policy, one.number - 1, action.action), ""))

    return one if one.holder not in DEPLOYING else replace(one, actions=tuple(map(told, one.actions)))
