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
from scopedown.project.serverless.conversions import string, truthy
from scopedown.project.serverless.events.parts.http_endpoints import rest_api
from scopedown.project.serverless.service import Service
from scopedown.project.serverless.template import Template


def compile_keys(template: Template) -> None:
    """Add keys, plans, and the keys of each plan."""
    service = template.service
    gateway = as_map(service.provider.get("apiGateway"))
    plans = _plans(gateway)
    for id, _, key, place in _keys(service, gateway, plans):
        properties = {"Value": string(as_map(key).get("value")) or None}
        template.add(f"ApiGatewayApiKey{id}", "AWS::ApiGateway::ApiKey", properties, place)
    for name in plans:
        place = service.place_in(gateway, "usagePlan" if "usagePlan" in gateway else "apiKeys")
        stages = {"ApiStages": [{"ApiId": rest_api(service), "Stage": service.stage}]}
        template.add(_plan_id(name), "AWS::ApiGateway::UsagePlan", stages, place)
    for id, name, _, place in _keys(service, gateway, plans):
        properties = {"UsagePlanId": {"Ref": _plan_id(name)}}
        template.add(f"ApiGatewayUsagePlanKey{id}", "AWS::ApiGateway::UsagePlanKey", properties, place)


def _plans(gateway: Mapping[str, Any]) -> list[str | None]:
    """The names of the usage plans, in order; None of one that has no name."""
    written = gateway.get("usagePlan")
    if not isinstance(written, list):
        return [None] if truthy(written) or truthy(gateway.get("apiKeys")) else []
    return list(dict.fromkeys(next(iter(as_map(item))) for item in written if as_map(item)))


def _keys(
    service: Service, gateway: Mapping[str, Any], plans: list[str | None]
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
