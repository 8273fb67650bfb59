"""A role with more managed policies than an account allows by default."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.checks.model import Example, Problem, Rule
from scopedown.compare.subject import Subject
from scopedown.core.finding import Severity
from scopedown.iam.size import MANAGED_PER_ROLE


def find(subject: Subject) -> Iterator[Problem]:
    """Roles with more managed policies than the default quota."""
    count = len(subject.role.managed_policies)
    if count > MANAGED_PER_ROLE:
        place = subject.role.place or subject.functions[0].function.place
        yield Problem(
            RULE.id, f"{subject.role.id} has {count} managed policies; an account allows {MANAGED_PER_ROLE} for one "
            "role unless AWS has raised that", place, subject.role.id, subject.keys, "managed policies",
        )  # fmt: skip


_SERVICE = (
    "service: s\nprovider:\n  name: aws\n  runtime: python3.12\n  iam: {role: {managedPolicies: [POLICIES]}}\n"
    "functions: {f: {handler: app.f}}\n"
)
RULE = Rule(
    id="SD603",
    name="many-managed-policies",
    severity=Severity.WARNING,
    summary="A role has more managed policies than an account allows by default.",
    explanation="The default quota is ten managed policies for each role; AWS raises it on request to at most 20 "
    "(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html). Above the quota the deployment "
    "fails.",
    remedy="Merge policies, move what the functions need into inline statements (scopedown write), or ask AWS to "
    "raise the quota.",
    bad=Example(
        _SERVICE.replace("POLICIES", ", ".join(f"'arn:aws:iam::111122223333:policy/p{n}'" for n in range(11))),
    ),
    good=Example(_SERVICE.replace("POLICIES", "'arn:aws:iam::111122223333:policy/p'")),
    find=find,
)
