"""The template that the framework compiles, under construction.

Every module that compiles a part of it (``functions``, one module of :mod:`~.events` for each kind of event) is given
the one :class:`Template` and adds its resources to it, in the framework's own order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from scopedown.core.place import Place
from scopedown.project.intrinsics import Scope
from scopedown.project.model import DeclaredResource
from scopedown.project.serverless.service import Service


@dataclass(slots=True)
class Template:
    """A service's compiled resources, in order; ``declared`` are those that the project file writes itself."""

    service: Service
    scope: Scope
    declared: Mapping[str, DeclaredResource]
    roles: Mapping[str, str] = field(default_factory=dict)
    """The id of each function's role (:attr:`Role.id`), by the function's key."""
    resources: dict[str, DeclaredResource] = field(default_factory=dict)
    outputs: dict[str, Any] = field(default_factory=dict)

    def add(self, id: str, type: str, properties: Mapping[str, Any], place: Place, **attributes: Any) -> None:
        """Add a resource (or replace the one of that id), without properties that are None as the framework does.

        ``attributes`` stand beside the properties: ``DeletionPolicy``, ``UpdateReplacePolicy``, ``Condition``,
        ``DependsOn``.
        """
        known = {key: value for key, value in properties.items() if value is not None}
        beside = {key: value for key, value in attributes.items() if value is not None}
        self.resources[id] = DeclaredResource(id, type, known, place, beside)
