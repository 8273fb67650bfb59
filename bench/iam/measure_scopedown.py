"""Decisions a second of scopedown.iam: one by one from plain values, in a batch, and in a batch of ready requests."""

from __future__ import annotations

import json
import sys
import time

from workload import ACCOUNT, PRINCIPAL, best_rate, requests, statements

from scopedown.iam import Caller, Kind, PolicySet, Request, compile, evaluate, parse_policy


def main() -> None:
    size, count = int(sys.argv[1]), int(sys.argv[2])
    policy = parse_policy({"Version": "2012-10-17", "Statement": statements(size)}, Kind.IDENTITY)
    policies = PolicySet(identity=(policy,))
    asked = requests(count, size)
    caller = Caller.of(PRINCIPAL)
    evaluate(Request(caller, "s3:GetObject", "arn:aws:s3:::none/k", ACCOUNT), policies)

    def one_by_one() -> None:
        for one in asked:
            evaluate(Request(caller, one["action"], one["resource"], ACCOUNT, one["context"]), policies)

    ready = [Request(caller, one["action"], one["resource"], ACCOUNT, one["context"]) for one in asked]
    compiled = compile(policies)
    single = best_rate(one_by_one, count)
    batch = best_rate(lambda: compiled.batch(ready), count)
    decisions = compiled.batch(ready)

    started = time.perf_counter()
    compile(policies)
    compiling = time.perf_counter() - started
    answers = "".join("1" if decision.allowed else "0" for decision in decisions)
    print(json.dumps({"single": single, "batch": batch, "compile seconds": compiling, "answers": answers}))


main()
