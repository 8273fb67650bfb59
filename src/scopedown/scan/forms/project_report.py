"""A project as it was understood, as one JSON object, ``scopedown.project/1``; docs/json.md describes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from scopedown.core.finding import ScopedownError
from scopedown.core.place import place_json
from scopedown.core.text import Text
from scopedown.emit.cloudformation import value
from scopedown.project.model import DeclaredResource, Function, Project, Role
from scopedown.scan.forms import Projects
from scopedown.scan.forms.report import compiler, finding_json, several
from scopedown.scan.forms.unresolved_values import open_values

SCHEMA = "scopedown.project/1"


def render(shown: Projects) -> dict[str, Any]:
    """The object of one project, or that of several."""
    if shown.base is None:
        return project_report(shown.projects[0])
    return project_reports(shown.projects, shown.errors, shown.base.resolve())


def project_report(project: Project) -> dict[str, Any]:
    """One project."""
    return {
        "schema": SCHEMA,
        "project": {
            "framework": project.framework,
            **compiler(project),
            "config": project.config,
            "service": project.service,
            "stage": project.stage,
            "region": project.region,
            "plugins": list(project.plugins),
        },
        "functions": [_function(function) for function in project.functions],
        "roles": [_role(role) for role in project.roles.values()],
        "resources": [_resource(resource, id in project.generated) for id, resource in project.deployed.items()],
        "parameters": known(project.parameters),
        "outputs": known(project.outputs),
        "unresolved": [
            {"path": one.path, "reason": one.reason, **place_json(one.place)} for one in open_values(project)
        ],
        "warnings": [finding_json(finding) for finding in project.findings],
    }


def project_reports(
    projects: Sequence[Project], errors: Iterable[ScopedownError], base: Path | None = None
) -> dict[str, Any]:
    """Several projects, each with its path below ``base`` (by default the folder that holds them all)."""
    return several(SCHEMA, [(project, project_report(project)) for project in projects], errors, base)


def known(tree: Any) -> Any:
    """A tree as JSON; a text of which a part is not known is ``{"unresolved": reasons, "pattern": what is known}``."""
    if isinstance(tree, Text):
        reasons = list(dict.fromkeys(part.reason for part in tree.unknowns))
        return {"unresolved": reasons, "pattern": value(tree)} if reasons else value(tree)
    if isinstance(tree, Mapping):
        return {str(key): known(item) for key, item in tree.items()}
    if isinstance(tree, list | tuple):
        return [known(item) for item in tree]
    return tree


def _function(function: Function) -> dict[str, Any]:
    handler = function.handler
    return {
        "name": function.key,
        "id": function.logical_id,
        "functionName": known(function.name),
        "runtime": function.runtime,
        "language": function.language,
        "handler": {"declared": handler.declared, "file": handler.file, "symbol": handler.symbol, "root": handler.root}
        if handler
        else None,
        "role": function.role,
        "environment": known(function.environment),
        "events": [
            {"kind": event.kind, "settings": known(event.settings), **place_json(event.place)}
            for event in function.events
        ],
        "settings": known(function.settings),
        "layers": list(function.layers),
        **place_json(function.place),
    }


def _role(role: Role) -> dict[str, Any]:
    return {
        "id": role.id,
        "declared": role.declared,
        "statements": [
            {"statement": known(statement.statement), "addedBy": statement.added_by, **place_json(statement.place)}
            for statement in role.statements
        ],
        "managedPolicies": known(role.managed_policies),
        "trust": known(role.trust),
        "permissionsBoundary": known(role.permissions_boundary),
        **place_json(role.place),
    }


def _resource(resource: DeclaredResource, is_generated: bool) -> dict[str, Any]:
    return {
        "id": resource.logical_id,
        "type": resource.type,
        "generated": is_generated,
        "properties": known(resource.properties),
        "attributes": known(resource.attributes),
        **place_json(resource.place),
    }
