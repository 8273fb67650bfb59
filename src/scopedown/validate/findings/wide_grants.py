"""Statements that allow an action on more than a policy's author named: by tags, or on any role.

AWS has six codes for iam:PassRole and six for service-linked roles, by how the action and the resources are written,
and four for tags.
Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html and
https://docs.aws.amazon.com/IAM/latest/UserGuide/access_tags.html
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum, auto

from scopedown.iam.wildcard import matching
from scopedown.validate.document import Condition, Statement
from scopedown.validate.finders import findings, statements
from scopedown.validate.values import Found, Value

_ROLES = {"PASS_ROLE": "iam:PassRole", "CREATE_SLR": "iam:CreateServiceLinkedRole"}
_LIMITING = {"iam:PassRole": "iam:PassedToService", "iam:CreateServiceLinkedRole": "iam:AWSServiceName"}
"""Action → the condition key that limits which roles are meant."""
_TAG = "aws:ResourceTag/"


class _By(Enum):
    """How a statement says the action."""

    NAME = auto()
    WILDCARD = auto()
    NOT_ACTION = auto()


@findings(
    statements(),
    {
        f"{prefix}_WITH_{ending}": (action, by)
        for prefix, action in _ROLES.items()
        for ending, by in (
            ("NOT_RESOURCE", _By.NAME),
            ("STAR_IN_ACTION_AND_NOT_RESOURCE", _By.WILDCARD),
            ("NOT_ACTION_AND_NOT_RESOURCE", _By.NOT_ACTION),
        )
    },
)
def _not_resource(statement: Statement, row: tuple[str, _By]) -> Iterator[Found]:
    action, by = row
    entry = _entry(statement, action, by)
    if entry is not None and statement.has("NotResource"):
        yield entry.found(f"{_said(entry, by)} and NotResource allow {action} on every role that is not listed")


@findings(
    statements(),
    {
        f"{prefix}_WITH_{ending}": (action, by)
        for prefix, action in _ROLES.items()
        for ending, by in (
            ("STAR_IN_RESOURCE", _By.NAME),
            ("STAR_IN_ACTION_AND_RESOURCE", _By.WILDCARD),
            ("STAR_IN_RESOURCE_AND_NOT_ACTION", _By.NOT_ACTION),
        )
    },
)
def _star_in_resource(statement: Statement, row: tuple[str, _By]) -> Iterator[Found]:
    action, by = row
    limits = (one for one in statement.condition_on(_LIMITING[action]) if not one.negated and not one.if_exists)
    entry = _entry(statement, action, by) if not any(limits) else None
    wide = next((one for one in statement.texts("Resource") if _is_wide(statement, one.shown)), None)
    if entry is not None and wide is not None:
        yield entry.found(f"{_said(entry, by)} on {wide.text} allows {action} for more roles than are named")


def _entry(statement: Statement, action: str, by: _By) -> Value | None:
    """The entry of Action that means an action; for :attr:`_By.NOT_ACTION` the first one of NotAction."""
    if not statement.allows:
        return None
    lower = action.lower()
    if by is _By.NOT_ACTION:
        entries = statement.not_actions
        return entries[0] if entries and not any(matching(one.shown.lower())(lower) for one in entries) else None
    fitting = [one for one in statement.actions if matching(one.shown.lower())(lower)]
    plain = [one for one in fitting if one.shown.lower() == lower]
    if by is _By.NAME:
        return plain[0] if plain else None
    return fitting[0] if fitting and not plain else None


def _said(entry: Value, by: _By) -> str:
    return "NotAction" if by is _By.NOT_ACTION else f"the action {entry.text}"


def _is_wide(statement: Statement, resource: str) -> bool:
    """Whether a resource has a wildcard in the place of a role's name.

    A beginning of a name with a service's name in it is not wide: AWS's reference has ``role/Service*`` as an example.
    """
    if resource == "*":
        return True
    fields = resource.split(":", 5)
    if len(fields) < 6:
        return resource.endswith("*")
    if fields[2] not in ("iam", "*"):
        return False
    name = fields[5].partition("/")[2] if fields[5].startswith("role/") else fields[5]
    begins = name.partition("*")[0].partition("?")[0]
    if begins == name:
        return False
    folded = begins.lower()
    return not ("service" in folded.rpartition("aws-service-role/")[2] or _names_service(statement, folded))


def _names_service(statement: Statement, text: str) -> bool:
    return any(len(prefix) > 2 and prefix in text for prefix in statement.facts.prefixes)


_TAGS = "WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE"


@findings(statements(), {f"ALLOW_NOTACTION_{_TAGS}": "Allow", f"DENY_NOTACTION_{_TAGS}": "Deny"})
def _tags_with_not_action(statement: Statement, effect: str) -> Iterator[Found]:
    for condition in _tags(statement, effect) if statement.has("NotAction") else ():
        yield condition.found(f"many actions do not set {condition.key}, and NotAction does not say which are meant")


@findings(statements(), {f"ALLOW_{_TAGS}": "Allow", f"DENY_{_TAGS}": "Deny"})
def _tags_with_action(statement: Statement, effect: str) -> Iterator[Found]:
    facts = statement.facts
    for condition in _tags(statement, effect):
        for entry in statement.actions:
            actions = facts.actions_like(entry.shown.lower())
            if actions and not any(facts.sets(action.name, f"{_TAG}any") for action in actions):
                yield entry.found(f"{entry.text} does not set {condition.key}")


def _tags(statement: Statement, effect: str) -> Iterator[Condition]:
    """The conditions on a resource's tag that hold only where the key is there, of a statement with an effect."""
    for one in statement.condition_on(_TAG) if statement.effect == effect else ():
        if one.family not in ("", "Null") and not one.if_exists and not one.negated and one.lower != _TAG.lower():
            yield one
