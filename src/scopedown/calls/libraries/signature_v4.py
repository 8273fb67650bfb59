"""Signature version 4 of aws-sdk for JavaScript 3: ``SignatureV4`` and the ``HttpRequest`` that it signs.

Read from @smithy/signature-v4 5.7.5 (``sign``, ``presign``) and @smithy/protocol-http (``HttpRequest``: ``method``,
``protocol``, ``hostname``, ``path``); the packages @aws-sdk/signature-v4, @aws-sdk/signature-v4-multi-region,
@aws-sdk/signature-v4-crt and @aws-sdk/protocol-http are of the same shape. A request that is signed is taken as sent.
"""

from __future__ import annotations

from dataclasses import dataclass

from scopedown.calls.builtins.javascript_native import Callback, Function, JavaScriptNative, Quiet
from scopedown.calls.machine import Machine
from scopedown.calls.sdks.js_calls import credentials_of
from scopedown.calls.sdks.signing import located, sign
from scopedown.calls.values import CallSite, Const, Object, Value, options
from scopedown.core.place import Place

LANGUAGE = "javascript"
PACKAGES = (
    "@smithy/signature-v4",
    "@aws-sdk/signature-v4",
    "@aws-sdk/signature-v4-multi-region",
    "@smithy/protocol-http",
    "@aws-sdk/protocol-http",
)

_SIGNERS = frozenset({"SignatureV4", "SignatureV4a", "SignatureV4MultiRegion"})


def module(name: str) -> Value | None:
    """One of the packages."""
    members: dict[str, Value] = {"HttpRequest": Function("HttpRequest", _request, None, {}, _request)}
    for signer in sorted(_SIGNERS):
        members[signer] = Function(signer, _signer, None, {}, _signer)
    return Quiet(name, members)


def _request(site: CallSite, run: Machine) -> Value:
    """``new HttpRequest({…})``: an object with what it was given."""
    given = site.argument(0)
    born = run.position.conditional
    return (
        Object(dict(given.fields), given.rest, born=born) if isinstance(given, Object) else given or Object(born=born)
    )


def _signer(site: CallSite, run: Machine) -> Value:
    given = site.argument(0)
    fields = given.fields if isinstance(given, Object) else {}
    service = fields.get("service") or fields.get("serviceName") or Const(None)
    return Signer(service, credentials_of(given, run, site.place))


@dataclass(frozen=True, slots=True, eq=False)
class Signer(JavaScriptNative):
    """``new SignatureV4({service, region, credentials, sha256})``."""

    label = "SignatureV4"
    service: Value
    credentials: Value | None

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """``sign`` and ``presign``."""
        return Callback(name, self._sign, self) if name in ("sign", "presign") else None

    def _sign(self, site: CallSite, run: Machine) -> Value:
        request = site.argument(0) or Const(None)
        settings = site.argument(1)
        own = settings.fields.get("signingService") if isinstance(settings, Object) else None
        for option in options(request):
            fields = option.fields if isinstance(option, Object) else {}
            address = located(fields.get("hostname"), fields.get("path"))
            sign(run, own or self.service, fields.get("method"), address, site.place, self.credentials)
        return request
