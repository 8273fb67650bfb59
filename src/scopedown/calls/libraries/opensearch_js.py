"""@opensearch-project/opensearch with its AWS signer.

``new Client({...AwsSigv4Signer({region, service, getCredentials}), node})``
(https://opensearch.org/docs/latest/clients/javascript/index/#authenticating-with-amazon-opensearch-service-aws-sigv4);
``service`` is ``es`` unless it is ``aoss``. A client without the signer needs nothing of IAM. The verbs are those of
``opensearch_verbs.py``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from scopedown.calls.builtins.javascript_native import Function, JavaScriptNative, Quiet
from scopedown.calls.libraries.opensearch_verbs import is_namespace, verbs
from scopedown.calls.machine import Machine
from scopedown.calls.sdks.signing import located, sign
from scopedown.calls.values import CallSite, Const, Object, UnknownValue, Value, options
from scopedown.core.place import Place

LANGUAGE = "javascript"
PACKAGES = ("@opensearch-project/opensearch",)

SDK = "opensearch"

_SIGNATURE = "Connection"
"""The field of the client's options that the signer sets."""


def module(name: str) -> Value | None:
    """The package, or one of the entries of its signer (``/aws``, ``/aws-v3``)."""
    signer = Function("AwsSigv4Signer", _signer)
    return Quiet(name, {"Client": Function("Client", _client, None, {}, _client), "AwsSigv4Signer": signer})


@dataclass(frozen=True, slots=True, eq=False)
class Signature(JavaScriptNative):
    """What the signer gives: connections that sign for a service."""

    service: Value


def _field(given: Value | None, name: str) -> Value | None:
    return given.fields.get(name) if isinstance(given, Object) else None


def _signer(site: CallSite, run: Machine) -> Value:
    return Object({_SIGNATURE: Signature(_field(site.argument(0), "service") or Const("es"))})


def _client(site: CallSite, run: Machine) -> Value:
    settings = site.argument(0)
    connection = _field(settings, _SIGNATURE)
    services = (
        tuple(option.service for option in options(connection) if isinstance(option, Signature)) if connection else ()
    )
    return Client(_field(settings, "node") or UnknownValue("a node"), services)


@dataclass(frozen=True, slots=True, eq=False)
class Client(JavaScriptNative):
    """A client, or the methods of one of its namespaces."""

    label = "an OpenSearch client"
    node: Value
    services: tuple[Value, ...]
    namespace: str = ""

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """A method, or a namespace."""
        if name in ("then", "bind", "call", "apply"):
            return None
        if name == "transport" or (is_namespace(name) and self.namespace in ("", "plugins")):
            return Client(self.node, self.services, name)
        if name == "request" and self.namespace == "transport":
            return Function(name, self._request, self)
        if name in ("close", "helpers", "on", "diagnostic") or self.namespace == "transport":
            return Quiet(f"Client.{name}")
        return Function(name, lambda site, run: self._send(name, site, run), self)

    def _request(self, site: CallSite, run: Machine) -> Value:
        """``transport.request({method, path, ...})``."""
        return self._signed((_field(site.argument(0), "method"),), site, run)

    def _send(self, name: str, site: CallSite, run: Machine) -> Value:
        return self._signed([Const(verb) for verb in verbs(self.namespace, name)], site, run)

    def _signed(self, methods: Iterable[Value | None], site: CallSite, run: Machine) -> Value:
        url = located(self.node, UnknownValue("an index", site.place))
        for service in self.services:
            for verb in methods:
                sign(run, service, verb, url, site.place, None, SDK)
        return UnknownValue("a response", site.place)
