"""The template that the framework compiles, under construction.

Every module that compiles a part of it (``functions``, one module of :mod:`~.events` for each kind of event) is given
the one :class:`Template` and adds its resources to it, in the framework's own order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from scopedown.core.place import Place
from scopedown.documents.nodes import as_list, as_map
from scopedown.project.intrinsics import Scope
from scopedown.project.model import DeclaredResource
from scopedown.project.serverless.fragments import resources
from scopedown.project.serverless.service import Service


def allowed(actions: Any, resource: Any, **more: Any) -> dict[str, Any]:
    """A statement that allows actions; ``more`` are further elements."""
    return {"Effect": "Allow", "Action": actions, "Resource": resource, **more}


def document(*statements: Any) -> dict[str, Any]:
    """A policy document."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def policy(name: Any, *statements: Any) -> dict[str, Any]:
    """A policy of a role."""
    return {"PolicyName": name, "PolicyDocument": document(*statements)}


def trust(service: Any, action: Any = "sts:AssumeRole") -> dict[str, Any]:
    """The trust policy of a role that a service, or each of a list of services, may assume."""
    return document({"Effect": "Allow", "Principal": {"Service": service}, "Action": action})


@dataclass(slots=True)
class Template:
    """A service's compiled resources, in order; ``declared`` are those that the project file writes itself."""

    service: Service
    scope: Scope
    declared: dict[str, DeclaredResource]
    roles: Mapping[str, str] = field(default_factory=dict)
    """The id of each function's role (:attr:`Role.id`), by the function's key."""
    resources: dict[str, DeclaredResource] = field(default_factory=dict)

    def add(self, id: str, type: str, properties: Mapping[str, Any], place: Place, **attributes: Any) -> None:
        """Add a resource (or replace the one of that id), without properties that are None as the framework does.

        ``attributes`` stand beside the properties: ``DeletionPolicy``, ``UpdateReplacePolicy``, ``Condition``,
        ``DependsOn``.
        """
        known = {key: value for key, value in properties.items() if value is not None}
        beside = {key: value for key, value in attributes.items() if value is not None}
        self.resources[id] = DeclaredResource(id, type, known, place, beside)

    def add_fragment(self, file: str, fragment: str, place: Place, /, **values: Any) -> None:
        """Add the resources of a fragment (:mod:`~.fragments`) with the values of its placeholders."""
        for id, type, properties, attributes in resources(file, fragment, values):
            self.add(id, type, properties, place, **attributes)

    def change(self, id: str, **properties: Any) -> None:
        """Set properties of a resource that is there already, whoever declares it."""
        self.put(id, {**self.resource(id).properties, **properties})

    def put(self, id: str, properties: Mapping[str, Any], **attributes: Any) -> None:
        """Give a resource that is there already other properties; ``attributes`` are added to those it has."""
        holder = self.resources if id in self.resources else self.declared
        resource = holder[id]
        holder[id] = replace(resource, properties=properties, attributes={**resource.attributes, **attributes})

    def resource(self, id: str) -> DeclaredResource:
        """A resource by its logical id, whoever declares it."""
        return self.resources.get(id) or self.declared[id]

    def all(self) -> dict[str, DeclaredResource]:
        """Every resource as it deploys: what the framework generates, then what the project declares besides."""
        return {**self.resources, **{id: one for id, one in self.declared.items() if id not in self.resources}}

    def allow(self, role: str, *statements: Mapping[str, Any]) -> None:
        """Add statements to the first policy of a role; one that is not there, or has no policies, stays as it is."""
        properties = self.resource(role).properties if role in self.all() else {}
        policies = as_list(properties.get("Policies"))
        document = as_map(as_map(policies[0]).get("PolicyDocument")) if policies else {}
        if document:
            added = {**document, "Statement": [*as_list(document.get("Statement")), *statements]}
            self.change(role, Policies=[{**policies[0], "PolicyDocument": added}, *policies[1:]])
