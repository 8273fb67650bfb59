"""The event ``schedule`` (osls 4.3.1, ``lib/plugins/aws/package/compile/events/schedule.js``)."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.core.place import Place
from scopedown.project.model import DeclaredStatement, Event
from scopedown.project.serverless.additions import allow
from scopedown.project.serverless.names import function_arn
from scopedown.project.serverless.service import Service, as_map


def statements(service: Service) -> Iterator[DeclaredStatement]:
    """EventBridge Scheduler invokes functions by the role that they share."""
    places: dict[str, Place] = {}
    for key, event in _by_scheduler(service):
        places.setdefault(key, event.place)
    if places:
        resources = [function_arn(service.function_name(key), suffix) for key in places for suffix in ("", ":*")]
        yield allow(("lambda:InvokeFunction",), resources, next(iter(places.values())))


def principals(service: Service) -> Iterator[str]:
    """EventBridge Scheduler, where a schedule is of it."""
    for _ in _by_scheduler(service):
        yield "scheduler.amazonaws.com"
        return


def _by_scheduler(service: Service) -> Iterator[tuple[str, Event]]:
    """Events of EventBridge Scheduler (not rules)."""
    for key, event in service.events_of("schedule"):
        settings = as_map(event.settings)
        if settings.get("method") == "scheduler" and settings.get("rate"):
            yield key, event
