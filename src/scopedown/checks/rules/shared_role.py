"""One role for functions that need different things."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.checks.model import Example, Problem, Rule
from scopedown.compare.subject import Subject
from scopedown.core.finding import Severity
from scopedown.core.place import Place
from scopedown.permissions.model import Origin


def find(subject: Subject) -> Iterator[Problem]:
    """Roles by which a function may do what only others need."""
    if len(subject.functions) < 2 or not subject.role.declared:
        return
    by_function: dict[str, set[str]] = {key: set() for key in subject.keys}
    for need in subject.needs:
        if need.permission.origin is not Origin.CONFIG:
            by_function[need.function.function.key].add(f"{need.permission.action} on {need.arn}")
    every = set().union(*by_function.values())
    for function in subject.functions:
        named = {action for site in function.report.sites for action in site.may_call}
        if named:
            by_function[function.function.key] |= {one for one in every if one.partition(" ")[0] in named}
    foreign = [key for key, own in by_function.items() if len(own) < len(every)]
    if foreign:
        key = min(foreign, key=lambda one: len(by_function[one]))
        rights = sorted(every - by_function[key])
        more = f" and {len(rights) - 1} more" if len(rights) > 1 else ""
        place = subject.role.place or Place(subject.scan.project.config)
        yield Problem(
            RULE.id, f"{len(subject.keys)} functions share {subject.role.id}: {len(foreign)} of them may do what only "
            f"others need ({key}: {rights[0]}{more})", place, subject.role.id, subject.keys, "shared",
        )  # fmt: skip


_SERVICE = "service: s\nprovider: {name: aws, runtime: python3.12}\nfunctions: {f: {handler: app.f}SECOND}\n"
_CODE = (
    "import boto3\ndef f(event, context):\n    boto3.client('sqs').list_queues()\n"
    "def g(event, context):\n    boto3.client('sns').list_topics()\n"
)
RULE = Rule(
    id="SD205",
    name="shared-role",
    severity=Severity.NOTE,
    summary="Functions share a role, so each has the others' permissions.",
    explanation="A shared role gives each function everything that any of them needs.",
    remedy="Give each function its own role: scopedown write.",
    bad=Example(_SERVICE.replace("SECOND", ", g: {handler: app.g}"), _CODE),
    good=Example(_SERVICE.replace("SECOND", ""), _CODE),
    find=find,
    security=3.0,
)
