"""What is to be made in the account, as a CloudFormation template in YAML."""

from __future__ import annotations

import re
from typing import Any

from scopedown.deploy.account_resources import Bundle
from scopedown.emit.yaml_text import dump

CREATE = "CreateOidcProvider"
"""The parameter that says whether the stack makes the OIDC provider: an account has one for each URL."""


def template(found: Bundle) -> dict[str, Any]:
    """The template as plain data. Its stack needs CAPABILITY_NAMED_IAM, since policies and roles have names."""
    resources: dict[str, Any] = {}
    ids = {one.name: f"{_word(one.title)}{number}" for number, one in enumerate(found.policies, 1)}
    for policy in found.policies:
        resources[ids[policy.name]] = {
            "Type": "AWS::IAM::ManagedPolicy",
            "Properties": {
                "ManagedPolicyName": policy.name,
                "Description": policy.description,
                "PolicyDocument": dict(policy.document),
            },
        }
    for role in found.roles:
        resources[f"{_word(role.title)}Role"] = {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "RoleName": role.name,
                "AssumeRolePolicyDocument": dict(role.trust),
                "ManagedPolicyArns": [{"Ref": ids[name]} for name in role.policies],
            },
        }
    whole: dict[str, Any] = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": f"The user or role that deploys {found.name}",
    }
    if found.provider is not None:
        whole["Parameters"] = {
            CREATE: {
                "Type": "String",
                "Default": "no",
                "AllowedValues": ["yes", "no"],
                "Description": f"yes where the account has no OIDC provider {found.provider.provider} yet",
            }
        }
        whole["Conditions"] = {CREATE: {"Fn::Equals": [{"Ref": CREATE}, "yes"]}}
        resources["OidcProvider"] = {
            "Type": "AWS::IAM::OIDCProvider",
            "Condition": CREATE,
            "Properties": {
                "Url": f"https://{found.provider.provider}",
                "ClientIdList": [found.provider.audience],
            },
        }
    whole["Resources"] = resources
    whole["Outputs"] = {
        f"{_word(role.title)}RoleArn": {"Value": {"Fn::GetAtt": [f"{_word(role.title)}Role", "Arn"]}}
        for role in found.roles
    }
    if not found.roles:
        whole["Outputs"] = {f"{id}Arn": {"Value": {"Ref": id}} for id in ids.values()}
    return whole


def render(found: Bundle) -> str:
    """The template's text."""
    return dump(template(found))


def _word(title: str) -> str:
    """A title as a logical id: ``policy`` is whoever deploys.

    >>> _word("cloudformation-role-policy")
    'CloudformationRole'
    """
    name = "".join(part.capitalize() for part in re.split("[^A-Za-z0-9]+", title.removesuffix("-policy")))
    return "Deploy" if title == "policy" else name
