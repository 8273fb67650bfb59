"""Where a project is deployed to: the values that stand in the ARNs of the Framework user's policy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from scopedown.core.text import AnyText, Literal, Param, Pseudo, Text
from scopedown.deploy.model import Unresolved
from scopedown.deploy.settings import provider_of
from scopedown.project.intrinsics import Scope, default_of, to_text
from scopedown.project.model import Project

PARTITIONS = (("cn-", "aws-cn"), ("us-gov-", "aws-us-gov"), ("us-isob-", "aws-iso-b"), ("us-iso-", "aws-iso"),
              ("eu-isoe-", "aws-iso-e"), ("us-isof-", "aws-iso-f"), ("eusc-", "aws-eusc"))  # fmt: skip
"""How the regions of a partition begin, where it is not ``aws`` (botocore's ``partitions.json``)."""


TEMPLATES = ("sam", "cloudformation")
"""Projects whose stack is named when it is deployed."""

_OPEN = re.compile(r"\$\{.*\}", re.DOTALL)
"""A variable in a name, with the variables in it."""


@dataclass(frozen=True, slots=True)
class Target:
    """One deployment. What is not known is ``*``: texts are patterns in IAM's sense."""

    partition: str
    region: str
    account: str
    stack: str
    service: str
    stage: str
    further_regions: tuple[str, ...] = ()
    """The other regions that the project deploys to."""

    @property
    def regions(self) -> tuple[str, ...]:
        """Every region of the deployment."""
        return (self.region, *self.further_regions)

    def pseudo(self, name: str) -> str:
        """The value of a pseudo parameter."""
        suffix = "amazonaws.com.cn" if self.partition == "aws-cn" else "amazonaws.com"
        values = {
            "AWS::Partition": self.partition,
            "AWS::Region": self.region,
            "AWS::AccountId": self.account,
            "AWS::StackName": self.stack,
            "AWS::StackId": (f"arn:{self.partition}:cloudformation:{self.region}:{self.account}:stack/{self.stack}/*"),
            "AWS::URLSuffix": suffix,
        }
        return values.get(name, "*")


def target_of(project: Project, stack_name: str | None = None) -> Target:
    """Where a project goes. The region is always known, the partition follows from it.

    ``stack_name`` is the user's own word for the stack, which a template does not say.
    """
    region = project.region
    partition = project.partition or next((one for start, one in PARTITIONS if region.startswith(start)), "aws")
    account = project.account or "*"
    scope = Scope.of(project)
    # A variable that nothing resolves would be read as one of IAM's own in a policy.
    service, stage = (_OPEN.sub("*", name) for name in (project.service, project.stage))
    blank = Target(partition, region, account, "*", service, stage)
    written = provider_of(project).get("stackName")
    if stack_name:
        stack = stack_name
    elif project.framework == "serverless":
        stack = pattern(to_text(written, scope), blank, scope) if written else f"{service}-{stage}"
    else:
        stack = service or "*"
    return Target(partition, region, account, stack, service, stage, project.regions[1:])


def unknown_of(project: Project, target: Target, stack_name: str | None = None) -> Iterator[Unresolved]:
    """What of the target is not known, or was taken from what stands for it."""
    if target.account == "*":
        yield Unresolved("account", "the account is unknown", "every ARN allows any account", None, "pass --account")
    if project.framework in TEMPLATES and not stack_name:
        yield Unresolved(
            "stack name", f"a template does not name its stack; scopedown assumes {target.stack}",
            f"stacks named {target.stack} are allowed", None, "pass --stack-name",
        )  # fmt: skip
    elif "*" in target.stack:
        yield Unresolved(
            "stack name", "part of it is unknown", f"stacks named {target.stack} are allowed", None,
            "pass the values of its variables",
        )  # fmt: skip


def pattern(text: Text, target: Target, scope: Scope) -> str:
    """A text without references, as a pattern: pseudo parameters and defaults put in, ``*`` for what is not known."""
    found = ""
    for part in text.parts:
        match part:
            case Literal(value):
                found += value
            case Pseudo(name):
                found += target.pseudo(name)
            case Param(name):
                default = default_of(scope.parameters.get(name), part)
                found += default if isinstance(default, str) else "*"
            case AnyText() | _:
                found += "*"
    return found
