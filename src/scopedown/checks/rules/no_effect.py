"""An action on a resource on which AWS never looks for it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scopedown.catalog.model import Action
from scopedown.checks.model import Example, Problem, Rule, service_allowing
from scopedown.checks.rule_parts import wrong_resource
from scopedown.compare.statement import Declared, shown
from scopedown.compare.subject import Subject
from scopedown.core.finding import Severity
from scopedown.core.text import Literal, Text
from scopedown.core.words import MOST_SHOWN, some_of
from scopedown.iam.language import intersects
from scopedown.iam.wildcard import expand, glob

_ALL = re.compile(r"(?:(?:^|:)|(?:^|(?<!:s3::):)[a-z-]+[:/])\*(?:[:/]\*)*$")
"""How the ARN of everything of a service or of a type ends; S3's have a bucket where others have a type."""
_VARIABLE = re.compile(r"\$\{[^}]*\}")


def find(subject: Subject) -> Iterator[Problem]:
    """Actions of plain Allow statements none of whose resources is of a type that the action has."""
    for one in subject.declared:
        if not one.judged or subject.from_template(one) or any(str(forms[0]) == "*" for _, forms in one.resources):
            continue
        idle = [action for action in one.actions if _is_idle(subject, one, action)]
        if idle:
            where = [shown(item) for item, _ in one.resources]
            yield Problem(
                RULE.id, f"{', '.join(idle)} on {some_of(where, MOST_SHOWN)} allows nothing",
                subject.place_of(one), subject.role.id, subject.keys, f"{' '.join(idle)} on {', '.join(where)}",
            )  # fmt: skip


def _is_idle(subject: Subject, one: Declared, action: str) -> bool:
    known = subject.catalog.action(action)
    if known is None:
        return False  # a pattern, or unknown-action's
    patterns = _patterns(subject, known)
    named = [form for _, forms in one.resources for form in forms if not wrong_resource(forms[0])[0]]
    if not named:
        return False  # malformed-arn says it
    if not known.resource_types and not action.startswith("ec2:") and any(map(_is_all, named)):
        return False
    return bool(patterns) and not any(_fits(form, patterns) for form in named)


def _is_all(form: Text) -> bool:
    """Whether a resource is everything of a service, or of a type. An action without resources is asked on ``*`` by the
    reference; some services ask it on such an ARN all the same, for instance SNS's ListTopics
    (https://github.com/nccgroup/Scout2/issues/129) and DynamoDB's ListTables
    (https://github.com/AntonShuvaev/intellij-dynamodb/issues/20). EC2 asks on ``*``
    (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-policies-for-amazon-ec2.html)."""
    last = form.parts[-1] if form.parts else None
    return isinstance(last, Literal) and _ALL.search(last.value) is not None


def _patterns(subject: Subject, action: Action) -> list[str]:
    """The ARNs that a request for an action may name, as patterns; none where that is not known."""
    prefix = action.name.partition(":")[0]
    if not action.resource_types:
        return ["*"]
    types = [subject.catalog.resource_type(prefix, name) for name in action.resource_types]
    if any(type_ is None or not type_.arn for type_ in types):
        return []
    patterns = [_VARIABLE.sub("*", type_.arn) for type_ in types if type_ is not None]
    return patterns if action.required_types else [*patterns, "*"]


def _fits(form: Text, patterns: list[str]) -> bool:
    """Whether a resource and one of the patterns have an ARN in common. An action without resources is asked on ``*``,
    which only a resource of ``*`` matches."""
    text = "".join(part.value if isinstance(part, Literal) else "*" for part in form.parts)
    if text == "*" or (text.startswith("*") and len(form.parts) > 0 and not isinstance(form.parts[0], Literal)):
        return True  # a reference, or a part of it, whose text nobody knows
    return any(intersects(expand(glob(text)), expand(glob(pattern))) for pattern in patterns if pattern != "*")


_SERVICE = service_allowing("Action: 'dynamodb:ListTables', Resource: 'RESOURCE'")
_CODE = 'import boto3\ndef f(event, context):\n    boto3.client("dynamodb").list_tables()\n'
RULE = Rule(
    id="SD405",
    name="no-effect",
    severity=Severity.WARNING,
    summary="An action is allowed on a resource type that it does not support.",
    explanation="Each action supports certain resource types; some support none and need Resource *. On any other "
    "resource IAM accepts the statement, but it allows nothing.",
    remedy='Use a resource type that the action supports, or * where it supports none. "scopedown catalog ACTION" '
    "lists them.",
    bad=Example(_SERVICE.replace("RESOURCE", "arn:aws:dynamodb:us-east-1:*:table/a"), _CODE),
    good=Example(_SERVICE.replace("RESOURCE", "*"), _CODE),
    find=find,
)
