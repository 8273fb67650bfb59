"""From a project to its proof.

A guard starts while the policies are generated; the project lives once under them (:mod:`.run`); the record is then
decided again, statement by statement (:mod:`.usage`), and with ``--thorough`` the project lives again without what the
record did not need.
"""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from scopedown.catalog.load import catalog
from scopedown.deploy.commands import commands_of
from scopedown.deploy.documents import documents
from scopedown.deploy.model import DeployPermission, Plan
from scopedown.deploy.plan import plan, split_plan, whole
from scopedown.guard.cloudformation.engine import Drivers
from scopedown.guard.model import Decided
from scopedown.project.model import Project
from scopedown.prove.ablation import Again, Prepare
from scopedown.prove.cdk_app import Administrator, Load
from scopedown.prove.command_lines import bucket_of
from scopedown.prove.frameworks import CDK
from scopedown.prove.life_cycle import stages
from scopedown.prove.local_aws import Documents, Holder, LocalAws
from scopedown.prove.model import DEPLOYING, EXECUTION_ROLE, FRAMEWORK_USER, Proof, StatementUse
from scopedown.prove.run import How, Run, Tell
from scopedown.prove.seed_values import put_values
from scopedown.prove.serverless_4 import adapt
from scopedown.prove.usage import (
    GIVEN,
    Reasons,
    allowed_elsewhere,
    denials_of,
    unforeseen_by,
    uses,
    why_not_called,
    why_not_deployed,
)
from scopedown.prove.workspace import make_workspace
from scopedown.scan import ProjectScan, scan


def prove(project: Project, how: How, drivers: Drivers, tell: Tell) -> Proof:
    """Prove a project of the Serverless Framework or of SAM, which was read for the local AWS's account. Raises
    ScopedownError where that cannot be tried at all."""
    started = time.monotonic()
    with _place(Path(project.root), drivers) as (aws, into, folder):
        tell("generating the policies")
        name = how.framework.name
        made = plan(project, catalog(), name, how.commands or commands_of(name, project.plugins))
        run = Run(aws, project, how, folder, into / "home", tell)

        def prepare(folder: Path, documents: Documents) -> Sequence[Holder]:
            put_values(aws, how.values, project.region)
            if how.replaces:
                run.notes += adapt(project, folder, str(how.framework))
            if bucket := bucket_of(project):
                aws.admin("s3", "us-east-1").create_bucket(Bucket=bucket)
            return ()

        proof = _lived(run, Plans(made), into, Path(project.root), prepare)
    return replace(proof, seconds=time.monotonic() - started)


def prove_app(root: Path, region: str, load: Load, how: How, drivers: Drivers, tell: Tell) -> tuple[Proof, Project]:
    """Prove the app of CDK in a folder: synthesized in a copy, then read by ``load``. The proof, and the project.
    Raises ScopedownError where that cannot be tried at all."""
    started = time.monotonic()
    with _place(root, drivers) as (aws, into, folder):
        tell(f"{how.framework}: synth")
        admin = Administrator(aws, how.framework, folder, into / "home", region, how.environment, how.timeout)
        app = admin.synthesize(load)
        tell("generating the policies")
        parts = split_plan(app.project, catalog(), CDK, how.commands or commands_of(CDK, app.project.plugins))
        run = Run(aws, app.project, how, folder, into / "home", tell)
        run.stacks = tuple((one.name, one.region or app.project.region) for one in app.stacks)
        run.notes += admin.notes(app)
        plans = Plans(parts.user, parts.role) if parts.role_arn else Plans(whole(parts))

        def prepare(copy: Path, documents: Documents) -> Sequence[Holder]:
            put_values(aws, how.values, app.project.region)
            if copy != folder:
                admin.synth(copy)
            tell(f"{how.framework}: bootstrap")
            return admin.bootstrap(app, documents)

        proof = _lived(run, plans, into, root, prepare)
    return replace(proof, seconds=time.monotonic() - started), app.project


@dataclass(frozen=True, slots=True)
class Plans:
    """What the user who deploys is allowed, and the role that CloudFormation acts with, where it has one."""

    user: Plan
    role: Plan | None = None

    @property
    def permissions(self) -> tuple[DeployPermission, ...]:
        """Of both."""
        return (*self.user.permissions, *(self.role.permissions if self.role else ()))


@contextmanager
def _place(root: Path, drivers: Drivers) -> Iterator[tuple[LocalAws, Path, Path]]:
    """A local AWS, a folder that is deleted afterwards, and in it the copy of the project's."""
    # Windows keeps a file that is open somewhere; a copy that cannot be deleted is no fault of the project.
    with (
        tempfile.TemporaryDirectory(prefix="scopedown-prove-", ignore_cleanup_errors=True) as temporary,
        LocalAws(drivers) as aws,
    ):
        into = Path(temporary).resolve()
        yield aws, into, make_workspace(root, into)


