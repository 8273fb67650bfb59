"""An action that no function of the role needs."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.checks.model import SERVICE, Example, Problem, Rule, service_allowing
from scopedown.checks.rule_parts import fix_of, wrong_action_of
from scopedown.compare.subject import Subject
from scopedown.core.finding import Severity


def find(subject: Subject) -> Iterator[Problem]:
    """Actions and patterns that match nothing that is needed, where all of the code was searched."""
    for one in subject.declared:
        if one.is_plain:
            unused = [
                action for action in one.actions
                if subject.is_unused(action) and not wrong_action_of(subject.catalog, action)[0]
            ]  # fmt: skip
            if unused:
                every = "nothing" if len(unused) == len(one.actions) else "not all"
                yield Problem(
                    RULE.id, f"{', '.join(unused)}: no function of this role was found to need it"
                    + (" (the whole statement is unused)" if every == "nothing" else ""),
                    subject.place_of(one), subject.role.id, subject.keys, f"{' '.join(unused)} on {one.on}", (),
                    fix_of(subject, one, actions=dict.fromkeys(unused, ())),
                )  # fmt: skip


RULE = Rule(
    id="SD201",
    name="unused-action",
    severity=Severity.WARNING,
    summary="The role allows an action that no function needs.",
    explanation="No call and no setting of the functions with this role needs the action. An attacker who takes over "
    "the function can use it.",
    remedy='Remove it, or keep it with the comment "# scopedown: needs ACTION on TARGET" if code that scopedown cannot '
    "see uses it.",
    bad=Example(
        service_allowing("Action: 'sqs:PurgeQueue', Resource: '*'"),
    ),
    good=Example(
        SERVICE,
    ),
    find=find,
    takes=True,
    security=4.0,
)
