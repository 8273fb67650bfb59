"""Signers of requests for Go: version 4 of both SDKs.

Sources: https://docs.aws.amazon.com/sdk-for-go/api/aws/signer/v4/ (``Sign(request, body, service, region, time)``),
https://pkg.go.dev/github.com/aws/aws-sdk-go-v2/aws/signer/v4 (``SignHTTP(ctx, credentials, request, hash, service,
region, time)``). A request that is signed is taken as sent.
"""

from __future__ import annotations

from dataclasses import dataclass

from scopedown.calls.machine import Machine, Native
from scopedown.calls.sdks.signing import sign
from scopedown.calls.values import CallSite, Object, UnknownValue, Value, options
from scopedown.core.place import Place
from scopedown.languages.go.clients import argument
from scopedown.languages.go.natives import Function, Package, Thing, data, function, with_error

LANGUAGE = "go"
PACKAGES = (
    "github.com/aws/aws-sdk-go/aws/signer/v4",
    "github.com/aws/aws-sdk-go-v2/aws/signer/v4",
)

_SIGNED = {
    "Sign": (0, 2), "Presign": (0, 2), "SignHTTP": (2, 4), "PresignHTTP": (2, 4),
}  # fmt: skip
"""Methods, with the positions of the request and of the service's name."""


def module(name: str) -> Value | None:
    """One of the packages."""
    signer = Signer("v4.Signer")
    return Package("v4", {"NewSigner": function("v4.NewSigner", lambda site, run: signer), "Signer": SignerType()})


class SignerType(Native):
    """``v4.Signer``."""

    __slots__ = ()
    label = "v4.Signer"

    def construct(self, site: CallSite, run: Machine) -> Value:
        """One."""
        return Signer("v4.Signer")


@dataclass(frozen=True, slots=True, eq=False)
class Signer(Native):
    """A signer."""

    label = "{self.name}"
    ignores_assignments = True
    name: str

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """What signs."""
        if name not in _SIGNED:
            return Thing(f"{self.name}.{name}")
        return Function(name, lambda site, run: self._sign(name, site, run), self)

    def _sign(self, name: str, site: CallSite, run: Machine) -> Value:
        request, service = _SIGNED[name]
        for option in options(argument(site, request)):
            fields = option.fields if isinstance(option, Object) else {}
            url = fields.get("URL") or UnknownValue("the address of a request", site.place)
            sign(run, argument(site, service), fields.get("Method"), url, site.place)
        return with_error(data(name, site.place), site.place)
