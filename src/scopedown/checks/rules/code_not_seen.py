"""A function whose code was not seen whole: its rights are left alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scopedown.checks.model import SERVICE, Example, Problem, Rule
from scopedown.compare.subject import Subject
from scopedown.core.coverage import Unseen
from scopedown.core.finding import Severity
from scopedown.core.place import Place

_SHOWN = 3
_PLACES = 8
"""Places shown below the problem: `scopedown scan --explain` shows all."""


def find(subject: Subject) -> Iterator[Problem]:
    """Each function once, with the places of what was not seen."""
    for function in subject.functions:
        unseen = function.coverage.unseen
        if function.coverage.is_whole:
            continue
        distinct = list(dict.fromkeys(part.what for part in unseen))
        more = f"; and {len(distinct) - _SHOWN} more" if len(distinct) > _SHOWN else ""
        what = "; ".join(distinct[:_SHOWN])
        how = "was not read" if function.coverage.nothing else "was read in part"
        yield Problem(
            RULE.id,
            f"the code of {function.function.key} {how}: {what}{more}",
            function.function.place,
            subject.role.id,
            (function.function.key,),
            function.function.key,
            tuple(_places(unseen))[:_PLACES],
        )


def _places(unseen: Iterable[Unseen]) -> Iterator[tuple[Place, str]]:
    """The first place of each thing that was not seen, in each file."""
    told: set[tuple[str, str]] = set()
    for part in unseen:
        if part.place is not None and (key := (part.place.file, part.what)) not in told:
            told.add(key)
            yield part.place, part.what


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
    bad=Example(SERVICE, _CODE),
    good=Example(SERVICE, "def f(event, context):\n    return event\n"),
    find=find,
)
