"""The tables are held against what they were not made from: the catalog, the registry's handlers, schemas of types."""

from __future__ import annotations

import fnmatch
import re
from pathlib import Path

import pytest

from deploy.named_properties import named_in
from scopedown.catalog.load import catalog
from scopedown.catalog.model import CloudFormationType
from scopedown.core.tables import read_rows
from scopedown.deploy.arns import FORMS, PLACEHOLDER
from scopedown.deploy.commands import ANY
from scopedown.deploy.model import Phase
from scopedown.deploy.resources import CUSTOM
from scopedown.deploy.row_permissions import split_condition
from scopedown.deploy.rows import (
    FOLDER,
    SPECIAL,
    command_rows,
    frameworks,
    name_rows,
    not_needed,
    type_rows,
)

ROWS = [row for rows in type_rows().values() for row in rows]
TYPES = [name for name in type_rows() if name not in CUSTOM]
COMMANDS = [row for name in frameworks() for row in command_rows(name)]
PROPERTIES = {(row["type"], row["property"]) for row in read_rows(Path(__file__).with_name("properties.tsv"))}
"""What the types' schemas hold of the names that the tables use (written by ``tools/deploy_properties.py``)."""
PATTERNS = ("lambda:EnableReplication*", "lambda:DisableReplication*")
"""Actions of which AWS says that they must be written so
(https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-edge-permissions.html)."""
OPERATORS = ("StringEquals", "StringLike", "ArnLike", "ArnEquals", "Bool", "ForAllValues:StringLike")


def handlers(type_name: str) -> dict[str, tuple[str, ...]]:
    known = catalog().cloudformation_type(type_name)
    assert isinstance(known, CloudFormationType), type_name
    return {name: known.handlers.get(name, ()) for name in Phase}


def test_every_action_is_one_that_aws_has_and_none_is_a_pattern() -> None:
    actions = {row.action for row in [*ROWS, *COMMANDS, *not_needed()]} - {*PATTERNS}
    unknown = [name for name in actions if (known := catalog().action(name)) is None or known.name != name]
    assert not unknown


def test_every_type_is_one_that_aws_has() -> None:
    named = {*TYPES, *name_rows(), *(row.type for row in not_needed())}
    assert not [name for name in named if catalog().cloudformation_type(name) is None]


@pytest.mark.parametrize("type_name", TYPES)
def test_every_handler_action_is_in_the_table_or_is_told_not_to_be_needed(type_name: str) -> None:
    listed = {action for actions in handlers(type_name).values() for action in actions}
    told = {row.action for row in not_needed() if row.type == type_name}
    rows = {row.action for row in type_rows()[type_name]}
    # A pattern in a handler (dynamodb:Describe*) is told by the actions of it that rows name.
    assert {action for action in listed - told if not fnmatch.filter(rows, action)} == set()


@pytest.mark.parametrize("type_name", TYPES)
def test_what_comes_from_the_registry_is_in_the_handlers(type_name: str) -> None:
    """A row that the handlers do not know names a page, a report or a measurement of its own."""
    listed = {action for actions in handlers(type_name).values() for action in actions}
    alone = {row.action for row in type_rows()[type_name] if row.source.startswith("registry")}
    assert alone - listed == set()


def test_what_is_not_needed_is_a_handlers_action_that_no_row_asks_for() -> None:
    for row in not_needed():
        assert row.reason and row.source.startswith("https://"), row
        assert row.action in {action for actions in handlers(row.type).values() for action in actions}, row
        assert row.action not in {one.action for one in type_rows()[row.type]}, row


def test_every_row_has_a_source() -> None:
    sources = ("registry", "https://", "measured", "read: ")
    assert not [row for row in [*ROWS, *COMMANDS] if not row.source.startswith(sources)]
    assert not [row for row in name_rows().values() if not row.source.startswith("https://")]


def test_every_property_that_a_row_names_is_one_of_the_type() -> None:
    rows = [row for row in ROWS if row.type not in CUSTOM]
    missing = {(row.type, path) for row in rows for path in named_in(row)} - PROPERTIES
    assert not missing, "correct the name, or run tools/deploy_properties.py where it is new"
    assert not {(row.type, row.name) for row in name_rows().values() if row.name} - PROPERTIES


