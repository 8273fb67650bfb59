"""The keys that callers of an API show, and the plans of how much they may call.

Source: osls 4.3.1 ``lib/plugins/aws/package/compile/events/api-gateway/lib/``: ``api-keys.js``, ``usage-plan.js`` and
``usage-plan-keys.js``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scopedown.core.finding import Severity
from scopedown.core.place import Place
from scopedown.documents.nodes import as_list, as_map
from scopedown.project.serverless.events.parts.conversions import boolean, integer, string, truthy
from scopedown.project.serverless.events.parts.http_endpoints import rest_api
from scopedown.project.serverless.events.parts.http_resources import add_resource
from scopedown.project.serverless.names import concat
from scopedown.project.serverless.service import Service
from scopedown.project.serverless.template import Template


def compile_keys(template: Template, deployment: str) -> None:
    """Add keys, plans, and the keys of each plan; all of them wait for the deployment of that logical id."""
    service = template.service
    gateway = as_map(service.provider.get("apiGateway"))
    plans = _plans(gateway)
    stage = {"RestApiId": rest_api(service), "StageName": service.stage}
    for id, _, key, place in _keys(service, gateway, plans):
        own = as_map(key)
        properties = {
            "Enabled": boolean(own, "enabled") if own.get("enabled") is not None else True,
            "Name": string(own.get("name") if isinstance(key, Mapping) else key),
            "Value": string(own.get("value")) or None,
            "Description": string(own.get("description")),
            "CustomerId": string(own.get("customerId")),
            "StageKeys": [stage],
        }
        add_resource(
            template, f"ApiGatewayApiKey{id}", "AWS::ApiGateway::ApiKey", properties, place, DependsOn=deployment
        )
    for name, plan in plans.items():
        place = service.place_in(gateway, "usagePlan" if "usagePlan" in gateway else "apiKeys")
        _compile_plan(template, name, plan, place, deployment)
    for id, name, _, place in _keys(service, gateway, plans):
        properties = {
            "KeyId": {"Ref": f"ApiGatewayApiKey{id}"},
            "KeyType": "API_KEY",
            "UsagePlanId": {"Ref": _plan_id(name)},
        }
        add_resource(template, f"ApiGatewayUsagePlanKey{id}", "AWS::ApiGateway::UsagePlanKey", properties, place)


def _plans(gateway: Mapping[str, Any]) -> dict[str | None, Mapping[str, Any]]:
    """The usage plans by name, in order; one that has no name is None's."""
    written = gateway.get("usagePlan")
    if not isinstance(written, list):
        return {None: as_map(written)} if truthy(written) or truthy(gateway.get("apiKeys")) else {}
    plans: dict[str | None, Mapping[str, Any]] = {next(iter(as_map(item))): {} for item in written if as_map(item)}
    for item in written:  # the last one of a name tells
        for name in plans:
            own = as_map(as_map(item).get(str(name)))
            plans[name] = {**plans[name], **{part: own[part] for part in ("quota", "throttle") if own.get(part)}}
    return plans


def _keys(
    service: Service, gateway: Mapping[str, Any], plans: Mapping[str | None, Any]
) -> Iterator[tuple[str, str | None, Any, Place]]:
    """Every key: the end of its logical id, its plan, the key as written, its place."""
    names = {name for item in as_list(gateway.get("usagePlan")) for name in as_map(item)}
    written = gateway.get("apiKeys")
    number = 0
    for index, item in enumerate(as_list(written)):
        place = service.place_in(written, index)
        plan = next(iter(item), None) if isinstance(item, Mapping) else None
        if plan is not None and plan in names:
            of_plan = item[plan] if isinstance(item[plan], list) else [item[plan]]
            number = len(of_plan)
            for position, key in enumerate(of_plan, 1):
                yield f"{plan[:1].upper()}{plan[1:]}{position}", plan, key, place
            continue
        if plan is not None and isinstance(item[plan], Mapping | list) and plans:
            what = f"the API keys of the plan {plan} have no usage plan"
            service.tell("api-refused", what, place, "add the plan to provider.apiGateway.usagePlan", Severity.ERROR)
            continue
        number += 1
        yield str(number), None, item, place


def _plan_id(name: str | None) -> str:
    return f"ApiGatewayUsagePlan{name[:1].upper()}{name[1:]}" if name else "ApiGatewayUsagePlan"


def _compile_plan(template: Template, name: str | None, plan: Mapping[str, Any], place: Place, deployment: str) -> None:
    service = template.service
    quota, throttle = plan.get("quota"), plan.get("throttle")
    # A plan of a list that is called "default" is named as the only plan of a service is, and has no limits.
    alone = name is None or name == "default"
    if name == "default":
        quota = throttle = None
    shown = "" if alone else f'"{name}" '
    properties: dict[str, Any] = {
        "ApiStages": [{"ApiId": rest_api(service), "Stage": service.stage}],
        "Description": concat(f"Usage plan {shown}for ", service.name, f" {service.stage} stage"),
        "UsagePlanName": concat(service.name, f"-{service.stage}" if alone else f"-{name}-{service.stage}"),
    }
    if isinstance(quota, Mapping):
        limits = {"Limit": quota.get("limit"), "Offset": quota.get("offset")}
        properties["Quota"] = _known(
            {**{key: integer(value) for key, value in limits.items()}, "Period": quota.get("period")}
        )
    if isinstance(throttle, Mapping):
        limits = {"BurstLimit": throttle.get("burstLimit"), "RateLimit": throttle.get("rateLimit")}
        properties["Throttle"] = _known({key: integer(value) for key, value in limits.items()})
    add_resource(template, _plan_id(name), "AWS::ApiGateway::UsagePlan", properties, place, DependsOn=deployment)


def _known(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}
