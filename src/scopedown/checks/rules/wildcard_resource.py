"""A pattern of resources where the code tells which ones are needed."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.checks.model import Example, Problem, Rule, service_allowing
from scopedown.checks.rule_parts import fix_of
from scopedown.compare.statement import Declared, shown
from scopedown.compare.subject import Subject
from scopedown.core.finding import Severity
from scopedown.core.words import MOST_SHOWN, some_of


def find(subject: Subject) -> Iterator[Problem]:
    """Resources with wildcards that are wider than every need of the statement's actions. What something unseen may
    need narrows nothing but ``*``: it too uses resources that have names."""
    for one in subject.declared:
        if not one.judged or subject.is_of_template(one):
            continue
        unseen = subject.may_need(one)
        if unseen and not _are_on_resources(subject, one):
            continue
        for item, forms in one.resources:
            if "*" not in str(forms[0]) or (unseen and str(forms[0]) != "*"):
                continue
            narrower = subject.narrower(one, forms)
            if narrower:
                needed = some_of(dict.fromkeys(map(str, narrower)), MOST_SHOWN)
                words = (
                    f"* is wider than what the functions were found to need: {needed}; what was not seen of them may "
                    "need other resources, which have names too"
                    if unseen
                    else f"{shown(item)} is wider than what the functions need: {needed}"
                )
                yield Problem(
                    RULE.id, words, subject.place_of(one),
                    subject.role.id, subject.keys, f"{shown(item)} for {one.services}", (),
                    fix_of(subject, one, rewrite=True),
                )  # fmt: skip


def _are_on_resources(subject: Subject, one: Declared) -> bool:
    """Whether each action that a statement names is one on resources, whatever calls it."""
    named = [subject.catalog.action(action) for action in one.actions if "*" not in action and "?" not in action]
    return all(action is not None and action.resource_types for action in named)


_SERVICE = service_allowing("Action: 'dynamodb:GetItem', Resource: 'RESOURCE'")
_CODE = 'import boto3\ndef f(event, context):\n    boto3.client("dynamodb").get_item(TableName="a", Key=event)\n'
RULE = Rule(
    id="SD204",
    name="wildcard-resource",
    severity=Severity.WARNING,
    summary="A wildcard allows more resources than the functions need.",
    explanation="The code shows which resources the actions are needed on. The statement also allows them on others.",
    remedy="List the resources that the functions need.",
    bad=Example(_SERVICE.replace("RESOURCE", "*"), _CODE),
    good=Example(_SERVICE.replace("RESOURCE", "arn:aws:dynamodb:us-east-1:*:table/a"), _CODE),
    find=find,
    takes=True,
    security=6.0,
)
