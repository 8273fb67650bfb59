"""What is new, in the words of a reviewer: actions on resources, why, and one request as an example."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from scopedown.catalog.load import catalog
from scopedown.compare.access.model import Change
from scopedown.compare.access.plausible import only_in_language
from scopedown.core.arn import parse_arn
from scopedown.core.words import some_of
from scopedown.iam.newaccess import Row
from scopedown.iam.newaccess.checks import GRANTED, PUBLIC
from scopedown.iam.newaccess.patterns import WORD
from scopedown.iam.newaccess.rows import DENY_GONE, UNDER_CONDITIONS
from scopedown.iam.rule import Place

MOST_ACTIONS = 8
MOST_RESOURCES = 3
MOST_ROWS = 20
_GRAVE = ("Permissions management", "Write", "Tagging", "Read", "List")
"""Access levels of AWS's list, the gravest first
(https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_understand-policy-summary-access-level-summaries.html)."""


def ranked(rows: Iterable[Row]) -> list[Row]:
    """The rows, what matters most first: all actions on all resources, then the gravest access level."""
    return sorted(rows, key=_rank)


def _rank(row: Row) -> tuple[int, int, int, int]:
    wild = any(action in ("*", "*:*") or action.startswith("everything but") for action in row.actions)
    whole = "*" in row.resources
    services = {action.partition(":")[0].lower() for action in row.actions}
    return (
        1 if only_in_language(row) else 0,
        0 if wild and whole else 1 if services & {"iam", "sts", "kms", "organizations"} else 2,
        min((_level(action) for action in row.actions), default=len(_GRAVE)),
        0 if whole else 1,
    )


@cache
def _level(action: str) -> int:
    if "*" in action or "?" in action:
        return 1
    known = catalog().action(action)
    return _GRAVE.index(known.access_level) if known is not None and known.access_level in _GRAVE else len(_GRAVE)


def short(resource: str, shown: Mapping[str, str]) -> str:
    """A resource as a reviewer names it: its last field, where the ARN's others say nothing more.

    >>> short("arn:aws:dynamodb:*:*:table/Orders", {})
    'table/Orders'
    >>> short("arn:aws:s3:::bucket/*", {}), short("*", {})
    ('bucket/*', '*')
    """
    text = named(resource, shown)
    head = "everything but " if resource.startswith("everything but ") else ""
    arn = parse_arn(named(resource.removeprefix(head), shown))
    if arn is None or arn.resource in ("", "*") or not arn.service:
        return text
    if arn.service == "s3" or "/" in arn.resource or ":" in arn.resource:
        return head + arn.resource
    return f"{head}{arn.service} {arn.resource}"


def named(text: str, shown: Mapping[str, str]) -> str:
    """A text with what stands for unknown names as a person calls it."""
    for token, name in shown.items():
        text = text.replace(token, name)
    return text


def actions_and_resources(row: Row, shown: Mapping[str, str], most: int = MOST_ACTIONS) -> str:
    """``dynamodb:DeleteItem, dynamodb:UpdateItem on table/Orders``."""
    actions = some_of(row.actions, most)
    return f"{actions} on {some_of([short(one, shown) for one in row.resources], MOST_RESOURCES)}"


def why(row: Row, shown: Mapping[str, str]) -> str:
    """Why it is new: "not allowed before", "before only with aws:SourceVpce = vpce-1"."""
    parts = []
    if row.future:
        parts.append("names that AWS does not have yet")
    if row.why == UNDER_CONDITIONS and row.before is not None:
        parts.append(f"before only with {conditions_of(row.before, shown)}")
    elif row.why == DENY_GONE and row.before is not None:
        parts.append(f"{label(row.before)} denied it")
    elif row.why not in (GRANTED, PUBLIC):
        parts.append(row.why)
    now = conditions_of(row.place, shown)
    if now:
        parts.append(f"now with {now}")
    if doubt := only_in_language(row):
        parts.append(f"only in the policy language: {doubt}")
    return "; ".join(parts)


def conditions_of(place: Place, shown: Mapping[str, str]) -> str:
    """A statement's conditions: ``aws:SourceVpce = vpce-1``, others with their operator."""
    out = []
    for one in place.statement.condition:
        values = named(some_of(one.texts), shown)
        sign = "=" if one.operator in ("StringEquals", "ArnEquals", "Bool", "NumericEquals") else one.operator
        out.append(f"{one.key} {sign} {values}")
    return " and ".join(out)


def label(place: Place) -> str:
    """A statement's name: its Sid or number, and its policy's name where it has one."""
    statement = place.statement
    if statement.span is None and len(place.policy.statements) == 1 and place.policy.name:
        return f"the statement at {place.policy.name}"
    own = f"statement {statement.sid}" if statement.sid else f"statement {place.number + 1}"
    return f"{own} of {place.policy.name}" if place.policy.name else own


def where(place: Place) -> str:
    """Where a statement stands in its file, or its name."""
    span = place.statement.span
    if span is None and len(place.policy.statements) == 1 and place.policy.name:
        return place.policy.name
    return f"{place.policy.name}:{span.start_line}" if span is not None and place.policy.name else label(place)


def example(row: Row, shown: Mapping[str, str]) -> str:
    """The request: ``s3:PutObject on arn:aws:s3:::bucket/x by …, with a = b, without aws:SourceVpce``."""
    witness = row.witness
    text = f"{witness.action} on {witness.resource}"
    if witness.caller is not None:
        text += f" by {witness.caller.arn}"
    context = {key: value for key, value in witness.context.items() if witness.caller is None or not _derived(key)}
    if context:
        text += f", with {' and '.join(f'{key} = {_value(value)}' for key, value in context.items())}"
    asked = {one.key.lower(): one.key for one in (row.before.statement.condition if row.before is not None else ())}
    missing = [key for lower, key in asked.items() if lower not in witness.context]
    if missing:
        text += f", without {some_of(missing)}"
    return named(text, shown)


def _derived(key: str) -> bool:
    return key.startswith("aws:principal") or key == "aws:username"


def _value(value: object) -> str:
    return f"[{', '.join(map(str, value))}]" if isinstance(value, tuple) else str(value)


def has_word(change: Change) -> bool:
    """Whether an example of a change has the word that stands for any other."""
    return any(WORD in str(row.witness.data()) for row in change.found.rows)


def reasons(change: Change) -> Iterator[str]:
    """Why something of a change is not decided, each reason once."""
    yield from dict.fromkeys(
        (
            *(named(f"{one.reason} ({where(one.place)})", change.shown) for one in change.found.undecided),
            *change.unknown,
        )
    )