def test_every_condition_is_one_that_the_action_knows() -> None:
    for row in [*ROWS, *COMMANDS]:
        known = catalog().action(row.action.rstrip("*"))
        assert known is not None
        keys = {key.partition("/")[0].lower() for key in known.condition_keys}
        for operator, key, value in split_condition(row.condition):
            assert operator in OPERATORS, row
            assert key.partition("/")[0].lower() in keys, row
            assert value, row


def test_every_resource_is_an_arn_a_value_or_everything() -> None:
    for row in [*ROWS, *COMMANDS]:
        assert row.resource, row
        for template in row.resource.split():
            assert template == "*" or template.startswith(("arn:{Partition}:", "{")), row
            assert template.count("{") == template.count("}") == len(PLACEHOLDER.findall(template)), row
            assert set(re.findall(r"@([\w-]+)", template)) <= set(FORMS), row


def test_an_action_that_no_resource_limits_stands_on_everything() -> None:
    """AWS matches such an action against ``*`` alone: an ARN there would allow nothing."""
    wrong = []
    for row in [*ROWS, *COMMANDS]:
        known = catalog().action(row.action)
        if known is not None and not known.resource_types and "*" not in row.resource.split():
            wrong.append((row.action, row.resource))
    assert not wrong


def test_everything_is_written_only_where_no_resource_limits_the_action() -> None:
    wide = set()
    for row in [*ROWS, *COMMANDS]:
        known = catalog().action(row.action)
        # A request that names none of the resources that an action may have is matched against * too.
        if "*" in row.resource.split() and known is not None and known.required_types:
            wide.add(row.action)
    assert wide == set()


def test_a_row_stands_once() -> None:
    seen: set[tuple[object, ...]] = set()
    for row in ROWS:
        for phase in row.phases:
            key = (row.type, phase, row.action, row.when, row.resource, row.condition)
            assert key not in seen
            seen.add(key)


def test_a_role_is_passed_to_a_named_service_only() -> None:
    passing = [row for row in [*ROWS, *COMMANDS] if row.action == "iam:PassRole"]
    assert passing
    assert not [row for row in passing if "iam:PassedToService=" not in row.condition]


def test_every_type_that_is_made_can_be_deleted() -> None:
    made = {row.type for row in ROWS if Phase.CREATE in row.phases}
    deleted = {row.type for row in ROWS if Phase.DELETE in row.phases}
    kept = {name for name in made if name not in CUSTOM and any(handlers(name).values())}
    kept = {name for name in kept if not handlers(name)[Phase.DELETE]}
    assert kept == {"AWS::AppSync::GraphQLSchema"}, "types that go with the resource that holds them"
    assert made - deleted == kept


def test_tables_are_of_the_service_that_their_file_names() -> None:
    """A new service is one file."""
    by_file: dict[str, set[str]] = {}
    for path in (FOLDER / "types").glob("*.tsv"):
        for row in read_rows(path) if path.stem not in SPECIAL else ():
            by_file.setdefault(path.name, set()).add(row["type"].split("::")[1] if "::" in row["type"] else row["type"])
    assert not {file: services for file, services in by_file.items() if len(services) > 1}


def test_every_framework_has_its_tables_and_every_table_a_framework() -> None:
    tables = {table for row in frameworks().values() for table in row.tables}
    files = {path.stem for path in (FOLDER / "commands").glob("*.tsv")}
    assert files == {*tables, "frameworks"}


def test_what_was_not_measured_says_so() -> None:
    for name, row in frameworks().items():
        assert row.source.startswith(("measured", "read"))
        if row.source.startswith("read"):
            own = [one for one in command_rows(name) if one not in command_rows("v3")]
            assert own
            assert not [one for one in own if one.source.startswith("measured")]


def test_the_names_of_commands_are_those_that_people_type() -> None:
    for row in COMMANDS:
        for name in row.command.split(","):
            spelling = r"[A-Za-z0-9_-]+( [a-z-]+)*" if row.plugin else r"[a-z]+( [a-z]+)*"
            assert name == ANY or re.fullmatch(spelling, name)
