"""One life of a project under given policies: the framework's commands, and after the first deployment the functions.

In: a guard, a copy of the project, who runs the commands. Out: the steps and the functions' runs; what they asked is in
the guard's record.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from botocore import xform_name

from scopedown.deploy.target import target_of
from scopedown.guard.model import ACCOUNT
from scopedown.project.model import Project
from scopedown.prove.bucket_cleanup import taken_out
from scopedown.prove.endpoint import Endpoint
from scopedown.prove.frameworks import VARIABLES, Framework, framework_at
from scopedown.prove.functions.model import FunctionRun
from scopedown.prove.invocations import Invocations
from scopedown.prove.life_cycle import USUAL, USUAL_OF, Stage, change_code, has_run, words
from scopedown.prove.local_aws import Documents, Holder, LocalAws
from scopedown.prove.model import Step
from scopedown.prove.roles import FunctionRoles
from scopedown.prove.runner import Ended, Runner
from scopedown.prove.tool_errors import ToolError, remedy_of
from scopedown.prove.uploaded import Uploaded
from scopedown.scan import ProjectScan

Tell = Callable[[str], None]
"""Is told what is being done."""


@dataclass(frozen=True, slots=True)
class How:
    """What the user asked for."""

    framework: Framework
    commands: tuple[str, ...] = ()
    """Those to run; empty: the usual ones, under the policy for all."""
    options: tuple[str, ...] = ()
    """Given to every command of the framework."""
    environment: Mapping[str, str] = field(default_factory=dict)
    events: Path | None = None
    functions: bool = True
    declared: bool = False
    """Whether the functions run under what the project declares, instead of what is generated."""
    deploy_documents: Documents = field(default_factory=dict)
    """Policies for the framework user in place of the generated one."""
    timeout: float = 180.0
    function_timeout: float = 30.0
    thorough: bool = False
    replaces: str = ""
    """The release that the framework is run in place of (``serverless 4``); empty: it is the project's own."""
    values: Mapping[str, Any] = field(default_factory=dict)
    """What the framework asks AWS for (``ssm:/path``), put there first."""

    @property
    def run(self) -> tuple[str, ...]:
        """The commands that are run."""
        return self.commands or USUAL_OF.get(self.framework.name, USUAL)


