"""opensearch-py and its signers: requests to a domain of OpenSearch Service, or to a serverless collection.

Read from the sources of opensearch-py 3.2.0 (``helpers/signer.py``, ``helpers/actions.py``, ``client/__init__.py``). A
client that signs with an AWS signature (its own signers or those of requests-aws4auth) needs the verbs that its methods
send; one with a name and password, or none, needs nothing of IAM. The clients of elasticsearch-py are alike.
"""

from __future__ import annotations

from dataclasses import dataclass

from scopedown.calls.builtins.python_native import Body, Function, Library
from scopedown.calls.libraries.botocore_signing import owner_of_keys
from scopedown.calls.libraries.opensearch_verbs import is_namespace, verbs
from scopedown.calls.libraries.requests_signing import Auth
from scopedown.calls.machine import Machine, Native
from scopedown.calls.sdks.signing import located, sign
from scopedown.calls.values import CallSite, Const, Object, Sequence, UnknownValue, Value, join, options
from scopedown.core.place import Place

LANGUAGE = "python"
PACKAGES = ("opensearchpy", "elasticsearch")

SDK = "opensearch"

_SIGNERS = ("AWSV4SignerAuth", "AWSV4SignerAsyncAuth", "RequestsAWSV4SignerAuth", "Urllib3AWSV4SignerAuth")
_CLIENTS = ("OpenSearch", "AsyncOpenSearch", "Elasticsearch", "AsyncElasticsearch")
_HELPERS = {
    "bulk": ("POST",),
    "async_bulk": ("POST",),
    "streaming_bulk": ("POST",),
    "async_streaming_bulk": ("POST",),
    "parallel_bulk": ("POST",),
    "reindex": ("POST", "DELETE"),
    "async_reindex": ("POST", "DELETE"),
    "scan": ("POST", "DELETE"),
    "async_scan": ("POST", "DELETE"),
}


def module(name: str) -> Value | None:
    """A package or a module of it."""
    root = name.partition(".")[0]
    members: dict[str, Value] = {one: Function(one, _client) for one in _CLIENTS}
    members |= {one: Function(one, _signer) for one in _SIGNERS}
    helpers: dict[str, Value] = {one: Function(one, _helper(sent)) for one, sent in _HELPERS.items()}
    if name.endswith(".helpers"):
        return Library(name, helpers)
    signers = Library(f"{root}.helpers.signer", {one: members[one] for one in _SIGNERS})
    parts = {"helpers": Library(f"{root}.helpers", {**helpers, "signer": signers})} if name == root else {}
    return Library(name, {**members, **parts})


def _signer(site: CallSite, run: Machine) -> Value:
    """``AWSV4SignerAuth(credentials, region, service="es")``."""
    return Auth(site.argument(2, "service") or Const("es"), owner_of_keys(site.argument(0, "credentials")))


def _client(site: CallSite, run: Machine) -> Value:
    auths = site.argument(-1, "http_auth", "basic_auth")
    found = tuple(option for option in options(auths) if isinstance(option, Auth)) if auths is not None else ()
    return Client(_host(site.argument(0, "hosts")), found)


def _host(hosts: Value | None) -> Value:
    """The host of a URL, of a mapping with ``host``, or of a list of these."""
    found: list[Value] = []
    for option in options(hosts) if hosts is not None else ():
        if isinstance(option, Sequence):
            found += [_host(item) for item in option.items]
        elif isinstance(option, Object):
            found.append(option.fields.get("host") or UnknownValue("a host"))
        else:
            found.append(option)
    return join(*found) if found else UnknownValue("a host")


@dataclass(frozen=True, slots=True, eq=False)
class Client(Native):
    """A client, or the methods of one of its namespaces."""

    label = "an OpenSearch client"
    host: Value
    auths: tuple[Auth, ...]
    namespace: str = ""

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A method, or a namespace."""
        if name == "perform_request":  # of the client itself with elasticsearch-py 8
            return Function(name, self._perform, self)
        if name == "transport" or (is_namespace(name) and self.namespace in ("", "plugins")):
            return Client(self.host, self.auths, name)
        if name == "close" or self.namespace == "transport":
            return Library(f"OpenSearch.{name}")
        return Function(name, lambda site, run: self.send(verbs(self.namespace, name), site, run), self)

    def _perform(self, site: CallSite, run: Machine) -> Value:
        """``transport.perform_request(method, url, ...)``."""
        return self.send((site.argument(0, "method"),), site, run)

    def send(self, methods: tuple[str | Value | None, ...], site: CallSite, run: Machine) -> Value:
        """One request of each verb."""
        url = located(self.host, UnknownValue("an index", site.place))
        for auth in self.auths:
            for method in methods:
                verb = Const(method) if isinstance(method, str) else method
                sign(run, auth.service, verb, url, site.place, auth.credentials, SDK)
        return UnknownValue("a response", site.place)


def _helper(methods: tuple[str, ...]) -> Body:
    def body(site: CallSite, run: Machine) -> Value:
        client = site.argument(0, "client")
        for option in options(client) if client is not None else ():
            if isinstance(option, Client):
                option.send(methods, site, run)
        return UnknownValue("results of a helper", site.place)

    return body
