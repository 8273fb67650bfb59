"""A function whose code was not seen whole: its rights are left alone."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.checks.model import Example, Problem, Rule
from scopedown.compare.subject import Subject
from scopedown.core.finding import Severity

_SHOWN = 3


def find(subject: Subject) -> Iterator[Problem]:
    """Each function once, with the places of what was not seen."""
    for function in subject.functions:
        unseen = function.coverage.unseen
        if function.coverage.is_whole:
            continue
        what = "; ".join(dict.fromkeys(part.what for part in unseen[:_SHOWN]))
        more = f"; and {len(unseen) - _SHOWN} more" if len(unseen) > _SHOWN else ""
        how = "was not read" if function.coverage.nothing else "was read in part"
        yield Problem(
            RULE.id,
            f"the code of {function.function.key} {how}: {what}{more}",
            function.function.place,
            subject.role.id,
            (function.function.key,),
            function.function.key,
            tuple((part.place, part.what) for part in unseen if part.place is not None),
        )


_SERVICE = "service: s\nprovider: {name: aws, runtime: python3.12}\nfunctions: {f: {handler: app.f}}\n"
_CODE = 'import boto3\ndef f(event, context):\n    getattr(boto3.client("s3"), event["do"])(Bucket="uploads")\n'
RULE = Rule(
    id="SD302",
    name="code-not-seen",
    severity=Severity.NOTE,
    summary="scopedown could not read all of a function's code.",
    explanation="The function uses code that scopedown did not read: a module outside the repository, a package that "
    "may call AWS, a call by a computed name, or a layer given by its ARN. scopedown does not know what that code "
    "calls, so it keeps the permissions that the code may need and does not report them as unused.",
    remedy="Put the code where scopedown can read it, or add a comment that says what it needs: # scopedown: needs "
    "s3:PutObject on ref:Bucket/*",
    bad=Example(_SERVICE, _CODE),
    good=Example(_SERVICE, "def f(event, context):\n    return event\n"),
    find=find,
)
