"""A call that the role denies, in code that runs only where a variable is set that the project leaves unset."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.checks.model import Example, Problem, Rule, service_allowing
from scopedown.checks.rule_parts import allowing, called_at, grouped, related
from scopedown.compare.denial import denied, denied_if_set, switches, unset_names
from scopedown.compare.statement import Need
from scopedown.compare.subject import Subject
from scopedown.core.finding import Severity
from scopedown.core.text import Text
from scopedown.core.words import MOST_SHOWN, some_of
from scopedown.permissions.model import Origin


def find(subject: Subject) -> Iterator[Problem]:
    """Needs that no statement covers of calls behind a switch, or on what a variable names that is not set."""
    lacking: list[tuple[Need, str]] = []
    always = {_what(need) for need in subject.needs if not switches(need)}
    for need in subject.needs:
        if need.permission.origin is Origin.CONFIG or (switches(need) and _what(need) in always):
            continue
        if example := denied_if_set(subject, need) or (denied(subject, need) if switches(need) else ""):
            lacking.append((need, example))
    for function, action, needs, example in grouped(lacking):
        where = [*dict.fromkeys(str(need.arn) for need in needs)]
        names = switches(needs[0]) or unset_names(needs[0])
        yield Problem(
            RULE.id, f"{function} is denied {action} on {some_of(where, MOST_SHOWN)} where {_set(needs[0], names)}: "
            f"{called_at(needs)} needs it, and no statement allows it"
            + ("" if [example] == where else f" (for example on {example})"),
            needs[0].function.function.place, subject.role.id, (function,),
            f"{function} {action} on {', '.join(where)}",
            related(needs), allowing(needs),
        )  # fmt: skip


def _what(need: Need) -> tuple[str, str, Text]:
    return need.function.function.key, need.permission.action, need.arn


def _set(need: Need, names: tuple[str, ...]) -> str:
    """How the variables would have to be, in words."""
    environment = need.function.function.environment
    other = [name for name in names if name in environment and environment[name].literal != ""]
    unset = [name for name in names if name not in other]
    said = [f"{' and '.join(unset)} {'are' if len(unset) > 1 else 'is'} set"] if unset else []
    said += [f"{' and '.join(other)} {'have other values' if len(other) > 1 else 'has another value'}"] if other else []
    return " and ".join(said)


_SERVICE = service_allowing("Action: 'sqs:ACTION', Resource: '*'")
_CODE = (
    "import os\nimport boto3\ndef f(event, context):\n    if os.environ.get('CLEAN_UP'):\n"
    "        boto3.client('sqs').purge_queue(QueueUrl='https://sqs/1/jobs')\n"
)
RULE = Rule(
    id="SD104",
    name="missing-where-set",
    severity=Severity.WARNING,
    summary="A function's role denies a call that its code makes only where a variable is set.",
    explanation="The code makes the call only where an environment variable is set, or has another value than the "
    "project gives it; or the variable names the resource. With what the project sets, the call is not made. Where "
    "somebody sets the variable, the call fails with AccessDenied.",
    remedy="Allow the action, or remove the call.",
    bad=Example(_SERVICE.replace("ACTION", "ListQueues"), _CODE),
    good=Example(_SERVICE.replace("ACTION", "PurgeQueue"), _CODE),
    find=find,
    tells=lambda subject: subject.complete,
)
