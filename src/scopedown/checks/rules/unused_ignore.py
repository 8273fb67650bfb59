"""A comment that leaves out a problem that is not there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scopedown.checks.ignores import read
from scopedown.checks.model import Example, Problem, Rule
from scopedown.checks.registry import named, rules
from scopedown.compare.subject import Subject
from scopedown.core.finding import Severity


def find(subject: Subject) -> Iterator[Problem]:
    """Nothing: it takes what the other rules find."""
    yield from ()


def after(roles: Sequence[Subject], problems: Sequence[Problem]) -> Iterator[Problem]:
    """Comments of the project's own files whose rule objects to nothing there.

    Nothing is told where only some of the functions were looked at, nor of a rule that knows too little of a role.
    """
    if not roles or len(roles[0].scan.functions) < len(roles[0].scan.project.functions):
        return
    comments = read(roles[0].scan.project, roles[0].files, roles[0].comparable.overlay)
    given = [ignore for ignore in comments.all() if ignore.reason and not ignore.place.file.startswith(("..", "/"))]
    if not given:
        return
    told = {
        rule.id: all(rule.tells(role) and not (rule.takes and (role.doubt.needs or role.doubt.sites)) for role in roles)
        for rule in rules()
        if rule.id != RULE.id
    }
    for comment in given:
        idle = [
            name
            for name in comment.rules
            if named(name)
            and all(map(told.get, named(name)))
            and not any(
                problem.rule in named(name) and comments.is_about(comment, problem.place) for problem in problems
            )
        ]
        if idle:
            yield Problem(
                RULE.id, f"the comment ignores {', '.join(idle)}, but no such problem is reported here", comment.place,
                "", (), " ".join(comment.rules),
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
    summary="An ignore comment matches no problem.",
    explanation="The problem was fixed, or the comment is not on the problem's line. Left there, it would hide the "
    "next problem of that rule. A comment for a problem of another stage is reported too: check that stage, or ignore "
    "this rule.",
    remedy="Remove the comment, or move it to the line that it is about.",
    bad=Example(_SERVICE.replace("RULE", "SD204")),
    good=Example(_SERVICE.replace("RULE", "SD201")),
    find=find,
    after=after,
)
