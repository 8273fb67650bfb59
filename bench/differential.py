"""Two evaluators on many random requests: how many questions, how they were decided, on how many the two differ.

usage: python bench/differential.py [--n 200000] [--seed 20240601] [--per-set 20] [--save FILE]

Hypothesis makes sets of policies with the strategies of ``tests/differential``, ``--per-set`` requests to each. Every
difference is printed as a case, in one line; ``--save`` also writes them to a file. Exit code 1 when there is one.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from differential import adapter
from differential.strategies import questions
from reference.evaluator import decide as reference

SHOWN = 20


def answer(case: dict[str, Any]) -> str:
    """What `scopedown.iam` says; a question that it refuses or breaks on is a difference too."""
    try:
        return adapter.decide(case)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def main() -> int:
    """Run, print, and answer with the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=200_000, help="requests to ask, at least")
    parser.add_argument("--seed", type=int, default=20240601)
    parser.add_argument("--per-set", type=int, default=20, help="requests to one set of policies")
    parser.add_argument("--save", type=Path, help="file for the cases on which the two differ")
    arguments = parser.parse_args()

    decided: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    differing: list[dict[str, Any]] = []
    sets = -(-arguments.n // arguments.per_set)

    @seed(arguments.seed)
    @settings(
        max_examples=sets,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(asked=questions(arguments.per_set))
    def ask(asked: list[dict[str, Any]]) -> None:
        for case in asked:
            expected, got = reference(case), answer(case)
            decided[expected] += 1
            kinds.update(kind for kind, value in case["policies"].items() if value)
            if expected != got:
                differing.append({**case, "reference": expected, "scopedown": got})

    started = time.perf_counter()
    ask()
    seconds = time.perf_counter() - started

    total = sum(decided.values())
    print(
        f"requests        {total} in {seconds:.0f} s, seed {arguments.seed}, {arguments.per_set} to a set of policies"
    )
    for word, count in decided.most_common():
        print(f"  {word:<17} {count:>8}  {count / total:.1%}")
    print("with a policy of kind: " + ", ".join(f"{kind} {count}" for kind, count in kinds.most_common()))
    print(f"differences     {len(differing)}")
    for case in differing[:SHOWN]:
        print(json.dumps(case))
    if arguments.save:
        arguments.save.write_text("".join(json.dumps(case) + "\n" for case in differing), encoding="utf-8")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
