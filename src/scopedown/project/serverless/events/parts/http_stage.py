"""The API itself and its deployment: endpoint, policy and logs.

Source: osls 4.3.1 ``lib/plugins/aws/package/compile/events/api-gateway/lib/``: ``rest-api.js``, ``deployment.js`` and
``stage.js``. The framework sets tracing, tags and the format of
logs by calls after the deployment, so a template says nothing of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.documents.nodes import MapNode, as_list, as_map
from scopedown.project.model import DeclaredStatement
from scopedown.project.serverless.additions import allow
from scopedown.project.serverless.conversions import boolean, items, string, truthy
from scopedown.project.serverless.event_kinds import OwnFunction
from scopedown.project.serverless.events.parts.http_endpoints import REST_API, rest_api
from scopedown.project.serverless.events.parts.targets import add_custom
from scopedown.project.serverless.frameworks import goes_on_from_v3
from scopedown.project.serverless.log_groups import add_log_group
from scopedown.project.serverless.names import concat, function_id
from scopedown.project.serverless.service import Service, is_text
from scopedown.project.serverless.template import Template

# The keys that callers of an API show, and the plans of how much they may call.
#
# Source: osls 4.3.1 ``lib/plugins/aws/package/compile/events/api-gateway/lib/``: ``api-keys.js``, ``usage-plan.js`` and
# ``usage-plan-keys.js``.


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
            service.report("api-refused plan", place, plan=plan)
            continue
        number += 1
        yield str(number), None, item, place


def _plan_id(name: str | None) -> str:
    return f"ApiGatewayUsagePlan{name[:1].upper()}{name[1:]}" if name else "ApiGatewayUsagePlan"


# The role of an account's API Gateway, which it writes logs with: set by a function of the framework's own.
#
# Source: osls 4.3.1 ``lib/plugins/aws/package/compile/events/lib/ensure-api-gateway-cloud-watch-role.js``.


ACCOUNT_ROLE: Final = "custom-resource-apigw-cw-role"
"""The framework's own function that sets the role."""


def add_account_role(template: Template, place: Place) -> None:
    """The custom resource that sets the role, unless the provider says that it is managed elsewhere."""
    rest = as_map(as_map(template.service.provider.get("logs")).get("restApi"))
    if boolean(rest, "roleManagedExternally"):
        return
    id = "CustomApiGatewayAccountCloudWatchRole"
    add_custom(template, id, "Custom::ApiGatewayAccountRole", function_id(ACCOUNT_ROLE), place)


DEPLOYMENT: Final = "ApiGatewayDeployment"
"""The logical id of the deployment; the framework adds a new random end each time."""
_ONE_RESOURCE: Final = re.compile(r"arn:|execute-api:")


def compile_rest_api(template: Template, place: Place) -> None:
    """Add the API, where the service does not extend that of another stack."""
    service = template.service
    provider = service.provider
    gateway = as_map(provider.get("apiGateway"))
    if gateway.get("restApiId"):
        return
    tags = None if goes_on_from_v3(service) else provider.get("tags")
    properties = {
        "BinaryMediaTypes": items(gateway["binaryMediaTypes"]) if truthy(gateway.get("binaryMediaTypes")) else None,
        "EndpointConfiguration": endpoint_configuration(service),
        "Tags": _tags(tags) if truthy(tags) else None,
        "Policy": resource_policy(gateway.get("resourcePolicy")) or "",
    }
    template.add(REST_API, "AWS::ApiGateway::RestApi", properties, place)


def endpoint_configuration(service: Service) -> dict[str, Any]:
    """Where the API is reached from."""
    kind, ids = service.provider.get("endpointType"), service.provider.get("vpcEndpointIds")
    if not is_text(kind) or not kind:
        return {"Types": ["EDGE"]}
    found: dict[str, Any] = {"Types": [str(kind).upper()]}
    if ids:
        found["VpcEndpointIds"] = ids if isinstance(ids, Mapping) else items(ids)
    return found


