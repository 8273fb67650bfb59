"""Which service a client of boto3 talks to, as whom, and where: what clients, resources and transfers share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scopedown.calls.machine import Machine, Native
from scopedown.calls.sdks.tokens import with_origins
from scopedown.calls.values import Const, TextValue, Value
from scopedown.core.place import Place

SDK = "boto3"


@dataclass(frozen=True, slots=True)
class Scope:
    """Which service a client talks to, as whom (None: as the function's role), and where.

    ``endpoint``: None for AWS's own; ``region``: None for the function's own; ``elsewhere``: at another vendor, who
    only speaks AWS's protocol; ``sdk``: the SDK that the code uses, where another has the same resources.
    """

    service: str
    credentials: Value | None = None
    endpoint: Value | None = None
    region: Const | TextValue | None = None
    elsewhere: bool = False
    sdk: str = SDK

    def emit(self, run: Machine, operation: str, arguments: Mapping[str, Value], place: Place) -> None:
        """Record a call of this client."""
        if self.elsewhere:
            return
        arguments = with_origins(arguments)
        if self.endpoint is not None:
            arguments = {**arguments, "$endpoint": self.endpoint}
        if self.region is not None:
            arguments = {**arguments, "$region": self.region}
        run.emit(self.service, operation, arguments, place, self.sdk, self.credentials)


@dataclass(frozen=True, slots=True, eq=False)
class ScopedClient(Native):
    """A client of a service (:class:`~scopedown.calls.sdks.boto3_client.Client`)."""

    scope: Scope
