"""``scopedown validate`` over AWS's own managed policies: what it finds, and how long it takes.

usage: python bench/validate_managed.py [--show CODE] [--sample N --seed S]

The policies are those of the catalog. ``--show`` prints the findings of one code, ``--sample`` some of those that are
not errors, to be read by a person.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import time
from collections import Counter

from scopedown.catalog.load import FOLDER, SqliteCatalog
from scopedown.validate.facts import Facts
from scopedown.validate.model import Type
from scopedown.validate.read import of_text
from scopedown.validate.registry import Finding, findings


def main() -> None:
    """Print the table, and the findings that were asked for."""
    options = argparse.ArgumentParser()
    options.add_argument("--show", default="")
    options.add_argument("--sample", type=int, default=0)
    options.add_argument("--seed", type=int, default=18)
    given = options.parse_args()
    catalog = SqliteCatalog(FOLDER / "catalog.sqlite", FOLDER)
    facts = Facts(catalog)
    names = [name for (name,) in catalog.rows("SELECT name FROM managed_policy ORDER BY name")]
    seconds: list[float] = []
    found: list[Finding] = []
    for name in names:
        policy = catalog.managed_policy(name)
        assert policy is not None
        text = json.dumps({"Version": "2012-10-17", "Statement": policy.statements}, indent=2)
        began = time.process_time()
        found += (one for document in of_text(text, name, facts) for one in findings(document))
        seconds.append(time.process_time() - began)
    for (type_, code), count in sorted(Counter((one.check.type, one.check.code) for one in found).items()):
        policies = len({one.found.place.file for one in found if one.check.code == code})
        print(f"{type_:17} {code:65} {count:5} in {policies:4} policies")
    print(f"{len(names)} policies, {sum(seconds):.1f} CPU s, median {statistics.median(seconds) * 1000:.1f} ms, "
          f"most {max(seconds) * 1000:.0f} ms")  # fmt: skip
    shown = [one for one in found if one.check.code == given.show]
    rest = [one for one in found if one.check.type is not Type.ERROR]
    random.seed(given.seed)
    for one in shown + random.sample(rest, min(given.sample, len(rest))):
        print(f"{one.check.code} {one.found.place}: {one.found.message}")


if __name__ == "__main__":
    main()
