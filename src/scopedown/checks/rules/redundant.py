"""A statement, an action or a resource that changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scopedown.checks.model import Example, Problem, Rule, service_allowing
from scopedown.checks.rule_parts import fix_of
from scopedown.compare.grant_prefilter import surely_covered
from scopedown.compare.statement import Declared, shown
from scopedown.compare.subject import Subject
from scopedown.core.finding import Severity
from scopedown.core.text import Text
from scopedown.validate.redundant import covered

_MOST = 60
"""Statements of a role that are compared with one another."""


def find(subject: Subject) -> Iterator[Problem]:
    """Plain Allow statements of the project's own that another one covers, and lists that name something twice."""
    own = [one for one in subject.declared if one.judged and not subject.from_template(one)][:_MOST]
    gone: list[Declared] = []
    for one in own:
        by = next((other for other in own if other is not one and other not in gone and _covered(one, other)), None)
        if by is not None:
            gone.append(one)
            place = by.statement.place
            where = f" at line {place.line}" if place else ""
            fix = fix_of(subject, one, actions=dict.fromkeys(one.actions, ()))
            yield Problem(
                RULE.id, f"the statement{where} allows all of this", subject.place_of(one), subject.role.id,
                subject.keys, one.said, ((place, "allows it"),) if place else (), fix, ("REDUNDANT_STATEMENT",),
            )  # fmt: skip
            continue
        twice = [(what, "REDUNDANT_ACTION") for what in _twice(one.actions)]
        for what, code in (*twice, *((what, "REDUNDANT_RESOURCE") for what in _among(one.resources))):
            yield Problem(
                RULE.id, f"{what} of the same list", subject.place_of(one), subject.role.id, subject.keys,
                f"{what}: {one.said}", codes=(code,),
            )  # fmt: skip


def _covered(one: Declared, other: Declared) -> bool:
    grant = (other.grant,) if other.grant else ()
    return all(
        any(surely_covered(action, form, grant) for form in forms)
        for action in one.actions
        for _, forms in one.resources
    )


def _twice(actions: Sequence[str]) -> Iterator[str]:
    for at, other in covered([action.lower() for action in actions]):
        yield f"{actions[at]} is already in {actions[other]}"


def _among(resources: Sequence[tuple[object, tuple[Text, ...]]]) -> Iterator[str]:
    everything = any(str(forms[0]) == "*" for _, forms in resources)
    seen = set()
    for item, forms in resources:
        text = str(forms[0])
        if text in seen or (everything and text != "*"):
            yield f"{shown(item)} is already in {'*' if everything else shown(item)}"
        seen.add(text)


_SERVICE = service_allowing("Action: ['sqs:ListQueues'OTHER], Resource: '*'")
_CODE = 'import boto3\ndef f(event, context):\n    boto3.client("sqs").list_queues()\n'
RULE = Rule(
    id="SD404",
    name="redundant",
    severity=Severity.NOTE,
    summary="A statement, action or resource repeats what another already allows.",
    explanation="The entry allows nothing extra. It is also misleading: removing it takes no permission away.",
    remedy="Remove it, or remove the wider entry that covers it.",
    bad=Example(_SERVICE.replace("OTHER", ", 'sqs:List*'"), _CODE),
    good=Example(_SERVICE.replace("OTHER", ""), _CODE),
    find=find,
    codes=("REDUNDANT_STATEMENT", "REDUNDANT_ACTION", "REDUNDANT_RESOURCE"),
)
