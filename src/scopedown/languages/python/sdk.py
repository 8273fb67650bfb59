"""boto3 and its kin: the module, sessions, and how clients and resources are made.

Of the same shape: botocore's session, aioboto3 and aiobotocore (``await`` and ``async with`` are transparent).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from scopedown.calls.machine import Machine, Native
from scopedown.calls.sdks.emitting import Target
from scopedown.calls.sdks.results import is_elsewhere, is_local, named_region
from scopedown.calls.sdks.shapes.credentials import owner_of_key
from scopedown.calls.sdks.shapes.objects import ServiceObject
from scopedown.calls.sdks.unknown_names import note_service
from scopedown.calls.values import CallSite, Const, Instance, TextValue, UnknownValue, Value, join, options
from scopedown.core.place import Place
from scopedown.languages.python.natives import Function, Library
from scopedown.languages.python.sdk_client import BOTO3, SDK, OtherCredentials, OwnCredentials
from scopedown.languages.python.sdk_open import OpenClient
from scopedown.languages.python.sdk_resources import service_resource

LANGUAGE = "python"
PACKAGES = ("boto3", "aioboto3", "aiobotocore", "s3transfer")

_WITH_ENDPOINT = {"apigatewaymanagementapi"}
"""Services whose endpoint says which resource is meant."""


def module(name: str) -> Value | None:
    """The value of importing one of the packages or a module inside of it."""
    return inside(_roots()[name.partition(".")[0]], name)


def inside(root: Library, name: str) -> Value:
    """A module of a package by its whole name."""
    value: Value = root
    for part in name.split(".")[1:]:
        members = value.members if isinstance(value, Library) else {}
        value = members.get(part) or Library(f"{value.describe() if isinstance(value, Library) else name}.{part}")
    return value


@dataclass(slots=True, eq=False)
class Session(Native):
    """A session; ``credentials`` is the role whose they are, ``region`` its own, or None for the function's own."""

    credentials: Value | None = None
    region: Const | TextValue | None = None

    @property
    def target(self) -> Target:
        """Whom its clients speak to, for libraries that are given a session."""
        return Target("", SDK, None, self.credentials, None, self.region)

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``client`` and ``resource``; the rest of a session makes no calls."""
        if name in ("client", "create_client", "resource"):
            return Function(name, lambda site, run: make(name, site, run, self), self)
        if name == "get_credentials":
            role = self.credentials
            own: Value = OwnCredentials() if role is None else OtherCredentials(role)
            return Function(name, lambda site, run: own)
        if name in ("region_name", "profile_name"):
            return UnknownValue(f"the session's {name.replace('_', ' ')}", place)
        return Library(f"boto3.session.{name}")

    def member(self, owner: Value, name: str, run: Machine, place: Place) -> Value | None:
        """What a class of the code that derives from Session inherits."""
        return None if name.startswith("__") or not isinstance(owner, Instance) else self.attribute(name, run, place)

    def call(self, site: CallSite, run: Machine) -> Value:
        """``aioboto3``'s sessions are not called; a class that derives from one is."""
        return self

    def assign(self, name: str, value: Value, run: Machine, place: Place) -> None:
        """Credentials that the code puts into a botocore session are not the function's own."""
        if name == "_credentials" and not isinstance(value, OwnCredentials):
            other = value.role if isinstance(value, OtherCredentials) else None
            self.credentials = other or UnknownValue("credentials that the code puts into a session", place)


class SessionClass(Native):
    """``boto3.Session``: called it gives a session, as a base class it passes a session's methods on."""

    __slots__ = ()
    label = "boto3.Session"

    def call(self, site: CallSite, run: Machine) -> Value:
        """``Session(aws_access_key_id, aws_secret_access_key, aws_session_token, region_name, …)``."""
        key = site.argument(0, "aws_access_key_id")
        inner = site.argument(-1, "botocore_session")
        given = inner if isinstance(inner, Session) else Session()
        region = named_region(site.argument(3, "region_name")) or given.region
        return Session(owner_of_key(key, given.credentials), region)

    def member(self, owner: Value, name: str, run: Machine, place: Place) -> Value | None:
        """A session's methods."""
        return Session().member(owner, name, run, place)


def make(kind: str, site: CallSite, run: Machine, session: Session) -> Value:
    """``client(service_name, …)`` and ``resource(service_name, …)``."""
    name = site.argument(0, "service_name")
    if name is None:
        return UnknownValue("a client of an unknown service", site.place)
    # client(service, region, api_version, use_ssl, verify, endpoint_url, access key, …)
    region = named_region(site.argument(1, "region_name")) or session.region
    endpoint = site.argument(5, "endpoint_url")
    stand_in = endpoint is not None and any(is_local(option) for option in options(endpoint))
    role = owner_of_key(site.argument(6, "aws_access_key_id"), session.credentials, stand_in)
    made: list[Value] = []
    for option in options(name):
        service = option.value if isinstance(option, Const) and isinstance(option.value, str) else None
        if service is None or run.catalog.service(service) is None:
            if service is not None:
                note_service(run, service, site.place)
                made.append(UnknownValue(f"a client of {service}", site.place))
            elif kind == "client":
                made.append(OpenClient("a client of a service with a computed name", site.place))
            else:
                made.append(UnknownValue("a client of a service with a computed name", site.place))
            continue
        kept = endpoint if service in _WITH_ENDPOINT else None
        target = Target(service, SDK, None, role, kept, region, is_elsewhere(endpoint))
        made.append(service_resource(target, run, site.place) if kind == "resource" else BOTO3.client(target))
    return join(*made)


def _default(kind: str) -> Function:
    return Function(f"boto3.{kind}", lambda site, run: make(kind, site, run, Session()))


def _transfer(site: CallSite, run: Machine) -> Value:
    """``S3Transfer(client)``, ``TransferManager(client)``."""
    for option in options(site.argument(0, "client") or Const(None)):
        if isinstance(option, ServiceObject):
            return replace(option, kind="transfer")
    return UnknownValue("a transfer", site.place)


def sessions() -> Library:
    """``boto3.session`` and ``botocore.session``."""
    session = SessionClass()
    get_session = Function("botocore.session.get_session", lambda site, run: Session())
    return Library("boto3.session", {"Session": session, "AioSession": session, "get_session": get_session})


@cache
def _roots() -> dict[str, Library]:
    held = sessions()
    session, get_session = held.members["Session"], held.members["get_session"]
    transfer = Function("S3Transfer", _transfer)
    boto3 = {
        "client": _default("client"),
        "resource": _default("resource"),
        "Session": session,
        "session": held,
        "DEFAULT_SESSION": Session(),
        "_get_default_session": get_session,
        "s3": Library("boto3.s3", {"transfer": Library("boto3.s3.transfer", {"S3Transfer": transfer})}),
    }
    return {
        "boto3": Library("boto3", boto3),
        "aioboto3": Library("aioboto3", boto3),
        "aiobotocore": Library("aiobotocore", {"session": held, "get_session": get_session}),
        "s3transfer": Library(
            "s3transfer",
            {"S3Transfer": transfer, "manager": Library("s3transfer.manager", {"TransferManager": transfer})},
        ),
    }
