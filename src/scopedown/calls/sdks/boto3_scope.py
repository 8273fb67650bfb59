"""Which service a client of boto3 talks to, as whom, and where: what clients, resources and transfers share."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

from scopedown.calls.machine import Machine, Native
from scopedown.calls.sdks.tokens import with_origins
from scopedown.calls.values import Const, TextValue, Value
from scopedown.core.place import Place

SDK = "boto3"


def inner(depth: int) -> int:
    """The depth of fingerprints inside of a value whose own parts are few: it stays exact at the bottom."""
    return depth - 1 if depth > 0 else depth


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

    def fingerprint(self, depth: int) -> Hashable:
        """Equal scopes make interchangeable clients."""
        return (
            self.service,
            self.credentials.fingerprint(inner(depth)) if self.credentials is not None else None,
            self.endpoint.fingerprint(inner(depth)) if self.endpoint is not None else None,
            self.region.fingerprint() if self.region is not None else None,
            self.elsewhere,
        )


@dataclass(frozen=True, slots=True, eq=False)
class ScopedClient(Native):
    """A client of a service (:class:`~scopedown.calls.sdks.boto3_client.Client`)."""

    scope: Scope
