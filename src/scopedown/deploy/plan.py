"""The whole answer for one project: what the commands call, and what CloudFormation does for each resource.

Where CloudFormation acts with a role of its own (``provider.iam.deploymentRole``, cdk's execution role, or
``--service-role``), whoever runs the commands does not need what it does for the resources: :attr:`Split.role` then
says what that role needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from scopedown.catalog.model import Catalog
from scopedown.core.place import Place
from scopedown.deploy.arn_formats import EVERYTHING, PASS_ROLE
from scopedown.deploy.arns import fill
from scopedown.deploy.commands import CHANGING, REMOVING, command_permissions
from scopedown.deploy.dynamic_references import beside
from scopedown.deploy.model import CommandCall, DeployPermission, Phase, Plan, Unresolved
from scopedown.deploy.names import Namer
from scopedown.deploy.plugin_settings import plugin_settings
from scopedown.deploy.resources import StackTags, resource_permissions
from scopedown.deploy.rows import FrameworkRow, frameworks, plugin_rows
from scopedown.deploy.settings import Settings, bootstrap_settings, settings_of
from scopedown.deploy.target import Target, target_of, unknown_of
from scopedown.deploy.when import holds
from scopedown.documents.nodes import as_map
from scopedown.project.model import Bootstrapped, DeclaredResource, Project
from scopedown.project.serverless.plugins import table

_REMEDY = "add the permissions that its documentation names"


def unread_calls(project: Project, settings: Settings, namer: Namer) -> Iterator[Unresolved]:
    """What the policy lacks for the plugins of a project: nothing was read of it, or it does what no row says."""
    if project.framework != "serverless":
        return
    for name in project.plugins:
        row = plugin_rows().get(name)
        if row is None:
            _, about = table().get(name, ("", ""))
            known = f" ({about})" if about else ""
            reason = f"scopedown does not know whether it calls AWS by itself{known}"
        elif row.remains and holds(row.when, settings, namer.text) is not None:
            reason = row.remains
        else:
            continue
        lacking = (
            "the policy allows none of its calls" if row is None or row.calls == "open" else "the policy lacks that"
        )
        yield Unresolved(f"plugin {name}", reason, lacking, remedy=_REMEDY)


SERVICE_ROLE = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html"
SAM_TAG = "lambda:createdBy"
"""The tag that SAM puts on what it makes (aws-sam-translator 1.107.0, samtranslator/model/sam_resources.py)."""
ROLE_NAME = "{service}-{stage}-{region}-cloudformation"
"""What the role of ``--service-role`` is called where the project names none."""


@dataclass(frozen=True, slots=True)
class Split:
    """A plan in two: of whoever runs the commands, and of CloudFormation's role (``role_arn`` empty: of the caller)."""

    user: Plan
    role: Plan
    role_arn: str = ""


@dataclass(slots=True)
class _Found:
    permissions: list[DeployPermission] = field(default_factory=list)
    unresolved: dict[Unresolved, None] = field(default_factory=dict)

    def add(self, items: Iterable[DeployPermission | Unresolved]) -> None:
        for item in items:
            if isinstance(item, DeployPermission):
                self.permissions.append(item)
            else:
                self.unresolved[item] = None


def phases_of(commands: Sequence[str]) -> tuple[Phase, ...]:
    """What happens to resources under these commands."""
    if any(name in CHANGING for name in commands):
        return tuple(Phase)
    return (Phase.DELETE,) if any(name in REMOVING for name in commands) else ()


def plan(project: Project, catalog: Catalog, framework: str, commands: Sequence[str]) -> Plan:
    """Everything that whoever runs ``commands`` of ``framework`` needs for a project."""
    return whole(split_plan(project, catalog, framework, commands))


def whole(parts: Split) -> Plan:
    """The plan of whoever runs the commands: with what CloudFormation does, where it acts as the caller."""
    if parts.role_arn:
        return parts.user
    return replace(
        parts.user,
        permissions=(*parts.user.permissions, *parts.role.permissions),
        unresolved=tuple(dict.fromkeys((*parts.user.unresolved, *parts.role.unresolved))),
    )


