"""serverless-plugin-warmup 8.4.1 (MIT), ``src/config.js`` and ``src/warmer.js``: functions that call the others.

Each warmer of ``custom.warmup`` that has functions to call becomes a function ``warmUpPluginNAME`` on a schedule, with
a role that may call them, unless it names one. A function says with ``warmup.NAME.enabled`` whether it is called.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.documents.nodes import MapNode, as_list, as_map
from scopedown.project.model import DeclaredResource
from scopedown.project.serverless.names import Name, concat, function_arn, log_group_arn
from scopedown.project.serverless.plugin_effects import Effect, Given
from scopedown.project.serverless.service import Service, noded
from scopedown.project.serverless.template import allowed, policy, trust
from scopedown.project.stand_ins import is_among

_RUNTIME: Final = "nodejs24.x"
_NETWORK: Final = [
    f"ec2:{name}NetworkInterface{ending}"
    for name, ending in (("Create", ""), ("Describe", "s"), ("Detach", ""), ("Delete", ""))
]
_TAKEN: Final = ("architecture", "tracing", "logRetentionInDays", "roleName", "tags")
"""Settings of a warmer that become settings of its function as they are."""


def _warmup(service: Service, given: Given) -> None:
    warmers = service.custom.get("warmup")
    called = {name: _called(service, name, as_map(warmer)) for name, warmer in as_map(warmers).items()}
    for name, warmer in as_map(warmers).items():
        if called[name]:
            _add(service, name, as_map(warmer), called[name], service.place_in(warmers, name))


def _called(service: Service, name: str, warmer: Mapping[str, Any]) -> list[Name]:
    """The names of the functions that a warmer calls."""
    found: list[Name] = []
    for key, function in service.functions.items():
        own = as_map(as_map(function.get("warmup")).get(name))
        enabled = own.get("enabled") if own.get("enabled") is not None else warmer.get("enabled")
        if enabled in (True, "true") or is_among(service.stage, enabled):
            found.append(service.function_name(key))
    return found


def _add(service: Service, name: str, warmer: Mapping[str, Any], called: list[Name], place: Place) -> None:
    key = f"warmUpPlugin{name[:1].upper()}{name[1:]}"
    function_name = warmer.get("name") or concat(service.name, f"-{service.stage}-warmup-plugin-{name}")
    role = warmer.get("role")
    if role is None:
        role = f"WarmUpPlugin{name[:1].upper()}{name[1:]}Role"
        service.generated[role] = _role(service, role, name, warmer, function_name, called, place)
    folder = warmer.get("folderName")
    network = warmer.get("vpc")
    settings: dict[str, Any] = {
        "description": f'Serverless WarmUp Plugin (warmer "{name}")',
        "events": as_list(warmer.get("events")) or [{"schedule": "rate(5 minutes)"}],
        "handler": f"{folder if isinstance(folder, str) else f'.warmup/{name}'}/index.warmUp",
        "memorySize": warmer.get("memorySize", 128),
        "name": function_name,
        "runtime": _RUNTIME,
        "timeout": warmer.get("timeout", 10),
        "environment": warmer.get("environment") or dict.fromkeys(as_map(service.provider.get("environment"))),
        "role": role,
        "layers": [],
        **{setting: warmer[setting] for setting in _TAKEN if warmer.get(setting) is not None},
    }
    if network is not None:
        settings["vpc"] = {"securityGroupIds": [], "subnetIds": []} if network is False else network
    service.functions[key] = noded(settings, place)
    if isinstance(service.functions, MapNode):
        service.functions.keys_at[key] = place
    service.code[key] = _source(called)


def _role(
    service: Service, id: str, name: str, warmer: Mapping[str, Any], function: Name, called: list[Name], place: Place
) -> DeclaredResource:
    lower = name.lower()
    usual = {"Fn::Join": ["-", [service.name, service.stage, {"Ref": "AWS::Region"}, lower, "role"]]}
    statements = [
        allowed(["logs:CreateLogGroup", "logs:CreateLogStream"], [log_group_arn(function, ":*")]),
        allowed(["logs:PutLogEvents"], [log_group_arn(function, ":*:*")]),
        allowed(["lambda:InvokeFunction"], [function_arn(one, "*") for one in called]),
        allowed(_NETWORK, "*"),
    ]
    named = {"Fn::Join": ["-", [service.name, service.stage, "warmer", lower, "policy"]]}
    properties: dict[str, Any] = {
        "Path": "/", "RoleName": warmer.get("roleName") or usual,
        "AssumeRolePolicyDocument": trust(["lambda.amazonaws.com"]), "Policies": [policy(named, *statements)],
    }  # fmt: skip
    return DeclaredResource(id, "AWS::IAM::Role", properties, place)


def _source(called: list[Name]) -> str:
    """Code that calls the same functions, in one line: all of it stands where the warmer does."""
    names = [json.dumps(name) if isinstance(name, str) else "process.env.UNKNOWN" for name in called]
    calls = " ".join(f"await client.send(new InvokeCommand({{ FunctionName: {name} }}));" for name in names)
    return (
        'import { LambdaClient, InvokeCommand } from "@aws-sdk/client-lambda"; '
        f"const client = new LambdaClient({{}}); export const warmUp = async () => {{ {calls} }};"
    )


EFFECTS: Final = {"warmup": Effect(configure=_warmup, settings="warmup")}
