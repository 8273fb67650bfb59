"""Compile a service to the resources that deploy, as the framework does and in its order.

In: the service, its own resources and the compiled roles. Out: the :class:`~.template.Template`, in which the
project's ``resources`` and ``extensions`` have been applied to what the framework generates.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from scopedown.documents.nodes import as_list, as_map
from scopedown.project.intrinsics import Scope, to_text
from scopedown.project.model import DeclaredResource, DeclaredStatement, Role
from scopedown.project.roles import referenced_by, role_of, statements_of
from scopedown.project.serverless.custom_resources import compile_custom_resources
from scopedown.project.serverless.deployment import compile_bucket
from scopedown.project.serverless.event_kinds import kinds_of
from scopedown.project.serverless.frameworks import V4
from scopedown.project.serverless.function_resources import compile_functions, role_of_function
from scopedown.project.serverless.layers import compile_layers
from scopedown.project.serverless.log_groups import compile_log_groups
from scopedown.project.serverless.names import function_id
from scopedown.project.serverless.overrides import overridden, unknown_extensions
from scopedown.project.serverless.plugin_effects import effects
from scopedown.project.serverless.roles import Compiled
from scopedown.project.serverless.service import PLUGIN_STEP_FUNCTIONS, Service
from scopedown.project.serverless.template import Template


def compile_template(
    service: Service, declared: dict[str, DeclaredResource], compiled: Compiled, scope: Scope
) -> Template:
    """Everything that the framework generates for a service."""
    template = Template(service, scope, declared, compiled.of_function)
    compile_bucket(template)
    compile_log_groups(template)
    template.resources.update(compiled.generated)
    template.resources.update(service.generated)
    compile_layers(template)
    if service.framework == V4:
        from scopedown.project.serverless.v4_functions import compile_capacity_providers

        compile_capacity_providers(template)
    compile_functions(template)
    has_machines = service.has_plugin(PLUGIN_STEP_FUNCTIONS)
    if has_machines:
        from scopedown.project.serverless.step_functions import compile_state_machines

        compile_state_machines(template)
    compile_custom_resources(template)
    for kind in kinds_of(service):
        kind.compile(template)
    if has_machines:
        from scopedown.project.serverless.events.parts.http_state_machines import compile_machine_api

        compile_machine_api(template)
    for effect in effects(service):
        effect.extend(template)
    _finish(template, compiled)
    return template


def _finish(template: Template, compiled: Compiled) -> None:
    """Apply what the project writes about the resources."""
    service = template.service
    for id, resource in template.resources.items():
        if id not in compiled.generated:  # roles are finished: what they hold has been read already
            template.resources[id] = overridden(service, resource)
            if resource.type == "AWS::IAM::Role":
                compiled.roles[id] = _role(template.resources[id])
    _let_plugins_finish(template, compiled)
    for key in service.functions:
        _follow_role(template, compiled, key)
    unknown_extensions(service, template.all())


def _let_plugins_finish(template: Template, compiled: Compiled) -> None:
    """Let plugins change the whole template; a role that they widen keeps what is known of its statements."""
    before = template.all()
    for effect in effects(template.service):
        effect.finish(template)
    for id, resource in template.all().items():
        if resource.type == "AWS::IAM::Role" and resource is not before.get(id):
            known = compiled.roles.get(id)
            compiled.roles[id] = _role(resource) if known is None else _widened(known, resource.properties)


def _widened(role: Role, properties: Mapping[str, Any]) -> Role:
    """A role with what a plugin has changed about its policies: statements keep their order, and new ones come last."""
    own = len(_statements(role.properties, role))
    statements = list(role.statements[:own])
    for index, now in enumerate(_statements(properties, role)):
        if index >= own:
            statements.append(now)
        elif statements[index].statement != now.statement:
            statements[index] = replace(statements[index], statement=now.statement)
    attached = [one for one in as_list(properties.get("ManagedPolicyArns")) if one not in role.managed_policies]
    return replace(
        role,
        statements=(*statements, *role.statements[own:]),
        managed_policies=(*role.managed_policies, *attached),
        trust=as_map(properties.get("AssumeRolePolicyDocument")),
        properties=properties,
    )


def _follow_role(template: Template, compiled: Compiled, key: str) -> None:
    """Where the project's resources give a function another role, that one is its role."""
    function = template.resources[function_id(key)]
    role = function.properties.get("Role")
    if role == role_of_function(template, key):
        return
    text = to_text(role, template.scope)
    id = referenced_by(text, compiled.roles) or str(text)
    if id not in compiled.roles:
        compiled.roles[id] = Role(id, declared=False, place=function.place)
    compiled.of_function[key] = id


def _role(resource: DeclaredResource) -> Role:
    """A role that no function assumes: of a plugin, or of the framework itself."""
    return role_of(resource.logical_id, resource.properties, resource.place, _statements(resource.properties, resource))


def _statements(properties: Mapping[str, Any], holder: DeclaredResource | Role) -> list[DeclaredStatement]:
    """The statements of a role's own policies as ones that were added to the service."""
    policies = [as_map(policy).get("PolicyDocument") for policy in as_list(properties.get("Policies"))]
    return [
        replace(statement, added_by="framework")
        for document in policies
        for statement in statements_of(document, holder.place)
    ]
