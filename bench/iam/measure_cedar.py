"""Decisions a second of cedarpy's batch call, with policies and entities parsed beforehand."""

from __future__ import annotations

import json
import sys

import cedarpy
from workload import TAG, best_rate, requests, statements


def policy_text(size: int) -> str:
    """The same statements in Cedar, which has ``like`` for wildcards."""
    out = []
    for one in statements(size):
        actions = " || ".join(f'context.action like "{action}"' for action in one["Action"])
        resources = " || ".join(f'context.resource like "{resource}"' for resource in one["Resource"])
        team = one["Condition"]["StringEquals"][TAG]
        effect = "forbid" if one["Effect"] == "Deny" else "permit"
        out.append(
            f"{effect}(principal, action, resource) "
            f'when {{ ({actions}) && ({resources}) && context.team == "{team}" }};'
        )
    return "\n".join(out)


def main() -> None:
    size, count = int(sys.argv[1]), int(sys.argv[2])
    policies = cedarpy.PolicySet.from_str(policy_text(size))
    entities = cedarpy.Entities.from_json_str("[]")
    asked = [
        {
            "principal": 'User::"alice"',
            "action": 'Action::"do"',
            "resource": 'Resource::"it"',
            "context": {"action": one["action"], "resource": one["resource"], "team": one["context"][TAG]},
        }
        for one in requests(count, size)
    ]
    rate = best_rate(lambda: cedarpy.is_authorized_batch(asked, policies, entities), count)
    results = cedarpy.is_authorized_batch(asked, policies, entities)
    answers = "".join("1" if result.allowed else "0" for result in results)
    print(json.dumps({"batch": rate, "answers": answers}))


main()
