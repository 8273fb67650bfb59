"""``AWS.Signers`` of version 2 of the SDK for JavaScript: code that signs requests by itself.

``new AWS.Signers.V4(request, 'es').addAuthorization(credentials, date)`` signs a request for a service by its signing
name (aws-sdk 2.1692.0, lib/signers/v4.js). The request is an ``AWS.HttpRequest``, a POST unless the code sets its
``method`` (lib/http.js). What other classes than ``V4`` sign is not followed.
"""

from __future__ import annotations

from dataclasses import dataclass

from scopedown.calls.machine import Machine
from scopedown.calls.sdks.shapes.credentials import address_of, credentials_of
from scopedown.calls.sdks.signing import located, sign
from scopedown.calls.values import CallSite, Const, Object, UnknownValue, Value, options
from scopedown.core.place import Place
from scopedown.languages.javascript.natives import NOTHING, JavaScriptNative, Quiet, function, method

_CLASSES = ("Presign", "RequestSigner", "S3", "V2", "V3", "V3Https")


def http_request(site: CallSite, run: Machine) -> Value:
    """``new AWS.HttpRequest(endpoint, region)``."""
    fields: dict[str, Value] = {
        "method": Const("POST"),
        "path": Const("/"),
        "headers": Object(),
        "body": Const(""),
        "endpoint": site.argument(0) or NOTHING,
    }
    return Object(fields, born=run.position.conditional)


def signers() -> Value:
    """``AWS.Signers``."""
    members: dict[str, Value] = {name: function(name, _not_followed) for name in _CLASSES}
    return Quiet("AWS.Signers", {**members, "V4": function("V4", _signer)})


def _not_followed(site: CallSite, run: Machine) -> Value:
    Signer(site.argument(1), None).signed(None, run, site.place)
    return Quiet("a signer")


def _signer(site: CallSite, run: Machine) -> Value:
    return Signer(site.argument(1), site.argument(0))


@dataclass(frozen=True, slots=True, eq=False)
class Signer(JavaScriptNative):
    """``new AWS.Signers.V4(request, serviceName)``."""

    label = "a signer of requests"
    service: Value | None
    request: Value | None

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """``addAuthorization``; the other methods only work on the request."""
        return method(self, name, self._add) if name == "addAuthorization" else Quiet(f"V4.{name}")

    def _add(self, site: CallSite, run: Machine) -> Value:
        own = credentials_of(Object({"credentials": site.argument(0) or NOTHING}), run, site.place)
        self.signed(own, run, site.place)
        return NOTHING

    def signed(self, credentials: Value | None, run: Machine, place: Place) -> None:
        """The request is taken as sent."""
        for option in options(self.request) if self.request is not None else (None,):
            fields = option.fields if isinstance(option, Object) else {}
            unknown = UnknownValue("the method of a request", place)
            address = located(address_of(fields.get("endpoint")), fields.get("path"))
            sign(run, self.service, fields.get("method", unknown), address, place, credentials)

    def escaped(self, run: Machine, place: Place) -> None:
        """Other code may have it sign."""
        self.signed(None, run, place)
