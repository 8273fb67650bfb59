"""An action names a service that does not exist."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy
from scopedown.validate.names import wrong_action


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        for entry in (*statement.actions, *statement.not_actions):
            action = entry.text or ""
            prefix = action.partition(":")[0]
            known = document.facts.names_of(prefix.lower())
            if "${" not in action and wrong_action(known, action)[1] == CHECK.code:
                near = get_close_matches(prefix.lower(), document.facts.prefixes, n=1, cutoff=0.85)
                hint = f"; did you mean {near[0]}?" if near else ""
                yield Found(f"{action}: AWS has no service {prefix}{hint}", entry.place, action)


CHECK = Check(
    code="INVALID_SERVICE_IN_ACTION",
    type=Type.ERROR,
    summary="An action names a service that does not exist.",
    explanation="IAM accepts the policy, and the entry has no effect.",
    remedy="Write the service's prefix as the service reference has it.",
    bad=Example(policy('{"Effect": "Allow", "Action": "cloudwatchlogs:PutLogEvents", "Resource": "*"}')),
    good=Example(policy('{"Effect": "Allow", "Action": "logs:PutLogEvents", "Resource": "*"}')),
    find=find,
)
