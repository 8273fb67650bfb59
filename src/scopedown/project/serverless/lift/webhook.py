"""``webhook``: an HTTP API that puts requests on an event bus (``constructs/aws/Webhook.js``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from scopedown.documents.nodes import place_of
from scopedown.project.serverless.lift.model import Construct, attribute, below
from scopedown.project.serverless.lift.names import unique_id
from scopedown.project.serverless.lift.queue import add_function
from scopedown.project.serverless.names import function_id

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
    construct.add(api, "AWS::ApiGatewayV2::Api", {"ProtocolType": "HTTP"})
    stage = {"ApiId": {"Ref": api}, "StageName": "$default"}
    construct.add(construct.id("HttpApi/DefaultStage"), "AWS::ApiGatewayV2::Stage", stage)
    construct.add(bus, "AWS::Events::EventBus", {"Name": unique_id(f"{name}/Bus")})
    put = _document({"Action": "events:PutEvents", "Effect": "Allow", "Resource": attribute(bus)})
    construct.add(role, "AWS::IAM::Role", {
        "AssumeRolePolicyDocument": _TRUST, "Policies": [{"PolicyName": "EventBridge", "PolicyDocument": put}],
    })  # fmt: skip
    calls = {"ApiId": {"Ref": api}, "CredentialsArn": attribute(role)}
    construct.add(construct.direct_id("Integration"), "AWS::ApiGatewayV2::Integration", calls)
    if settings.get("insecure") is not True:
        _authorizer(construct, api, role)
    construct.add(construct.direct_id("Route"), "AWS::ApiGatewayV2::Route", {"ApiId": {"Ref": api}})
    construct.extensible |= {"api": api, "bus": bus}


def _authorizer(construct: Construct, api: str, role: str) -> None:
    """The function that lets requests through, which the API's role calls."""
    name, written = construct.name, construct.settings.get("authorizer")
    key = f"{name}Authorizer"
    if isinstance(written, Mapping):
        add_function(construct, key, written, place_of(construct.settings, "authorizer") or construct.place)
    function, policy = attribute(function_id(key)), construct.id("ApiGatewayRole/DefaultPolicy")
    invoke = {"Action": "lambda:InvokeFunction", "Effect": "Allow", "Resource": [function, below(function, ":*")]}
    construct.add(policy, "AWS::IAM::Policy", {
        "PolicyDocument": _document(invoke), "PolicyName": policy, "Roles": [{"Ref": role}],
    })  # fmt: skip
    construct.add(construct.direct_id("Authorizer"), "AWS::ApiGatewayV2::Authorizer", {
        "ApiId": {"Ref": api}, "AuthorizerCredentialsArn": attribute(role), "AuthorizerPayloadFormatVersion": "2.0",
        "AuthorizerUri": function,
    })  # fmt: skip


def _document(*statements: Mapping[str, Any]) -> dict[str, Any]:
    return {"Statement": list(statements), "Version": "2012-10-17"}
