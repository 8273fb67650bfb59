"""Signers of database tokens (JavaScript): RDS and Aurora DSQL.

Read from @aws-sdk/rds-signer 3.1175.0 (``new Signer({hostname, port, username}).getAuthToken()``);
https://docs.aws.amazon.com/aurora-dsql/latest/userguide/SECTION_authentication-token.html for @aws-sdk/dsql-signer
(``DsqlSigner``: ``getDbConnectAuthToken``, ``getDbConnectAdminAuthToken``). Who uses the token must be allowed to
connect.
"""

from __future__ import annotations

from scopedown.calls.machine import Machine
from scopedown.calls.values import CallSite, UnknownValue, Value
from scopedown.core.place import Place
from scopedown.languages.javascript.natives import Function, Quiet
from scopedown.languages.javascript.sdk_tokens import TokenSigner, connect

LANGUAGE = "javascript"
PACKAGES = ("@aws-sdk/rds-signer", "@aws-sdk/dsql-signer")

SDK = "js-v3"


def module(name: str) -> Value | None:
    """One of the packages."""
    return Quiet(name, {kind: Function(kind, Signer.new, None, {}, Signer.new) for kind in ("Signer", "DsqlSigner")})


class Signer(TokenSigner):
    """``new Signer(configuration)`` and ``new DsqlSigner(configuration)``."""

    __slots__ = ()

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """The methods that give a token."""
        if name == "getAuthToken":
            return Function(name, self._token, self)
        operation = {"getDbConnectAuthToken": "DbConnect", "getDbConnectAdminAuthToken": "DbConnectAdmin"}.get(name)
        return Function(name, lambda site, run: self._dsql(operation, site, run), self) if operation else None

    def _token(self, site: CallSite, run: Machine) -> Value:
        connect(run, self.configuration, site.place, SDK, self.credentials)
        return UnknownValue("a database's token", site.place)

    def _dsql(self, operation: str, site: CallSite, run: Machine) -> Value:
        host = self.configuration.get("hostname") or UnknownValue("a cluster's host", site.place)
        run.emit("dsql", operation, {"Hostname": host}, site.place, SDK, self.credentials)
        return UnknownValue("a database's token", site.place)
