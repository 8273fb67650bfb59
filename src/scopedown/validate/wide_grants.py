"""Statements that allow an action on more resources than anyone named: for iam:PassRole and service-linked roles.

AWS has six codes for each of the two actions, by how the action and the resources are written.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum, auto

from scopedown.iam.wildcard import matching
from scopedown.validate.document import PolicyDocument, Statement
from scopedown.validate.model import Found
from scopedown.validate.values import Value


class By(Enum):
    """How a statement says the action."""

    NAME = auto()
    WILDCARD = auto()
    NOT_ACTION = auto()


def by_not_resource(document: PolicyDocument, action: str, by: By) -> Iterator[Found]:
    """Statements with NotResource that allow an action, said in one way."""
    for statement in document.statements:
        entry = _entry(statement, action, by)
        if entry is not None and statement.has("NotResource"):
            yield Found(f"{_said(entry, by)} and NotResource allow {action} on every role that is not listed",
                        entry.place, entry.text or "")  # fmt: skip


def by_star(document: PolicyDocument, action: str, by: By, limiting: str) -> Iterator[Found]:
    """Statements with a wildcard for the roles that allow an action, said in one way.

    ``limiting`` is the condition key that limits which roles are meant.
    """
    for statement in document.statements:
        entry = _entry(statement, action, by)
        if entry is None or any(not one.negated and not one.if_exists for one in statement.condition_on(limiting)):
            continue
        wide = next((one for one in statement.texts("Resource") if _is_wide(statement, one.text or "")), None)
        if wide is not None:
            yield Found(f"{_said(entry, by)} on {wide.text} allows {action} for more roles than are named",
                        entry.place, entry.text or "")  # fmt: skip


def _entry(statement: Statement, action: str, by: By) -> Value | None:
    """The entry of Action that means an action; for :attr:`By.NOT_ACTION` the first one of NotAction."""
    if not statement.allows:
        return None
    lower = action.lower()
    if by is By.NOT_ACTION:
        entries = statement.not_actions
        if not entries or any(matching((one.text or "").lower())(lower) for one in entries):
            return None
        return entries[0]
    fitting = [one for one in statement.actions if matching((one.text or "").lower())(lower)]
    plain = [one for one in fitting if (one.text or "").lower() == lower]
    if by is By.NAME:
        return plain[0] if plain else None
    return fitting[0] if fitting and not plain else None


def _said(entry: Value, by: By) -> str:
    return "NotAction" if by is By.NOT_ACTION else f"the action {entry.text}"


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
