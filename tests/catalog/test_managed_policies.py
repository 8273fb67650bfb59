"""AWS's own managed policies, whole: what they say can be read, and what they name is, with few exceptions, known."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from scopedown.catalog.load import SqliteCatalog
from scopedown.catalog.tables import FOLDER, read_table
from scopedown.iam.parse import parse_policy
from scopedown.permissions.managed_policies import allowed_by, everywhere, patterns

OF_AWS = "arn:aws:iam::aws:policy"


def test_every_policy_is_one_that_the_evaluator_takes() -> None:
    rows = list(read_table(FOLDER, "tables", "managed_policies"))
    assert len(rows) > 1_500
    for row in rows:
        assert parse_policy(row["document"], name=row["name"]).statements


def test_the_compiled_table_has_each_policy_as_the_table_of_text_has_it(facts: SqliteCatalog) -> None:
    for row in read_table(FOLDER, "tables", "managed_policies"):
        found = facts.managed_policy(row["name"])
        assert found is not None
        assert (found.path, found.version, found.updated) == (row["path"], row["version"], row["updated"])
        assert len(found.statements) == len(parse_policy(row["document"]).statements)


def test_at_most_half_a_percent_of_their_action_elements_are_unknown(facts: SqliteCatalog) -> None:
    names = "\n".join(facts.action_names())
    count = Counter(_elements())
    unknown = sum(times for element, times in count.items() if not _known(element, names, facts))
    total = sum(count.values())
    assert total > 60_000
    assert unknown / total <= 0.005, f"{unknown} of {total}"


def _elements() -> Iterator[str]:
    """Each action or pattern, once for every policy that names it."""
    for row in read_table(FOLDER, "tables", "managed_policies"):
        statements = parse_policy(row["document"]).statements
        yield from {name for one in statements for name in one.action or one.not_action or ()}


def _known(element: str, names: str, facts: SqliteCatalog) -> bool:
    if element == "*":
        return True
    if not re.search(r"[*?]", element):
        return facts.action(element) is not None
    pattern = re.escape(element).replace(r"\*", r"[^\n]*").replace(r"\?", r"[^\n]")
    return re.search(f"^{pattern}$", names, re.MULTILINE | re.IGNORECASE) is not None


def test_a_policy_is_found_by_name_or_arn(facts: SqliteCatalog) -> None:
    by_name = facts.managed_policy("AWSLambdaRole")
    assert by_name is not None
    assert by_name == facts.managed_policy(f"{OF_AWS}/service-role/AWSLambdaRole")
    assert by_name.is_named("arn:aws-cn:iam::aws:policy/service-role/AWSLambdaRole")
    assert not by_name.is_named(f"{OF_AWS}/AWSLambdaRole")
    assert facts.managed_policy("NoSuchPolicy") is None


def test_all_statements_of_a_policy_are_grants_with_conditions_and_in_its_partition() -> None:
    grants = allowed_by("arn:aws-cn:iam::aws:policy/SecretsManagerReadWrite") or ()
    texts = [str(text) for one in grants for text in one.resources]
    assert "arn:aws-cn:serverlessrepo:*:*:applications/SecretsManager*" in texts
    assert not any(text.startswith("arn:aws:") for text in texts)
    assert any(one.conditions for one in grants)
    assert "secretsmanager:*" in everywhere(grants)[0].actions


def test_only_policies_of_aws_are_known() -> None:
    assert allowed_by("arn:aws:iam::111122223333:policy/AWSLambdaRole") is None
    assert allowed_by(f"{OF_AWS}/NoSuchPolicy") is None
    assert allowed_by("AWSLambdaRole") is None


def test_what_a_policy_takes_out_of_everything_may_be_any_action() -> None:
    power = allowed_by(f"{OF_AWS}/PowerUserAccess") or ()
    assert power[0].but_actions and "iam:*" in power[0].actions
    assert patterns(power)[0] == "*" and everywhere(power) == power
    denied = allowed_by(f"{OF_AWS}/AWSDenyAll") or ()
    assert denied[0].effect == "Deny" and not patterns(denied) and not everywhere(denied)
