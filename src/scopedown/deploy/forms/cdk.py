"""What is to be made in the account, as a stack of the AWS CDK in TypeScript."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from scopedown.deploy.account_resources import Bundle, NamedRole
from scopedown.deploy.trust import Trust

STACK = "DeployerStack"


def render(found: Bundle) -> str:
    """The program's text. The class has no account and no region: the application that makes it says them."""
    return "".join(f"{line}\n" for line in _lines(found))


def _lines(found: Bundle) -> Iterator[str]:
    yield 'import { Stack, type StackProps } from "aws-cdk-lib";'
    yield 'import * as iam from "aws-cdk-lib/aws-iam";'
    yield 'import type { Construct } from "constructs";'
    yield ""
    if found.provider is not None:
        yield f"export interface {STACK}Props extends StackProps {{"
        yield f"  /** Whether the account has no OIDC provider {found.provider.provider} yet. */"
        yield "  createOidcProvider?: boolean;"
        yield "}"
        yield ""
    props = f"{STACK}Props" if found.provider is not None else "StackProps"
    yield f"/** The user or role that deploys {_comment(found.name)}. */"
    yield f"export class {STACK} extends Stack {{"
    yield f"  constructor(scope: Construct, id: string, props: {props} = {{}}) {{"
    yield "    super(scope, id, props);"
    names = {policy.name: f"policy{number}" for number, policy in enumerate(found.policies, 1)}
    used = {name for role in found.roles for name in role.policies}
    for policy in found.policies:
        kept = f"const {names[policy.name]} = " if policy.name in used else ""
        yield f'    {kept}new iam.ManagedPolicy(this, "{names[policy.name].capitalize()}", {{'
        yield f"      managedPolicyName: {_text(policy.name)},"
        yield f"      description: {_text(policy.description)},"
        yield f"      document: iam.PolicyDocument.fromJson({_json(policy.document, 6)}),"
        yield "    });"
    if found.provider is not None:
        yield from _provider(found.provider)
    for number, role in enumerate(found.roles, 1):
        yield from _role(number, role, names)
    yield "  }"
    yield "}"


def _provider(trust: Trust) -> Iterator[str]:
    yield "    if (props.createOidcProvider) {"
    yield '      new iam.CfnOIDCProvider(this, "OidcProvider", {'
    yield f"        url: {_text(f'https://{trust.provider}')},"
    yield f"        clientIdList: [{_text(trust.audience)}],"
    yield "      });"
    yield "    }"


def _role(number: int, role: NamedRole, names: Mapping[str, str]) -> Iterator[str]:
    """A role by its CloudFormation resource, so that its trust policy is written as it is shown."""
    attached = ", ".join(f"{names[name]}.managedPolicyArn" for name in role.policies)
    yield f'    new iam.CfnRole(this, "Role{number}", {{'
    yield f"      roleName: {_text(role.name)},"
    yield f"      assumeRolePolicyDocument: {_json(role.trust, 6)},"
    yield f"      managedPolicyArns: [{attached}],"
    yield "    });"


def _json(value: Any, inset: int) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False).replace("\n", "\n" + " " * inset)


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _comment(text: str) -> str:
    return re.sub(r"[^\w .@+=,-]+", "-", text)
