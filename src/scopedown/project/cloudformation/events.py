"""What calls the functions of a template, as events of the Serverless Framework's kinds.

In: a :class:`~scopedown.project.cloudformation.stack.Stack`. Out: every function's events, by its logical id, in the
order of the template's resources. Each kind of resource that calls functions has its reader: event source mappings in
:mod:`~.sources`, APIs in :mod:`~.routes`, all others in :mod:`~.triggers`. A permission to call a function stands for
an event where no resource of the template says more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from scopedown.project.cloudformation import routes, sources, triggers
from scopedown.project.cloudformation.stack import Stack
from scopedown.project.model import DeclaredResource, Event

Found = Iterator[tuple[str, Event]]

_READERS: Final[Mapping[str, Callable[[Stack, DeclaredResource], Found]]] = {
    **sources.READERS,
    **triggers.READERS,
    **routes.READERS,
}

_PRINCIPALS: Final[Mapping[str, tuple[str, ...]]] = {
    "apigateway": ("http", "httpApi", "websocket"),
    "s3": ("s3",),
    "sns": ("sns",),
    "events": ("eventBridge", "schedule"),
    "scheduler": ("schedule",),
    "logs": ("cloudwatchLog",),
    "iot": ("iot",),
    "cognito-idp": ("cognitoUserPool",),
    "elasticloadbalancing": ("alb",),
    "alexa-appkit": ("alexaSkill",),
    "alexa-connectedhome": ("alexaSmartHome",),
    "edgelambda": ("cloudFront",),
}
"""The service that a permission names, and the kinds of event that it calls functions for."""


def events_of(stack: Stack) -> dict[str, tuple[Event, ...]]:
    """The events of every function that has some."""
    found: dict[str, list[Event]] = {}
    for resource in stack.resources.values():
        reader = _READERS.get(resource.type)
        if reader is not None:
            for id, event in reader(stack, resource):
                if event not in found.setdefault(id, []):
                    found[id].append(event)
    for permission in stack.of_type("AWS::Lambda::Permission"):
        principal = permission.properties.get("Principal")
        service = (stack.text(principal).literal or "").removesuffix(".amazonaws.com")
        kinds = _PRINCIPALS.get(service, ())
        for id in stack.functions_in(permission.properties.get("FunctionName")) if kinds else ():
            events = found.setdefault(id, [])
            if not any(event.kind in kinds for event in events):
                arn = permission.properties.get("SourceArn")
                events.append(Event(kinds[0], None if arn is None else {"arn": arn}, permission.place))
    return {id: tuple(events) for id, events in found.items()}
