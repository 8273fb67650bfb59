"""Puts one function's project values into a required permission.

An environment variable becomes what the project sets it to; a reference to a declared resource, or the name that one
bears, that resource's own ARN; a given account its pseudo parameter's place. Since a name, an ARN and a URL fill an ARN
differently, the call's arguments are bound first and its resources worked out again from them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, cast

from scopedown.calls.model import Alternatives, Argument, SdkCall
from scopedown.catalog.model import Catalog, ResourceType
from scopedown.core.arn import service_of
from scopedown.core.same_objects import SameObjects
from scopedown.core.text import Att, EnvVar, Literal, Param, Part, Pseudo, Ref, Text, Unknown
from scopedown.permissions.declared import Declared, declared, function_arn
from scopedown.permissions.event_values import with_event_buckets, with_own_api
from scopedown.permissions.model import Certainty, RequiredPermission, Resource
from scopedown.permissions.require import require
from scopedown.permissions.resources import EVERYTHING, assess, pattern_of
from scopedown.permissions.task_roles import passes_no_role, with_task_roles
from scopedown.permissions.template_parameters import with_models, with_one_slash
from scopedown.project.intrinsics import Scope, default_of
from scopedown.project.model import Function, Project

_MAX_DEPTH = 8
NOT_SET = "is not set in the project"
"""How the reason ends why a resource is not known whose name is in an environment variable that nobody sets."""


def bind(permission: RequiredPermission, function: Function, project: Project, catalog: Catalog) -> RequiredPermission:
    """``permission`` as the function needs it in its project.

    Its reasons stay as they were found (an argument that came from an environment variable still says so).
    A region, account or partition that the user gave replaces its pseudo parameter. Where the project shows that the
    action is not needed (a task without roles passes none), no resource is left.
    """
    found = _again(permission, function, project, catalog)
    known = declared_of(project, catalog)
    kinds = kinds_of(found.action, catalog)
    given = project.given
    settled: dict[str, Resource] = {}
    for resource in found.resources:
        one = _settled(resource, found.action, function, known, kinds, given)
        one = replace(one, arn=with_one_slash(one.arn, found.action, project))
        settled.setdefault(str(one.arn), one)
    return replace(found, resources=tuple(settled[key] for key in sorted(settled)), because=permission.because)


def bind_call(call: SdkCall, function: Function) -> SdkCall:
    """The call with every environment variable in its arguments replaced by the function's value for it."""
    return replace(call, arguments={name: _bound(value, function) for name, value in call.arguments.items()})


def bind_text(text: Text, function: Function, depth: int = 0) -> Text:
    """``text`` with the function's environment put in."""

    def change(part: Part) -> Part | Text:
        if not isinstance(part, EnvVar) or depth > _MAX_DEPTH:
            return part
        value = function.environment.get(part.name)
        if value is None:
            value = _set_by_lambda(part.name, function)
        if value is None:
            value = part.default
        if value is None:
            return Unknown(f"the environment variable {part.name} {NOT_SET}")
        return bind_text(value, function, depth + 1)

    return text.replace(change)


def _set_by_lambda(name: str, function: Function) -> Text | None:
    """Variables that Lambda itself sets (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html)."""
    match name:
        case "AWS_REGION" | "AWS_DEFAULT_REGION":
            return Text.of(Pseudo("AWS::Region"))
        case "AWS_LAMBDA_FUNCTION_NAME":
            return function.name
        case "AWS_LAMBDA_LOG_GROUP_NAME":
            return Text.of("/aws/lambda/", function.name)
        case _:
            return None


def _bound(value: Argument, function: Function) -> Argument:
    if isinstance(value, Text):
        return bind_text(value, function)
    if isinstance(value, Alternatives):
        return Alternatives(tuple(_bound(option, function) for option in value.options))
    if isinstance(value, tuple):
        return tuple(_bound(item, function) for item in value)
    if isinstance(value, Mapping):
        return {_key(key, function): _bound(item, function) for key, item in value.items()}
    return value


def _key(key: Any, function: Function) -> Any:
    return bind_text(key, function) if isinstance(key, Text) else key


