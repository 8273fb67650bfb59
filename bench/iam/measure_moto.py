"""Decisions a second of moto's access_control."""

from __future__ import annotations

import json
import sys

from moto.iam.access_control import IAMPolicy, PermissionResult
from workload import PRINCIPAL, best_rate, requests, statements


def main() -> None:
    size, count = int(sys.argv[1]), int(sys.argv[2])
    policy = IAMPolicy(json.dumps({"Version": "2012-10-17", "Statement": statements(size)}))
    asked = requests(count, size)

    def decide() -> list[PermissionResult]:
        return [policy.is_action_permitted(one["action"], one["resource"], PRINCIPAL, one["context"]) for one in asked]

    rate = best_rate(decide, count)
    results = decide()
    answers = "".join("1" if result == PermissionResult.PERMITTED else "0" for result in results)
    print(json.dumps({"single": rate, "answers": answers}))


main()
