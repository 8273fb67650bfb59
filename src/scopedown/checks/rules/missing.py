"""A call that the role denies."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.checks.model import SERVICE, Example, Problem, Rule, service_allowing
from scopedown.checks.rule_parts import allowing, called_at, grouped, related
from scopedown.compare.denial import denied, switches
from scopedown.compare.subject import Subject
from scopedown.core.finding import Severity
from scopedown.core.words import MOST_SHOWN, some_of
from scopedown.permissions.model import Origin


def find(subject: Subject) -> Iterator[Problem]:
    """Needs that no statement covers. What a setting needs is looked at by ``lost-setting`` and ``no-logs``, what is
    called only where a variable is set by ``missing-where-set``."""
    lacking = [
        (need, example)
        for need in subject.needs
        if need.permission.origin is not Origin.CONFIG and not switches(need) and (example := denied(subject, need))
    ]
    for function, action, needs, example in grouped(lacking):
        where = [*dict.fromkeys(str(need.arn) for need in needs)]
        yield Problem(
            RULE.id, f"{function} will be denied {action} on {some_of(where, MOST_SHOWN)}: "
            f"{called_at(needs)} needs it, and no statement allows it"
            + ("" if [example] == where else f" (for example on {example})"),
            needs[0].function.function.place, subject.role.id, (function,),
            f"{function} {action} on {', '.join(where)}",
            related(needs), allowing(needs),
        )  # fmt: skip


RULE = Rule(
    id="SD101",
    name="missing-permission",
    severity=Severity.ERROR,
    summary="A function's role denies a call that its code makes.",
    explanation="The code calls an operation, and the role does not allow its action on the resource that the call "
    "uses. The call fails with AccessDenied.",
    remedy="Allow the action on the resource, or remove the call.",
    bad=Example(
        SERVICE,
        'import boto3\ndef f(event, context):\n    boto3.client("sqs").purge_queue(QueueUrl="https://sqs/1/jobs")\n',
    ),
    good=Example(
        service_allowing("Action: 'sqs:PurgeQueue', Resource: '*'"),
        'import boto3\ndef f(event, context):\n    boto3.client("sqs").purge_queue(QueueUrl="https://sqs/1/jobs")\n',
    ),
    find=find,
    tells=lambda subject: subject.complete,
    gate="missing",
)
