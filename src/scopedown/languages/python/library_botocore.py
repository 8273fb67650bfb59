"""botocore, and its signers used by hand: ``SigV4Auth`` on an ``AWSRequest``.

Read from botocore 1.44.8 (``auth.py``: ``SigV4Auth(credentials, service_name, region_name).add_auth(request)``;
``awsrequest.py``: ``AWSRequest(method, url, headers, data, …)``). A request that is signed is taken as sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from scopedown.calls.machine import Machine, Native
from scopedown.calls.sdks.signing import sign
from scopedown.calls.values import CallSite, Object, UnknownValue, Value, options
from scopedown.core.place import Place
from scopedown.languages.python.natives import NOTHING, Function, Library
from scopedown.languages.python.sdk import inside, sessions
from scopedown.languages.python.sdk_client import OtherCredentials

LANGUAGE = "python"
PACKAGES = ("botocore",)

_SIGNERS = frozenset({"SigV4Auth", "SigV4QueryAuth", "S3SigV4Auth", "S3SigV4QueryAuth", "SigV4AAuth"})
_REQUEST = ("method", "url", "headers", "data", "params")


def module(name: str) -> Value | None:
    """botocore or a module of it."""
    return inside(_botocore(), name)


@cache
def _botocore() -> Library:
    signers: dict[str, Value] = {name: Function(name, _signer) for name in _SIGNERS}
    request = Library("botocore.awsrequest", {"AWSRequest": Function("AWSRequest", _request)})
    members = {"session": sessions(), "auth": Library("botocore.auth", signers), "awsrequest": request}
    return Library("botocore", members)


def owner_of_keys(*values: Value | None) -> Value | None:
    """Whose credentials (or keys) these are: the role where they are another's, None for the function's own."""
    for value in values:
        for option in options(value) if value is not None else ():
            if isinstance(option, OtherCredentials):
                return option.role
    return None


def _request(site: CallSite, run: Machine) -> Value:
    fields = {name: value for n, name in enumerate(_REQUEST) if (value := site.argument(n, name)) is not None}
    return Request(fields)


@dataclass(frozen=True, slots=True, eq=False)
class Request(Native):
    """``AWSRequest(…)``; signed and prepared it is the same request."""

    label = "AWSRequest"
    fields: dict[str, Value]

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """What it was given; ``prepare`` gives itself."""
        if name == "prepare":
            return Function(name, lambda site, run: self, self)
        if name == "headers":
            return self.fields.get("headers") or Object({}, UnknownValue("a request's header", place))
        return self.fields.get(name) or UnknownValue(f"a request's {name}", place)

    def assign(self, name: str, value: Value, run: Machine, place: Place) -> None:
        """``request.url = …`` before it is signed."""
        self.fields[name] = value


def _signer(site: CallSite, run: Machine) -> Value:
    service = site.argument(1, "service_name") or UnknownValue("a service's name", site.place)
    return Signer(service, owner_of_keys(site.argument(0, "credentials")))


@dataclass(frozen=True, slots=True, eq=False)
class Signer(Native):
    """``SigV4Auth(credentials, service_name, region_name)``."""

    label = "SigV4Auth"
    service: Value
    credentials: Value | None

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``add_auth``."""
        return Function(name, self._add_auth, self) if name == "add_auth" else Library(f"SigV4Auth.{name}")

    def _add_auth(self, site: CallSite, run: Machine) -> Value:
        for option in options(site.argument(0, "request") or NOTHING):
            if isinstance(option, Request):
                fields = option.fields
                sign(run, self.service, fields.get("method"), fields.get("url"), site.place, self.credentials)
        return NOTHING
