"""What the tables name: used by the tests and by the tool that looks those names up in the schemas."""

from __future__ import annotations

from scopedown.core import conditions
from scopedown.deploy.arns import paths_in
from scopedown.deploy.resources import CUSTOM, OWN_TAGS, TAGS
from scopedown.deploy.row_permissions import split_condition
from scopedown.deploy.rows import TypeRow, name_rows, type_rows

ATTRIBUTES = ("UpdatePolicy", "DeletionPolicy")
"""What stands beside the properties, and which rows may name too."""


def named_in(row: TypeRow) -> set[str]:
    """The properties that one row names, anywhere."""
    found = set(conditions.paths_in(row.when))
    for template in row.resource.split():
        found.update(paths_in(template))
    for _, _, value in split_condition(row.condition):
        found.update(paths_in(value))
    return {path for path in found if path not in (TAGS, OWN_TAGS) and path.partition(".")[0] not in ATTRIBUTES}


def named_properties() -> set[tuple[str, str]]:
    """(type, property) of all tables."""
    rows = [row for rows in type_rows().values() for row in rows if row.type not in CUSTOM]
    found = {(row.type, path) for row in rows for path in named_in(row)}
    for name in name_rows().values():
        found |= {(name.type, path) for path in (name.name, *paths_in(name.arn)) if path}
    return found
