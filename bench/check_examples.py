"""What `scopedown check` says of public projects as they stand: counts by rule, and a drawn sample to be read by hand.

usage: python bench/check_examples.py FOLDER… [--name serverless.yml|template.yaml]… [--most N]
           [--draw 30 --seed 7 [--in-turn] [--apart check_findings.tsv]]

Prints the counts on stderr and the findings (or those drawn) as TSV: file, line, rule, about, message. ``--in-turn``
draws one of each rule after the other, so that a rare rule is looked at as well; ``--apart`` leaves the projects of an
earlier reading out.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from scopedown.cache.store import Store
from scopedown.calls.report_cache import Recall
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
    parser.add_argument("folder", type=Path, nargs="+")
    parser.add_argument("--name", action="append")
    parser.add_argument("--most", type=int)
    parser.add_argument("--draw", type=int)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--in-turn", action="store_true")
    parser.add_argument("--apart", type=Path)
    parser.add_argument("--cache", type=Path)
    given = parser.parse_args()
    facts = catalog()
    recall = Recall(Store(given.cache), facts) if given.cache else None
    rows: list[tuple[Path, Problem]] = []
    read, unread = 0, 0
    apart = known(given.apart) if given.apart else ()
    listed = [
        (folder, config)
        for folder in given.folder
        for name in given.name or ["serverless.yml"]
        for config in configs(folder, name)[: given.most]
    ]
    for folder, config in listed:
        if any(one.endswith(f"/{config.parent.relative_to(folder)}") for one in apart):
            continue
        began = time.monotonic()
        try:
            found = problems(scan(load_project(config, Options()), facts, recall=recall), facts)
        except ScopedownError as error:
            unread += 1
            print(f"not read: {config.relative_to(folder)}: {error}", file=sys.stderr)
            continue
        read += 1
        rows += ((config.parent.relative_to(folder), one) for one in found)
        if (took := time.monotonic() - began) > 20:
            print(f"{took:.0f} s: {config.relative_to(folder)}", file=sys.stderr)
    counts = Counter(one.rule for _, one in rows)
    print(f"{read} projects read, {unread} not; {len(rows)} findings", file=sys.stderr)
    for rule, count in sorted(counts.items()):
        print(f"{rule}\t{count}", file=sys.stderr)
    if given.draw:
        draw = in_turn if given.in_turn else sampled
        rows = draw(rows, min(given.draw, len(rows)), random.Random(given.seed))
    for line in told(rows):
        print(line)
    return 0


def known(path: Path) -> tuple[str, ...]:
    """The projects' folders of an earlier reading."""
    lines = path.read_text("utf-8").splitlines()[1:]
    return tuple(sorted({line.split("\t")[1].rpartition("/")[0] for line in lines}))


def sampled(rows: list[tuple[Path, Problem]], count: int, chance: random.Random) -> list[tuple[Path, Problem]]:
    """As many as are asked for, each as likely as the other."""
    return chance.sample(rows, count)


def in_turn(rows: list[tuple[Path, Problem]], count: int, chance: random.Random) -> list[tuple[Path, Problem]]:
    """One of each rule after the other, until there are as many as are asked for."""
    by_rule: dict[str, list[tuple[Path, Problem]]] = {}
    for row in rows:
        by_rule.setdefault(row[1].rule, []).append(row)
    piles = [chance.sample(by_rule[rule], len(by_rule[rule])) for rule in sorted(by_rule)]
    turns = (pile[turn] for turn in range(len(rows)) for pile in piles if turn < len(pile))
    return list(islice(turns, count))


def told(rows: list[tuple[Path, Problem]]) -> Iterator[str]:
    """One line a finding."""
    for folder, one in rows:
        yield "\t".join((str(folder / one.place.file), str(one.place.line), one.rule, one.about, one.message))


if __name__ == "__main__":
    sys.exit(main())
