"""The net under the mapping: iam:PassRole for each role that a request names and that nothing else is asked of.

In: a request with the checks that the mapping found. Out: the same checks, and iam:PassRole on each role (or on those
of each instance profile) that the request names anywhere: in its members, in maps, in texts that are JSON or YAML, in
launch templates, launch configurations and task definitions that it names. Services take roles in ways that no table
has in full; a role that is not asked for would be a way to its rights. What a request names without passing it, a
principal or a message, are the rows of ``roles_not_passed.tsv``.

Roles that a request passes without naming them are those of instance profiles, of what launches instances by a
template, a launch configuration or another instance, and of a task definition, from moto. An instance profile that the
local AWS does not have has the role of the same name, as consoles name both.

A name of the model (a member of a structure) is told apart from a key that the caller chose (of a map, in a JSON text):
rules about names may only hold for the first, or a caller could choose a key that hides a value.

The condition key ``iam:PassedToService`` of such a check is EC2 for an instance, else the service that all of the
catalog's rows for operations of the service name. Where they name several or none it is not set, and a policy that
demands it is not met.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml
from botocore.exceptions import UnknownServiceError
from botocore.model import OperationNotFoundError
from moto.core.model import ListShape, MapShape, Shape, StructureShape
from moto.core.utils import get_service_model

from scopedown.catalog.load import catalog
from scopedown.core.tables import read_rows
from scopedown.guard import context_state as state
from scopedown.guard.context import ApiCall, check_of
from scopedown.guard.model import Check
from scopedown.permissions.parameter_formats import read_form

PASS_ROLE = "iam:PassRole"
_COLUMNS = ("service", "operation", "parameter", "source")
_ROLE = re.compile(r"(?i:arn:[\w-]+:iam)::(\d{12}):(role|instance-profile)/([\w+=,.@/-]*[\w+=@-])")
_STANDS_FOR = re.compile(r":role/\*$|:instance-profile/")
"""Ends of what a row asks where it takes an instance profile, or nothing, for a role: the net has the roles."""
_READS = re.compile(r"(?:Get|List|Describe|Search|Lookup|Query|Scan|Simulate|Validate|Batch(?:Get|Describe|List))")
_TO_INSTANCES = {"iam:PassedToService": "ec2.amazonaws.com"}
"""https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/permission-to-pass-iam-roles.html"""


def with_passed_roles(found: Sequence[Check], call: ApiCall) -> list[Check]:
    """The checks of a request, and those of the roles that it passes beside what they ask."""
    excluded = left_out(call.service, call.operation)
    if excluded is None:
        return list(found)
    on_instances = dict.fromkeys(of_instances(call))
    of_definition = of_task(call)
    named = dict.fromkeys(_named(call, excluded))
    kept, bare = list(found), replace(call, parameters={})
    if on_instances or of_definition is not None:
        kept = [one for one in found if one.action != PASS_ROLE or not _STANDS_FOR.search(one.resource)]
    given = next((one.context for one in found if one not in kept), {})
    passed_to = {name: value for name, value in given.items() if name == "iam:PassedToService"}
    asked = {one.resource for one in kept if one.action.startswith(("iam:", "sts:"))}
    of_service = _passed_to(call.service)
    for arns, more in ((on_instances, _TO_INSTANCES), (of_definition or (), passed_to), (named, of_service)):
        for arn in arns:
            if arn not in asked:
                asked.add(arn)
                kept.append(check_of(bare, PASS_ROLE, arn, more))
    return kept


def _named(call: ApiCall, excluded: Excluded) -> Iterator[str]:
    """The roles that the texts of a request name."""
    for one in texts(call, excluded):
        for owner, kind, name in _ROLE.findall(one.text) if "iam" in one.text.lower() else ():
            if kind == "role":
                yield f"arn:aws:iam::{owner}:role/{name}"
            else:
                yield from roles_of_profile(f"arn:aws:iam::{owner}:instance-profile/{name}", call.account)


@lru_cache(512)
def _passed_to(service: str) -> Mapping[str, str]:
    """The only service to which rows of the catalog pass a service's roles."""
    forms = (
        read_form(row.form)
        for operation in catalog().operations_of(service)
        for row in operation.resources
        if row.action == PASS_ROLE
    )
    found = {form.passed_to for form in forms if form.passed_to}
    return {"iam:PassedToService": found.pop()[0]} if len(found) == 1 else {}


