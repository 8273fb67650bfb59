"""Events that the framework refuses to compile: they are told, and read as far as they make sense."""

from __future__ import annotations

from scopedown.core.finding import Severity
from scopedown.core.place import Place
from scopedown.project.serverless.service import Service


def refuse(service: Service, key: str, what: str, place: Place, remedy: str) -> None:
    """Tell that a function's event stops the framework, and how it would not."""
    service.tell("event-refused", f"the framework rejects this event of {key}: {what}", place, remedy, Severity.ERROR)
