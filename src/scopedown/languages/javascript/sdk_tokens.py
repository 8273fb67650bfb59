"""Tokens for databases: who connects with one must be allowed to (``rds-db:connect``).

Sources: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html;
https://docs.aws.amazon.com/AWSJavaScriptSDK/latest/AWS/RDS/Signer.html for version 2 of the JavaScript SDK, whose
``getAuthToken(options, callback)`` takes what ``new AWS.RDS.Signer(options)`` was not given.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from scopedown.calls.machine import Machine
from scopedown.calls.sdks.shapes.credentials import credentials_of
from scopedown.calls.values import CallSite, Object, UnknownValue, Value
from scopedown.core.place import Place
from scopedown.languages.javascript.natives import Function, JavaScriptNative
from scopedown.languages.javascript.sdk_calls import call_back, is_function


def connect(run: Machine, fields: Mapping[str, Value], place: Place, sdk: str, owner: Value | None = None) -> None:
    """A token for an RDS database: ``hostname``, ``port``, ``username``."""
    arguments = {
        "DBHostname": fields.get("hostname") or UnknownValue("a database's host", place),
        "DBUsername": fields.get("username") or UnknownValue("a database's user", place),
    }
    run.emit("rds-db", "connect", arguments, place, sdk, owner)


@dataclass(frozen=True, slots=True, eq=False)
class TokenSigner(JavaScriptNative):
    """What makes tokens, in any version of the SDK for JavaScript: ``new Signer(configuration)``."""

    label = "a token's signer"
    configuration: Mapping[str, Value]
    credentials: Value | None
    made: Place

    @classmethod
    def new(cls, site: CallSite, run: Machine) -> Self:
        """What the constructor gives."""
        given = site.argument(0)
        fields = given.fields if isinstance(given, Object) else {}
        return cls(dict(fields), credentials_of(given, run, site.place), site.place)


class Signer(TokenSigner):
    """``new AWS.RDS.Signer(options)`` of version 2."""

    __slots__ = ()

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """The method that gives a token."""
        return Function(name, self._token, self) if name == "getAuthToken" else None

    def _token(self, site: CallSite, run: Machine) -> Value:
        given = site.argument(0)
        more = given.fields if isinstance(given, Object) else {}
        owner = credentials_of(given, run, site.place) or self.credentials
        connect(run, {**self.configuration, **more}, site.place, "js-v2", owner)
        token = UnknownValue("a database's token", site.place, inert=True)
        call_back(given if is_function(given) else site.argument(1), token, run, site.place)
        return token