@dataclass
class Run:
    """One life of the project under given policies. ``steps`` and ``functions`` are what came of it."""

    aws: LocalAws
    project: Project
    how: How
    folder: Path
    home: Path
    tell: Tell
    steps: list[Step] = field(default_factory=list)
    functions: tuple[FunctionRun, ...] = ()
    holders: list[Holder] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    learned: str = ""
    stacks: tuple[tuple[str, str], ...] = ()
    """The project's stacks with their regions; empty: the one that it is named for."""
    is_strict: bool = False
    """Whether a denied command stays denied, and nothing is learned from it."""

    def live(self, user: Holder, plan_: Sequence[Stage], scan: ProjectScan | None) -> None:
        """Run the stages as this user; the functions after the first deployment, where there is a scan of them."""
        self.holders.append(user)
        if scan is None:
            self._live(user, plan_, None, None)
            return
        with Invocations(
            self.aws, self.project, self.folder, scan, self._stacks(), self._modules(), self.how.declared,
            self.how.function_timeout, self.tell,
        ) as invocations:  # fmt: skip
            self._live(user, plan_, scan, invocations)
        self.functions = invocations.added_to(self.functions)
        named = {one.name for one in self.holders}
        self.holders += [one for one in invocations.holders.values() if one.name not in named]
        self.notes += invocations.told()

    def _live(
        self, user: Holder, plan_: Sequence[Stage], scan: ProjectScan | None, invocations: Invocations | None
    ) -> None:
        how, aws = self.how, self.aws
        runner = Runner.of(how.framework, self.project, self.folder, self.home, aws.gate.address, user.key_id,
                           user.secret, how.options, how.environment, how.timeout)  # fmt: skip
        failed = ""
        for stage in plan_:
            command, why_not = words(stage, self.project, aws.admin, self.project.region)
            why_not = failed or why_not
            if stage.changes and not why_not and not change_code(self.project, self.folder):
                why_not = "prove found no source file that it can change"
            if why_not:
                self.steps.append(Step(stage.label, stage.command, skipped=why_not))
                continue
            if stage.command == "logs":
                has_run(self.project, aws.admin("logs", self.project.region))
            self.tell(f"{how.framework}: {command}")
            ended, goes_on = self._enforced(runner, command, stage)
            error = ended.error
            place = f"{error.place.file}:{error.place.line}" if error.place else ""
            self.steps.append(
                Step(stage.label, command, ended.code, ended.seconds, ended.output, error.error, place, error.remedy)
            )
            if not goes_on and stage.command == "deploy":
                failed = f"{stage.label} had failed"
            elif stage.label == "deploy" and scan is not None and invocations is not None:
                self._functions(scan, invocations)

    def _enforced(self, runner: Runner, command: str, stage: Stage) -> tuple[Ended, bool]:
        """Run a command; how it ended, and whether what follows can be run.

        Where a denial ends it, it is run again with nothing denied any more, here and in all that follows, so that one
        proof finds everything that is missing.
        """
        before, started = len(self.aws.record()), datetime.now(UTC)
        self.aws.during(stage.label)
        ended = runner.run(command, stage.changes)
        if ended.code != 0 and (failed := self.aws.failed_resources(started)):
            ended = replace(ended, error=ToolError("; ".join(failed), remedy=remedy_of(" ".join(failed))))
        denied = any(not one.allowed for one in self.aws.record()[before:])
        if ended.code == 0 or self.learned or self.is_strict or not denied:
            return ended, ended.code == 0
        self.learned = stage.label
        self.aws.learn()
        if stage.label == "deploy":
            for name, region in self._stacks():
                self.aws.forget(name, region)
        self.tell(f"{self.how.framework}: {command} was denied something and was run again with everything allowed")
        again = runner.run(command, stage.changes)
        if again.code == 0:
            return ended, True
        return replace(ended, output=f"{ended.output}\n\nwith everything allowed:\n{again.output}"), False

    def _stacks(self) -> Sequence[tuple[str, str]]:
        return self.stacks or [(target_of(self.project).stack, self.project.region)]

    def _functions(self, scan: ProjectScan, invocations: Invocations) -> None:
        """Run each function as its role, under its own policy, which stands in the role's place meanwhile."""
        from scopedown.prove.functions.run import run_functions

        region = self.project.region
        deployed = self.aws.deployed_stacks(self._stacks())
        s3 = self.aws.admin("s3", region)
        with FunctionRoles(self.aws, scan, deployed, self.how.declared) as roles, taken_out(s3, deployed):
            self.holders += roles.holders
            where = Endpoint(self.aws.gate.address, ACCOUNT, region, deployed.text, self._seed, self._modules())
            self.aws.during("functions")
            before = invocations.taken()
            invocations.roles = roles
            self.functions = tuple(run_functions(
                self.project, self.folder, where, roles.credentials, self.how.events, self.how.function_timeout,
                lambda function, event: self.tell(f"{function}: {event}"),
                None if self.how.framework.is_serverless else Uploaded(deployed, s3).of, before,
            ))  # fmt: skip
            invocations.roles = None
            self.notes += roles.notes

    def _seed(self, service: str, operation: str, parameters: Mapping[str, Any]) -> Any:
        return getattr(self.aws.admin(service, self.project.region), xform_name(operation))(**parameters)

    def _modules(self) -> tuple[Path, ...]:
        """The framework's own packages, and those of one that the environment names: they have the AWS SDKs that
        Lambda's runtimes bring along."""
        given = [os.environ[name] for name in dict.fromkeys(VARIABLES.values()) if os.environ.get(name)]
        found = [self.how.framework, *(framework_at(Path(one)) for one in given)]
        return tuple(dict.fromkeys(one.entry.parents[2] for one in found if one.is_serverless))
