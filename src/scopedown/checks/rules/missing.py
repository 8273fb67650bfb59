"""A call that the role denies."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.calls.model import SdkCall
from scopedown.checks.fixes import allowing
from scopedown.checks.model import Example, Problem, Rule
from scopedown.compare.denial import denied
from scopedown.compare.statement import Need
from scopedown.compare.subject import Subject
from scopedown.core.finding import Severity
from scopedown.core.words import MOST_SHOWN, some_of
from scopedown.permissions.model import Origin


def find(subject: Subject) -> Iterator[Problem]:
    """Needs that no statement covers. What a setting needs is looked at by ``lost-setting`` and ``no-logs``."""
    examples: dict[int, str] = {}
    missing: dict[tuple[str, str, object], list[Need]] = {}
    for need in subject.needs:
        if need.permission.origin is Origin.CONFIG:
            continue
        if example := denied(subject, need):
            examples.setdefault(id(need), example)
            same = (
                need.function.function.key,
                need.permission.action,
                tuple(one.place for one in need.permission.because),
            )
            missing.setdefault(same, []).append(need)
    for (function, action, _), needs in missing.items():
        calls = [one for need in needs for one in need.permission.because if isinstance(one, SdkCall)]
        example = examples[id(needs[0])]
        where = [*dict.fromkeys(str(need.arn) for need in needs)]
        called = f"{calls[0].name} at {calls[0].place.file}:{calls[0].place.line}" if calls else "a hint"
        yield Problem(
            RULE.id, f"{function} will be denied {action} on {some_of(where, MOST_SHOWN)}: "
            f"{called} needs it, and no statement allows it"
            + ("" if [example] == where else f" (for example on {example})"),
            needs[0].function.function.place, subject.role.id, (function,),
            f"{function} {action} on {', '.join(where)}",
            tuple((call.place, call.name) for call in calls),
            allowing(needs),
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
        "service: s\nprovider: {name: aws, runtime: python3.12}\nfunctions: {f: {handler: app.f}}\n",
        'import boto3\ndef f(event, context):\n    boto3.client("sqs").purge_queue(QueueUrl="https://sqs/1/jobs")\n',
    ),
    good=Example(
        "service: s\nprovider:\n  name: aws\n  runtime: python3.12\n  iam: {role: {statements: "
        "[{Effect: Allow, Action: 'sqs:PurgeQueue', Resource: '*'}]}}\nfunctions: {f: {handler: app.f}}\n",
        'import boto3\ndef f(event, context):\n    boto3.client("sqs").purge_queue(QueueUrl="https://sqs/1/jobs")\n',
    ),
    find=find,
    tells=lambda subject: subject.complete,
    gate="missing",
)