def _lived(run: Run, made: Plans, into: Path, root: Path, prepare: Prepare) -> Proof:
    """One life of the project, and what it proves; with ``--thorough`` further ones."""
    how, project = run.how, run.project
    policies = {
        FRAMEWORK_USER: how.deploy_documents or named(documents(made.user.permissions)),
        EXECUTION_ROLE: named(documents(made.role.permissions), "role policy") if made.role else {},
    }
    scanned = scan(project, catalog()) if how.functions else None
    run.holders += prepare(run.folder, policies[EXECUTION_ROLE])
    run.live(run.aws.user(FRAMEWORK_USER, policies[FRAMEWORK_USER]), stages(how.run), scanned)
    proof = _told(run, made, scanned, how)
    if how.thorough and proof.proven:
        again = Again(run, root, into, policies, prepare)
        proof = replace(proof, statements=again.without(proof.statements))
    return proof


def named(found: Sequence[Mapping[str, Any]], title: str = "deploy policy") -> dict[str, Mapping[str, Any]]:
    """Documents by what the report calls them."""
    if len(found) == 1:
        return {title: found[0]}
    return {f"{title} {number}": one for number, one in enumerate(found, 1)}


def _told(run: Run, made: Plans, scanned: ProjectScan | None, how: How) -> Proof:
    holders = {one.caller.arn: one for one in run.holders}
    record = [_by_function(one, holders) for one in run.aws.record()]
    theirs = [one for one in record if one.principal in holders]
    ran = {stage.command for stage in stages(how.run)}
    broken = next((step.label for step in run.steps if not step.ok), "")
    statements: list[StatementUse] = []
    for holder in run.holders:
        mine = [one for one in record if one.principal == holder.caller.arn]
        run.notes += [
            f"{holder.name}: {one} was allowed, but not by its own policies" for one in allowed_elsewhere(holder, mine)
        ]
        statements += uses(holder, mine, _reasons(holder, run, made, scanned, ran, broken))
    project, gate = run.project, run.aws.gate
    if broken:
        run.notes += _open_values(project, how)
    return Proof(
        service=project.service, stage=project.stage, region=project.region, config=project.config,
        framework=str(how.framework),
        function_policies="declared" if how.declared else "generated",
        deploy_policies=", ".join(how.deploy_documents) or "generated",
        steps=tuple(run.steps), functions=run.functions, statements=tuple(statements),
        denials=denials_of(record, holders, made.permissions),
        unforeseen=unforeseen_by(record, holders, scanned, not how.declared) if scanned else (),
        real=sum(1 for their in theirs if not their.modelled), modelled=sum(1 for their in theirs if their.modelled),
        unmapped=tuple(dict.fromkeys(gate.unmapped)), strange=tuple(dict.fromkeys(gate.strange)),
        stand_ins=run.aws.stand_ins(),
        presupposed=run.aws.taken_as_existing(),
        notes=tuple(dict.fromkeys(run.notes)), learned=run.learned,
        identity={one.name: one.caller.arn for one in run.holders}, record=tuple(theirs),
    )  # fmt: skip


def _open_values(project: Project, how: How) -> Iterator[str]:
    """What the framework may have failed for: variables without a value, and how to give them one."""
    for finding in project.findings:
        if finding.code.startswith("variable"):
            told = "; --env NAME=VALUE sets one" if "environment variable" in finding.message else ""
            yield f"{finding}{told}"
    for variable in project.asked:
        name = re.sub(r"^(\w+)\([^)]*\)", r"\1", variable)
        if not {variable, name} & set(how.values):
            yield f"the framework asks AWS for {name}: --param-file gives it a value here"


def _by_function(one: Decided, holders: Mapping[str, Holder]) -> Decided:
    """A function's request is told as its own: functions run beside each other."""
    holder = holders.get(one.principal)
    return one if holder is None or holder.name in DEPLOYING else replace(one, during=holder.name)


def _reasons(holder: Holder, run: Run, made: Plans, scanned: ProjectScan | None, ran: set[str], broken: str) -> Reasons:
    if holder.name == EXECUTION_ROLE and made.role is not None:
        return why_not_deployed(made.role.permissions, ran, broken)
    if holder.name == FRAMEWORK_USER:
        return why_not_deployed(made.user.permissions, ran, broken)
    of = (
        next((function for function in scanned.functions if function.function.key == holder.name), None)
        if scanned
        else None
    )
    if of is None:
        return lambda action, statement: GIVEN
    return why_not_called(of, next((function for function in run.functions if function.function == holder.name), None))
