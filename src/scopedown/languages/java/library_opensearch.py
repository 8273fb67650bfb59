"""OpenSearch's client for Java with its transport for AWS, and what signs the requests of Apache's HTTP client.

``new OpenSearchClient(new AwsSdk2Transport(http, host, "es", region, options))``: each method is a request, whose verb
``opensearch_verbs.py`` knows. A client of another transport needs nothing of IAM, unless a signer is handed to it.

Sources: https://docs.opensearch.org/latest/clients/java/,
https://github.com/opensearch-project/opensearch-java/blob/main/guides/auth.md,
https://github.com/acm19/aws-request-signing-apache-interceptor,
https://github.com/inreachventures/aws-signing-request-interceptor.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from scopedown.calls.libraries.opensearch_verbs import is_namespace, verbs
from scopedown.calls.machine import Machine, Native
from scopedown.calls.sdks.signing import located, sign
from scopedown.calls.values import CallSite, Const, FunctionValue, UnknownValue, Value, options
from scopedown.core.place import Place
from scopedown.languages.java.credentials import owner_of
from scopedown.languages.java.holders import Future
from scopedown.languages.java.natives import JavaClass, Library, bound, computed, first_of, given
from scopedown.languages.java.signers import InterceptorClass

LANGUAGE = "java"
PACKAGES = ("org.opensearch", "io.github.acm19", "vc.inreach.aws")

SDK: Final = "opensearch"
_SIGNERS: Final = ("AwsRequestSigningApacheInterceptor", "AwsRequestSigningApacheV5Interceptor", "AWSSigner")
_CLIENTS: Final = ("OpenSearchClient", "OpenSearchAsyncClient")
_QUIET: Final = frozenset(
    {"_transport", "_transportOptions", "withTransportOptions", "shutdown", "close", "_jsonpMapper"}
)


def module(name: str) -> Value | None:
    """A class of the packages."""
    kind = name.rpartition(".")[2]
    if not name.startswith("org.opensearch."):
        return InterceptorClass(name) if kind in _SIGNERS else Library(name)
    if kind == "AwsSdk2Transport":
        return TransportClass(name)
    return ClientClass(name) if kind in _CLIENTS else Library(name)


class TransportClass(JavaClass):
    """``AwsSdk2Transport``."""

    __slots__ = ()

    def construct(self, site: CallSite, run: Machine) -> Value:
        """``(http, host, region, options)``, or with the service's name before the region."""
        third = given(site, 2)
        texts = [one for one in options(third) if isinstance(one, Const) and one.value in ("es", "aoss")]
        credentials = owner_of(site.positional[-1]) if site.positional else None
        return Transport(given(site, 1), texts[0] if texts else Const("es"), credentials)


@dataclass(frozen=True, slots=True, eq=False)
class Transport(Native):
    """What signs a client's requests."""

    label = "OpenSearch's transport for AWS"
    host: Value
    service: Value
    credentials: Value | None

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """Closing it is data."""
        return computed(name)


class ClientClass(JavaClass):
    """``OpenSearchClient``."""

    __slots__ = ()

    def construct(self, site: CallSite, run: Machine) -> Value:
        """A client of a transport."""
        transports = tuple(one for one in options(first_of(site)) if isinstance(one, Transport))
        return Client(transports, self.name.endswith("AsyncClient"))


@dataclass(frozen=True, slots=True, eq=False)
class Client(Native):
    """A client, or the methods of one of its namespaces."""

    label = "a client of OpenSearch"
    transports: tuple[Transport, ...]
    is_async: bool
    namespace: str = ""

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A method, or a namespace."""
        if name in _QUIET:
            return computed(name)
        if not self.namespace and is_namespace(name):
            inner = Client(self.transports, self.is_async, name)
            return bound(self, name, lambda site, run: inner)
        return bound(self, name, lambda site, run: self._send(name, site, run))

    def _send(self, name: str, site: CallSite, run: Machine) -> Value:
        for one in site.positional:
            if isinstance(one, FunctionValue):  # it fills a request
                run.call(one, (Library("a request of OpenSearch"),), site.place)
        for transport in self.transports:
            url = located(transport.host, UnknownValue("an index", site.place))
            for verb in verbs(self.namespace, name):
                sign(run, transport.service, Const(verb), url, site.place, transport.credentials, SDK)
        response = Library(f"the response of {name}()")
        return Future(response) if self.is_async else response
