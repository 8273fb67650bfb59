"""Plugins that change roles, and who may call functions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.documents.nodes import as_list, as_map
from scopedown.documents.scalars import js_text
from scopedown.project.serverless.events.cloud_front import version_id
from scopedown.project.serverless.events.parts.targets import Target, add_permission
from scopedown.project.serverless.names import SHARED_ROLE, function_id
from scopedown.project.serverless.plugin_effects import Effect
from scopedown.project.serverless.template import Template, allowed, document, policy


def _attach_managed_policy(template: Template) -> None:
    """serverless-attach-managed-policy 0.0.7 (Apache-2.0), ``lib/index.js``: managed policies for every role of the
    stack.

    It acts when the stack is deployed, so that the template which ``package`` writes does not have them yet.
    """
    written: Any = template.service.provider.get("managedPolicyArns")
    policies = [written] if isinstance(written, str) else as_list(written)
    for id, resource in template.all().items():
        if policies and resource.type == "AWS::IAM::Role":
            own = as_list(resource.properties.get("ManagedPolicyArns"))
            template.change(id, ManagedPolicyArns=[*policies, *(one for one in own if one not in policies)])


def _lambda_account_access(template: Template) -> None:
    """serverless-plugin-lambda-account-access 4.0.2 (MIT), ``add-permissions.js``: who else may call functions.

    ``provider.access.groups`` says for each group who (``policy``) may call its functions, and which roles of other
    accounts (``role``); a function names its groups with ``allowAccess``.
    """
    service = template.service
    groups = as_map(as_map(service.provider.get("access")).get("groups"))
    place = service.place_in(service.provider, "access")
    for name, group in groups.items():
        called = [
            function_id(key)
            for key, function in service.functions.items()
            if name in _listed(function.get("allowAccess"))
        ]
        if not called:
            continue
        for principal in _listed(as_map(as_map(group).get("policy")).get("principals")):
            for function in called:
                _permission(template, function, principal, place)
        for role in _listed(as_map(group).get("role")):
            _role(template, as_map(role), called, place)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _permission(template: Template, function: str, principal: Any, place: Place) -> None:
    id = f"{function}PermitInvokeFrom{_plain(principal)}"
    if id in template.resources:
        return
    target = Target({"Fn::GetAtt": [function, "Arn"]})
    add_permission(template, id, target, principal if isinstance(principal, Mapping) else js_text(principal), place)


def _role(template: Template, role: Mapping[str, Any], called: list[str], place: Place) -> None:
    name, principals = role.get("name"), _listed(role.get("principals"))
    if not name or not principals:
        return
    resources = [{"Fn::GetAtt": [function, "Arn"]} for function in called]
    trusted = {"AWS": [one if isinstance(one, Mapping) else js_text(one) for one in principals]}
    template.add(f"LambdaAccessRole{_plain(name)}", "AWS::IAM::Role", {
        "RoleName": name,
        "Policies": [policy(name, allowed("lambda:InvokeFunction", resources))],
        "AssumeRolePolicyDocument": document({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": trusted}),
    }, place)  # fmt: skip


def _plain(principal: Any) -> str:
    """A principal as a part of a logical id: its words, each with a capital."""
    if isinstance(principal, Mapping):
        value = next((one for key, one in principal.items() if "Fn::" in key), "")
        text = ",".join(map(str, value)) if isinstance(value, list) else str(value)
    else:
        text = js_text(principal)
    return re.sub(r"[_\W]+", "", re.sub(r"\b\w", lambda found: found[0].upper(), text))


_EDGE: Final = "edgelambda.amazonaws.com"
_LOGS: Final = [
    "logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams",
]  # fmt: skip


def _cloudfront_lambda_edge(template: Template) -> None:
    """@silvermine/serverless-plugin-cloudfront-lambda-edge 2.2.3 (MIT), ``src/index.js``: functions of distributions.

    Functions with ``lambdaAtEdge`` lose their variables and are called by the project's distribution. The shared role
    may be assumed at the edge, and may write logs everywhere.
    """
    if SHARED_ROLE in template.all():
        trust = as_map(template.resource(SHARED_ROLE).properties.get("AssumeRolePolicyDocument"))
        statements = [_trusted(as_map(one)) for one in as_list(trust.get("Statement"))]
        template.change(SHARED_ROLE, AssumeRolePolicyDocument={**trust, "Statement": statements})
        template.allow(SHARED_ROLE, allowed(list(_LOGS), "arn:aws:logs:*:*:*"))
    for key, function in template.service.functions.items():
        written = function.get("lambdaAtEdge")
        for one in written if isinstance(written, list) else [written]:
            if isinstance(one, Mapping):
                _associate(template, key, one)


def _trusted(statement: Mapping[str, Any]) -> Mapping[str, Any]:
    principal = as_map(statement.get("Principal"))
    services = principal.get("Service")
    if not isinstance(services, list) or "lambda.amazonaws.com" not in services or _EDGE in services:
        return statement
    return {**statement, "Principal": {**principal, "Service": [*services, _EDGE]}}


def _associate(template: Template, key: str, written: Mapping[str, Any]) -> None:
    id, distribution = function_id(key), str(written.get("distribution"))
    version = version_id(template, key)
    if distribution not in template.all() or id not in template.resources or version not in template.resources:
        return
    function = template.resources[id]
    environment = {
        name: one for name, one in as_map(function.properties.get("Environment")).items() if name != "Variables"
    }
    rest = {name: one for name, one in function.properties.items() if name != "Environment"}
    kept = as_map(template.service.custom.get("lambdaAtEdge")).get("retain") is True
    attributes = {"DeletionPolicy": "Retain"} if kept else {}
    template.put(id, {**rest, **({"Environment": environment} if environment else {})}, **attributes)
    config = as_map(template.resource(distribution).properties.get("DistributionConfig"))
    added = {"LambdaFunctionARN": {"Ref": version}}
    path = written.get("pathPattern")
    if path:
        behaviors = [
            _called(as_map(one), added) if as_map(one).get("PathPattern") == path else one
            for one in as_list(config.get("CacheBehaviors"))
        ]
        changed = {**config, "CacheBehaviors": behaviors}
    else:
        changed = {**config, "DefaultCacheBehavior": _called(as_map(config.get("DefaultCacheBehavior")), added)}
    template.change(distribution, DistributionConfig=changed)


def _called(behavior: Mapping[str, Any], added: Mapping[str, Any]) -> dict[str, Any]:
    return {**behavior, "LambdaFunctionAssociations": [*as_list(behavior.get("LambdaFunctionAssociations")), added]}


def _lambda_dead_letter(template: Template) -> None:
    """serverless-plugin-lambda-dead-letter 1.2.1 (MIT), ``src/index.js``: where functions' dead letters go.

    It sets ``deadLetter.targetArn`` as the function's own by a call after the deployment. The queue or the topic of
    ``deadLetter.sqs`` and ``.sns`` it adds in a step (``deploy:compileEvents``) that neither osls 4 nor serverless 3
    has. The role has to allow the sending: the plugin grants nothing.
    """
    for function in template.service.functions.values():
        target = as_map(function.get("deadLetter")).get("targetArn")
        named = as_map(target).get("GetResourceArn")
        if target and isinstance(function, dict) and not function.get("onError"):
            function["onError"] = {"Fn::GetAtt": [named, "Arn"]} if isinstance(named, str) else target


def _tracing(template: Template) -> None:
    """serverless-plugin-tracing 2.0.0 (MIT), ``index.js``: X-Ray for every function, or for those that ask for it.

    It sets ``TracingConfig`` of each function: ``Active`` with ``tracing: true`` of the function, or of the provider
    where the function does not say ``false``; ``PassThrough`` otherwise. It grants nothing: the project has to.
    """
    service = template.service
    everywhere = _is(service.provider.get("tracing"), True)
    for function in service.functions.values():
        own = function.get("tracing")
        active = _is(own, True) or (everywhere and not _is(own, False))
        if isinstance(function, dict):
            function["tracing"] = active


def _is(written: Any, wanted: bool) -> bool:
    return written is wanted or written == ("true" if wanted else "false")


EFFECTS: Final = {
    "attach_managed_policy": Effect(finish=_attach_managed_policy),
    "lambda_account_access": Effect(extend=_lambda_account_access),
    "cloudfront_lambda_edge": Effect(finish=_cloudfront_lambda_edge),
    "lambda_dead_letter": Effect(extend=_lambda_dead_letter),
    "tracing": Effect(extend=_tracing),
}
