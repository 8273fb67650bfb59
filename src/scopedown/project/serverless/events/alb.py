"""The event ``alb``: a rule of an application load balancer's listener that forwards requests to the function.

The load balancer and its listener are another's; the framework makes rules, target groups and permissions.
Source: osls 4.3.1 ``lib/plugins/aws/package/compile/events/alb``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.documents.nodes import as_map
from scopedown.project.model import Event
from scopedown.project.serverless.conversions import boolean, integer, items, string
from scopedown.project.serverless.event_kinds import EventKind
from scopedown.project.serverless.events.parts.targets import target_of
from scopedown.project.serverless.names import Name, alphanumeric, concat, normalized
from scopedown.project.serverless.service import Service, is_text
from scopedown.project.serverless.template import Template

_LISTENER: Final = re.compile(r"arn:aws[\w-]*:elasticloadbalancing:.+:listener/app/[\w-]+/([\w-]+)/([\w-]+)\Z", re.A)
_UNKNOWN: Final = "the id of the load balancer is unknown"


def compile(template: Template) -> None:
    """Target groups, then rules, then permissions."""
    rules = list(_rules(template.service))
    for fragment in ("target group", "rule", "permissions"):
        for values, place in rules:
            template.add_fragment("events/alb.yml", fragment, place, **values)


def _rules(service: Service) -> Iterator[tuple[dict[str, Any], Place]]:
    """The values of each event's resources; what the framework refuses is reported and left out."""
    taken: dict[tuple[str, str], str] = {}
    own: dict[tuple[str, str], str | None] = {}
    prefix = as_map(service.provider.get("alb")).get("targetGroupPrefix")
    for key, event in service.all_events_of("alb"):
        settings = event.settings
        if not isinstance(settings, Mapping):
            continue
        found = _listener(settings.get("listenerArn"))
        if found is None:
            if not isinstance(settings.get("listenerArn"), list):  # told with all values of a wrong type
                service.report("alb-listener-invalid", event.place, key=key)
            continue
        balancer, listener = found
        priority = integer(settings.get("priority"))
        if (mine := own.setdefault((key, str(priority)), listener)) and listener and mine != listener:
            service.report("alb-priority-taken here", event.place, key=key, priority=priority)
        if listener and taken.setdefault((listener, str(priority)), key) != key:
            service.report("alb-priority-taken elsewhere", event.place, key=key, priority=priority)
        if settings.get("conditions") == {}:
            service.report("alb-conditions-missing", event.place, key=key)
        if prefix and settings.get("targetGroupName"):
            service.report("alb-group-named-twice", service.place_in(settings, "targetGroupName"), key=key)
        name, multiple = normalized(key), boolean(settings, "multiValueHeaders") or False
        id = alphanumeric(settings["listenerArn"]) if balancer is None else balancer
        pools = [{"AuthenticateCognitoConfig": {"UserPoolArn": pool}} for pool in _user_pools(service, key, event)]
        middle = "multi-value-" if multiple else ""
        tag = (service.name, f"-{key}-", Text.unknown(_UNKNOWN) if balancer is None else balancer)
        named = string(settings.get("targetGroupName")) or None
        yield {
            "group": f"{name}Alb{'MultiValue' if multiple else ''}TargetGroup{id}", "Function": name,
            "name": named or _group_name(service, concat(*tag, f"-{middle}{service.stage}")),
            "target": target_of(service, key).arn, "tag": concat(*tag, f"-{service.stage}"), "multiple": multiple,
            "pools": pools or None, "listener": settings["listenerArn"], "priority": priority,
        }, event.place  # fmt: skip


def _group_name(service: Service, tag: Name) -> Name:
    """The prefix and a hash, 32 characters in all."""
    prefix = string(as_map(service.provider.get("alb")).get("targetGroupPrefix")) or ""
    if not isinstance(tag, str) or not isinstance(prefix, str):
        return concat(prefix, Text.unknown("the name is a hash of unknown values"))
    return (prefix + hashlib.md5(tag.encode(), usedforsecurity=False).hexdigest())[:32]


def _listener(arn: Any) -> tuple[str | None, str | None] | None:
    """The ids of the load balancer and of the listener (None: not known); None where it is no listener."""
    if isinstance(arn, Mapping):
        id = arn.get("Ref")
        return (str(id), str(id)) if id and is_text(id) else None
    if not is_text(arn):
        return None
    matched = _LISTENER.match(str(arn))
    if matched is not None:
        return matched[1], matched[2]
    return (None, None) if isinstance(arn, Text) else None


def _user_pools(service: Service, key: str, event: Event) -> Iterator[Any]:
    """The ARNs of the user pools among the authorizers of an event."""
    known = as_map(as_map(service.provider.get("alb")).get("authorizers"))
    for name in items(as_map(event.settings).get("authorizer")):
        written = known.get(name) if isinstance(name, str) else None
        if isinstance(written, Mapping):
            if written.get("type") == "cognito":
                yield string(written.get("userPoolArn"))
        elif isinstance(name, str):
            service.report("alb-authorizer-unknown", event.place, key=key, name=name)


KIND: Final = EventKind("alb", 110, label="ALB", compile=compile)
