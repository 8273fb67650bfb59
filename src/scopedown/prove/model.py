"""What a proof is: the commands and functions that ran, every statement with its use, every denial with what it lacks.

The one contract between running (:mod:`.run`) and telling (:mod:`.report`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from scopedown.guard.model import Decided
from scopedown.prove.functions.model import FunctionRun

FRAMEWORK_USER = "the framework user"
"""Whose policies those of the deployment are; a function's are known by its key."""
EXECUTION_ROLE = "CloudFormation's role"
"""The role that CloudFormation acts with, where the framework gives it one (cdk bootstrap)."""
DEPLOYING = frozenset({FRAMEWORK_USER, EXECUTION_ROLE})
"""The holders that are no functions."""


@dataclass(frozen=True, slots=True)
class Step:
    """One command of the framework. ``label`` is what its requests are recorded under: ``deploy (nothing changed)``."""

    label: str
    command: str
    """The words after the framework's name, without the options that every command gets."""
    code: int | None = None
    """The exit code; None where time ran out, or where it was not run."""
    seconds: float = 0.0
    output: str = ""
    """The end of what it printed."""
    error: str = ""
    """Where it failed: in one line, the tool's own error, or CloudFormation's for each resource that failed."""
    place: str = ""
    """The file of the project and the line that the tool names; empty where it names none."""
    remedy: str = ""
    """What to do about the error; empty where that is not known."""
    skipped: str = ""
    """Why it was not run; empty where it was."""

    @property
    def ok(self) -> bool:
        return bool(self.skipped) or self.code == 0


def _ended(step: Step) -> str:
    return "did not end in time" if step.code is None else f"ended with exit code {step.code}"


@dataclass(frozen=True, slots=True)
class ActionUse:
    """What became of one action of one statement. ``real`` and ``modelled`` count the requests that it allowed: those
    that came over HTTP, and the calls that CloudFormation makes by our model."""

    action: str
    real: int = 0
    modelled: int = 0
    by: tuple[str, ...] = ()
    """The steps and functions whose requests it allowed."""
    needed: bool = False
    """Whether a recorded request is denied without it."""
    rerun: str = ""
    """What the commands came to that were run again without it (``--thorough``): ``needed``, or ``ended well``."""
    why: str = ""
    """Where no request used it, or none needs it: the reason."""

    @property
    def used(self) -> bool:
        return bool(self.real or self.modelled)


@dataclass(frozen=True, slots=True)
class StatementUse:
    """A statement of a policy that was in force. ``holder``: :data:`FRAMEWORK_USER`, or a function's key."""

    holder: str
    policy: str
    number: int
    """Counted from 1 in its document."""
    statement: Mapping[str, Any]
    actions: tuple[ActionUse, ...]

    @property
    def used(self) -> bool:
        return any(action.used for action in self.actions)


@dataclass(frozen=True, slots=True)
class Denial:
    """A request (or a call of CloudFormation's) that the policies did not allow, asked so often."""

    holder: str
    during: tuple[str, ...]
    operation: str
    action: str
    resource: str
    message: str
    modelled: bool
    logical_id: str = ""
    times: int = 1
    harmless: str = ""
    """Why it does not count: the plan or the service says that the caller goes on without it."""

    @property
    def grant(self) -> dict[str, Any]:
        """The statement that would have allowed it."""
        return {"Effect": "Allow", "Action": [self.action], "Resource": [self.resource]}


@dataclass(frozen=True, slots=True)
class Unforeseen:
    """An action that a function asked for and its scan had not named (``resource_only``: not on this resource): a
    fault of the scanner, to be reported."""

    function: str
    operation: str
    action: str
    resource: str
    resource_only: bool


@dataclass(frozen=True, slots=True)
class Proof:
    """Everything that came of proving one project."""

    service: str
    stage: str
    region: str
    config: str
    framework: str
    """``osls 4.3.1``."""
    function_policies: str
    """``generated`` or ``declared``: what the functions' roles were allowed."""
    deploy_policies: str
    """``generated``, or the files that were given."""
    steps: tuple[Step, ...]
    functions: tuple[FunctionRun, ...]
    statements: tuple[StatementUse, ...]
    denials: tuple[Denial, ...]
    unforeseen: tuple[Unforeseen, ...]
    real: int
    """Checks of requests that came over HTTP: the framework's and the functions'."""
    modelled: int
    """Checks that rest on the model of CloudFormation's calls."""
    unmapped: tuple[str, ...] = ()
    """Requests of which nothing says what AWS checks: they were denied."""
    strange: tuple[str, ...] = ()
    """Requests with no key, or with one that the local AWS does not know."""
    stand_ins: tuple[str, ...] = ()
    """Resources that the local AWS recorded and could not make."""
    presupposed: tuple[str, ...] = ()
    """What the stacks name outside of themselves, and the proof took as existing in the project's account."""
    notes: tuple[str, ...] = ()
    seconds: float = 0.0
    learned: str = ""
    """The step from which on nothing was denied any more, so that one run finds all that is missing; else empty."""
    identity: Mapping[str, str] = field(default_factory=dict)
    """Each holder's ARN."""
    record: tuple[Decided, ...] = field(default=(), repr=False)
    """Every check of the framework user and of the functions, in their order."""

    @property
    def failures(self) -> tuple[str, ...]:
        """Why the project is not proven, each in one sentence; empty where it is."""
        found = [
            ": ".join(filter(None, (f"{step.label} {_ended(step)}", step.place, step.error)))
            for step in self.steps if not step.ok
        ]  # fmt: skip
        counted = sum(1 for denial in self.denials if not denial.harmless)
        found += [f"{counted} {'request was' if counted == 1 else 'requests were'} denied"] if counted else []
        found += [f"scopedown does not know what AWS checks for {one}" for one in self.unmapped]
        return tuple(found)

    @property
    def proven(self) -> bool:
        """Whether nothing failed; functions that did not run prove nothing."""
        return not self.failures

    @property
    def functions_proven(self) -> bool:
        """Whether every function ran, where functions were to run."""
        return all(function.ran for function in self.functions)
