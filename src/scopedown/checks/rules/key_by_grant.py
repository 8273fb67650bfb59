"""A function's own key that only a grant lets its role use."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.checks.model import Problem, Rule
from scopedown.checks.rule_parts import own_role
from scopedown.checks.rules.lost_setting import OWN_KEY, lost_settings, problem
from scopedown.compare.denial import denied
from scopedown.compare.subject import Subject
from scopedown.core.finding import Severity


def find(subject: Subject) -> Iterator[Problem]:
    """Functions whose environment is encrypted with a key that no statement of the role names."""
    for function, setting, needs in lost_settings(subject):
        if setting == OWN_KEY:
            yield problem(RULE, subject, function, setting, needs, (
                f"{function} decrypts its environment by a grant of the key alone: no statement of its role allows "
                f"kms:Decrypt (for example on {denied(subject, needs[0])})"
            ))  # fmt: skip


_KEY = ", kmsKeyArn: 'arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555'"
RULE = Rule(
    id="SD105",
    name="key-by-grant",
    severity=Severity.NOTE,
    summary="A function's role does not allow the key that encrypts the function's environment.",
    explanation="When a user who may make grants creates or updates the function, Lambda makes a grant on the key for "
    "the role. The function then works without the permission. It fails if the deploying user may not make grants, "
    "and if the grant is removed.",
    remedy="Allow kms:Decrypt on the key, or leave it to the grant.",
    bad=own_role("'logs:*'", _KEY),
    good=own_role("'logs:*', 'kms:Decrypt'", _KEY),
    find=find,
    tells=lambda subject: subject.complete,
)
