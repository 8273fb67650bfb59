"""Decisions a second of moto's access_control."""

from __future__ import annotations

import json
import sys
import time

from moto.iam.access_control import IAMPolicy, PermissionResult
from workload import PRINCIPAL, requests, statements


def main() -> None:
    size, count = int(sys.argv[1]), int(sys.argv[2])
    policy = IAMPolicy(json.dumps({"Version": "2012-10-17", "Statement": statements(size)}))
    asked = requests(count, size)
    started = time.perf_counter()
    results = [policy.is_action_permitted(one["action"], one["resource"], PRINCIPAL, one["context"]) for one in asked]
    rate = count / (time.perf_counter() - started)
    answers = "".join("1" if result == PermissionResult.PERMITTED else "0" for result in results)
    print(json.dumps({"single": rate, "answers": answers}))


main()
