"""The hand-written rows that say where resources stand: each names what exists."""

from __future__ import annotations

import re

import pytest

from scopedown.catalog.load import SqliteCatalog
from scopedown.catalog.tables import FOLDER, read_table
from scopedown.permissions.naming import variables_of
from scopedown.permissions.parameter_formats import KINDS, read_form

ROWS = list(read_table(FOLDER, "overlay", "resource_parameters"))


@pytest.mark.parametrize(
    "row", ROWS, ids=lambda row: f"{row['service']}.{row['operation']} {row['parameter']} {row['action']}"
)
def test_a_row_names_what_exists_and_its_source(facts: SqliteCatalog, row: dict[str, str]) -> None:
    assert facts.service(row["service"]) is not None
    assert read_form(row["form"]).kind in KINDS
    assert row["source"].startswith("https://docs.aws.amazon.com/") or "boto3.amazonaws.com" in row["source"]
    operation = None if row["operation"] == "*" else facts.operation(row["service"], row["operation"])
    assert row["operation"] == "*" or operation is not None
    first = re.split(r"[.\[]", row["parameter"])[0]
    if operation is not None and not first.startswith(("'", "$")):
        assert first in operation.members
    if row["action"] != "*":
        action = facts.action(row["action"])
        assert action is not None and action.name == row["action"]
        assert operation is None or row["action"] in {mapping.action for mapping in operation.actions}
        assert not row["type"] or row["type"] in action.resource_types
    if row["type"]:
        prefixes = {row["action"].partition(":")[0]} if row["action"] != "*" else _prefixes(facts, row)
        kinds = [kind for prefix in prefixes if (kind := facts.resource_type(prefix, row["type"]))]
        assert kinds, f"no resource type {row['type']}"
        if row["variable"] not in ("", "*", "+"):
            assert any(row["variable"] in variables_of(kind.arn) for kind in kinds)


def _prefixes(facts: SqliteCatalog, row: dict[str, str]) -> set[str]:
    service = facts.service(row["service"])
    assert service is not None
    return {service.prefix}
