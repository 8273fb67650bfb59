"""Messages to connections: the API is the one that calls the function, where the event gives its endpoint."""

from __future__ import annotations

from typing import Any

import pytest
from permission_words import a_function, a_project, sdk_call, short

from scopedown.catalog.load import SqliteCatalog
from scopedown.core.text import Text, Unknown
from scopedown.permissions.bind import bind
from scopedown.permissions.model import Certainty
from scopedown.permissions.require import require

EVENT = Unknown("event")
FROM_EVENT = Text.of("https://", EVENT, "/", EVENT)
CALLS = {"Fn::Sub": "arn:aws:apigateway:${AWS::Region}:lambda:path/functions/${HelloLambdaFunction.Arn}/invocations"}


def integration(api: str, uri: Any = CALLS) -> tuple[str, dict[str, Any]]:
    return "AWS::ApiGatewayV2::Integration", {"ApiId": {"Ref": api}, "IntegrationUri": uri}


API = ("AWS::ApiGatewayV2::Api", {"ProtocolType": "WEBSOCKET"})
CHAT = {"Chat": API, "ChatIntegration": integration("Chat")}


def posted_to(facts: SqliteCatalog, resources: Any, endpoint: Any = FROM_EVENT) -> tuple[str, Certainty]:
    project, function = a_project(resources), a_function()
    call = sdk_call("apigatewaymanagementapi.PostToConnection", {"ConnectionId": EVENT, "$endpoint": endpoint})
    [found] = [bind(one, function, project, facts) for one in require(call, facts)]
    [resource] = found.resources
    return short(resource.arn), resource.certainty


@pytest.mark.parametrize("endpoint", [FROM_EVENT, Text.of(EVENT, "/dev"), Text.of("https://", EVENT)])
def test_the_endpoint_of_the_event_is_of_the_api_that_calls_the_function(facts: SqliteCatalog, endpoint: Text) -> None:
    expected = ("arn:P:execute-api:R:A:${Chat}/*/POST/@connections/*", Certainty.PATTERN)
    assert posted_to(facts, CHAT, endpoint) == expected


@pytest.mark.parametrize(
    "resources",
    [
        {},
        {"Chat": API},
        {"Chat": API, "ChatIntegration": integration("Chat", "arn:aws:elsewhere")},
        {**CHAT, "Other": API, "OtherIntegration": integration("Other")},
        {"Http": ("AWS::ApiGatewayV2::Api", {"ProtocolType": "HTTP"}), "HttpIntegration": integration("Http")},
    ],
)
def test_without_one_api_that_calls_it_the_api_is_not_known(facts: SqliteCatalog, resources: Any) -> None:
    assert posted_to(facts, resources) == ("arn:P:execute-api:R:A:*/*/POST/@connections/*", Certainty.UNKNOWN)


def test_an_endpoint_that_the_code_names_stays(facts: SqliteCatalog) -> None:
    named = "https://abc123.execute-api.eu-west-1.amazonaws.com/dev"
    assert posted_to(facts, CHAT, named)[0] == "arn:P:execute-api:eu-west-1:A:abc123/dev/POST/@connections/*"
    assert posted_to(facts, CHAT, Unknown("result of get_url()"))[1] is Certainty.UNKNOWN
