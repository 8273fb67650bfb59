"""AWS::IAM types."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from generated_names import generated, pairs
from scopedown.guard.cloudformation.driver import AsCaller, Place, tags_of
from scopedown.guard.cloudformation.template import Made
from scopedown.guard.model import ACCOUNT


class Role:
    """CreateRole, its inline and managed policies; GetRole and GetRolePolicy are reads of the registry's handlers.

    Tags at creation need iam:TagRole too (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags_roles.html).
    """

    replaced_by = frozenset({"RoleName", "Path"})

    def create(self, aws: AsCaller, place: Place, properties: Mapping[str, Any]) -> Made:
        name, path = properties.get("RoleName") or generated(place, 64), properties.get("Path", "/")
        tags = pairs(tags_of(place, properties))
        given = {"Description", "MaxSessionDuration", "PermissionsBoundary"} & set(properties)
        if tags:
            aws.ask("iam", "TagRole", RoleName=name, Tags=tags)
        aws.call(
            "iam", "CreateRole", RoleName=name, Path=path, Tags=tags,
            AssumeRolePolicyDocument=json.dumps(properties["AssumeRolePolicyDocument"]),
            **{key: properties[key] for key in given},
        )  # fmt: skip
        aws.ask("iam", "GetRole", RoleName=name)
        self._policies(aws, name, properties, frozenset(properties))
        return Made(name, {"Arn": f"arn:aws:iam::{ACCOUNT}:role{path}{name}"})

    def update(
        self, aws: AsCaller, place: Place, made: Made, properties: Mapping[str, Any], changed: frozenset[str]
    ) -> None:
        name, before = made.physical, made.properties
        if "AssumeRolePolicyDocument" in changed:
            document = json.dumps(properties["AssumeRolePolicyDocument"])
            aws.call("iam", "UpdateAssumeRolePolicy", RoleName=name, PolicyDocument=document)
        kept = {one["PolicyName"] for one in properties.get("Policies", [])}
        for one in before.get("Policies", []):
            if one["PolicyName"] not in kept:
                aws.call("iam", "DeleteRolePolicy", RoleName=name, PolicyName=one["PolicyName"])
        for policy in set(before.get("ManagedPolicyArns", [])) - set(properties.get("ManagedPolicyArns", [])):
            aws.call("iam", "DetachRolePolicy", RoleName=name, PolicyArn=policy)
        self._policies(aws, name, properties, changed)
        if changed & {"Tags", "stack tags"}:
            aws.call("iam", "TagRole", RoleName=name, Tags=pairs(tags_of(place, properties)))

    def _policies(self, aws: AsCaller, name: str, properties: Mapping[str, Any], changed: frozenset[str]) -> None:
        for one in properties.get("Policies", []) if "Policies" in changed else []:
            document = json.dumps(one["PolicyDocument"])
            aws.call("iam", "PutRolePolicy", RoleName=name, PolicyName=one["PolicyName"], PolicyDocument=document)
            aws.ask("iam", "GetRolePolicy", RoleName=name, PolicyName=one["PolicyName"])
        for policy in properties.get("ManagedPolicyArns", []) if "ManagedPolicyArns" in changed else []:
            aws.call("iam", "AttachRolePolicy", RoleName=name, PolicyArn=policy)

    def delete(self, aws: AsCaller, made: Made) -> None:
        aws.ask("iam", "GetRole", RoleName=made.physical)
        aws.ask("iam", "ListAttachedRolePolicies", RoleName=made.physical)
        aws.ask("iam", "ListRolePolicies", RoleName=made.physical)
        for policy in made.properties.get("ManagedPolicyArns", []):
            aws.call("iam", "DetachRolePolicy", RoleName=made.physical, PolicyArn=policy)
        for one in made.properties.get("Policies", []):
            aws.call("iam", "DeleteRolePolicy", RoleName=made.physical, PolicyName=one["PolicyName"])
        aws.call("iam", "DeleteRole", RoleName=made.physical)
