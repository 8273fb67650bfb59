"""What denying each action alone came to (``deny-one.tsv``, measured by :mod:`.deny_one`) speaks of today's policy."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from enforcement.deny_one import TABLE
from enforcement.frameworks import HELLO, actions_of, policies_of

with TABLE.open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file, delimiter="\t"))
EXPLAINED = Path(__file__).with_name("not-needed.tsv")


@pytest.mark.parametrize("framework", ["osls", "v3"])
def test_every_action_of_the_policy_was_denied_alone(framework: str) -> None:
    assert {row["action"] for row in ROWS if row["framework"] == framework} == actions_of(policies_of(HELLO, framework))


@pytest.mark.parametrize("framework", ["osls", "v3"])
def test_each_action_without_which_every_command_ends_well_is_explained(framework: str) -> None:
    with EXPLAINED.open(encoding="utf-8", newline="") as file:
        explained = {(row["framework"], row["action"]): row["why"] for row in csv.DictReader(file, delimiter="\t")}
    spare = {row["action"] for row in ROWS if row["framework"] == framework and row["result"] != "needed"}
    assert spare == {action for name, action in explained if name == framework}
    assert all(explained.values())


@pytest.mark.parametrize("framework", ["osls", "v3"])
def test_at_most_three_actions_are_asked_for_by_no_command(framework: str) -> None:
    never = [row for row in ROWS if row["framework"] == framework and row["result"] == "never asked"]
    assert len(never) <= 3
