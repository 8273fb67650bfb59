"""Which roles a request passes that does not name them: those of instance profiles, of what launches instances by a
template, a launch configuration or another instance, and of a task definition; from moto.

In: a request's parameters. Out: the ARNs of the roles; for an instance profile that the local AWS does not have, that
of a role of the same name, as consoles name both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from scopedown.guard import context_state as state
from scopedown.guard.context import ApiCall

_PROFILE = re.compile(r"(?i:arn:[\w-]+:iam)::(\d{12}):instance-profile/(?:[\w+=,.@/-]*/)?([\w+=,.@-]+)")
_MEMBERS = frozenset({"iaminstanceprofile", "instanceprofilename", "jobflowrole"})
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
        if low in _MEMBERS or (low == _OF_BATCH and call.service == "batch"):
            yield from _named(one)
        else:
            yield from _profiles(call, one, low)


def _named(profile: Any) -> Iterator[str]:
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
    return list(_named(template.get_version(version).data.get("IamInstanceProfile")))


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
