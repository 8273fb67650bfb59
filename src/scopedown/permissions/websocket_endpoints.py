"""The WebSocket API that messages go back to, where the event says which: the one that calls the function.

``https://{requestContext.domainName}/{requestContext.stage}`` is the usual endpoint
(https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html).
The project shows the API: its integration is with the function.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from scopedown.calls.model import Argument, SdkCall
from scopedown.core.text import ANY, Pseudo, Ref, Text, Unknown
from scopedown.core.text_slicing import strip_prefix
from scopedown.project.intrinsics import Scope, to_text
from scopedown.project.model import Function, Project
from scopedown.project.references import names


def with_own_api(call: SdkCall, function: Function, project: Project) -> SdkCall:
    """``call`` with the endpoint of the function's one WebSocket API in place of an event's; others unchanged."""
    endpoint = call.arguments.get("$endpoint")
    if call.service != "apigatewaymanagementapi" or not _of_event(endpoint):
        return call
    apis = set(_apis(function, project))
    if len(apis) != 1:
        return call
    own = Text.of("https://", Ref(apis.pop()), ".execute-api.", Pseudo("AWS::Region"), ".amazonaws.com/", ANY)
    return replace(call, arguments={**call.arguments, "$endpoint": own})


def _of_event(endpoint: Argument) -> bool:
    if not isinstance(endpoint, Text):
        return False
    host = strip_prefix(strip_prefix(endpoint, "https://"), "wss://")
    return bool(host.parts) and isinstance(first := host.parts[0], Unknown) and first.reason.startswith("event")


def _apis(function: Function, project: Project) -> Iterator[str]:
    """The declared WebSocket APIs with an integration that refers to the function."""
    scope = Scope.of(project)
    for resource in project.of_type("AWS::ApiGatewayV2::Integration"):
        if function.logical_id not in names(resource.properties):
            continue
        match to_text(resource.properties.get("ApiId"), scope).parts:
            case (Ref(id),) if (api := project.deployed.get(id)) is not None:
                if api.properties.get("ProtocolType") == "WEBSOCKET":
                    yield id
            case _:
                pass
