"""A comment that would leave a problem out, and does not say of which rule, or why."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.checks.ignores import named, read
from scopedown.checks.model import Example, Problem, Rule
from scopedown.compare.subject import Subject
from scopedown.core.finding import Severity


def find(subject: Subject) -> Iterator[Problem]:
    """Comments without a rule that there is or without a reason, told with the first role of a project."""
    if not subject.is_first:
        return
    for ignore in read(subject.scan.project, subject.files, subject.comparable.overlay).all():
        unknown = [name for name in ignore.rules if not named(name)]
        if not ignore.rules or unknown or not ignore.reason:
            wrong = f"gives no reason for {', '.join(ignore.rules)}" if ignore.rules else "names no rule"
            wrong = f"names a rule that is not there, {unknown[0]}," if unknown else wrong
            yield Problem(
                RULE.id, f"the comment {wrong}, and leaves nothing out", ignore.place, "", (), " ".join(ignore.rules)
            )


_SERVICE = (
    "service: s\nprovider:\n  name: aws\n  runtime: python3.12\n  iam:\n    role:\n      statements:\n"
    "        # scopedown: ignore SD201REASON\n"
    "        - {Effect: Allow, Action: 'sqs:PurgeQueue', Resource: '*'}\nfunctions: {f: {handler: app.f}}\n"
)
RULE = Rule(
    id="SD501",
    name="ignore-without-reason",
    severity=Severity.WARNING,
    summary="An ignore comment has no reason or no rule.",
    explanation="Without a reason, the next reader cannot decide whether the comment is still right.",
    remedy="Add the rule's id and a reason: # scopedown: ignore SD201 the queue is purged by hand.",
    bad=Example(_SERVICE.replace("REASON", "")),
    good=Example(_SERVICE.replace("REASON", " the queue is purged by hand")),
    find=find,
)
