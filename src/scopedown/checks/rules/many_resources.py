"""A stack with more resources than CloudFormation allows."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.checks.model import SERVICE, Example, Problem, Rule
from scopedown.compare.limits import RESOURCES, resources_by_stack
from scopedown.compare.subject import Subject
from scopedown.core.finding import Severity
from scopedown.core.place import Place


def find(subject: Subject) -> Iterator[Problem]:
    """Stacks of the project with too many resources; told with the first role."""
    if not subject.is_first:
        return
    project = subject.scan.project
    for stack, count in resources_by_stack(project).items():
        if count > RESOURCES:
            yield Problem(
                RULE.id, f"{stack or 'the stack'} has {count} resources; CloudFormation allows {RESOURCES} in one "
                "template", Place(project.config), subject.role.id, (), stack or "stack",
            )  # fmt: skip


_TOPICS = "".join(f"    T{number}: {{Type: AWS::SNS::Topic}}\n" for number in range(501))
RULE = Rule(
    id="SD604",
    name="too-many-resources",
    severity=Severity.ERROR,
    summary="A stack has more resources than CloudFormation allows.",
    explanation="CloudFormation allows at most 500 resources in one template "
    "(https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html). A role for each "
    "function adds one resource per function.",
    remedy="Split the service, share a role among functions with the same needs, or use one role for all: scopedown "
    "write --shared.",
    bad=Example(f"{SERVICE}resources:\n  Resources:\n{_TOPICS}"),
    good=Example(SERVICE),
    find=find,
)
