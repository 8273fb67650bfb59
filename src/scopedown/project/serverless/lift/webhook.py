"""``webhook``: an HTTP API that puts requests on an event bus (``constructs/aws/Webhook.js``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from scopedown.documents.nodes import place_of
from scopedown.project.serverless.lift.model import Construct, attribute, below
from scopedown.project.serverless.lift.names import unique_id
from scopedown.project.serverless.lift.queue import add_function
from scopedown.project.serverless.names import Name, concat, function_id
from scopedown.project.serverless.service import is_text

_TRUST: Final = {
    "Statement": [
        {"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"Service": "apigateway.amazonaws.com"}}
    ],
    "Version": "2012-10-17",
}


def make(construct: Construct) -> None:
    """Add what a webhook makes."""
    settings, name = construct.settings, construct.name
    api, bus, role = construct.id("HttpApi"), construct.id("Bus"), construct.id("ApiGatewayRole")
    integration, route = construct.direct_id("Integration"), construct.direct_id("Route")
    construct.add(api, "AWS::ApiGatewayV2::Api", {"Name": "HttpApi", "ProtocolType": "HTTP"})
    construct.add(construct.id("HttpApi/DefaultStage"), "AWS::ApiGatewayV2::Stage", {
        "ApiId": {"Ref": api}, "AutoDeploy": True, "StageName": "$default",
    })  # fmt: skip
    construct.add(bus, "AWS::Events::EventBus", {"Name": unique_id(f"{name}/Bus")})
    put = _document({"Action": "events:PutEvents", "Effect": "Allow", "Resource": attribute(bus)})
    construct.add(role, "AWS::IAM::Role", {
        "AssumeRolePolicyDocument": _TRUST, "Policies": [{"PolicyName": "EventBridge", "PolicyDocument": put}],
    })  # fmt: skip
    event = settings.get("eventType")
    construct.add(integration, "AWS::ApiGatewayV2::Integration", {
        "ApiId": {"Ref": api}, "ConnectionType": "INTERNET", "CredentialsArn": attribute(role),
        "IntegrationSubtype": "EventBridge-PutEvents", "IntegrationType": "AWS_PROXY", "PayloadFormatVersion": "1.0",
        "RequestParameters": {
            "DetailType": "Webhook" if event is None else event, "Detail": "$request.body", "Source": name,
            "EventBusName": {"Ref": bus},
        },
    })  # fmt: skip
    authorizer = None if settings.get("insecure") is True else _authorizer(construct, api, role)
    method, path = _text(settings.get("method"), "POST"), _text(settings.get("path"), "")
    key = concat(method, " ", path)
    construct.add(route, "AWS::ApiGatewayV2::Route", {
        "ApiId": {"Ref": api},
        "AuthorizationType": "CUSTOM" if authorizer else "NONE",
        "AuthorizerId": {"Ref": authorizer} if authorizer else None,
        "RouteKey": key,
        "Target": {"Fn::Join": ["/", ["integrations", {"Ref": integration}]]},
    })  # fmt: skip
    construct.output("HttpApiEndpoint", attribute(api, "ApiEndpoint"))
    construct.output("Endpoint", key)
    construct.extensible |= {"api": api, "bus": bus}


def _authorizer(construct: Construct, api: str, role: str) -> str:
    """The function that lets requests through, which the API's role calls; its authorizer's logical id."""
    name, written = construct.name, construct.settings.get("authorizer")
    key = f"{name}Authorizer"
    if isinstance(written, Mapping):
        add_function(construct, key, written, place_of(construct.settings, "authorizer") or construct.place)
    function, policy = attribute(function_id(key)), construct.id("ApiGatewayRole/DefaultPolicy")
    invoke = {"Action": "lambda:InvokeFunction", "Effect": "Allow", "Resource": [function, below(function, ":*")]}
    construct.add(policy, "AWS::IAM::Policy", {
        "PolicyDocument": _document(invoke), "PolicyName": policy, "Roles": [{"Ref": role}],
    })  # fmt: skip
    functions = f"arn:aws:apigateway:{construct.service.region}:lambda:path/2015-03-31/functions"
    id = construct.direct_id("Authorizer")
    construct.add(id, "AWS::ApiGatewayV2::Authorizer", {
        "ApiId": {"Ref": api}, "AuthorizerCredentialsArn": attribute(role), "AuthorizerPayloadFormatVersion": "2.0",
        "AuthorizerType": "REQUEST", "EnableSimpleResponses": True, "Name": f"{name}-authorizer",
        "AuthorizerUri": {"Fn::Join": ["/", [functions, function, "invocations"]]},
    })  # fmt: skip
    return id


def _document(*statements: Mapping[str, Any]) -> dict[str, Any]:
    return {"Statement": list(statements), "Version": "2012-10-17"}


def _text(value: Any, usual: str) -> Name:
    return value if is_text(value) else usual
