"""Every hand-written row names things that exist, and says where it comes from."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from scopedown.catalog.load import SqliteCatalog
from scopedown.catalog.tables import FOLDER, read_table
from scopedown.core.conditions import paths_in

OVERLAYS = sorted(path.stem for path in (FOLDER / "overlay").glob("*.tsv"))


def overlay(name: str) -> list[dict[str, str]]:
    return list(read_table(FOLDER, "overlay", name))


@pytest.mark.parametrize("name", OVERLAYS)
def test_every_row_has_a_source(name: str) -> None:
    assert [row for row in overlay(name) if len(row["source"]) < 10] == []


@pytest.mark.parametrize("name", OVERLAYS)
def test_no_row_is_written_twice(name: str) -> None:
    counted = Counter(tuple(cell for key, cell in row.items() if key != "source") for row in overlay(name))
    assert [row for row, count in counted.items() if count > 1] == []


@pytest.mark.parametrize("name", ["operations", "exceptions", "resource_parameters"])
def test_every_operation_named_exists(facts: SqliteCatalog, name: str) -> None:
    unknown = [
        f"{row['service']}.{row['operation']}"
        for row in overlay(name)
        if (row["operation"] == "*" and facts.service(row["service"]) is None)
        or (row["operation"] != "*" and facts.operation(row["service"], row["operation"]) is None)
    ]
    assert unknown == []


@pytest.mark.parametrize("name", ["operations", "resource_parameters"])
def test_every_action_named_exists(facts: SqliteCatalog, name: str) -> None:
    named = {row["action"] for row in overlay(name)} - {"*"}
    assert {action for action in named if (known := facts.action(action)) is None or known.name != action} == set()


def test_every_condition_names_a_parameter_of_its_operation(facts: SqliteCatalog) -> None:
    wrong = []
    for row in overlay("operations"):
        operation = facts.operation(row["service"], row["operation"])
        if operation is None:
            continue
        known = {*operation.members, "$parts"}
        paths = [p for p in paths_in(row["when"]) if re.split(r"[.\[]", p)[0] not in known]
        wrong += [(row["service"], row["operation"], path) for path in paths]
    assert wrong == []


def test_overlay_operations_either_replace_or_add() -> None:
    assert {row["how"] for row in overlay("operations")} == {"is", "also"}


def test_exceptions_are_of_three_kinds() -> None:
    assert {row["kind"] for row in overlay("exceptions")} == {"none", "token", "unknown"}


def test_an_exception_is_needed(facts: SqliteCatalog) -> None:
    """A row that a newer IAM reference makes superfluous must go: the operation has an action of its own name now."""
    superfluous = []
    for row in overlay("exceptions"):
        service = facts.service(row["service"])
        assert service is not None
        if row["kind"] == "unknown" and facts.action(f"{service.prefix}:{row['operation']}") is not None:
            superfluous.append(f"{row['service']}.{row['operation']}")
    assert superfluous == []


def test_aliases_and_corrections_name_known_services(facts: SqliteCatalog) -> None:
    named = {row["service"] for table in ("services", "aliases") for row in overlay(table)}
    assert {name for name in named if facts.service(name) is None} == set()


def test_cloudformation_corrections_name_known_types_and_columns(facts: SqliteCatalog) -> None:
    rows = overlay("cloudformation")
    assert {row["type"] for row in rows if facts.cloudformation_type(row["type"]) is None} == set()
    assert {row["column"] for row in rows} <= {"ref", "name_property", "arn", "attributes"}
    table = facts.cloudformation_type("AWS::DynamoDB::GlobalTable")
    assert table is not None and table.arn == "arn:${Partition}:dynamodb:${Region}:${Account}:table/${TableName}"


def test_boto3_additions_name_known_operations(facts: SqliteCatalog) -> None:
    wrong = [row for row in overlay("boto3_resources") if facts.operation(row["service"], row["operation"]) is None]
    assert wrong == []


def test_a_row_with_too_many_cells_is_refused(tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "x.tsv").write_text("a\tb\n1\t2\t3\n")
    with pytest.raises(ValueError, match=r"x\.tsv:2: 3 cells"):
        list(read_table(tmp_path, "tables", "x"))


def test_services_that_roles_are_passed_to_are_of_operations_that_pass_roles(facts: SqliteCatalog) -> None:
    """Every row is used, and a service principal is written whole."""
    unused = []
    for row in overlay("passed_to"):
        service, operation = row["service"], row["operation"]
        assert re.fullmatch(r"([a-z0-9.-]+\.amazonaws\.com)(,[a-z0-9.-]+\.amazonaws\.com)*", row["principals"])
        candidates = facts.operations_of(service) if operation == "*" else [facts.operation(service, operation)]
        forms = {one.form for known in candidates if known for one in known.resources if one.action == "iam:PassRole"}
        if not any(form.endswith(f">{row['principals']}") for form in forms):
            unused.append((service, operation, row["parameter"]))
    assert unused == []
