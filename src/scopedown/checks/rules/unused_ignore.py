"""A comment that leaves out a problem that is not there."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.checks.ignores import read
from scopedown.checks.model import Example, Problem, Rule
from scopedown.checks.subject import Subject, subjects
from scopedown.core.finding import Severity


def find(subject: Subject) -> Iterator[Problem]:
    """Comments of the project's own files whose rule objects to nothing there, told with the first role of a project.

    Nothing is told where only some of the functions were looked at, nor of a rule that knows too little of a role.
    """
    project = subject.scan.project
    if not subject.is_first or len(subject.scan.functions) < len(project.functions):
        return
    comments = read(project, subject.files)
    given = [one for one in comments.all() if one.reason and not one.place.file.startswith(("..", "/"))]
    if not given:
        return
    from scopedown.checks.rules import named, rules

    every = tuple(subjects(subject.scan, subject.catalog))
    told = {rule.id: all(map(rule.tells, every)) for rule in rules() if rule.id != RULE.id}
    there = {
        (one.rule, one.place)
        for role in every
        for rule in rules()
        if rule.id != RULE.id and rule.tells(role)
        for one in rule.find(role)
    }
    for comment in given:
        idle = [
            name for name in comment.rules
            if named(name) and all(map(told.get, named(name)))
            and not any(rule in named(name) and comments.is_about(comment, place) for rule, place in there)
        ]  # fmt: skip
        if idle:
            yield Problem(
                RULE.id, f"the comment leaves out {', '.join(idle)}: no such problem is here", comment.place, "", (),
                " ".join(comment.rules),
            )  # fmt: skip


_SERVICE = (
    "service: s\nprovider:\n  name: aws\n  runtime: python3.12\n  iam:\n    role:\n      statements:\n"
    "        # scopedown: ignore RULE the queue is purged by hand\n"
    "        - {Effect: Allow, Action: 'sqs:PurgeQueue', Resource: '*'}\nfunctions: {f: {handler: app.f}}\n"
)
RULE = Rule(
    id="SD502",
    name="unused-ignore",
    severity=Severity.NOTE,
    summary="A comment leaves out a problem that is not there.",
    explanation="What the comment was written for has been mended, or the comment stands at another line than the "
    "problem. Left as it is, it would hide the next problem of that rule without anyone having looked at it. A comment "
    "for a problem that only another stage has is told as well: check that stage, or leave this rule out.",
    remedy="Remove the comment, or move it to the line of what it is about.",
    bad=Example(_SERVICE.replace("RULE", "SD204"), "def f(event, context): pass\n"),
    good=Example(_SERVICE.replace("RULE", "SD201"), "def f(event, context): pass\n"),
    find=find,
)
