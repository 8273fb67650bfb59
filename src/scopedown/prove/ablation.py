"""What the record did not need, taken away for real: the project lives again without it.

First without all of it at once: where every command ends well, nothing of it is needed by what was run. Where one does
not, each is taken away alone.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from scopedown.prove.life_cycle import stages
from scopedown.prove.local_aws import Documents
from scopedown.prove.model import FRAMEWORK_USER, ActionUse, StatementUse
from scopedown.prove.run import Run
from scopedown.prove.usage import reduced
from scopedown.prove.workspace import make_workspace

Deleted = tuple[str, int, str]
"""A policy's name, a statement's number from 0, an action."""
NEEDED, ENDED_WELL = "needed", "ended well"


def rerun(run: Run, statements: Sequence[StatementUse], policies: Documents, into: Path) -> tuple[StatementUse, ...]:
    """The statements with what came of each action of the framework user's that no recorded request needed."""
    spare = [
        (statement.policy, statement.number - 1, action.action)
        for statement in statements
        if statement.holder == FRAMEWORK_USER
        for action in statement.actions
        if not action.needed
    ]
    if not spare:
        return tuple(statements)
    if _lives_without(run, policies, spare, into):
        results = dict.fromkeys(spare, ENDED_WELL)
    else:
        results = {one: ENDED_WELL if _lives_without(run, policies, [one], into) else NEEDED for one in spare}
    return tuple(_with(statement, results) for statement in statements)


def _lives_without(run: Run, policies: Documents, deleted: Iterable[Deleted], into: Path) -> bool:
    taken = list(deleted)
    names = ", ".join(dict.fromkeys(action for _, _, action in taken))
    run.tell(f"again, without {names}")
    folder = into / "again"
    shutil.rmtree(folder, ignore_errors=True)
    copy = make_workspace(Path(run.project.root), folder)
    run.aws.reset()
    again = Run(run.aws, run.project, run.how, copy, run.home, lambda text: None, is_strict=True)
    again.live(run.aws.user(FRAMEWORK_USER, reduced(policies, set(taken))), stages(run.how.run), None)
    return all(step.ok for step in again.steps)


def _with(one: StatementUse, results: dict[Deleted, str]) -> StatementUse:
    def told(action: ActionUse) -> ActionUse:
        return replace(action, rerun=results.get((one.policy, one.number - 1, action.action), ""))

    return one if one.holder != FRAMEWORK_USER else replace(one, actions=tuple(map(told, one.actions)))
