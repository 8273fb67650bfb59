"""How long a comparison takes by its size: processor seconds to the first request, and with all rows.

    python bench/compare_sizes.py

Statements of random services, of two to five actions and one to three resources, with none to fifty conditions; the new
policy is the same, or a tenth of it is changed, or all of it. Then patterns with many stars, which are hard to walk.
"""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from typing import Any

from scopedown.catalog.load import catalog
from scopedown.iam import Policy, parse_policy
from scopedown.iam.newaccess import new_access

Json = dict[str, Any]


def statement(r: random.Random, names: Sequence[str], conditions: int) -> Json:
    """One random Allow of a service's actions."""
    service = r.choice(names).partition(":")[0]
    actions = [name for name in names if name.startswith(service + ":")]
    chosen = r.sample(actions, min(len(actions), r.randint(2, 5)))
    if r.random() < 0.3:
        chosen[0] = chosen[0][: len(service) + 4] + "*"
    account = "111122223333"
    one: Json = {
        "Effect": "Allow",
        "Action": chosen,
        "Resource": [
            f"arn:aws:{service}:*:{account}:thing/{r.choice('abcdef')}{r.randint(1, 99)}*"
            for _ in range(r.randint(1, 3))
        ],
    }
    for number in range(conditions):
        one.setdefault("Condition", {}).setdefault("StringEquals", {})[f"aws:RequestTag/t{number}"] = (
            f"v{r.randint(1, 3)}"
        )
    return one


def policies(size: int, conditions: int, change: str, seed: int = 1) -> tuple[Policy, Policy]:
    """Two policies of a size."""
    r, names = random.Random(seed), catalog().action_names()
    old = [statement(r, names, conditions) for _ in range(size)]
    new = list(old)
    count = {"same": 0, "10 % changed": max(1, size // 10), "all different": size}[change]
    for at in r.sample(range(size), count):
        new[at] = statement(r, names, conditions)
    return parse_policy({"Statement": old}), parse_policy({"Statement": new})


def stars(count: int, element: str) -> tuple[Policy, Policy]:
    """Patterns ``*a*b*`` in a list, in NotResource of as many statements, or as values of one key."""
    letters = "abcdefghijklmnop"
    texts = [f"*{letters[at]}*{letters[(at * 7 + 3) % 16]}*" for at in range(count)]
    whole = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
    if element == "Resource":
        old = [{**whole, "Resource": [f"arn:aws:s3:::{one}" for one in texts]}]
    elif element == "NotResource":
        old = [{"Effect": "Allow", "Action": "s3:GetObject", "NotResource": f"arn:aws:s3:::{one}"} for one in texts]
    else:
        old = [{**whole, "Condition": {"StringNotLike": {"x:k": one}}} for one in texts]
    return parse_policy({"Statement": old}), parse_policy({"Statement": [whole]})


def measured(old: Policy, new: Policy, *, first: bool) -> str:
    """The seconds of one comparison, and its answer."""
    start = time.process_time()
    found = new_access([[old]], [[new]], catalog().action_names(), first=first)
    return f"{time.process_time() - start:7.3f} s  {found.answer}, {len(found.rows)} rows"


def main() -> None:
    """Print the table."""
    new_access([[]], [[]], catalog().action_names())
    for size in (10, 100, 1000):
        for conditions in (0, 1, 3, 50):
            for change in ("same", "10 % changed", "all different"):
                old, new = policies(size, conditions, change)
                shown = f"{size:5} statements, {conditions:2} conditions, {change:13}"
                print(f"{shown}  first {measured(old, new, first=True)}", flush=True)
                if size < 1000 or conditions < 2:
                    print(f"{shown}  rows  {measured(old, new, first=False)}", flush=True)
    for element in ("Resource", "NotResource", "condition key"):
        for count in (5, 10, 12):
            old, new = stars(count, element)
            print(f"{count:3} patterns *a*b* as {element}: {measured(old, new, first=True)}", flush=True)


if __name__ == "__main__":
    main()
