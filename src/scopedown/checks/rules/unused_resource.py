"""A resource of a statement that no function of the role needs."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.checks.model import Example, Problem, Rule, service_allowing
from scopedown.checks.rule_parts import fix_of, wrong_resource
from scopedown.compare.statement import shown
from scopedown.compare.subject import Subject
from scopedown.core.finding import Severity
from scopedown.core.words import MOST_SHOWN, some_of


def find(subject: Subject) -> Iterator[Problem]:
    """Resources of statements whose actions are needed, but elsewhere; where all of the code was searched."""
    for one in subject.declared:
        if not one.judged or subject.may_need(one) or all(map(subject.is_unused, one.actions)):
            continue
        if any(not subject.needed_by(action) and not subject.is_unused(action) for action in one.actions):
            continue  # what a setting may need besides, on a resource that nothing tells
        if subject.is_of_any_type(one):
            continue
        if subject.from_template(one) and not subject.is_idle_template(one):
            continue  # its resources are SAM's own list
        unused = [
            number for number, (_, forms) in enumerate(one.resources)
            if not any(subject.touches(one, forms)) and not wrong_resource(forms[0])[0]
        ]  # fmt: skip
        if unused:
            where = [shown(one.resources[number][0]) for number in unused]
            yield Problem(
                RULE.id, f"{some_of(where, MOST_SHOWN)}: no function of this role was found to need "
                f"{', '.join(one.actions)} there",
                subject.place_of(one), subject.role.id, subject.keys, f"{', '.join(where)} for {one.services}", (),
                fix_of(subject, one, resources=tuple(unused)),
            )  # fmt: skip


_SERVICE = service_allowing("Action: 'dynamodb:GetItem', Resource: ['arn:aws:dynamodb:us-east-1:*:table/a'OTHER]")
_CODE = 'import boto3\ndef f(event, context):\n    boto3.client("dynamodb").get_item(TableName="a", Key=event)\n'
RULE = Rule(
    id="SD202",
    name="unused-resource",
    severity=Severity.WARNING,
    summary="The role allows an action on a resource where no function needs it.",
    explanation="The functions need the statement's actions only on other resources.",
    remedy="Remove the resource from the statement.",
    bad=Example(_SERVICE.replace("OTHER", ", 'arn:aws:dynamodb:us-east-1:*:table/b'"), _CODE),
    good=Example(_SERVICE.replace("OTHER", ""), _CODE),
    find=find,
    takes=True,
    security=4.0,
)