@lru_cache(4096)
def left_out(service: str, operation: str) -> Excluded | None:
    """What of an operation's parameters passes no role; None where the whole request does not."""
    if _only_reads(service, operation):
        return None
    rows = [
        parameter
        for of_service in ("*", service)
        for of_operation in ("*", operation)
        for parameter in _rows().get((of_service, of_operation), ())
    ]
    if "*" in rows:
        return None
    names = frozenset(row[1:].lower() for row in rows if row.startswith("~"))
    return Excluded(frozenset(tuple(row.split(".")) for row in rows if not row.startswith("~")), names)


@cache
def _rows() -> Mapping[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for row in read_rows(Path(__file__).with_name("roles_not_passed.tsv"), _COLUMNS):
        found.setdefault((row["service"], row["operation"]), []).append(row["parameter"])
    return found


def _only_reads(service: str, operation: str) -> bool:
    """Whether an operation only reads, by its name and by all of its actions: then it hands a role to nobody."""
    known = catalog().operation(service, operation)
    if known is None or not known.actions or not _READS.match(operation):
        return known is None or not known.authorised
    actions = [catalog().action(one.action) for one in known.actions if one.action != PASS_ROLE]
    return all(one is not None and one.access_level in ("Read", "List") for one in actions)


_PROFILE = re.compile(r"(?i:arn:[\w-]+:iam)::(\d{12}):instance-profile/(?:[\w+=,.@/-]*/)?([\w+=,.@-]+)")
_OF_PROFILES = frozenset({"iaminstanceprofile", "instanceprofilename", "jobflowrole"})
"""Members, in small letters, that hold the name or the ARN of an instance profile
(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IamInstanceProfileSpecification.html,
https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_CreateInfrastructureConfiguration.html,
https://docs.aws.amazon.com/emr/latest/APIReference/API_RunJobFlow.html)."""
_OF_BATCH = "instancerole"
"""https://docs.aws.amazon.com/batch/latest/APIReference/API_ComputeResource.html"""
_MANAGES_TEMPLATES = frozenset(
    {"CreateLaunchTemplate", "CreateLaunchTemplateVersion", "DeleteLaunchTemplate", "DeleteLaunchTemplateVersions",
     "ModifyLaunchTemplate"}
)  # fmt: skip
"""Operations of EC2 that launch nothing: who uses a template is asked for what is in it
(https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/permissions-for-launch-templates.html)."""
_LAUNCHES_GROUPS = frozenset({"CreateAutoScalingGroup", "CreateLaunchConfiguration", "UpdateAutoScalingGroup"})
"""https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateAutoScalingGroup.html
(LaunchConfigurationName; InstanceId: the attributes of that instance)"""
_RUNS_TASKS = frozenset({"RunTask", "StartTask"})
"""https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html"""


def roles_of_profile(named: str, account: str) -> tuple[str, ...]:
    """The roles in an instance profile, by its ARN or its name."""
    found = _PROFILE.fullmatch(named)
    owner, name = (found[1], found[2]) if found else (account, named)
    return _roles(owner, name) or (f"arn:aws:iam::{owner}:role/{name}",)


@state.known
def _roles(account: str, name: str) -> tuple[str, ...] | None:
    profiles = state.backend("iam", account, "aws").instance_profiles.values()
    of_name = next(one for one in list(profiles) if one.name == name)
    return tuple(str(role.arn) for role in of_name.roles)


def of_instances(call: ApiCall) -> Iterator[str]:
    """The roles of the instances that a request launches, changes, or describes for a later launch."""
    if call.service == "iam" or (call.service == "ec2" and call.operation in _MANAGES_TEMPLATES):
        return
    for profile in _profiles(call, call.parameters):
        yield from roles_of_profile(profile, call.account)
    if call.service == "autoscaling" and call.operation in _LAUNCHES_GROUPS:
        for profile in _of_group(call):
            yield from roles_of_profile(profile, call.account)


@state.known
def of_task(call: ApiCall) -> list[str] | None:
    """The roles of the task definition that a request runs; None where the local AWS does not have it."""
    named = call.parameters.get("taskDefinition")
    if call.service != "ecs" or call.operation not in _RUNS_TASKS or not isinstance(named, str):
        return None
    definition = state.backend("ecs", call.account, call.region).describe_task_definition(named)
    overrides = call.parameters.get("overrides") or {}
    own = {"taskRoleArn": "task_role_arn", "executionRoleArn": "execution_role_arn"}
    arns = (getattr(definition, kept, None) for name, kept in own.items() if not overrides.get(name))
    return [str(arn) for arn in arns if arn]


def _profiles(call: ApiCall, value: Any, above: str = "") -> Iterator[str]:
    """Names and ARNs of instance profiles in a value of a request."""
    if isinstance(value, list | tuple):
        for one in value:
            yield from _profiles(call, one, above)
    if not isinstance(value, Mapping):
        return
    if above and (template := _template(value, above)):
        yield from _of_template(*template, call.account, call.region) or ()
    for name, one in value.items():
        low = str(name).lower()
        if low in _OF_PROFILES or (low == _OF_BATCH and call.service == "batch"):
            yield from _named_profiles(one)
        else:
            yield from _profiles(call, one, low)


def _named_profiles(profile: Any) -> Iterator[str]:
    """The name or the ARN of a profile, which is a text or a structure with either."""
    given = [profile.get("Arn"), profile.get("Name")] if isinstance(profile, Mapping) else [profile]
    yield from (one for one in given if isinstance(one, str) and one)


def _template(value: Mapping[str, Any], above: str) -> tuple[str, str, str] | None:
    """The id, the name and the version of a launch template that a structure names."""
    low = {str(name).lower(): one for name, one in value.items()}
    id, name = low.get("launchtemplateid"), low.get("launchtemplatename")
    if (
        above == "launchtemplate"
    ):  # EKS (https://docs.aws.amazon.com/eks/latest/APIReference/API_LaunchTemplateSpecification.html)
        id, name = id or low.get("id"), name or low.get("name")
    if not isinstance(id, str) and not isinstance(name, str):
        return None
    return str(id or ""), str(name or ""), str(low.get("version") or "$Default")


@state.known
def _of_template(id: str, name: str, version: str, account: str, region: str) -> list[str] | None:
    ec2 = state.backend("ec2", account, region)
    template = ec2.get_launch_template(id) if id else ec2.get_launch_template_by_name(name)
    return list(_named_profiles(template.get_version(version).data.get("IamInstanceProfile")))


def _of_group(call: ApiCall) -> list[str]:
    found = []
    if isinstance(name := call.parameters.get("LaunchConfigurationName"), str):
        found.append(_of_configuration(name, call.account, call.region))
    if isinstance(id := call.parameters.get("InstanceId"), str):
        found.append(_of_instance(id, call.account, call.region))
    return [one for one in found if one]


@state.known
def _of_configuration(name: str, account: str, region: str) -> str | None:
    return state.text(state.backend("autoscaling", account, region).launch_configurations[name].iam_instance_profile)


@state.known
def _of_instance(id: str, account: str, region: str) -> str | None:
    ec2 = state.backend("ec2", account, region)
    return state.text(ec2.iam_instance_profile_associations[id].iam_instance_profile.arn)


_DEEPEST = 40
_LONGEST = 4_000_000
"""Characters of a text that is read as JSON or YAML."""
_STATEMENT = frozenset(
    {"Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"}
)
_IN_YAML = frozenset({"apigateway", "apigatewayv2"})
"""Services that take a definition as YAML
(https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api.html)."""


@dataclass(frozen=True, slots=True)
class Named:
    """A text, and the model's names that lead to it, without positions in lists and keys that the caller chose."""

    text: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Excluded:
    """Members that are not looked into: paths from the request, and names (small letters) anywhere."""

    paths: frozenset[tuple[str, ...]] = frozenset()
    names: frozenset[str] = frozenset()

    def has(self, members: tuple[str, ...]) -> bool:
        """Whether the member at the end of this path is one of them."""
        return members in self.paths or members[-1].lower() in self.names


def texts(call: ApiCall, leaves_out: Excluded) -> Iterator[Named]:
    """Every text of a request, but those of members that ``leaves_out`` names."""
    shape = input_shape(call.service, call.operation)
    yield from _walk(call.parameters, shape, (), leaves_out, call.service in _IN_YAML)


@lru_cache(1024)
def input_shape(service: str, operation: str) -> Shape | None:
    """botocore's model of an operation's parameters; None where it has none."""
    try:
        shape: Shape | None = get_service_model(service).operation_model(operation).input_shape
    except (UnknownServiceError, OperationNotFoundError):
        return None
    return shape


def _walk(
    value: Any, shape: Shape | None, members: tuple[str, ...], leaves_out: Excluded, is_yaml: bool, depth: int = 0
) -> Iterator[Named]:
    if depth > _DEEPEST or not isinstance(shape, StructureShape | ListShape | MapShape):
        yield from _below(value, members, is_yaml)
    elif isinstance(value, list | tuple):
        of_item = shape.member if isinstance(shape, ListShape) else None
        for one in value:
            yield from _walk(one, of_item, members, leaves_out, is_yaml, depth + 1)
    elif isinstance(value, Mapping) and isinstance(shape, StructureShape):
        for name, one in value.items():
            path = (*members, str(name))
            if not leaves_out.has(path):
                yield from _walk(one, shape.members.get(str(name)), path, leaves_out, is_yaml, depth + 1)
    elif isinstance(value, Mapping) and isinstance(shape, MapShape):
        for name, one in value.items():
            yield from _below(str(name), members)
            yield from _walk(one, shape.value, members, leaves_out, is_yaml, depth + 1)
    else:
        yield from _below(value, members, is_yaml)


def _below(value: Any, members: tuple[str, ...], is_yaml: bool = False) -> Iterator[Named]:
    """The texts of a value of which no model tells names: of a text, and of what is written in it."""
    waiting, seen = [value], set[int]()
    while waiting:
        one = waiting.pop()
        if isinstance(one, bytes) and (is_yaml or one.lstrip()[:1] in (b"{", b"[")):
            one = one.decode(errors="replace")  # a definition; other blobs (archives, images) are no text
        if isinstance(one, str):
            written = _written(one, is_yaml)
            if written is None:
                yield Named(one, members)
            else:
                waiting.append(written)
        elif isinstance(one, Mapping | list | tuple) and id(one) not in seen:  # YAML names a part again by an alias
            seen.add(id(one))
            if isinstance(one, Mapping):
                waiting += [str(name) for name in one]
                waiting += [_without_policy(below) if name == "Statement" else below for name, below in one.items()]
            else:
                waiting += one


def _without_policy(statements: Any) -> list[Any]:
    """The statements of a policy are left out: whom they name, nobody passes. What only looks like one stays."""
    given = statements if isinstance(statements, list) else [statements]
    return [one for one in given if not _is_statement(one)]


def _is_statement(one: Any) -> bool:
    return isinstance(one, Mapping) and one.get("Effect") in ("Allow", "Deny") and one.keys() <= _STATEMENT


def _written(text: str, is_yaml: bool) -> Any:
    """What a text says as JSON, or as YAML where the service takes it; None where it is neither."""
    if len(text) > _LONGEST or not (is_yaml or text.lstrip()[:1] in ("{", "[")):
        return None
    try:
        return _container(json.loads(text, object_pairs_hook=_pairs))
    except (ValueError, RecursionError):
        pass
    try:
        return _container(yaml.load(text, Loader=yaml.CSafeLoader)) if is_yaml else None
    except (yaml.YAMLError, ValueError, RecursionError):
        return None


def _pairs(given: list[tuple[str, Any]]) -> Any:
    """A JSON object; one that has a key twice as a list of all that it says, of which nobody knows what counts."""
    found = dict(given)
    return found if len(found) == len(given) else [part for pair in given for part in pair]


def _container(read: Any) -> Any:
    return read if isinstance(read, Mapping | list) else None
