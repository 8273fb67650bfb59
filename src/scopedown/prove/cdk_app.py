"""An app of CDK before it is deployed: synthesized, and its account bootstrapped with the generated policy.

``cdk bootstrap`` makes the roles that cdk assumes; the one that CloudFormation acts with gets the policy that
``scopedown deploy-policy`` works out for it, in the place of AdministratorAccess. So the user who deploys holds what
assumes those roles, and the role what the stacks need.
Reference: https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-customizing.html
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scopedown.core.finding import ScopedownError
from scopedown.deploy.settings import CDK_DEFAULT
from scopedown.documents.document import Files
from scopedown.guard.model import ACCOUNT
from scopedown.iam import Caller
from scopedown.project.cdk.assembly import Artifact, read_assembly
from scopedown.project.model import Project
from scopedown.prove.cdk_bootstrap import make_own, needs_of
from scopedown.prove.command_lines import OUTPUT, CdkCli
from scopedown.prove.frameworks import Framework
from scopedown.prove.local_aws import Documents, Holder, LocalAws
from scopedown.prove.model import EXECUTION_ROLE
from scopedown.prove.runner import Ended, Runner

SESSION: Final = "AWSCloudFormation"
"""How CloudFormation names its session of a service role."""
Load = Callable[[Path], Project]
"""Reads the project in a folder that holds an assembly."""


@dataclass(frozen=True, slots=True)
class App:
    """A synthesized app, in the copy of its folder."""

    project: Project
    stacks: tuple[Artifact, ...]

    def regions(self) -> tuple[str, ...]:
        """The regions that its stacks are deployed to."""
        return tuple(dict.fromkeys(one.region or self.project.region for one in self.stacks))


@dataclass(frozen=True, slots=True)
class Administrator:
    """Whoever synthesizes and bootstraps: nothing is denied to it."""

    aws: LocalAws
    framework: Framework
    folder: Path
    home: Path
    region: str
    environment: Mapping[str, str]
    timeout: float

    def synthesize(self, load: Load) -> App:
        """Run the app. Raises ScopedownError where it fails, or where it is for another account."""
        self.synth(self.folder)
        stacks = tuple(read_assembly(self.folder / OUTPUT, Files(self.folder)).artifacts)
        for one in stacks:
            if one.account not in (None, ACCOUNT):
                raise ScopedownError(
                    f"the stack {one.name} is for the account {one.account}, and the local AWS is {ACCOUNT}",
                    remedy="let the app take the account from CDK_DEFAULT_ACCOUNT",
                )
        return App(load(self.folder), stacks)

    def synth(self, folder: Path) -> None:
        """Run the app in a copy of its folder. Raises ScopedownError."""
        ended = self._run("synth", folder)
        if ended.code != 0:
            raise _failed("cdk synth", ended, "make `cdk synth` succeed in the app's folder")

    def bootstrap(self, app: App, documents: Documents) -> list[Holder]:
        """Make what the app uses of its account; the holders of the policies that CloudFormation acts with, the same
        in each region; none where it acts as the caller. Raises ScopedownError where the bootstrapping fails."""
        needs = needs_of(app.project.bootstrapped or CDK_DEFAULT, app.regions())
        iam = self.aws.admin("iam", self.region)
        arns = [
            iam.create_policy(PolicyName=f"scopedown-{number}", PolicyDocument=json.dumps(document))["Policy"]["Arn"]
            for number, document in enumerate(documents.values(), 1)
            if document["Statement"]
        ]
        policies = f" --cloudformation-execution-policies {','.join(arns)}" if arns else ""
        for one in needs.bootstrappings:
            names = f"--qualifier {one.qualifier} --toolkit-stack-name {one.stack}"
            ended = self._run(f"bootstrap aws://{ACCOUNT}/{one.region} {names}{policies}", self.home)
            if ended.code != 0:
                raise _failed("cdk bootstrap", ended, "report this")
        make_own(needs, self.aws.admin, arns)
        roles = [arn.split(":role/", 1)[1] for arn in needs.execution]
        return [Holder(EXECUTION_ROLE, Caller.role_session(ACCOUNT, role, SESSION), documents) for role in roles]

    def notes(self, app: App) -> Iterator[str]:
        """What of the account is not as the app's users have it."""
        used = app.project.bootstrapped or CDK_DEFAULT
        if app.project.stack_regions:
            regions = ", ".join(app.regions())
            yield f"the app's stacks are in {regions}; every function ran as if it were in {app.project.region}"
        if own := needs_of(used, app.regions()).own:
            names = ", ".join(own)
            yield f"cdk bootstrap does not make {names}: prove made them; roles that the user assumes may do everything"
        if app.project.bootstrapped and used.repositories:
            yield "container images were neither built nor pushed: the local AWS has no registry for them"

    def _run(self, command: str, folder: Path) -> Ended:
        self.aws.during(command.split()[0])
        who = self.aws.gate.admin
        cli = CdkCli(self.framework, self.region)
        return Runner.in_home(
            cli, folder, self.home, self.aws.gate.address, who.key_id, who.secret, self.environment, self.timeout
        ).run(command)


def _failed(command: str, ended: Ended, otherwise: str) -> ScopedownError:
    """The error of a command that must succeed; ``otherwise`` is the remedy where the tool's error has none."""
    if ended.code is None:
        return ScopedownError(f"{command} did not end in time", remedy="give it more with --timeout SECONDS")
    error = ended.error
    return ScopedownError(
        f"{command} ended with exit code {ended.code}: {error.error}", error.place, error.remedy or otherwise
    )
