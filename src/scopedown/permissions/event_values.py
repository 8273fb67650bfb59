"""What the event of a function says: the bucket that sends it, and the WebSocket API that it comes from.

Of a function that only buckets call, the event's bucket is one of these. S3's own notifications name their bucket
(https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html), and so do those that come
by EventBridge (https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html). Where another event can arrive,
or nothing says which bucket sends, the bucket stays unknown. So it does where its name is made by CloudFormation and
the bucket waits for the function: the function's role cannot refer to it.

``https://{requestContext.domainName}/{requestContext.stage}`` is the usual endpoint of messages back to a WebSocket
(https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html).
The project shows the API: its integration is with the function.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from scopedown.calls.model import Alternatives, Argument, SdkCall
from scopedown.core.text import ANY, Literal, Pseudo, Ref, Text, Unknown
from scopedown.core.text_slicing import strip_prefix
from scopedown.permissions.cycles import depends_on
from scopedown.project.intrinsics import Scope, to_text
from scopedown.project.model import Function, Project, Tree
from scopedown.project.references import names
from scopedown.project.serverless.event_kinds import event_kind

_NAMES = ("Bucket", "CopySource", "MediaFileUri", "S3Bucket")
"""Parameters that hold a bucket's name, or begin with it."""


def with_event_buckets(call: SdkCall, function: Function, project: Project) -> SdkCall:
    """``call`` with the buckets that call the function in place of the event's; others unchanged."""
    if not any(_mentions(name, value) for name, value in call.arguments.items()):
        return call
    buckets = _buckets(function, project)
    if not buckets:
        return call
    return replace(call, arguments={name: _with(name, value, buckets) for name, value in call.arguments.items()})


def _mentions(name: object, value: Argument) -> bool:
    if isinstance(value, Mapping):
        return any(_mentions(key, item) for key, item in value.items())
    if isinstance(value, Alternatives):
        return any(_mentions(name, option) for option in value.options)
    return name in _NAMES and isinstance(value, Text) and _position(value) is not None


def _with(name: object, value: Argument, buckets: tuple[Text, ...]) -> Argument:
    if isinstance(value, Mapping):
        return {key: _with(key, item, buckets) for key, item in value.items()}
    if isinstance(value, Alternatives):
        return Alternatives(tuple(_with(name, option, buckets) for option in value.options))
    if name not in _NAMES or not isinstance(value, Text) or (at := _position(value)) is None:
        return value
    named = tuple(Text.of(*value.parts[:at], bucket, *value.parts[at + 1 :]) for bucket in buckets)
    return named[0] if len(named) == 1 else Alternatives(named)


def _position(text: Text) -> int | None:
    """Where in a text the event's bucket stands: alone, or before a slash."""
    at = 1 if text.parts and text.parts[0] in (Literal("s3://"), Literal("/")) else 0
    part, after = (*text.parts, None, None)[at : at + 2]
    if not isinstance(part, Unknown) or not part.reason.startswith("event"):
        return None
    ends = after is None or (isinstance(after, Literal) and after.value.startswith("/"))
    return at if ends else None


def _buckets(function: Function, project: Project) -> tuple[Text, ...]:
    scope = Scope.of(project)
    found: dict[Text, None] = {}
    for event in function.events:
        names = [_named(tree, project, scope, function.logical_id) for tree in event_kind(event.kind).buckets(event)]
        if not names:
            return ()
        for name in names:
            if name is None:
                return ()
            found[name] = None
    return tuple(found)


def _named(tree: Tree, project: Project, scope: Scope, function: str | None) -> Text | None:
    """A bucket's name or a reference to it, or None where the function's role can know neither."""
    if tree is None or (isinstance(tree, Mapping) and set(tree) & {"prefix", "suffix", "wildcard", "anything-but"}):
        return None
    name, deployed = to_text(tree, scope), project.deployed
    if name.unknowns or not name.parts:
        return None
    match name.parts:
        case (Ref(id),) if function and id in deployed and depends_on(id, function, deployed):
            own = to_text(deployed[id].properties.get("BucketName"), scope)
            return None if own.unknowns or not own.parts or not _is_written(own) else own
        case _:
            return name


def _is_written(name: Text) -> bool:
    return name.literal not in ("", "null", "undefined") and not name.has(Ref)


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
