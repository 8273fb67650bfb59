"""A role's name that is longer than IAM allows."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.checks.model import Example, Problem, Rule
from scopedown.compare.limits import NAME, name_length
from scopedown.compare.subject import Subject
from scopedown.core.finding import Severity
from scopedown.project.intrinsics import Scope, to_text


def find(subject: Subject) -> Iterator[Problem]:
    """Roles of the project whose name is too long whatever the deployment fills in."""
    written = subject.role.properties.get("RoleName")
    if written is None:
        return
    length = name_length(subject.role, subject.scan.project)
    if length > NAME:
        name = to_text(written, Scope.of(subject.scan.project))
        place = subject.role.place or subject.functions[0].function.place
        yield Problem(
            RULE.id, f"the name of {subject.role.id} has at least {length} characters ({name}); IAM allows {NAME}",
            place, subject.role.id, subject.keys, "name",
        )  # fmt: skip


_SERVICE = (
    "service: s\nprovider:\n  name: aws\n  runtime: python3.12\n  iam: {role: {name: NAME}}\n"
    "functions: {f: {handler: app.f}}\n"
)
RULE = Rule(
    id="SD605",
    name="role-name-too-long",
    severity=Severity.ERROR,
    summary="A role's name is longer than IAM allows.",
    explanation="IAM allows at most 64 characters in a role's name "
    "(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html); the deployment fails above that.",
    remedy="Give the role a shorter name, or no name so that CloudFormation chooses one.",
    bad=Example(_SERVICE.replace("NAME", "a-role-" + "with-a-very-long-name-" * 3)),
    good=Example(_SERVICE.replace("NAME", "jobs")),
    find=find,
)
