"""The event ``cognitoUserPool``: a user pool calls the function at a step of its work.

A pool that the service makes carries its triggers itself; to one that exists already (``existing: true``) they are
attached by a function of the framework's own, through a custom resource.
Source: osls 4.3.1 ``lib/plugins/aws/package/compile/events/cognito-user-pool.js``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.project.model import DeclaredStatement
from scopedown.project.serverless.additions import allow
from scopedown.project.serverless.conversions import boolean, string
from scopedown.project.serverless.event_kinds import EventKind, OwnFunction
from scopedown.project.serverless.events.parts.targets import add_custom, add_permission, target_of
from scopedown.project.serverless.frameworks import V3, goes_on_from_v3
from scopedown.project.serverless.names import Name, alphanumeric, concat, function_id, normalized
from scopedown.project.serverless.service import Service, is_text
from scopedown.project.serverless.template import Template

_VERSIONS: Final = {
    "CustomSMSSender": ("V1_0",),
    "CustomEmailSender": ("V1_0",),
    "PreTokenGeneration": ("V1_0", "V2_0", "V3_0"),
}
"""The triggers whose events have versions."""
_CUSTOM_SENDERS: Final = ("CustomSMSSender", "CustomEmailSender")
"""The triggers that need the pool's KMS key."""
_OWN_FUNCTION: Final = "custom-resource-existing-cup"
_HANDLER: Final = function_id(_OWN_FUNCTION)
_ANY_FUNCTION: Final = {"Fn::Sub": "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:*"}


@dataclass(frozen=True, slots=True)
class _Trigger:
    """One event: the function that a pool calls, and when."""

    function: str
    pool: Name
    source: str
    existing: bool
    key: Any
    """The KMS key of a sender, as written."""
    version: Any
    place: Place


def compile(template: Template) -> None:
    """The pools that the service makes, then the triggers of those that exist."""
    triggers = list(_triggers(template.service))
    _check_keys(template.service, triggers)
    made = [trigger for trigger in triggers if not trigger.existing]
    pools: list[Name] = []
    for trigger in made:
        if trigger.pool not in pools:
            pools.append(trigger.pool)
    for pool in pools:
        _add_pool(template, pool, [trigger for trigger in made if trigger.pool == pool])
    for trigger in made:
        _add_permission(template, trigger)
    _add_existing(template, [trigger for trigger in triggers if trigger.existing])


def _triggers(service: Service) -> Iterator[_Trigger]:
    for key, event in service.all_events_of("cognitoUserPool"):
        settings = event.settings
        if not isinstance(settings, Mapping):
            continue
        pool, source = string(settings.get("pool")), string(settings.get("trigger"))
        if not is_text(pool) or not is_text(source):
            if pool is None or source is None:
                service.report("user-pool-invalid", event.place, key=key)
            continue
        source = str(source)
        if source in _CUSTOM_SENDERS and not settings.get("kmsKeyId"):
            service.report("user-pool-key-missing", event.place, source=source, key=key)
        version = settings.get("lambdaVersion")
        if service.framework == V3 and source not in _CUSTOM_SENDERS:
            version = None
        elif version and version not in _VERSIONS.get(source, ()):
            service.report(
                "user-pool-version",
                service.place_in(settings, "lambdaVersion"),
                source=source,
                key=key,
                version=string(version),
            )
        yield _Trigger(
            key,
            pool,
            source,
            bool(boolean(settings, "existing")),
            settings.get("kmsKeyId"),
            version,
            event.place,
        )


def _check_keys(service: Service, triggers: list[_Trigger]) -> None:
    """A pool has one KMS key for all of its senders."""
    keys: dict[tuple[Name, bool], Any] = {}
    for trigger in triggers:
        if trigger.source not in _CUSTOM_SENDERS or not trigger.key:
            continue
        if keys.setdefault((trigger.pool, trigger.existing), trigger.key) != trigger.key:
            service.report("user-pool-keys", trigger.place, function=trigger.function, pool=trigger.pool)


# Pools of the service


def _pool_id(pool: Name) -> str:
    return f"CognitoUserPool{alphanumeric(pool)}"


