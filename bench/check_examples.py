"""What `scopedown check` says of public projects as they stand: counts by rule, and a drawn sample to be read by hand.

usage: python bench/check_examples.py FOLDER [--name serverless.yml|template.yaml] [--most N] [--draw 30 --seed 7]

Prints the counts on stderr and the findings (or those drawn) as TSV: file, line, rule, about, message.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from scopedown.cache.store import Store
from scopedown.calls.recall import Recall
from scopedown.catalog.load import catalog
from scopedown.checks.model import Problem
from scopedown.checks.run import problems
from scopedown.core.finding import ScopedownError
from scopedown.project.load import Options, load_project
from scopedown.scan import scan


def configs(folder: Path, name: str) -> list[Path]:
    """The projects' files, none of a dependency."""
    found = sorted(folder.rglob(name))
    return [one for one in found if not {"node_modules", ".serverless", "cdk.out"} & set(one.parts)]


def main() -> int:
    """Check every project, one after another."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--name", default="serverless.yml")
    parser.add_argument("--most", type=int)
    parser.add_argument("--draw", type=int)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--cache", type=Path)
    given = parser.parse_args()
    facts = catalog()
    recall = Recall(Store(given.cache), facts) if given.cache else None
    rows: list[tuple[Path, Problem]] = []
    read, unread = 0, 0
    for config in configs(given.folder, given.name)[: given.most]:
        began = time.monotonic()
        try:
            found = problems(scan(load_project(config, Options()), facts, recall=recall), facts)
        except ScopedownError as error:
            unread += 1
            print(f"not read: {config.relative_to(given.folder)}: {error}", file=sys.stderr)
            continue
        read += 1
        rows += ((config.parent.relative_to(given.folder), one) for one in found)
        if (took := time.monotonic() - began) > 20:
            print(f"{took:.0f} s: {config.relative_to(given.folder)}", file=sys.stderr)
    counts = Counter(one.rule for _, one in rows)
    print(f"{read} projects read, {unread} not; {len(rows)} findings", file=sys.stderr)
    for rule, count in sorted(counts.items()):
        print(f"{rule}\t{count}", file=sys.stderr)
    if given.draw:
        rows = random.Random(given.seed).sample(rows, min(given.draw, len(rows)))
    for line in told(rows):
        print(line)
    return 0


def told(rows: list[tuple[Path, Problem]]) -> Iterator[str]:
    """One line a finding."""
    for folder, one in rows:
        yield "\t".join((str(folder / one.place.file), str(one.place.line), one.rule, one.about, one.message))


if __name__ == "__main__":
    sys.exit(main())
