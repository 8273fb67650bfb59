"""A managed policy that is larger than IAM allows."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.checks.model import Example, Problem, Rule
from scopedown.compare.limits import MANAGED, characters
from scopedown.compare.subject import Subject
from scopedown.core.finding import Severity


def find(subject: Subject) -> Iterator[Problem]:
    """Managed policies of the project that have too many characters, white space left out; told with the first role."""
    if not subject.is_first:
        return
    for id, resource in subject.scan.project.resources.items():
        if resource.type == "AWS::IAM::ManagedPolicy":
            size = characters(resource.properties.get("PolicyDocument"))
            if size > MANAGED:
                yield Problem(
                    RULE.id, f"{id} has at least {size} characters; IAM allows {MANAGED} in one managed policy",
                    resource.place, subject.role.id, (), id,
                )  # fmt: skip


_SERVICE = (
    "service: s\nprovider: {name: aws, runtime: python3.12}\nfunctions: {f: {handler: app.f}}\nresources:\n"
    "  Resources:\n    P:\n      Type: AWS::IAM::ManagedPolicy\n      Properties:\n        PolicyDocument:\n"
    "          Statement: [{Effect: Allow, Action: 'sqs:SendMessage', Resource: [RESOURCES]}]\n"
)
_QUEUES = ", ".join(f"'arn:aws:sqs:us-east-1:*:a-queue-with-a-rather-long-name-{number}'" for number in range(120))
RULE = Rule(
    id="SD602",
    name="managed-policy-too-large",
    severity=Severity.ERROR,
    summary="A managed policy is larger than IAM allows.",
    explanation="IAM allows at most 6,144 characters in one managed policy, not counting white space. The deployment "
    "fails above that (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html).",
    remedy="Split it into several managed policies, or let scopedown write --as managed split it.",
    bad=Example(_SERVICE.replace("RESOURCES", _QUEUES)),
    good=Example(_SERVICE.replace("RESOURCES", "'arn:aws:sqs:us-east-1:*:jobs'")),
    find=find,
)
