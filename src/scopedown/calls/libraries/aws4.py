"""aws4 and aws4fetch: requests signed, and sent, without an SDK.

Read from the sources of aws4 1.13.2 (``sign(request, credentials)``: the service from the request, else from its host;
POST where there is a body and no method) and aws4fetch 1.0.20 (``new AwsClient({service}).fetch(url, {method, aws})``,
``new AwsV4Signer({url, method, service}).sign()``). A request that is signed is taken as sent.
"""

from __future__ import annotations

from dataclasses import dataclass

from scopedown.calls.builtins.javascript_native import Function, JavaScriptNative, Quiet, given
from scopedown.calls.builtins.javascript_url import Url
from scopedown.calls.machine import Machine
from scopedown.calls.sdks.js_calls import credentials_of
from scopedown.calls.sdks.signing import located, service_of_host, sign
from scopedown.calls.values import CallSite, Const, Object, UnknownValue, Value, from_text, options
from scopedown.core.place import Place

LANGUAGE = "javascript"
PACKAGES = ("aws4", "aws4fetch")


def module(name: str) -> Value | None:
    """One of the packages."""
    if name == "aws4":
        signing = Function("aws4.sign", _sign)
        return Quiet(name, {"sign": signing, "RequestSigner": Function("RequestSigner", _signer, None, {}, _signer)})
    return Quiet(
        name,
        {
            "AwsClient": Function("AwsClient", _client, None, {}, _client),
            "AwsV4Signer": Function("AwsV4Signer", _v4_signer, None, {}, _v4_signer),
        },
    )


def _sign(site: CallSite, run: Machine) -> Value:
    request = site.argument(0) or Const(None)
    owner = credentials_of(site.argument(1), run, site.place)
    for option in options(request):
        if not isinstance(option, Object):
            url = _address(option)
            sign(run, service_of_host(url), None, url, site.place, owner)
            continue
        fields = option.fields
        headers = fields.get("headers")
        named = headers.fields if isinstance(headers, Object) else {}
        host = next(
            (h for h in (fields.get("hostname"), fields.get("host"), named.get("Host"), named.get("host")) if h), None
        )
        service = fields.get("service") or (service_of_host(host) if host is not None else None)
        method = fields.get("method") or Const("POST" if given(fields.get("body")) else "GET")
        sign(run, service, method, located(host, fields.get("path")), site.place, owner)
    return request


def _signer(site: CallSite, run: Machine) -> Value:
    """``new RequestSigner(request, credentials).sign()``."""
    return Quiet("RequestSigner()", {"sign": Function("sign", lambda later, run: _sign(site, run))})


def _address(value: Value | None) -> Value:
    if isinstance(value, Url):
        return from_text(value.text)
    return value if value is not None else UnknownValue("the address of a request")


def _client(site: CallSite, run: Machine) -> Value:
    configuration = site.argument(0)
    service = configuration.fields.get("service") if isinstance(configuration, Object) else None
    return AwsClient(service, credentials_of(configuration, run, site.place))


@dataclass(frozen=True, slots=True, eq=False)
class AwsClient(JavaScriptNative):
    """aws4fetch's client."""

    label = "AwsClient"
    service: Value | None
    credentials: Value | None

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """``fetch`` and ``sign``."""
        return Function(name, self._fetch, self) if name in ("fetch", "sign") else None

    def _fetch(self, site: CallSite, run: Machine) -> Value:
        init = site.argument(1)
        fields = init.fields if isinstance(init, Object) else {}
        aws = fields.get("aws")
        own = aws.fields.get("service") if isinstance(aws, Object) else None
        for option in options(site.argument(0) or Const(None)):
            url = _address(option)
            service = own or self.service or service_of_host(url)
            method = fields.get("method") or Const("POST" if given(fields.get("body")) else "GET")
            sign(run, service, method, url, site.place, self.credentials)
        return UnknownValue("a response", site.place)


def _v4_signer(made: CallSite, run: Machine) -> Value:
    request = made.argument(0)
    owner = credentials_of(request, run, made.place)

    def signed(site: CallSite, run: Machine) -> Value:
        if isinstance(request, Object):
            url = _address(request.fields.get("url"))
            service = request.fields.get("service") or service_of_host(url)
            sign(run, service, request.fields.get("method"), url, site.place, owner)
        return UnknownValue("a signed request", site.place)

    return Quiet("AwsV4Signer()", {"sign": Function("sign", signed)})
