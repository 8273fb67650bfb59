"""An action does not exist."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy
from scopedown.validate.names import near_action, wrong_action


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        for entry in (*statement.actions, *statement.not_actions):
            action = entry.text or ""
            if "${" in action or action == "*":
                continue
            if ":" not in action or action.endswith(":"):
                yield Found(f"{action} is not an action, which is written service:Name", entry.place, action)
                continue
            known = document.facts.names_of(action.partition(":")[0].lower())
            if wrong_action(known, action)[1] == CHECK.code:
                near = near_action(known, action)
                hint = f"; did you mean {near}?" if near else ""
                yield Found(f"{action} does not exist{hint}", entry.place, action)


CHECK = Check(
    code="INVALID_ACTION",
    type=Type.ERROR,
    summary="An action does not exist.",
    explanation="IAM accepts the policy, and the entry has no effect. Often it is the name of an API operation "
    "instead of the action, or it is misspelt.",
    remedy="Write the action's name as the service reference has it; scopedown catalog SERVICE lists the "
    "actions of a service.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": "dynamodb:GetItems", '
            '"Resource": "arn:aws:dynamodb:eu-west-1:111122223333:table/orders"}'
        )
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Action": "dynamodb:GetItem", '
            '"Resource": "arn:aws:dynamodb:eu-west-1:111122223333:table/orders"}'
        )
    ),
    find=find,
)