def resource_policy(written: Any) -> dict[str, Any] | None:
    """The API's own policy; None where there is none."""
    statements = [written] if isinstance(written, Mapping) and written else as_list(written)
    return {"Version": "2012-10-17", "Statement": [_statement(item) for item in statements]} if statements else None


def _tags(tags: Any) -> list[dict[str, Any]]:
    return [{"Key": key, "Value": string(value)} for key, value in as_map(tags).items()]


def _statement(statement: Any) -> Any:
    """A statement of the API's own policy, as the framework's schema check leaves it."""
    if not isinstance(statement, Mapping):
        return statement
    found = MapNode(statement, getattr(statement, "place", Place("")))
    for key in ("Action", "NotAction"):
        if is_text(statement.get(key)):
            found[key] = [statement[key]]
    for key in ("Resource", "NotResource"):
        value = statement.get(key)
        if isinstance(value, list) and len(value) == 1 and is_text(value[0]) and _ONE_RESOURCE.match(str(value[0])):
            found[key] = value[0]
    for key in ("Principal", "NotPrincipal"):
        if isinstance(statement.get(key), Mapping):
            found[key] = {
                kind: value if (kind == "AWS" and value == "*") or isinstance(value, Mapping) else items(value)
                for kind, value in statement[key].items()
            }
    if "Sid" in statement:
        found["Sid"] = string(statement["Sid"])
    return found


def compile_deployment(template: Template, place: Place) -> None:
    """Add the deployment."""
    service = template.service
    stage = string(as_map(service.provider.get("apiGateway")).get("stage")) or service.stage
    properties = {"RestApiId": rest_api(service), "StageName": stage}
    template.add(DEPLOYMENT, "AWS::ApiGateway::Deployment", properties, place)


def logs_access(service: Service) -> bool:
    """Whether the API's access is logged, where the service has one."""
    logs = as_map(service.provider.get("logs"))
    written = logs.get("restApi")
    if isinstance(written, Mapping):
        return boolean(written, "accessLogging", True) is not False
    return truthy(boolean(logs, "restApi", False))


def compile_logs(template: Template) -> None:
    """Add the group that the API's access is logged to, and what lets API Gateway write there."""
    service = template.service
    if not logs_access(service):
        return
    place = service.place_in(as_map(service.provider.get("logs")), "restApi")
    name = concat("/aws/api-gateway/", service.name, f"-{service.stage}")
    add_log_group(template, "ApiGatewayLogGroup", name, place)
    add_account_role(template, place)


def _statements_for_logs(service: Service) -> list[DeclaredStatement]:
    """Logs of an API need a role of API Gateway's account, which the framework sets by a function of its own."""
    logs = as_map(service.provider.get("logs"))
    rest, websocket = logs.get("restApi"), logs.get("websocket")
    if as_map(service.provider.get("apiGateway")).get("websocketApiId"):
        websocket = None  # its stage, and what it logs, are another stack's
    kinds = {event.kind for key in service.functions for event in service.events(key)}
    needed = ("http" in kinds and logs_access(service)) or ("websocket" in kinds and truthy(websocket))
    if not needed or as_map(rest).get("roleManagedExternally"):
        return []
    place = service.place_in(logs, "restApi" if truthy(rest) else "websocket")
    roles = {"Fn::Join": [":", ["arn", {"Ref": "AWS::Partition"}, "iam:", {"Ref": "AWS::AccountId"}, "role/*"]]}
    account = {"Fn::Join": [":", ["arn", {"Ref": "AWS::Partition"}, "apigateway:*::/account"]]}
    actions = ("iam:AttachRolePolicy", "iam:CreateRole", "iam:ListAttachedRolePolicies", "iam:PassRole")
    return [allow(actions, roles, place), allow(("apigateway:GET", "apigateway:PATCH"), account, place)]


ROLE_SETTER: Final = OwnFunction(ACCOUNT_ROLE, "api-gateway-cloud-watch-role/handler.handler", _statements_for_logs)
"""What the events ``http`` and ``websocket`` make the framework deploy for their logs."""