def _add_pool(template: Template, pool: Name, triggers: list[_Trigger]) -> None:
    """A pool; where the project declares one of that id, the two are one."""
    service = template.service
    configuration: dict[str, Any] = {}
    for trigger in triggers:
        target = target_of(service, trigger.function)
        if trigger.source in _CUSTOM_SENDERS:
            version = trigger.version or "V1_0"
            configuration[trigger.source] = {"LambdaArn": target.arn, "LambdaVersion": version}
            configuration["KMSKeyID"] = trigger.key
        elif trigger.source == "PreTokenGeneration" and trigger.version:
            versioned = {"LambdaArn": target.arn, "LambdaVersion": trigger.version}
            configuration["PreTokenGenerationConfig"] = versioned
        else:
            configuration[trigger.source] = target.arn
    properties = {
        "UserPoolName": pool,
        "LambdaConfig": {name: value for name, value in configuration.items() if value is not None},
    }
    template.add(_pool_id(pool), "AWS::Cognito::UserPool", properties, triggers[0].place)


def _add_permission(template: Template, trigger: _Trigger) -> None:
    pool = _pool_id(trigger.pool)
    id = f"{normalized(trigger.function)}LambdaPermission{pool}TriggerSource{alphanumeric(trigger.source)}"
    add_permission(
        template, id, target_of(template.service, trigger.function), "cognito-idp.amazonaws.com", trigger.place,
        SourceArn={"Fn::GetAtt": [pool, "Arn"]},
    )  # fmt: skip


# Pools that exist


def _add_existing(template: Template, triggers: list[_Trigger]) -> None:
    """One custom resource a function."""
    service = template.service
    pools = list(dict.fromkeys(str(trigger.pool) for trigger in triggers))
    for key in dict.fromkeys(trigger.function for pool in pools for trigger in triggers if str(trigger.pool) == pool):
        mine = [trigger for trigger in triggers if trigger.function == key]
        first = mine[0]
        if any(trigger.pool != first.pool for trigger in mine):
            service.report("user-pools-of-function", first.place, key=key)
        id = f"{normalized(key)}CustomCognitoUserPool1"
        add_custom(template, id, "Custom::CognitoUserPool", _HANDLER, first.place)


def _existing_pools(service: Service) -> list[DeclaredStatement]:
    found: list[DeclaredStatement] = []
    for key in service.functions:
        for event in service.events(key):
            settings = event.settings
            if event.kind == "cognitoUserPool" and isinstance(settings, Mapping) and boolean(settings, "existing"):
                if settings.get("trigger") in _CUSTOM_SENDERS and settings.get("kmsKeyId"):
                    found.append(allow(("kms:CreateGrant",), settings["kmsKeyId"], event.place))
                actions = (
                    "cognito-idp:ListUserPools", "cognito-idp:DescribeUserPool", "cognito-idp:UpdateUserPool",
                )  # fmt: skip
                found.append(allow(actions, "*", event.place))
                if goes_on_from_v3(service):
                    function = concat("arn:${AWS::Partition}:lambda:*:*:function:", service.function_name(key))
                    both = ("lambda:AddPermission", "lambda:RemovePermission")
                    found.append(allow(both, {"Fn::Sub": function}, event.place))
                break
    if found:
        place = found[0].place
    if found and not goes_on_from_v3(service):
        add = allow(("lambda:AddPermission",), _ANY_FUNCTION, place)
        condition = {"StringEquals": {"lambda:Principal": "cognito-idp.amazonaws.com"}}
        found.append(DeclaredStatement({**add.statement, "Condition": condition}, place, "framework"))
        found.append(allow(("lambda:RemovePermission",), _ANY_FUNCTION, place))
    if found:
        found.append(allow(("iam:PassRole",), {"Fn::Sub": "arn:${AWS::Partition}:iam::*:role/*"}, place))
    return found


KIND: Final = EventKind(
    "cognitoUserPool",
    180,
    compile=compile,
    own_function=OwnFunction(_OWN_FUNCTION, "cognito-user-pool/handler.handler", _existing_pools),
)
