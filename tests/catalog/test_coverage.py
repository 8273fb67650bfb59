"""No operation, paginator, waiter or boto3 resource action is without an answer: actions, or a reason."""

from __future__ import annotations

import pytest

from scopedown.catalog.load import SqliteCatalog
from scopedown.catalog.model import Operation
from scopedown.catalog.tables import FOLDER, read_table


@pytest.fixture(scope="module")
def operations(facts: SqliteCatalog) -> dict[tuple[str, str], Operation]:
    return {(o.service, o.name): o for s in facts.services() for o in facts.operations_of(s.name)}


def test_the_tables_hold_all_of_botocore(operations: dict[tuple[str, str], Operation]) -> None:
    assert len(operations) > 20_000
    assert len({service for service, _ in operations}) > 440


def test_every_operation_has_actions_or_a_reason(operations: dict[tuple[str, str], Operation]) -> None:
    silent = [f"{o.service}.{o.name}" for o in operations.values() if not o.actions and not o.exception]
    assert silent == []


def test_no_operation_has_both(operations: dict[tuple[str, str], Operation]) -> None:
    assert [f"{o.service}.{o.name}" for o in operations.values() if o.actions and o.exception] == []


def test_what_nothing_guards_has_no_action(operations: dict[tuple[str, str], Operation]) -> None:
    assert [o.name for o in operations.values() if not o.authorised and o.actions] == []


def test_few_operations_are_unknown(operations: dict[tuple[str, str], Operation]) -> None:
    unknown = [o for o in operations.values() if o.authorised and not o.actions]
    assert len(unknown) / len(operations) < 0.04


def test_every_paginator_leads_to_an_operation(facts: SqliteCatalog) -> None:
    paginated = [r for r in read_table(FOLDER, "tables", "operations") if r["paginated"]]
    assert len(paginated) > 3_500
    wrong = [
        r["operation"]
        for r in paginated
        if (found := facts.paginator_operation(r["service"], r["method"])) is None or found.name != r["operation"]
    ]
    assert wrong == []


def test_every_waiter_leads_to_an_operation(facts: SqliteCatalog) -> None:
    rows = list(read_table(FOLDER, "tables", "waiters"))
    assert len(rows) > 400
    for row in rows:
        for name in (row["waiter"], row["method"]):
            found = facts.waiter_operation(row["service"], name)
            assert found is not None and found.name == row["operation"]


def test_every_boto3_resource_action_leads_to_an_operation(facts: SqliteCatalog) -> None:
    seen = 0
    for service in facts.services():
        for name in facts.resource_models_of(service.name):
            model = facts.resource_model(service.name, name)
            assert model is not None
            calls = [operation for operation, _ in (*model.operations.values(), *model.waiters.values())]
            calls += [operation for operation, _, _ in model.collections.values()]
            calls += [model.load] if model.load else []
            seen += len(calls)
            for operation in calls:
                assert facts.operation(service.name, operation) is not None, (service.name, name, operation)
            for kind, _ in (*model.resources.values(), *model.returns.values()):
                assert facts.resource_model(service.name, kind) is not None, (service.name, name, kind)
    assert seen > 500


def test_python_names_are_botocore_s(facts: SqliteCatalog, operations: dict[tuple[str, str], Operation]) -> None:
    for row in read_table(FOLDER, "tables", "operations"):
        assert operations[row["service"], row["operation"]].method == row["method"]
    irregular = facts.operation_of_method("storagegateway", "create_cached_iscsi_volume")
    assert irregular is not None and irregular.name == "CreateCachediSCSIVolume"


def test_every_action_and_dependent_action_is_well_formed(facts: SqliteCatalog) -> None:
    names = set(facts.action_names())
    assert len(names) > 22_000
    for prefix in facts.prefixes():
        types = {t.name for t in facts.resource_types_of(prefix)}
        for action in facts.actions_of(prefix):
            assert action.name in names and action.access_level
            assert set(action.dependent_actions) <= names
            assert set(action.required_types) <= set(action.resource_types)
            assert types or not action.resource_types