def without_empty_defaults(call: SdkCall, project: Project) -> SdkCall:
    """The call without values that are a template's parameter whose default is empty: what it is then given is not
    known, and with the default it would name nothing."""
    scope = Scope.of(project)

    def change(value: Argument) -> Argument:
        match value:
            case Text(parts=(Param(name),)) if default_of(scope.parameters.get(name), Param(name)) == "":
                return Text.unknown(f"the parameter {name} has no value")
            case Alternatives(options):
                return Alternatives(tuple(change(option) for option in options))
            case tuple():
                return tuple(change(item) for item in value)
            case Mapping():
                return {key: change(item) for key, item in value.items()}
            case _:
                return value

    return replace(call, arguments={name: change(value) for name, value in call.arguments.items()})


def _again(
    permission: RequiredPermission, function: Function, project: Project, catalog: Catalog
) -> RequiredPermission:
    """The same action's permission, from the calls with their arguments bound; else its own ARNs bound."""
    found: list[RequiredPermission] = []
    for reason in permission.because:
        if isinstance(reason, SdkCall):
            call = bind_call(reason, function)
            call = without_empty_defaults(call, project)
            call = with_event_buckets(with_own_api(call, function, project), function, project)
            if permission.action == "iam:PassRole" and passes_no_role(call, project):
                found.append(replace(permission, resources=()))
                continue
            needed = require(with_models(with_task_roles(call, project), project), catalog)
            found += [one for one in needed if one.action == permission.action]
    if found and len(found) == len(permission.because):
        resources = {str(one.arn): one for same in found for one in same.resources}
        conditions = found[0].conditions if all(one.conditions == found[0].conditions for one in found) else {}
        return replace(permission, resources=tuple(resources.values()), conditions=conditions)
    resources = {}
    for resource in permission.resources:
        one = replace(resource, arn=bind_text(resource.arn, function))
        resources[str(one.arn)] = one
    return replace(permission, resources=tuple(resources.values()))


def _settled(
    resource: Resource,
    action: str,
    function: Function,
    known: Declared,
    kinds: tuple[ResourceType, ...],
    given: Mapping[str, str],
) -> Resource:
    if resource.arn == EVERYTHING:
        return resource
    services = frozenset(service_of(kind.arn) for kind in kinds)
    arn = known.settle(bind_text(resource.arn, function), action, services)
    arn = arn.replace(lambda part: _by_name(part, function)).replace(lambda part: _without_pseudo(part, given))
    assessed = assess(_as_pattern(arn, kinds), kinds)
    if assessed.certainty is Certainty.RESOLVED or assessed.reason:
        return assessed
    return replace(assessed, reason=resource.reason)


def _as_pattern(arn: Text, kinds: tuple[ResourceType, ...]) -> Text:
    """A whole ARN that turned out to be unknown altogether is any of the action's resource type."""
    if len(kinds) != 1 or not arn.parts or not isinstance(first := arn.parts[0], Unknown) or len(arn.parts) > 1:
        return arn
    return pattern_of(kinds[0], first)


def _by_name(part: Part, function: Function) -> Part | Text:
    """A reference to the function itself as its name: in its own role it would be a circular dependency."""
    match part:
        case Ref(id) if id == function.logical_id:
            return function.name
        case Att(id, "Arn") if id == function.logical_id:
            return function_arn(function.name)
        case _:
            return part


def _without_pseudo(part: Part, given: Mapping[str, str]) -> Part:
    return Literal(given[part.name]) if isinstance(part, Pseudo) and part.name in given else part


def kinds_of(action: str, catalog: Catalog) -> tuple[ResourceType, ...]:
    """The resource types that an action acts on."""
    known = catalog.action(action)
    prefix = action.partition(":")[0]
    types = known.resource_types if known else ()
    return tuple(kind for name in types if (kind := catalog.resource_type(prefix, name)))


def declared_of(project: Project, catalog: Catalog) -> Declared:
    """What the project declares; worked out once for a project."""
    return _declared(SameObjects(project, catalog))


@lru_cache(maxsize=4)
def _declared(key: SameObjects) -> Declared:
    project, catalog = cast(tuple[Project, Catalog], key.objects)
    return declared(project, catalog)
