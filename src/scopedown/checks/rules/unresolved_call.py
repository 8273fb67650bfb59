"""A call that may be AWS's, and that the analysis could not tell."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.checks.model import SERVICE, Example, Problem, Rule
from scopedown.compare.subject import Subject
from scopedown.core.finding import Severity


def find(subject: Subject) -> Iterator[Problem]:
    """Possible calls, each place once."""
    seen = set()
    for function in subject.functions:
        for call in function.report.possible:
            if call.place not in seen:
                seen.add(call.place)
                yield Problem(
                    RULE.id,
                    f"this may call {call.service}.{call.operation}: {call.reason}",
                    call.place,
                    subject.role.id,
                    (function.function.key,),
                    f"{call.service}.{call.operation}",
                )


_CODE = 'import boto3\ndef f(event, context):\n    event["queue"].purge_queue(QueueUrl="https://sqs/1/jobs")\n'
RULE = Rule(
    id="SD301",
    name="unresolved-call",
    severity=Severity.NOTE,
    summary="A call looks like an AWS operation, but its receiver is unknown.",
    explanation="The code calls a method with the name of an AWS operation on a value that scopedown could not "
    "identify. scopedown neither grants the action nor drops it silently.",
    remedy='Add a comment: "# scopedown: needs s3:PutObject on ref:Bucket/*" if it is an AWS call, "# scopedown: '
    'ignore REASON" if it is not.',
    bad=Example(SERVICE, _CODE),
    good=Example(SERVICE, "def f(event, context):\n    return event\n"),
    find=find,
)
