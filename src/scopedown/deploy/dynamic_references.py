"""What CloudFormation asks for in the caller's name before any resource: what a template takes from beside itself.

In: a project's resources and parameters. Out: permissions for dynamic references (``{{resolve:ssm:…}}``,
``{{resolve:secretsmanager:…}}``), for parameters whose values stand in Parameter Store, and for ``Fn::GetAZs``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from scopedown.deploy.model import DeployPermission, Phase, ResourceProperty
from scopedown.deploy.names import Namer
from scopedown.project.intrinsics import is_intrinsic
from scopedown.project.model import Project, Tree

SSM: Final = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-ssm.html"
SECRET: Final = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-secretsmanager.html"
PARAMETER: Final = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-supplied-parameter-types.html"
)
ZONES: Final = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/"
    "intrinsic-function-reference-getavailabilityzones.html"
)
_ZONE_ACTIONS: Final = ("ec2:DescribeAccountAttributes", "ec2:DescribeAvailabilityZones", "ec2:DescribeSubnets")
_REFERENCE: Final = re.compile(r"\(\(resolve:(ssm|ssm-secure|secretsmanager):([^()]+)\)\)")
"""A dynamic reference, its braces changed so that the functions around it can be evaluated."""
_SUFFIX: Final = re.compile(r"-[A-Za-z0-9]{6}$")
_PHASES: Final = (Phase.CREATE, Phase.UPDATE)


def beside(project: Project, phases: Sequence[Phase], namer: Namer) -> Iterator[DeployPermission]:
    """The permissions of what the namer's region deploys, in the order of the template."""
    wanted = tuple(phase for phase in phases if phase in _PHASES)
    if not wanted:
        return
    here = namer.target.region
    for resource in project.deployed.values():
        if project.region_of(resource.logical_id) != here:
            continue
        for name, value in resource.properties.items():
            because = ResourceProperty(resource.logical_id, resource.type, name, wanted, "", resource.place)
            for found in _found(value):
                yield from _asked(found, because, namer, resource.logical_id)
    for name, declared in project.parameters.items():
        kind = declared.get("Type") if isinstance(declared, Mapping) else None
        is_asked = isinstance(kind, str) and kind.startswith("AWS::SSM::Parameter::Value<")
        if is_asked and isinstance(declared, Mapping) and project.region_of(name) == here:
            default = declared.get("Default")
            key = default if isinstance(default, str) and default else "*"
            because = ResourceProperty(name, str(kind), "Default", wanted, PARAMETER)
            yield DeployPermission("ssm:GetParameters", (_parameter(key, namer),), (because,))


def _found(tree: Tree) -> Iterator[Tree]:
    """The smallest values that hold a dynamic reference, and every Fn::GetAZs."""
    if isinstance(tree, str):
        if "{{resolve:" in tree:
            yield tree
    elif is_intrinsic(tree) and isinstance(tree, Mapping):
        ((name, argument),) = tree.items()
        if name == "Fn::GetAZs" or (name in ("Fn::Sub", "Fn::Join") and "{{resolve:" in str(argument)):
            yield tree
        else:
            yield from _found(argument)
    elif isinstance(tree, Mapping):
        for value in tree.values():
            yield from _found(value)
    elif isinstance(tree, Sequence):
        for item in tree:
            yield from _found(item)


def _asked(found: Tree, because: ResourceProperty, namer: Namer, inside: str) -> Iterator[DeployPermission]:
    if isinstance(found, Mapping) and "Fn::GetAZs" in found:
        for action in _ZONE_ACTIONS:
            yield DeployPermission(action, ("*",), (_with(because, ZONES),))
        return
    for match in _REFERENCE.finditer(namer.text(_masked(found), inside)):
        if match[1] == "secretsmanager":
            secret = _secret(match[2], namer)
            yield DeployPermission("secretsmanager:GetSecretValue", (secret,), (_with(because, SECRET),))
        else:
            name = match[2] if match[2].startswith("arn:") else match[2].partition(":")[0]
            yield DeployPermission("ssm:GetParameters", (_parameter(name, namer),), (_with(because, SSM),))


def _with(because: ResourceProperty, source: str) -> ResourceProperty:
    return replace(because, source=source)


def _masked(tree: Any) -> Any:
    """The tree with the braces of dynamic references changed."""
    if isinstance(tree, str):
        return re.sub(r"\}\}(?!\})", "))", tree.replace("{{resolve:", "((resolve:"))
    if isinstance(tree, Mapping):
        return {key: _masked(value) for key, value in tree.items()}
    return [_masked(item) for item in tree] if isinstance(tree, list | tuple) else tree


def _parameter(name: str, namer: Namer) -> str:
    """The ARN of a parameter; AWS's own public ones are of no account
    (https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters.html)."""
    if name.startswith("arn:"):
        return name
    target, key = namer.target, name.lstrip("/")
    account = "*" if key.startswith("aws/service/") else target.account
    return f"arn:{target.partition}:ssm:{target.region}:{account}:parameter/{key}"


def _secret(reference: str, namer: Namer) -> str:
    """The ARN of a secret, with the six characters that Secrets Manager puts at its end."""
    target = namer.target
    parts = reference.split(":")
    if parts[0] == "arn" and len(parts) >= 7:
        arn = ":".join(parts[:7])
        return arn if _SUFFIX.search(arn) or arn.endswith("*") else f"{arn}-??????"
    return f"arn:{target.partition}:secretsmanager:{target.region}:{target.account}:secret:{parts[0]}-??????"
