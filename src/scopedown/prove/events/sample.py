"""One sample event for each trigger of a function.

In: a function, its project, the folder of its code, the local AWS. Out: a list of :class:`~.setting.Sample`, each with
what must be there before it arrives. Triggers are read by :mod:`.triggers` and :mod:`.callers`. A function that nothing
is known to call is called with the fields that it reads of its event, or ``{}``.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from scopedown.documents.nodes import as_map
from scopedown.project.model import DeclaredResource, Event, Function, Project
from scopedown.prove.endpoint import Endpoint
from scopedown.prove.events.callers import called_by
from scopedown.prove.events.fields import keys_of
from scopedown.prove.events.setting import Sample, Seed, Setting
from scopedown.prove.events.triggers import direct, triggered_by

MADE_UP = ("direct", "custom resource ")
"""How the names begin of samples that say less than a real invocation of the function."""


def samples(function: Function, project: Project, folder: Path, where: Endpoint) -> list[Sample]:
    """The samples of a function, at least one."""
    setting = Setting(function, project, folder, where)
    found: list[Sample] = []
    called = called_by(setting)
    for event in function.events:
        found += () if called and _is_only_permitted(event) else triggered_by(event, setting)
    found += called
    if not found:
        found = [direct(setting)]
    items = tuple(_item(name, table) for name, table in setting.tables if name and keys_of(table))
    return [Sample(sample.name, sample.event, (*items, *sample.seeds)) for sample in found]


def _is_only_permitted(event: Event) -> bool:
    """Whether an event only says that a service may call the function, as a permission or an authorizer does: then a
    resource that names the function says what for."""
    if event.kind not in ("http", "httpApi", "iot", "s3") or not isinstance(event.settings, Mapping | None):
        return False
    return set(as_map(event.settings)) <= {"arn", "authorizer"}


def _item(name: str, table: DeclaredResource) -> Seed:
    """The sample item of a table, under the key that sample paths and bodies name."""
    item = {key: {kind: value if kind == "B" else str(value)} for key, (kind, value) in keys_of(table).items()}
    return Seed(f"an item of {name}", "dynamodb", "PutItem", {"TableName": name, "Item": item})
