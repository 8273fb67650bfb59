"""AWS's own policies as a corpus: what they name is, with few exceptions, in the catalog.

``managed_policy_actions.tsv`` has each action element of moto's copy of the managed policies, with the number of
policies naming it (facts only; ``tools/build_catalog.py policies`` refreshes it).
"""

from __future__ import annotations

import json
import re
from importlib import import_module
from pathlib import Path

from scopedown.catalog.load import SqliteCatalog
from scopedown.catalog.tables import FOLDER, read_table

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


def test_the_table_of_managed_policies_says_what_aws_published() -> None:
    """Against the copies of AWS's documents that moto ships: all of a complete policy, a part of another."""
    published = json.loads(import_module("moto.iam.aws_managed_policies").aws_managed_policies_data)
    rows: dict[str, list[dict[str, str]]] = {}
    for row in read_table(FOLDER, "overlay", "managed_policies"):
        rows.setdefault(row["policy"], []).append(row)
        assert row["source"].endswith(f"/{row['policy'].rpartition('/')[2]}.html")
    for policy, found in rows.items():
        path, _, name = policy.rpartition("/")
        statements = published[name]["Document"]["Statement"]
        statements = statements if isinstance(statements, list) else [statements]
        allowed = {action for one in statements for action in _listed(one.get("Action", []))}
        listed = {action for row in found for action in row["actions"].split(",")}
        assert published[name]["Path"] == f"/{path}/".replace("//", "/"), name
        assert listed == allowed if found[0]["complete"] else listed <= allowed, name


def _listed(written: str | list[str]) -> list[str]:
    return [written] if isinstance(written, str) else written


def test_a_policy_that_is_complete_in_the_table_is_part_of_a_boundary(facts: SqliteCatalog) -> None:
    assert [one.complete for one in facts.managed_policy("AWSLambdaRole")] == [True]
    assert [one.complete for one in facts.managed_policy("AWSLambda_FullAccess")] == [False]
    assert facts.managed_policy("NoSuchPolicy") == ()
