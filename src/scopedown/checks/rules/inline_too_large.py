"""A role whose inline policies are larger than IAM allows."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.checks.model import Example, Problem, Rule, service_allowing
from scopedown.compare.limits import INLINE, inline_size
from scopedown.compare.subject import Subject
from scopedown.core.finding import Severity


def find(subject: Subject) -> Iterator[Problem]:
    """Roles of the project whose inline policies have too many characters, white space left out."""
    size = inline_size(subject.role, subject.scan.project)
    if size > INLINE:
        place = subject.role.place or subject.functions[0].function.place
        yield Problem(
            RULE.id, f"the inline policies of {subject.role.id} have at least {size} characters; IAM allows {INLINE}",
            place, subject.role.id, subject.keys, "inline policies",
        )  # fmt: skip


_SERVICE = service_allowing("Action: 'sqs:SendMessage', Resource: [RESOURCES]")
_QUEUES = ", ".join(f"'arn:aws:sqs:us-east-1:*:a-queue-with-a-rather-long-name-{number}'" for number in range(200))
RULE = Rule(
    id="SD601",
    name="inline-policies-too-large",
    severity=Severity.ERROR,
    summary="A role's inline policies are larger than IAM allows.",
    explanation="IAM allows at most 10,240 characters of inline policies in one role, not counting white space. The "
    "deployment fails above that (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html).",
    remedy="Give each function its own role (scopedown write), or use managed policies of up to 6,144 characters each "
    "(scopedown write --as managed).",
    bad=Example(_SERVICE.replace("RESOURCES", _QUEUES)),
    good=Example(_SERVICE.replace("RESOURCES", "'arn:aws:sqs:us-east-1:*:jobs'")),
    find=find,
)