def split_plan(
    project: Project,
    catalog: Catalog,
    framework: str,
    commands: Sequence[str],
    service_role: bool = False,
    stack_name: str | None = None,
) -> Split:
    """The same in two. With ``service_role``, CloudFormation has its own role even where the project names none.

    ``stack_name`` is what the stack is called, where the project does not say it (or says it otherwise).
    """
    row, target = frameworks()[framework], target_of(project, stack_name)
    namer = Namer.of(project, target, catalog)
    known = settings_of(project, framework, target.partition, target.region, target.account)
    settings: Settings = {**known, **project.sections, "plugins": plugin_settings(project, target)}
    namer.bucket = next(fill(row.bucket, DeclaredResource("", "", settings, Place("")), namer), "")
    own, role = _Found(), _Found()
    own.add(unknown_of(project, target, stack_name))
    role_arn = _role(row, settings, namer)
    if service_role and not role_arn:
        role_arn = _proposed_role(target)
        own.add([_told_to_set(framework, role_arn)])
        settings = {**settings, "deploymentRole": role_arn}
    namers = [namer.in_region(region) for region in project.regions]
    for there in namers:
        here = _in_region(settings, project, there.target.region)
        own.add(command_permissions(framework, commands, here, there))
    own.add(unread_calls(project, settings, namer))
    if phases := phases_of(commands):
        tags = StackTags(bool(row.tags), bool(settings["provider"].get("stackTags")))
        own_stacks = tuple(f"{name}/" for name in project.bootstrapped.own_stacks) if project.bootstrapped else ()
        for resource in project.deployed.values():
            acts = own if role_arn and resource.logical_id.startswith(own_stacks) else role
            there = namer.there(resource.logical_id)
            acts.add(resource_permissions(resource, phases, _tags_inside(project, resource, tags), there))
        for acts in (role, own) if role_arn and own_stacks else (role,):
            for there in namers:
                acts.add(beside(project, phases, there))
    asked, read = tuple(commands), (row.source,) if row.source.startswith("read") else ()
    return Split(
        Plan(framework, asked, tuple(_with_role(own.permissions, settings)), tuple(own.unresolved), read),
        Plan(framework, asked, tuple(role.permissions), tuple(role.unresolved), read),
        role_arn,
    )


def _in_region(settings: Settings, project: Project, region: str) -> Settings:
    """The settings as the commands use them in a region: the app's stacks there. The project's own region has the
    roles of all regions: the assembly names those of a stack in another region whole."""
    used = project.bootstrapped
    if not project.stack_regions or used is None:
        return settings
    here = replace(
        used if region == project.region else Bootstrapped(buckets=used.buckets, repositories=used.repositories),
        own_stacks=tuple(stack for stack in used.own_stacks if project.region_of(stack) == region),
        own_reads=tuple(stack for stack in used.own_reads if project.region_of(stack) == region),
    )
    return {**settings, "bootstrap": bootstrap_settings(here)}


def _tags_inside(project: Project, resource: DeclaredResource, tags: StackTags) -> StackTags:
    """The tags of the resource's stack: CloudFormation gives those of a nested stack to what is in it
    (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-stack.html).
    SAM's own tag of a nested application never changes."""
    outer = resource.logical_id
    while "/" in outer:
        outer = outer.rpartition("/")[0]
        found = project.deployed.get(outer)
        written = found.properties.get("Tags") if found is not None else None
        if written:
            own = isinstance(written, list | tuple) and all(as_map(one).get("Key") == SAM_TAG for one in written)
            tags = StackTags(True, tags.project or not own)
    return tags


def _role(row: FrameworkRow, settings: Settings, namer: Namer) -> str:
    """The ARN of the role that CloudFormation acts with; empty where it acts as the caller."""
    if settings["deploymentRole"]:
        role = namer.text(settings["deploymentRole"])
        return namer.formats.patterns(PASS_ROLE, namer.target, namer.target.account)[0] if role == EVERYTHING else role
    return next(fill(row.role, DeclaredResource("", "", settings, Place("")), namer), "") if row.role else ""


def _proposed_role(target: Target) -> str:
    name = ROLE_NAME.format(service=target.service, stage=target.stage, region=target.region)
    return f"arn:{target.partition}:iam::{target.account}:role/{name}"


def _told_to_set(framework: str, role_arn: str) -> Unresolved:
    where = {"sam": "--role-arn", "cloudformation": "--role-arn"}.get(framework, "provider.iam.deploymentRole")
    return Unresolved("service role", f"the project names none; scopedown assumes {role_arn}",
                      "the user may pass that role", None, f"create the role, and pass {where}")  # fmt: skip


def _with_role(permissions: list[DeployPermission], settings: Settings) -> Iterable[DeployPermission]:
    """The permissions; tables of frameworks without a setting for the role say nothing of passing it."""
    yield from permissions
    role = settings["deploymentRole"]
    if isinstance(role, str) and role and not any(permission.action == PASS_ROLE for permission in permissions):
        condition = {"StringEquals": {"iam:PassedToService": ("cloudformation.amazonaws.com",)}}
        because = CommandCall("deploy", "RoleARN of the stack", "", f"read: {SERVICE_ROLE}")
        yield DeployPermission(PASS_ROLE, (role,), (because,), condition)
