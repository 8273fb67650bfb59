"""Variables here against the framework's own resolver, on many generated configurations.

usage: OSLS_DIR=FOLDER python bench/variables.py [--n 20000] [--seed 4] [--save FILE]

Needs node and osls (``npm install --prefix .cache/osls osls@4.3.1``). Prints how many configurations resolve equally
and what differs in the others; ``--save`` writes these, a line each, in the shape of the golden cases. Exit code 1
where something differs, 2 where the framework is not there.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from oracle.grammar import ENVIRONMENT, FILES, cases
from oracle.harness import Framework, missing
from oracle.resolving import difference, options_of

SHOWN = 20


def main() -> int:
    """Run, print, and answer with the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=20_000, help="configurations to generate")
    parser.add_argument("--seed", type=int, default=4)
    parser.add_argument("--save", type=Path, help="file for the configurations that differ")
    arguments = parser.parse_args()
    if reason := missing():
        print(f"not measured: {reason}")
        return 2

    differing: list[dict[str, Any]] = []
    total = damaged = refused = endless = 0
    ours = 0.0
    started = time.perf_counter()
    with Framework() as framework:
        for case in cases(arguments.seed, arguments.n):
            answer = framework.resolve(case.configuration, FILES, options=case.options, environment=ENVIRONMENT)
            before = time.perf_counter()
            found = difference(case.configuration, FILES, options_of(case.options, ENVIRONMENT), answer)
            ours += time.perf_counter() - before
            total += 1
            damaged += case.damaged
            refused += bool(answer.refused)
            endless += answer.endless
            if found is not None:
                golden = {
                    "config": case.configuration,
                    "options": case.options,
                    "resolved": answer.resolved,
                    "refused": list(answer.refused),
                }
                differing.append({"difference": found, **golden})
    seconds = time.perf_counter() - started

    print(f"configurations  {total} in {seconds:.0f} s (ours {ours:.0f} s), seed {arguments.seed}")
    print(f"  with damaged text {damaged}")
    print(f"  with something that the framework refuses {refused}, on which it never ends {endless}")
    print(f"differences     {len(differing)} ({1 - len(differing) / max(total, 1):.3%} equal)")
    for item in differing[:SHOWN]:
        print(json.dumps(item["difference"], ensure_ascii=False)[:400])
    if arguments.save:
        arguments.save.write_text("".join(json.dumps(item) + "\n" for item in differing), encoding="utf-8")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
