"""An action that AWS does not have."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.checks.model import Example, Problem, Rule, service_allowing
from scopedown.checks.rule_parts import wrong_action_of
from scopedown.compare.subject import Subject
from scopedown.core.finding import Severity


def find(subject: Subject) -> Iterator[Problem]:
    """Actions and patterns of the project's own statements that fit no action of the service reference."""
    for one in subject.declared:
        for action in one.actions if one.statement.added_by == "project" and not subject.from_template(one) else ():
            wrong, code = wrong_action_of(subject.catalog, action)
            if wrong:
                yield Problem(
                    RULE.id, f"{action}: {wrong}", subject.place_of(one), subject.role.id, subject.keys, action,
                    codes=(code,),
                )  # fmt: skip


_SERVICE = service_allowing("Action: 'ACTION', Resource: '*'")
RULE = Rule(
    id="SD401",
    name="unknown-action",
    severity=Severity.WARNING,
    summary="A statement names an action that AWS does not have.",
    explanation="IAM accepts such a statement without an error, and it allows nothing. Often it names the operation "
    "instead of the action (the operation ListObjects needs s3:ListBucket), or the name is misspelt.",
    remedy='Use the action\'s real name. "scopedown catalog SERVICE.OPERATION" shows the action that an operation '
    "needs.",
    bad=Example(_SERVICE.replace("ACTION", "s3:ListObjectsV2")),
    good=Example(_SERVICE.replace("ACTION", "s3:ListBucket")),
    find=find,
    codes=("INVALID_ACTION", "INVALID_SERVICE_IN_ACTION"),
)
