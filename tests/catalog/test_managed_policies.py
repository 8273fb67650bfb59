"""AWS's own policies as a corpus: what they name is, with few exceptions, in the catalog.

``managed_policy_actions.tsv`` has each action element of moto's copy of the managed policies, with the number of
policies naming it (facts only; ``tools/build_catalog.py policies`` refreshes it).
"""

from __future__ import annotations

import re
from pathlib import Path

from scopedown.catalog.load import SqliteCatalog

CORPUS = Path(__file__).with_name("managed_policy_actions.tsv")


def test_at_most_half_a_percent_of_their_action_elements_are_unknown(facts: SqliteCatalog) -> None:
    names = "\n".join(facts.action_names())
    lines = CORPUS.read_text(encoding="utf-8").splitlines()[1:]
    total = unknown = 0
    for line in lines:
        element, count = line.split("\t")
        total += int(count)
        if not _known(element, names, facts):
            unknown += int(count)
    assert total > 60_000
    assert unknown / total <= 0.005, f"{unknown} of {total}"


def _known(element: str, names: str, facts: SqliteCatalog) -> bool:
    if element == "*":
        return True
    if not re.search(r"[*?]", element):
        return facts.action(element) is not None
    pattern = re.escape(element).replace(r"\*", r"[^\n]*").replace(r"\?", r"[^\n]")
    return re.search(f"^{pattern}$", names, re.MULTILINE | re.IGNORECASE) is not None
