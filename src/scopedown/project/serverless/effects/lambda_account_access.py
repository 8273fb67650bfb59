"""serverless-plugin-lambda-account-access 4.0.2 (MIT), ``add-permissions.js``: who else may call functions.

``provider.access.groups`` says for each group who (``policy``) may call its functions, and which roles of other
accounts (``role``); a function names its groups with ``allowAccess``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.documents.nodes import as_map
from scopedown.documents.scalars import js_text
from scopedown.project.serverless.names import function_id
from scopedown.project.serverless.plugin_effects import Effect
from scopedown.project.serverless.template import Template


def _extend(template: Template) -> None:
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
    properties = {
        "Action": "lambda:InvokeFunction", "FunctionName": {"Fn::GetAtt": [function, "Arn"]},
        "Principal": principal if isinstance(principal, Mapping) else js_text(principal),
    }  # fmt: skip
    template.add(id, "AWS::Lambda::Permission", properties, place)


def _role(template: Template, role: Mapping[str, Any], called: list[str], place: Place) -> None:
    name, principals = role.get("name"), _listed(role.get("principals"))
    if not name or not principals:
        return
    resources = [{"Fn::GetAtt": [function, "Arn"]} for function in called]
    statement = {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": resources}
    trusted = {"AWS": [one if isinstance(one, Mapping) else js_text(one) for one in principals]}
    template.add(f"LambdaAccessRole{_plain(name)}", "AWS::IAM::Role", {
        "RoleName": name,
        "Policies": [{"PolicyName": name, "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]}}],
        "AssumeRolePolicyDocument": {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": trusted}],
        },
    }, place)  # fmt: skip


def _plain(principal: Any) -> str:
    """A principal as a part of a logical id: its words, each with a capital."""
    if isinstance(principal, Mapping):
        value = next((one for key, one in principal.items() if "Fn::" in key), "")
        text = ",".join(map(str, value)) if isinstance(value, list) else str(value)
    else:
        text = js_text(principal)
    return re.sub(r"[_\W]+", "", re.sub(r"\b\w", lambda found: found[0].upper(), text))


EFFECT: Final = Effect(extend=_extend)
