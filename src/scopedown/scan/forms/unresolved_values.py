"""What of a project is not known: every value that a variable, a function or AWS leaves open, with its reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.documents.nodes import place_of
from scopedown.project.model import Project

_PACKAGES: Final = {"AWS::Lambda::Function": "Code", "AWS::Lambda::LayerVersion": "Content"}
"""Properties that say where a package is uploaded to: known when it is, and nothing that permissions depend on."""


@dataclass(frozen=True, slots=True)
class OpenValue:
    """One value; ``path`` says what it is of (``save.environment.SECRET``, ``Table.TableName``)."""

    path: str
    reason: str
    place: Place | None


def open_values(project: Project) -> list[OpenValue]:
    """All open values of functions, roles and the project's own resources, each once."""
    found: dict[tuple[str, str], OpenValue] = {}
    for value in _all(project):
        found.setdefault((value.path, value.reason), value)
    return list(found.values())


def _all(project: Project) -> Iterator[OpenValue]:
    for function in project.functions:
        yield from _open(function.name, f"{function.key}.name", function.place)
        for name, text in function.environment.items():
            yield from _open(
                text, f"{function.key}.environment.{name}", place_of(function.environment, name) or function.place
            )
        for event in function.events:
            yield from _open(event.settings, f"{function.key}.events.{event.kind}", event.place)
    for role in project.roles.values():
        for number, declared in enumerate(role.statements, 1):
            yield from _open(declared.statement, f"{role.id}.statement {number}", declared.place)
    for resource in project.resources.values():
        for key, value in resource.properties.items():
            if key != _PACKAGES.get(resource.type):
                path = f"{resource.logical_id}.{key}"
                yield from _open(value, path, place_of(resource.properties, key) or resource.place)


def _open(tree: Any, path: str, place: Place | None) -> Iterator[OpenValue]:
    if isinstance(tree, Text):
        for part in tree.unknowns:
            yield OpenValue(path, part.reason, place)
    elif isinstance(tree, Mapping):
        for key, item in tree.items():
            yield from _open(item, f"{path}.{key}", place_of(tree, key) or place)
    elif isinstance(tree, list | tuple):
        for index, item in enumerate(tree):
            yield from _open(item, f"{path}.{index}", place_of(tree, index) or place)
